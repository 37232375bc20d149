"""Payments that wait for liquidity: a queue with real-time gross settlement, bilateral or multilateral offsetting.

The queue owns no money. It asks `SettlementAccounts` what each may pay out and has legs written there, all of one
settlement at one instant. Who submits gets a `Ticket` whose event succeeds when the group has settled. A group is
submitted with all its legs (a payment against payment has two, in two currencies) and settles whole, or waits, or is
withdrawn.

Nothing is tried without a cause: a submission, money that arrived (`retry`: whoever moves money elsewhere says so), and
the cycle after either (`every_us`, at whole multiples on the clock). Order of settlement: priority, then submission.

Units: minor unit of each account's currency, us.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, Final, Literal, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import simpy

from sandbox.core.draws import Int64Array
from sandbox.features.crossborder.queue.dropping import LAST
from sandbox.features.crossborder.queue.offsetting import Choice, alone, bilateral, multilateral, possible, together
from sandbox.features.crossborder.queue.usage import Usage
from sandbox.features.crossborder.queue.waiting import Waiting

Mode = Literal["none", "bilateral", "multilateral"]

URGENT: Final = 0
NORMAL: Final = 1
"""Priorities."""


class Leg(NamedTuple):
    """Money of one currency from one account to another."""

    payer: int
    payee: int
    amount: int


class SettlementAccounts(Protocol):
    """Who holds the balances."""

    def available(self, accounts: Int64Array) -> Int64Array:
        """What each of these accounts may pay out now."""

    def move(self, payers: Int64Array, payees: Int64Array, amounts: Int64Array) -> None:
        """Write all these legs at one instant; accounts repeat."""


@dataclass(frozen=True)
class Mechanism:
    """How the queue works."""

    mode: Mode = "multilateral"
    """What is tried when groups cannot settle alone; `none` is plain real-time gross settlement with a queue."""
    at_arrival: bool = True
    """Offset at each submission, not only at cycles."""
    every_us: int | None = None
    """Offset, and look for gridlock, at multiples of this while something waits."""
    overtaking: bool = True
    """Whether a group may settle before an earlier one of the same account (offset in pairs: of the same pair)."""


@dataclass
class Ticket:
    """A group that was submitted."""

    legs: tuple[Leg, ...]
    priority: int
    worth: int
    submitted_us: int
    settled: simpy.Event
    """Succeeds with this ticket."""
    subject: Any = None
    """Whatever who submits wants to find here again."""
    settled_us: int | None = None
    withdrawn_us: int | None = None

    @property
    def waits(self) -> bool:
        """Whether it is in the queue."""
        return self.settled_us is None and self.withdrawn_us is None


class Stuck(NamedTuple):
    """When it was last found that nothing settles."""

    available: Int64Array
    offset: bool
    freed: frozenset[int] = frozenset()
    """From which pools groups have been withdrawn since."""


@dataclass
class SettlementQueue:
    """The queue of one ledger, for all its currencies. `owner` gives an account's participant, for pairs."""

    env: simpy.Environment
    accounts: SettlementAccounts
    mechanism: Mechanism = field(default_factory=Mechanism)
    owner: Callable[[int], int] = int
    usage: Usage = field(default_factory=Usage)
    on_settle: Callable[[Sequence[Ticket]], None] | None = None
    """Called with the groups of each settlement, once their legs are written and before who waits is told."""
    _waiting: Waiting[Ticket] = field(default_factory=Waiting)
    _pools: dict[int, int] = field(default_factory=dict)
    _account_of_pool: list[int] = field(default_factory=list)
    _participants: dict[int, int] = field(default_factory=dict)
    _pairs: dict[int, int] = field(default_factory=dict)
    _owners: list[int] = field(default_factory=list)
    _cycle_due: bool = False
    _in_gridlock: bool = False
    _stuck: Stuck | None = None

    def __len__(self) -> int:
        """How many groups wait."""
        return len(self._waiting)

    @property
    def now(self) -> int:
        """The SimPy clock (us)."""
        return int(self.env.now)

    def pool(self, account: int) -> int:
        """The number of an account in `usage`."""
        number = self._pools.setdefault(account, len(self._pools))
        if number == len(self._account_of_pool):
            self._account_of_pool.append(account)
            owner = self.owner(account)
            self._owners.append(self._participants.setdefault(owner, len(self._participants)))
            self.usage.widen(number + 1)
        return number

    def submit(
        self, legs: Sequence[Leg], priority: int = NORMAL, worth: int = 0, subject: object = None
    ) -> Ticket:  # fmt: skip
        """Submit a group; it settles at once if it can.

        Args:
            legs: at least one, amounts not negative, payer and payee different.
            priority: URGENT or NORMAL.
            worth: what it counts when offsetting chooses, and in the mean delay (a value in one currency for all).
            subject: whatever should stand on the ticket.
        """
        if not legs or any(leg.amount < 0 or leg.payer == leg.payee for leg in legs):
            raise ValueError(f"legs that cannot settle: {legs}")
        ticket = Ticket(tuple(legs), priority, worth, self.now, self.env.event(), subject)
        if not self._waiting and self._covered(ticket):
            self._settle([ticket])
            return ticket
        changes: dict[int, int] = {}
        for leg in legs:
            changes[self.pool(leg.payer)] = changes.get(self.pool(leg.payer), 0) - leg.amount
            changes[self.pool(leg.payee)] = changes.get(self.pool(leg.payee), 0) + leg.amount
        owners = sorted({self._owners[pool] for pool in changes})
        pair = self._pairs.setdefault(owners[0] << 32 | owners[-1], len(self._pairs)) if len(owners) <= 2 else -1
        self._waiting.add(ticket, changes, priority, worth, pair)
        if self._stuck is not None and not self._hopeless(changes, priority):
            self._stuck = None
        self._work(offset=self.mechanism.at_arrival)
        self._note()
        return ticket

    def withdraw(self, ticket: Ticket) -> bool:
        """Take a group out of the queue (a quote that expired); False if it has settled or was withdrawn already."""
        if not ticket.waits:
            return False
        ticket.withdrawn_us = self.now
        self._waiting.remove([self._waiting.index(ticket)])
        if self._stuck is not None:
            freed = self._stuck.freed.union(self.pool(leg.payer) for leg in ticket.legs)
            self._stuck = self._stuck._replace(freed=freed)
        self.usage.withdrawn += 1
        if not self.mechanism.overtaking:
            self.retry()
        self._note()
        return True

    def retry(self) -> None:
        """Settle what can settle now: money has arrived."""
        if self._waiting:
            self._work(offset=self.mechanism.at_arrival)
            self._note()

    def gridlocked(self) -> bool:
        """Whether groups wait of which none can settle alone although some could together."""
        order = self._waiting.order()
        if not order.size:
            return False
        available, queue = self._available(), self._waiting.queue
        if not possible(available, queue, order) or self._alone(available, order).number:
            return False
        found = multilateral(available, queue, order, by_size=self._waiting.by_size())
        return found.number > 0 or self._together(available, order).number > 0

    # --- inside ----------------------------------------------------------------------------------------------------

    def _covered(self, ticket: Ticket) -> bool:
        """Whether a group can settle alone, by what the accounts hold."""
        changes: dict[int, int] = {}
        for payer, payee, amount in ticket.legs:
            changes[payer] = changes.get(payer, 0) - amount
            changes[payee] = changes.get(payee, 0) + amount
        paying = [who for who, change in changes.items() if change < 0]
        available = self.accounts.available(np.array(paying, dtype=np.int64))
        return all(left + changes[who] >= 0 for who, left in zip(paying, available.tolist(), strict=True))

    def _available(self) -> Int64Array:
        return np.asarray(self.accounts.available(np.array(self._account_of_pool, dtype=np.int64)), dtype=np.int64)

    def _alone(self, available: Int64Array, order: Int64Array) -> Choice:
        return alone(available, self._waiting.queue, order, overtaking=self.mechanism.overtaking)

    def _together(self, room: Int64Array, order: Int64Array) -> Choice:
        waiting, overtaking = self._waiting, self.mechanism.overtaking
        if self.mechanism.mode == "bilateral":
            by_size = waiting.by_size()
            return bilateral(room, waiting.queue, waiting.pair, order, overtaking=overtaking, by_size=by_size)
        if not overtaking:
            return multilateral(room, waiting.queue, order, rule=LAST, overtaking=False)
        return together(room, waiting.queue, waiting.pair, waiting.worth, order, by_size=waiting.by_size())

    def _work(self, *, offset: bool) -> None:
        """Settle alone and, if asked for, together, by turns until nothing more settles."""
        available = self._available()
        if self._still_stuck(available, offset):
            return
        order = self._waiting.order()
        if not possible(available, self._waiting.queue, order):
            self._stuck = Stuck(available, offset=True)
            return
        settles: list[Int64Array] = []
        offset_before = self.usage.offset
        while order.size:
            choice = self._alone(available, order)
            if choice.number:
                settles.append(order[choice.taken])
                order, available = order[~choice.taken], choice.after
            if not offset or self.mechanism.mode == "none" or not order.size:
                break
            choice = self._together(available, order)
            if not choice.number:
                break
            self.usage.offset += choice.number
            self._note_gridlock(True)
            settles.append(order[choice.taken])
            order, available = order[~choice.taken], choice.after
        self._stuck = Stuck(available, offset)
        if settles:
            rows = np.concatenate(settles)
            tickets = [self._waiting.items[row] for row in rows.tolist()]
            self._waiting.remove(rows.tolist())
            self._settle(tickets)
            if self.usage.offset > offset_before:
                self._note_gridlock(False)

    def _still_stuck(self, available: Int64Array, offset: bool) -> bool:
        """Whether nothing can settle as nothing could before; that spares going through the whole queue.

        Without overtaking, what settles now and could not before has the first group of a pool that has more, or from
        which one was withdrawn. With overtaking, or in pairs, one more group may release any other.
        """
        stuck, mechanism = self._stuck, self.mechanism
        if stuck is None or mechanism.overtaking or mechanism.mode == "bilateral" or offset > stuck.offset:
            return False
        known = np.concatenate([stuck.available, available[stuck.available.size :]])
        freed = stuck.freed.union(np.flatnonzero(available > known).tolist())
        if any(self._waiting.first(pool) <= self._most(available, pool) for pool in freed):
            return False
        self._stuck = Stuck(np.maximum(available, known), stuck.offset)
        return True

    def _hopeless(self, changes: dict[int, int], priority: int) -> bool:
        """Whether a new group cannot settle without overtaking: one of its pools could not pay for it and what comes
        before it, even if all that waits paid in. Then nothing else settles because of it either."""
        available = self._available()
        paying = [pool for pool, change in changes.items() if change < 0]
        return any(self._waiting.paying_out(pool, priority) > self._most(available, pool) for pool in paying)

    def _most(self, available: Int64Array, pool: int) -> int:
        """What a pool could pay out if all that waits paid in."""
        return max(0, int(available[pool])) + self._waiting.paying_in(pool)

    def _settle(self, tickets: Sequence[Ticket]) -> None:
        """Write all legs of these groups at one instant, and tell who waits."""
        legs = list(chain.from_iterable(ticket.legs for ticket in tickets))
        payers, payees, amounts = (_column(part) for part in zip(*legs, strict=True))
        self.accounts.move(payers, payees, amounts)
        self.usage.moved(
            [self.pool(leg.payer) for leg in legs], [self.pool(leg.payee) for leg in legs],
            [leg.amount for leg in legs],
        )  # fmt: skip
        if self.on_settle is not None:
            self.on_settle(tickets)
        for ticket in tickets:
            ticket.settled_us = self.now
            self.usage.delays_us.append(self.now - ticket.submitted_us)
            self.usage.worths.append(ticket.worth)
            ticket.settled.succeed(ticket)

    def _note(self) -> None:
        """Something changed: take down how long the queue is, and see that a cycle follows."""
        self._count()
        every = self.mechanism.every_us
        if every is not None and self._waiting and not self._cycle_due:
            self._cycle_due = True
            self.env.timeout(every - self.now % every).callbacks.append(self._cycle)

    def _count(self) -> None:
        self.usage.length(self.now, len(self._waiting))
        if self._in_gridlock and not self._waiting:
            self._note_gridlock(False)

    def _cycle(self, _: Any) -> None:
        """A multiple of `every_us`, with something waiting when it was planned."""
        self._cycle_due = False
        if self._waiting:
            if self.mechanism.mode != "multilateral" or not self.mechanism.at_arrival:
                self._note_gridlock(self.gridlocked())
            self._work(offset=True)
        self._count()

    def _note_gridlock(self, gridlocked: bool) -> None:
        if gridlocked or self._in_gridlock:
            self.usage.note_gridlock(self.now, len(self._waiting), gridlocked, was_gridlocked=self._in_gridlock)
        self._in_gridlock = gridlocked


def _column(values: Iterable[int]) -> npt.NDArray[np.int64]:
    return np.fromiter(values, dtype=np.int64)
