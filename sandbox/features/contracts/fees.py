"""Administrative fees: paid with the application, kept by the office when it is granted, given back when it is rejected
or not decided in time. The number of the pending transfer is the receipt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sandbox.core.draws import Int64Array
from sandbox.features.contracts.accounts import office_of
from sandbox.features.contracts.active import ActiveContract
from sandbox.features.contracts.schema import Fees
from sandbox.features.contracts.service import NOBODY, ContractService
from sandbox.market.population import chosen


class FeeContract(ActiveContract):
    """Applications for one thing. Items are applicants."""

    def __init__(self, service: ContractService, number: int, fees: Fees) -> None:
        super().__init__(service, number)
        self.fees, world, count = fees, self.control.world, fees.applicants
        self.office = office_of(world.ledger, service.terms, self.name)
        self.applicants = chosen(world.seed, f"{self.name}/applicants", world.blocks["personal"], count)
        self.decided = self.draws.exponential("decided", count, fees.decided_after)
        self.rejected = self.draws.has("rejected", count, fees.rejected)
        self.receipt = np.full(count, NOBODY, dtype=np.int64)

    def start(self) -> None:
        """Applications."""
        one, count = self.fees, self.fees.applicants
        times = self.draws.by_profile("applies", count, one.starts, one.applied_within, one.profile)
        self.service.at_step_start(times, self._apply, np.arange(count))

    def _apply(self, items: Int64Array, times: Int64Array) -> None:
        self.service.pay(
            self.number, items, times, self.applicants[items], self.escrow, self.fees.fee,
            keys=self.draws.keys("fee", self.fees.applicants)[items], kind="fee", settled=self._paid,
        )  # fmt: skip

    def _paid(self, items: Int64Array, ended_us: Int64Array) -> None:
        self.receipt[items] = self.service.open(
            self.number, self.applicants[items], np.full(items.size, self.fees.fee), escrow=self.escrow,
            holders=self.applicants[items], payees=self.office, expires_us=ended_us + self.fees.deadline,
        )  # fmt: skip
        self.service.at_step_end(ended_us + self.decided[items], self._decide, items)

    def _decide(self, items: Int64Array, times: Int64Array) -> None:
        items = items[self.service.in_time(self.receipt[items], times)]
        rejected = self.rejected[items]
        self.pendings.void_many(self.receipt[items[rejected]], reason="rejected")
        granted = self.receipt[items[~rejected]]
        offices = np.full(granted.size, self.office)
        self.pendings.post_many(granted, offices, self.pendings.left_of(granted), reason="granted")

    def summary(self) -> Mapping[str, Any]:
        """Receipts."""
        return {"receipts": int(np.count_nonzero(self.receipt != NOBODY))}
