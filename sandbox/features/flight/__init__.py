"""A flight from bank deposits into digital currency."""

from __future__ import annotations

from typing import Final

from sandbox.feature import Feature, Later
from sandbox.features.flight.metrics import METRICS
from sandbox.scenario.section import Within

FEATURE: Final = Feature(
    "flight",
    (
        Within(lambda scenario: scenario.flight),
        METRICS,
        Later("sandbox.market.accounts.Accounts", "sandbox.features.flight.accounts:ACCOUNTS"),
        Later("sandbox.control.Simulated", "sandbox.banking.flight:SIMULATED"),
    ),
)
