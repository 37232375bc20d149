"""Payment on delivery: the buyer pays into escrow; the shop gets the money when the goods have arrived, the buyer gets
it back if they have not by the deadline. About some deliveries the two do not agree, and somebody decides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sandbox.core.draws import Int64Array
from sandbox.features.contracts.active import ActiveContract
from sandbox.features.contracts.schema import Deliveries
from sandbox.features.contracts.service import NOBODY, ContractService
from sandbox.market.population import chosen
from sandbox.market.sources import ticket_table


class DeliveryContract(ActiveContract):
    """Orders of one sort. Items are orders."""

    def __init__(self, service: ContractService, number: int, deliveries: Deliveries) -> None:
        super().__init__(service, number)
        self.deliveries, world, count = deliveries, self.control.world, deliveries.orders
        one, draws = deliveries, self.draws
        self.buyers = chosen(world.seed, f"{self.name}/buyers", world.blocks["personal"], count)
        shops = self.shops_of([one.category] if one.category else [])
        self.shops = world.blocks["merchant"].first + draws.merchants("shop", count, shops) if shops.size else shops
        self.amounts = draws.out_of("order", count, ticket_table(one.ticket))
        self.arrives = draws.exponential("arrives", count, one.delivered_after)
        self.lost = draws.has("lost", count, one.lost)
        self.disputed = draws.has("disputed", count, one.disputed)
        self.for_buyer = draws.has("for_buyer", count, one.buyer_wins)
        self.pending = np.full(count, NOBODY, dtype=np.int64)
        self.disputes = 0

    def start(self) -> None:
        """Orders."""
        one, count = self.deliveries, self.deliveries.orders
        if not self.shops.size:
            self.service.count_refused(self.number, "no_shop", count)
            return
        times = self.draws.by_profile("orders", count, one.starts, one.ordered_within, one.profile)
        self.service.at_step_start(times, self._order, np.arange(count))

    def _order(self, items: Int64Array, times: Int64Array) -> None:
        keys = self.draws.keys("order/paid", self.deliveries.orders)[items]
        self.service.pay(
            self.number, items, times, self.buyers[items], self.escrow, self.amounts[items], keys=keys, kind="retail",
            settled=self._paid,
        )  # fmt: skip

    def _paid(self, items: Int64Array, ended_us: Int64Array) -> None:
        self.pending[items] = self.service.open(
            self.number, self.buyers[items], self.amounts[items], escrow=self.escrow, holders=self.buyers[items],
            payees=self.shops[items], expires_us=ended_us + self.deliveries.deadline,
        )  # fmt: skip
        arrive = ~self.lost[items]
        self.service.at_step_end((ended_us + self.arrives[items])[arrive], self._arrives, items[arrive])

    def _arrives(self, items: Int64Array, times: Int64Array) -> None:
        """Goods arrive, in time or too late."""
        in_time = self.service.in_time(self.pending[items], times)
        self.service.count_refused_uses(self.number, "late", self.pending[items[~in_time]])
        items, times = items[in_time], times[in_time]
        disputed = self.disputed[items]
        self._release(items[~disputed], "delivered")
        self.disputes += int(np.count_nonzero(disputed))
        self.pendings.postpone_many(self.pending[items[disputed]], None)
        self.service.at_step_end(times[disputed] + self.deliveries.dispute_takes, self._decide, items[disputed])

    def _decide(self, items: Int64Array, times: Int64Array) -> None:
        """Disputes are decided for one or the other."""
        del times
        for_buyer = self.for_buyer[items]
        self.pendings.void_many(self.pending[items[for_buyer]], reason="dispute")
        self._release(items[~for_buyer], "dispute")

    def _release(self, items: Int64Array, reason: str) -> None:
        numbers = self.pending[items]
        self.pendings.post_many(numbers, self.shops[items], self.pendings.left_of(numbers), reason=reason)

    def summary(self) -> Mapping[str, Any]:
        """Orders and disputes."""
        return {"orders": int(np.count_nonzero(self.pending != NOBODY)), "disputes": self.disputes}
