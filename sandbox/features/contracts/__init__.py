"""Programmable money and sub-wallets."""

from __future__ import annotations

from typing import Final

from sandbox.feature import Feature, Later
from sandbox.scenario.schema import Within

FEATURE: Final = Feature(
    "contracts",
    (
        Within(lambda scenario: scenario.contracts),
        Later("sandbox.market.accounts.Accounts", "sandbox.features.contracts.accounts:ACCOUNTS"),
        Later("sandbox.control.Simulated", "sandbox.contracts.part:SIMULATED"),
    ),
)
