"""Money on the chain: what members (banks and intermediaries) hold in each currency, queues for it, top-ups.

A leg moves money from one member's account to another's. Legs of one settlement are written at one instant, or wait
together in the queue of the first account that lacks cover; a queue is first come, first served. Money that arrives
lets the head of the queue go. An account that has sunk below half of what it began with, or that somebody waits for, is
topped up when its member opens next.

Units: minor unit of each currency. Invariant: no account falls below zero.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import simpy

from sandbox.control import Control, Process
from sandbox.core.layout import INFINITE, account

Key = tuple[str, int]
"""A currency and a member."""


class Leg(NamedTuple):
    """Money of one currency from one member to another."""

    currency: str
    payer: int
    payee: int
    amount: int


@dataclass(slots=True, eq=False)
class QueuedLegs:
    """Legs that wait for cover."""

    legs: Sequence[Leg]
    ended: simpy.Event
    """Succeeds with True when they are written, with False when they were withdrawn."""
    at: Key
    """The account in whose queue they are."""
    until_us: int
    """From then on they may not be written."""


class Nostros:
    """The accounts of the chain.

    Args:
        first: each currency's first account, member 0's.
        issuers: each currency's issuer.
        opening: what a member holds at first in a currency.
        morning: when a member opens next, from now on.
        down: whether a member is out of order.
    """

    def __init__(
        self, control: Control, first: dict[str, int], issuers: dict[str, int], opening: Callable[[Key], int],
        next_opening: Callable[[int], int], down: Callable[[int], bool],
    ) -> None:  # fmt: skip
        self._control, self._first, self._issuers = control, first, issuers
        self._opening, self._next_opening, self._down = opening, next_opening, down
        self._queues: dict[Key, deque[QueuedLegs]] = {}
        self._top_up_due: set[Key] = set()
        """Accounts that will be topped up."""
        self._suspended: Counter[Key] = Counter()
        """What will be asked of an account again, by legs that may not be written before."""
        self._to_retry: deque[Key] = deque()
        """Accounts whose queue's head is to be tried."""
        self._trying = False
        self.turnover: Counter[str] = Counter()
        self._net_debit: Counter[Key] = Counter()
        """What a member has paid out of an account less what came in; top-ups are neither."""
        self._peak: Counter[Key] = Counter()
        self.topped_up: Counter[str] = Counter()
        self.top_ups = 0
        self.waited = 0

    def balance(self, key: Key) -> int:
        """What a member holds."""
        return int(self._control.accounts[self._first[key[0]] + key[1], account.BALANCE])

    def used(self, currency: str) -> int:
        """What members had to bring of a currency: the sum of the peaks of their net debits."""
        return sum(peak for (code, _), peak in self._peak.items() if code == currency)

    def settle(self, legs: Sequence[Leg], until_us: int = INFINITE) -> QueuedLegs | None:
        """Write these legs at one instant, now (None) or when all payers are covered, if that is before `until_us`."""
        lacks = self._lacks(legs)
        if lacks is None:
            self._write(legs)
            return None
        waiting = QueuedLegs(legs, self._control.env.event(), lacks, until_us)
        self.waited += 1
        self._enqueue(waiting)
        return waiting

    def withdraw(self, unwanted: Callable[[Leg], bool]) -> None:
        """Take out of all queues whatever has such a leg."""
        for key in list(self._queues):
            stay: deque[QueuedLegs] = deque()
            for one in self._queues[key]:
                if any(unwanted(leg) for leg in one.legs):
                    one.ended.succeed(False)
                else:
                    stay.append(one)
            self._queues[key] = stay
            self._settle_queued([key])

    def suspend(self, one: QueuedLegs) -> None:
        """Take legs out of their queue that may not be written for a while; top-ups still count them."""
        self._queues[one.at].remove(one)
        self._suspended.update(_required(one.legs))
        self._settle_queued([one.at])

    def resume(self, one: QueuedLegs) -> None:
        """They may be written again: whoever sends them will settle them anew."""
        self._suspended.subtract(_required(one.legs))

    def retry(self, member: int) -> None:
        """A member works again: let go who waited for that."""
        self._settle_queued([key for key in self._queues if key[1] == member])

    # --- inside ----------------------------------------------------------------------------------------------------

    def _lacks(self, legs: Sequence[Leg], own: Key | None = None) -> Key | None:
        """The first account that does not let these legs go; they stand at the head of their `own` account's queue."""
        for leg in legs:
            key = leg.currency, leg.payer
            behind = key != own and self._queues.get(key)
            if behind or self._down(leg.payer) or self.balance(key) < leg.amount:
                return key
        return None

    def _write(self, legs: Sequence[Leg]) -> None:
        for leg in legs:
            first = self._first[leg.currency]
            self._control.ledger.post(first + leg.payer, first + leg.payee, leg.amount)
            self.turnover[leg.currency] += leg.amount
            key = leg.currency, leg.payer
            self._net_debit[key] += leg.amount
            self._net_debit[leg.currency, leg.payee] -= leg.amount
            self._peak[key] = max(self._peak[key], self._net_debit[key])
            if key not in self._top_up_due and 2 * self.balance(key) < self._opening(key):
                self._plan(key)
        self._settle_queued((leg.currency, leg.payee) for leg in legs)

    def _enqueue(self, one: QueuedLegs) -> None:
        self._queues.setdefault(one.at, deque()).append(one)
        if one.at not in self._top_up_due:
            self._plan(one.at)

    def _settle_queued(self, keys: Iterable[Key]) -> None:
        """Let heads of queues go, and those whom their money lets go, until none can."""
        self._to_retry.extend(key for key in keys if self._queues.get(key))
        if self._trying:
            return
        self._trying = True
        while self._to_retry:
            key = self._to_retry.popleft()
            queue, now = self._queues[key], self._control.now
            while queue and now < queue[0].until_us and (lacks := self._lacks(queue[0].legs, key)) != key:
                one = queue.popleft()
                if lacks is None:
                    self._write(one.legs)
                    one.ended.succeed(True)
                else:
                    one.at = lacks
                    self._enqueue(one)
        self._trying = False

    def _plan(self, key: Key) -> None:
        self._top_up_due.add(key)
        self._control.env.process(self._top_up(key))

    def _top_up(self, key: Key) -> Process:
        """When its member opens next, raise an account to what it held at first and what waits for it."""
        control, (currency, member) = self._control, key
        yield control.wait_until(self._next_opening(member))
        self._top_up_due.discard(key)
        waiting = self._queues.get(key, ())
        asked = self._suspended[key] + sum(_required(one.legs)[key] for one in waiting)
        short = self._opening(key) + asked - self.balance(key)
        if short > 0:
            control.ledger.post(self._issuers[currency], self._first[currency] + member, short)
            self.topped_up[currency] += short
            self.top_ups += 1
        self._settle_queued([key])


def _required(legs: Sequence[Leg]) -> Counter[Key]:
    """What legs ask of each account."""
    asked: Counter[Key] = Counter()
    for leg in legs:
        asked[leg.currency, leg.payer] += leg.amount
    return asked
