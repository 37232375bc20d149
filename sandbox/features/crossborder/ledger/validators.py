"""Validators decide together, while enough of them are at work, whether locked payments settle.

What was locked at one instant is one batch: it settles whole, all legs at one instant, or all its locks go back and
its payments are told why. A payment that is not to blame may then try again. Units: us.

A decision takes a time drawn by the key of the batch's payments. Losing the quorum stops it; with the quorum it begins
anew. What is not decided within the time-out goes back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import simpy

from sandbox.control import Control
from sandbox.core.draws import mix
from sandbox.features.crossborder.ledger.locks import Locked, Locks
from sandbox.features.crossborder.ledger.quotes import Quote
from sandbox.features.crossborder.payment import Payment
from sandbox.features.crossborder.queue.queueing import Leg
from sandbox.features.crossborder.schema.ledger import Validators
from sandbox.features.crossborder.setting import Outages

RETRY: Final = "again"
"""The answer to a payment whose lock went back through no fault of its own."""
TIMED_OUT, QUORUM_LOST, BANK_FAILED = "timed_out", "quorum_lost", "bank_failed"
DECIDE: Final = 1 << 18
"""Purposes of a payment's draws from here on are times of consensus, one a try."""


@dataclass(eq=False, slots=True)
class Attempt:
    """A payment that tries to settle."""

    payment: Payment
    ends: tuple[str, str]
    """Names of the payer's and of the payee's bank."""
    quote: Quote | None = None
    dealer: str | None = None
    """Name of the bank that quoted."""
    requests: int = 0
    """How often it asked for quotes."""
    patience_until_us: int | None = None
    """When it has waited for money long enough."""
    legs: list[Leg] = field(default_factory=list)
    """What moves between banks."""
    tries: int = 0
    """How often it was locked."""
    batch: Batch | None = None
    """Since it was locked."""
    answer: str | None = None
    """Why the lock went back; None: it settled."""


@dataclass(eq=False, slots=True)
class Batch:
    """Payments that were locked at one instant."""

    attempts: list[Attempt]
    locked: Locked
    since_us: int
    takes_us: int
    decided: simpy.Event
    timers: int = 0
    """How many timers were set for it; only the last counts."""
    stopped: bool = False
    """Whether the quorum was missing in its time."""


@dataclass
class Counts:
    """What the validators did."""

    settled: int = 0
    released: dict[str, int] = field(default_factory=dict)
    """Batches whose locks went back, by reason."""
    together: int = 0
    """Payments that were locked with others because they could not be alone."""
    lost_us: int = 0
    """How long there was no quorum."""
    losses: int = 0


class Consensus:
    """The validators of one ledger, and the batches that they have not decided yet."""

    def __init__(
        self, control: Control, outages: Outages, locks: Locks, terms: Validators, members: list[str],
        is_open: Callable[[Payment], bool],
    ) -> None:  # fmt: skip
        self._control, self._outages, self._locks, self._terms = control, outages, locks, terms
        self.members, self._is_open = members, is_open
        self.needed = terms.needed(len(members))
        self._up, self._counted = len(members), 0
        """How many validators are at work, as of so many changes."""
        self._batches: dict[Batch, None] = {}
        self._lost_at: int | None = None
        self.counts = Counts()
        self.on_money: Callable[[], None] = lambda: None
        """Called when money has become free, by settlement or release."""

    def start(self) -> None:
        """Watch who fails."""
        self._control.env.process(self._watch())

    @property
    def has_quorum(self) -> bool:
        """Whether enough validators are at work."""
        if self._counted != self._outages.changes:
            self._counted = self._outages.changes
            self._up = sum(not self._outages.down("validator", one) for one in self.members)
        return self._up >= self.needed

    @property
    def undecided(self) -> list[Batch]:
        """Batches that are locked, in the order in which they were."""
        return list(self._batches)

    def lost_us(self) -> int:
        """How long there was no quorum up to now."""
        return self.counts.lost_us + (0 if self._lost_at is None else self._control.now - self._lost_at)

    def propose(self, attempts: Iterable[Attempt], locked: Locked) -> None:
        """Have what is locked now decided."""
        those = list(attempts)
        takes = max(self._takes_us(one) for one in those)
        batch = Batch(those, locked, self._control.now, takes, self._control.env.event())
        for one in those:
            one.batch, one.answer, one.tries = batch, None, one.tries + 1
        if len(those) > 1:
            self.counts.together += len(those)
        self._batches[batch] = None
        self._arm(batch)

    # --- inside ----------------------------------------------------------------------------------------------------

    def _takes_us(self, one: Attempt) -> int:
        shortest, longest = self._terms.consensus_shortest, self._terms.consensus_longest
        word = int(mix(one.payment.key, DECIDE + one.tries))
        return shortest + (word * (longest - shortest + 1) >> 64)

    def _arm(self, batch: Batch) -> None:
        """Set the timer of what comes next: the decision, or the time-out."""
        now, deadline = self._control.now, batch.since_us + self._terms.lock_timeout
        batch.timers += 1
        timer = batch.timers
        decides = self.has_quorum and now + batch.takes_us <= deadline
        batch.stopped |= not self.has_quorum

        def due(_: Any) -> None:
            if batch in self._batches and batch.timers == timer:
                if decides:
                    self._decide(batch)
                else:
                    why = QUORUM_LOST if batch.stopped else TIMED_OUT
                    self._give_back(batch, dict.fromkeys(batch.attempts, why))

        at_us = now + batch.takes_us if decides else deadline
        self._control.wait_until(at_us).callbacks.append(due)

    def _decide(self, batch: Batch) -> None:
        """Settle all of a batch, or nothing of it."""
        if not self.has_quorum:
            # It was lost at this very instant.
            self._arm(batch)
            return
        failed = {one: why for one in batch.attempts if (why := self._failure(one)) is not None}
        shut = {one: RETRY for one in batch.attempts if not self._is_open(one.payment)}
        if failed or shut:
            self._give_back(batch, {**shut, **failed})
            return
        del self._batches[batch]
        self._locks.settle(batch.locked)
        self.counts.settled += 1
        batch.decided.succeed()
        self.on_money()

    def _give_back(self, batch: Batch, answers: dict[Attempt, str]) -> None:
        """Return the locks of a batch; who has no answer of its own tries again."""
        del self._batches[batch]
        self._locks.release(batch.locked)
        for one in batch.attempts:
            one.answer = answers.get(one, RETRY)
        why = next((one for one in answers.values() if one != RETRY), RETRY)
        self.counts.released[why] = self.counts.released.get(why, 0) + 1
        batch.decided.succeed()
        self.on_money()

    def _failure(self, one: Attempt) -> str | None:
        """Why a bank that failed keeps an attempt from settling: another may do the exchange, nobody the payment."""
        if any(self._outages.down("bank", bank) for bank in one.ends):
            return BANK_FAILED
        return RETRY if one.dealer is not None and self._outages.down("bank", one.dealer) else None

    def _watch(self) -> Any:
        """At each failure and recovery: return what a failed bank has a part in, stop or begin decisions."""
        while True:
            yield self._outages.changed
            had_quorum = self._lost_at is None
            self._count_quorum()
            for batch in self.undecided:
                failed = {one: why for one in batch.attempts if (why := self._failure(one)) is not None}
                if failed:
                    self._give_back(batch, failed)
                elif had_quorum != (self._lost_at is None):
                    self._arm(batch)

    def _count_quorum(self) -> None:
        control = self._control
        if self.has_quorum and self._lost_at is not None:
            self.counts.lost_us += control.now - self._lost_at
            self._lost_at = None
            control.record("validators", "quorum_regained")
        elif not self.has_quorum and self._lost_at is None:
            self._lost_at = control.now
            self.counts.losses += 1
            control.record("validators", "quorum_lost", undecided=len(self._batches))
