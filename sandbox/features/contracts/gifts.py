"""Packets from person to person: the sender pays into escrow and tells friends a keyword; each who says it gets a part,
and what nobody took goes back to the sender."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sandbox.core.draws import Int64Array
from sandbox.features.contracts.active import ActiveContract
from sandbox.features.contracts.schema import Gifts
from sandbox.features.contracts.service import NOBODY, ContractService
from sandbox.market.population import chosen


class GiftContract(ActiveContract):
    """One sort of packet. Items are senders, then claims: `told` for each sender."""

    def __init__(self, service: ContractService, number: int, gifts: Gifts) -> None:
        super().__init__(service, number)
        self.gifts, world = gifts, self.control.world
        people, count = world.blocks["personal"], gifts.senders
        self.senders = chosen(world.seed, f"{self.name}/senders", people, count)
        claims = count * gifts.told
        self.claimant = people.first + self._friends(people.count - 1)
        # Never the sender, and still evenly among the others.
        self.claimant += self.claimant >= np.repeat(self.senders, gifts.told)
        self.after = self.draws.exponential("claims/after", claims, gifts.claim_after)
        self.wants = self.draws.has("claims", claims, gifts.claims)
        self.wrong = self.draws.has("keyword", claims, gifts.wrong_keyword)
        self.pending = np.full(count, NOBODY, dtype=np.int64)
        self.taken = np.zeros(count, dtype=np.int64)
        """Parts taken of each packet."""

    def _friends(self, others: int) -> Int64Array:
        """Whom each sender tells, by number among the others: different people, each as likely as any other."""
        count, told = self.gifts.senders, self.gifts.told
        first, pace = self.draws.below("friend", count, others), 1 + self.draws.below("pace", count, max(1, others - 1))
        # Going round a circle at a pace that shares no factor with its length meets everybody once.
        while (stuck := np.gcd(pace, others) > 1).any():
            pace[stuck] = pace[stuck] % others + 1
        return np.asarray(((first[:, None] + pace[:, None] * np.arange(told)) % others).reshape(-1))

    def start(self) -> None:
        """Sending."""
        gifts, items = self.gifts, np.arange(self.gifts.senders)
        self.service.at_step_start(
            self.draws.evenly("sends", items.size, gifts.starts, gifts.sent_within), self._send, items
        )

    def _send(self, items: Int64Array, times: Int64Array) -> None:
        keys = self.draws.keys("packet", self.gifts.senders)[items]
        self.service.pay(
            self.number, items, times, self.senders[items], self.escrow, self.gifts.amount, keys=keys, kind="transfer",
            settled=self._sent,
        )  # fmt: skip

    def _sent(self, items: Int64Array, ended_us: Int64Array) -> None:
        self.pending[items] = self.service.open(
            self.number, self.senders[items], np.full(items.size, self.gifts.amount), escrow=self.escrow,
            expires_us=ended_us + self.gifts.lasts,
        )  # fmt: skip
        told = self.gifts.told
        claims = (items[:, None] * told + np.arange(told)).reshape(-1)
        sent = np.repeat(ended_us, told)[self.wants[claims]]
        claims = claims[self.wants[claims]]
        self.service.at_step_end(sent + self.after[claims], self._claim, claims)

    def _claim(self, items: Int64Array, times: Int64Array) -> None:
        """Claims, in order of time; of one packet one after the other."""
        gifts, wrong = self.gifts, self.wrong[items]
        self._refuse("keyword", items[wrong])
        items, times = items[~wrong], times[~wrong]
        order = np.lexsort((times, items // gifts.told))
        items, times = items[order], times[order]
        packet = items // gifts.told
        frozen, in_time = self.frozen(self.claimant[items]), self.service.in_time(self.pending[packet], times)
        good = in_time & ~frozen
        # How many parts were gone when each came: those of earlier steps, and one for each good claim before it.
        before: Int64Array = np.cumsum(good) - good
        gone_before = self.taken[packet] + before - before[np.searchsorted(packet, packet)]
        gone = gone_before >= gifts.parts
        self._refuse("nothing_left", items[gone])
        self._refuse("expired", items[~in_time & ~gone])
        self._refuse("frozen", items[frozen & in_time & ~gone])
        takes = good & ~gone
        items, packet, number = items[takes], packet[takes], gone_before[takes]
        part = gifts.amount * (number + 1) // gifts.parts - gifts.amount * number // gifts.parts
        np.add.at(self.taken, packet, 1)
        self.pendings.post_many(self.pending[packet], self.claimant[items], part, reason="taken")

    def _refuse(self, reason: str, items: Int64Array) -> None:
        self.service.count_refused_uses(self.number, reason, self.pending[items // self.gifts.told])

    def summary(self) -> Mapping[str, Any]:
        """Packets and parts."""
        return {"sent": int(np.count_nonzero(self.pending != NOBODY)), "parts_taken": int(self.taken.sum())}
