"""Hard wallets that pay without a network."""

from __future__ import annotations

from typing import Final

from sandbox.feature import Feature, Later
from sandbox.scenario.schema import Within

FEATURE: Final = Feature(
    "offline",
    (
        Within(lambda scenario: scenario.offline),
        Later("sandbox.market.accounts.Accounts", "sandbox.features.offline.accounts:ACCOUNTS"),
        Later("sandbox.control.Simulated", "sandbox.offline.part:SIMULATED"),
    ),
)
