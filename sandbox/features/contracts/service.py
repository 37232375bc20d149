"""The service that all contracts of a run share: a schedule of what is due, payments given to the rail many at a time,
and the pending transfers.

A contract acts in *steps* (`contracts.step`). What falls due in a step is acted on at its end (`at_step_end`): a
lesson, a delivery, a decision. Payments of people are handed over at the start of the step in which they fall
(`at_step_start`), and are born on the rail each at its own microsecond, under the rules of all payments. How they ended
is known at the next step. So a hundred thousand contracts cost no more events than there are steps.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sandbox.base.pending import (
    ENDINGS,
    OPEN,
    P_DECIDED,
    P_ENDING,
    P_REASON,
    P_RETURNED,
    P_SPENT,
    Numbers,
    Pendings,
)
from sandbox.control import Control, Process
from sandbox.core.draws import Int64Array
from sandbox.core.layout import INFINITE, Outcome, birth, code, ended, tags
from sandbox.features.contracts.accounts import SOURCE
from sandbox.features.contracts.schema import Contracts
from sandbox.market.sources import routes, tag
from sandbox.tables import OUTCOMES

SOURCES: Final = (1 << tags.KIND_SHIFT) - 1
NOBODY: Final = -1

Flags = npt.NDArray[np.bool_]

OnDue = Callable[[Int64Array, Int64Array], None]
"""Called with items and the times at which they fell due, or their payments settled."""
OnRefused = Callable[[Int64Array], None]
"""Called with items whose payments did not settle."""


class PaymentBatch(NamedTuple):
    """Payments of one call of `pay`, until all have ended."""

    contract: int
    items: Int64Array
    settled: OnDue
    refused: OnRefused | None


class PendingTerms(NamedTuple):
    """What was agreed on pendings as they were opened, by pending."""

    contract: Int64Array
    holder: Int64Array
    payee: Int64Array
    deadline_us: Int64Array


class ContractService:
    """Schedule, payments and pending transfers."""

    def __init__(self, control: Control, terms: Contracts) -> None:
        world = control.world
        self.control, self.terms, self.step_us = control, terms, terms.step
        self.pendings = Pendings(control)
        self.pendings.on_end.append(self._log_ended)
        self.until = world.scenario.duration
        self._source = next(number for number, one in enumerate(world.sources) if one.name == SOURCE)
        self._schedule: dict[int, list[list[tuple[OnDue, Int64Array, Int64Array]]]] = {}
        """By step: what is due at its end, what begins in it."""
        self._steps: list[int] = []
        self._step = -1
        self._births: list[Int64Array] = []
        self._in_flight: dict[int, tuple[PaymentBatch, int]] = {}
        """By a payment's key."""
        self._seen: list[Int64Array] = []
        self._opened: list[PendingTerms] = []
        self.contracts = [(kind, name) for kind, name, _ in terms.named()]
        """Kind and name of each contract."""
        self.refused: Counter[tuple[int, str]] = Counter()
        """By contract and reason: attempts that came to nothing."""
        self.refusals: Counter[int] = Counter()
        """By pending: attempts to use it that came to nothing."""
        control.listen(self._listen)

    # --- the schedule ----------------------------------------------------------------------------------------------

    def at_step_end(self, times: Int64Array, due: OnDue, items: Int64Array) -> None:
        """Have things done at the end of the steps in which they fall due (at the earliest at the next)."""
        self._note(-(-times // self.step_us), times, due, items, 0)

    def at_step_start(self, times: Int64Array, due: OnDue, items: Int64Array) -> None:
        """Have things done at the beginning of the steps in which they fall due; `due` may `pay` at these times. What
        falls due when demand has stopped does not happen."""
        demanded = times < self.until
        self._note(times[demanded] // self.step_us, times[demanded], due, items[demanded], 1)

    def step_ends(self, times: Int64Array) -> Int64Array:
        """The ends of the steps in which these times fall."""
        return np.asarray(-(-times // self.step_us) * self.step_us)

    def _note(self, steps: Int64Array, times: Int64Array, due: OnDue, items: Int64Array, part: int) -> None:
        steps = np.maximum(steps, self._step + 1)
        within = steps * self.step_us < self.until + self.step_us
        steps, times, items = steps[within], times[within], items[within]
        if not items.size:
            return
        order = np.argsort(steps, kind="stable")
        found, first = np.unique(steps[order], return_index=True)
        for step, those in zip(found.tolist(), np.split(order, first[1:]), strict=True):
            if step not in self._schedule:
                self._schedule[step] = [[], []]
                heapq.heappush(self._steps, step)
            self._schedule[step][part].append((due, items[those], times[those]))

    def run(self) -> Process:
        """Step by step, but for those in which nothing is due and nothing under way."""
        while self._steps or self._in_flight:
            step = self._step + 1 if self._in_flight else self._steps[0]
            yield self.control.wait_until(step * self.step_us)
            self._step = step
            self.report_ended()
            if self._steps and self._steps[0] == step:
                heapq.heappop(self._steps)
                for part in self._schedule.pop(step):
                    for due, noted in by_due(part):
                        due(*noted)
            self._hand_over()

    def report_ended(self) -> None:
        """Tell contracts which of their payments have ended."""
        self.control.machine.look()
        seen, self._seen = self._seen, []
        by_batch: dict[int, tuple[PaymentBatch, list[tuple[int, int, int]]]] = {}
        for window in seen:
            for key, outcome, paid in window.T.tolist():
                batch, place = self._in_flight.pop(key)
                by_batch.setdefault(id(batch), (batch, []))[1].append((place, outcome, paid))
        for batch, rows in by_batch.values():
            places, outcomes, ended_us = np.array(rows, dtype=np.int64).T
            items, good = batch.items[places], outcomes == Outcome.SETTLED
            if good.any():
                batch.settled(items[good], ended_us[good])
            if not good.all():
                self.count_refused_payments(batch.contract, outcomes[~good])
                if batch.refused is not None:
                    batch.refused(items[~good])

    # --- payments --------------------------------------------------------------------------------------------------

    def pay(
        self, contract: int, items: Int64Array, times: Int64Array, payers: Int64Array | int, payees: Int64Array | int,
        amounts_fen: Int64Array | int, *, keys: Int64Array, kind: str, settled: OnDue, refused: OnRefused | None = None,
    ) -> None:  # fmt: skip
        """Give a contract's payments to the rail, one an item, each at its time (now if that is over). Only from within
        a step. Those that do not settle are counted as refused, by their outcome.

        Args:
            times: not after the end of the step.
            keys: each payment's own draw.
            kind: a kind of `sandbox.market.sources.KINDS`.
            settled, refused: told of the items whose payments have, or have not, settled.
        """
        births = np.zeros((birth.ROWS, items.size), dtype=np.int64)
        births[birth.TIME] = np.maximum(times, self.control.now)
        births[birth.PAYER], births[birth.PAYEE] = payers, payees
        births[birth.AMOUNT], births[birth.KEY] = amounts_fen, keys
        births[birth.TAG] = tag(self._source, kind)
        births[birth.ROUTE] = routes(self.control.accounts, births[birth.PAYER], births[birth.PAYEE])
        batch = PaymentBatch(contract, items, settled, refused)
        self._in_flight.update((key, (batch, place)) for place, key in enumerate(keys.tolist()))
        self._births.append(births)

    def _hand_over(self) -> None:
        if self._births:
            births = np.concatenate(self._births, axis=1)
            self._births = []
            order = np.argsort(births[birth.TIME], kind="stable")
            self.control.machine.submit_many(self._source, np.ascontiguousarray(births[:, order]))

    def _listen(self, window: Int64Array) -> None:
        ours = window[ended.TAG] & SOURCES == self._source
        if ours.any():
            codes = window[ended.CODES, ours] & code.OUTCOME_MASK
            self._seen.append(np.stack([window[ended.KEY, ours], codes, window[ended.ENDED_AT, ours]]))

    # --- pending transfers ---------------------------------------------------------------------------------------

    def open(
        self, contract: int, payers: Int64Array, amounts_fen: Int64Array, *, escrow: int,
        holders: Int64Array | int = NOBODY, payees: Int64Array | int = NOBODY,
        expires_us: Int64Array | int | None = None, moved: bool = True, log: bool = True,
    ) -> Numbers:  # fmt: skip
        """Open pendings of a contract. They expire at the end of the step in which their time is over, the next one at
        the earliest, after what fell due in it; `in_time` looks at the microsecond."""
        deadlines = np.asarray(INFINITE if expires_us is None else expires_us, dtype=np.int64)
        if expires_us is not None:
            next_step = (self.control.now // self.step_us + 1) * self.step_us
            expires_us = np.maximum(self.step_ends(deadlines), next_step)
        numbers = self.pendings.hold_many(
            payers, amounts_fen, escrow=escrow, expires_us=expires_us, kind=self.contracts[contract][0], moved=moved
        )
        agreed = (contract, holders, payees, deadlines)
        self._opened.append(PendingTerms(*(np.broadcast_to(one, numbers.shape) for one in agreed)))
        if numbers.size and log:
            self._event("opened", contract, int(numbers.size), amount_fen=int(amounts_fen.sum()))
        return numbers

    def pending_terms(self) -> PendingTerms:
        """Of all pendings."""
        if not self._opened:
            return PendingTerms(*(np.zeros(0, dtype=np.int64) for _ in range(4)))
        self._opened = [PendingTerms(*(np.concatenate(column) for column in zip(*self._opened, strict=True)))]
        return self._opened[0]

    def is_open(self, numbers: Numbers) -> Flags:
        """Which of these pendings are open; NOBODY is not."""
        found = numbers != NOBODY
        found[found] = self.pendings.rows[numbers[found], P_DECIDED] == OPEN
        return np.asarray(found)

    def in_time(self, numbers: Numbers, times: Int64Array | int) -> Flags:
        """Which of them are open for what fell due at these times, their deadlines included."""
        found, times = self.is_open(numbers), np.broadcast_to(times, numbers.shape)
        found[found] = times[found] <= self.pending_terms().deadline_us[numbers[found]]
        return found

    def count_refused(self, contract: int, reason: str, count: int) -> None:
        """Count attempts that came to nothing."""
        if count:
            self.refused[contract, reason] += count

    def count_refused_payments(self, contract: int, outcomes: Int64Array) -> None:
        """Count payments that the rail refused, by outcome."""
        for number, count in zip(*(one.tolist() for one in np.unique(outcomes, return_counts=True)), strict=True):
            self.count_refused(contract, OUTCOMES[number], count)

    def count_refused_uses(self, contract: int, reason: str, numbers: Numbers) -> None:
        """Count attempts to use pendings, which may repeat."""
        self.count_refused(contract, reason, int(numbers.size))
        self.refusals.update(numbers.tolist())

    def _log_ended(self, numbers: Numbers) -> None:
        """Log what has ended, contract by contract."""
        contracts, rows = self.pending_terms().contract[numbers], self.pendings.rows[numbers]
        for contract, ending, reason, those in by_ending(contracts, rows):
            why = {"reason": self.pendings.word(reason)} if reason else {}
            self._event(
                ENDINGS[ending], contract, len(those), **why, spent_fen=int(those[:, P_SPENT].sum()),
                returned_fen=int(those[:, P_RETURNED].sum()),
            )  # fmt: skip

    def _event(self, event: str, contract: int, count: int, **detail: Any) -> None:
        self.control.record("contract", event, self.contracts[contract][1], count=count, **detail)


def by_ending(contracts: Int64Array, rows: Int64Array) -> list[tuple[int, int, int, Int64Array]]:
    """Rows of pendings by contract, ending and code of the reason, in this order."""
    code = (contracts << 40) | (rows[:, P_ENDING] << 32) | rows[:, P_REASON]
    found = [int(code[0])] if code.size and np.all(code == code[0]) else np.unique(code).tolist()
    return [
        (one >> 40, (one >> 32) & 255, one & (2**32 - 1), rows if len(found) == 1 else rows[code == one])
        for one in found
    ]


def by_due(noted: list[tuple[OnDue, Int64Array, Int64Array]]) -> list[tuple[OnDue, tuple[Int64Array, Int64Array]]]:
    """What is to be done in a step, each thing once with all its items and times."""
    together: dict[OnDue, list[tuple[Int64Array, Int64Array]]] = {}
    for due, items, times in noted:
        together.setdefault(due, []).append((items, times))
    return [
        (due, (np.concatenate([one for one, _ in parts]), np.concatenate([one for _, one in parts])))
        for due, parts in together.items()
    ]


def rounds(values: Int64Array) -> list[Int64Array]:
    """Places of `values` in lists within which no value repeats; earlier places come first.

    >>> [one.tolist() for one in rounds(np.array([7, 8, 7, 7]))]
    [[0, 1], [2], [3]]
    """
    found, left = [], np.arange(values.size)
    if values.size < 2:
        return [left] if values.size else []
    while left.size:
        _, first = np.unique(values[left], return_index=True)
        first = np.sort(first)
        found.append(left[first])
        left = np.delete(left, first)
    return found
