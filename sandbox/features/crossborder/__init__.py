"""Payments across borders."""

from __future__ import annotations

from typing import Final

from sandbox.feature import Feature, Later
from sandbox.scenario.schema import Within

FEATURE: Final = Feature(
    "crossborder",
    (
        Within(lambda scenario: scenario.crossborder),
        Later("sandbox.market.accounts.Accounts", "sandbox.features.crossborder.accounts:ACCOUNTS"),
        Later("sandbox.control.Simulated", "sandbox.crossborder.part:SIMULATED"),
    ),
)
