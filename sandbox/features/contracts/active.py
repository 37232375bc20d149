"""What every kind of contract has: a name, an escrow, draws of its own, and its number in the contract service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sandbox.core.draws import Int64Array
from sandbox.core.layout import account, trait
from sandbox.features.contracts.accounts import ESCROW
from sandbox.features.contracts.draws import Draws
from sandbox.features.contracts.service import ContractService, Flags
from sandbox.scenario.schema import Scenario


class ActiveContract:
    """One contract of a run."""

    def __init__(self, service: ContractService, number: int) -> None:
        self.service, self.number = service, number
        self.control, self.pendings = service.control, service.pendings
        self.name = service.contracts[number][1]
        self.scenario: Scenario = self.control.world.scenario
        self.escrow = self.control.ledger.block(ESCROW).first + number
        self.draws = Draws(self.scenario, self.control.world.seed, self.name)

    def start(self) -> None:
        """Enter into the schedule what is known beforehand."""

    def summary(self) -> Mapping[str, Any]:
        """What is special to it, for the summary."""
        return {}

    # --- helpers ---------------------------------------------------------------------------------------------------

    def frozen(self, accounts: Int64Array) -> Flags:
        """Which accounts are frozen."""
        return np.asarray(self.control.accounts[accounts, account.TRAITS] & trait.FROZEN != 0)

    def shops_of(self, categories: list[str]) -> Int64Array:
        """Merchants of these categories (numbers in their block); of all, if none are named."""
        block = self.control.world.blocks["merchant"]
        if not categories:
            return np.arange(block.count)
        names = list(self.scenario.merchants.categories)
        code = (self.control.accounts[block.rows, account.TRAITS] >> trait.CATEGORY_SHIFT) & trait.CATEGORY_MASK
        return np.flatnonzero(np.isin(code, [names.index(one) + 1 for one in categories]))
