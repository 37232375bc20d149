"""Dividends on data: a company pays a pool into escrow, and it is paid out in parts, each to all who share in it, in
proportion to how much their data was used since the last."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sandbox.core.draws import Int64Array, lognormal_table
from sandbox.core.moves import in_proportion
from sandbox.features.contracts.active import ActiveContract
from sandbox.features.contracts.schema import Dividend
from sandbox.features.contracts.service import NOBODY, ContractService
from sandbox.market.population import chosen

USE: int = 1_000
"""Median use of one person's data from one pay-out to the next; only proportions matter."""


class DividendContract(ActiveContract):
    """One pool. Items of the schedule are pay-outs."""

    def __init__(self, service: ContractService, number: int, dividend: Dividend) -> None:
        super().__init__(service, number)
        self.dividend, world = dividend, self.control.world
        self.company = int(chosen(world.seed, f"{self.name}/company", world.blocks["corporate"], 1)[0])
        self.people = chosen(world.seed, f"{self.name}/people", world.blocks["personal"], dividend.wallets)
        self.pending = np.full(1, NOBODY, dtype=np.int64)
        self.pay_outs = 0
        self.least_fen, self.most_fen = 0, 0
        """Smallest and largest share in the last pay-out."""

    def start(self) -> None:
        """The paying in."""
        self.service.at_step_start(np.array([self.dividend.starts]), self._pay_in, np.zeros(1, dtype=np.int64))

    def _pay_in(self, items: Int64Array, times: Int64Array) -> None:
        self.service.pay(
            self.number, items, times, self.company, self.escrow, self.dividend.pool, keys=self.draws.keys("pool", 1),
            kind="wholesale", settled=self._paid_in,
        )  # fmt: skip

    def _paid_in(self, items: Int64Array, ended_us: Int64Array) -> None:
        del items
        one = self.dividend
        self.pending[:] = self.service.open(
            self.number, np.array([self.company]), np.array([one.pool]), escrow=self.escrow
        )
        parts = np.arange(one.parts)
        self.service.at_step_end(ended_us[0] + one.every * (parts + 1), self._pay_out, parts)

    def _pay_out(self, items: Int64Array, times: Int64Array) -> None:
        del times
        one = self.dividend
        for part in items.tolist():
            # At least a little use each: a pay-out always has somebody to go to.
            use = np.maximum(self.draws.out_of(f"use/{part}", one.wallets, lognormal_table(USE, one.use_sigma)), 1)
            shares = in_proportion(one.pool * (part + 1) // one.parts - one.pool * part // one.parts, use)
            some = shares > 0
            numbers = np.full(int(np.count_nonzero(some)), self.pending[0])
            self.pendings.post_many(numbers, self.people[some], shares[some], reason="paid_out")
            self.pay_outs += 1
            self.least_fen, self.most_fen = int(shares.min()), int(shares.max())

    def summary(self) -> Mapping[str, Any]:
        """Pay-outs."""
        return {
            "wallets": int(self.people.size),
            "pay_outs": self.pay_outs,
            "least_fen": self.least_fen,
            "most_fen": self.most_fen,
        }
