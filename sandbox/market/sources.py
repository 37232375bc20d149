"""Sources of births: where payments come from, in order of time.

A source fills a buffer of `birth.ROWS` rows with its next births. The rail merges the sources by time. A payment's
key is a draw of its source's stream numbered by the payment, and everything about the payment is a draw of its key,
so one source never disturbs another.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from sandbox.core.clock import UNIT, cumulative_intensity, invert
from sandbox.core.compiled import compiled, inlined, shared
from sandbox.core.draws import (
    Int64Array,
    activity_table,
    below,
    exponential_table,
    fixed_table,
    lognormal_table,
    mix,
    quantile,
    stream,
)  # fmt: skip
from sandbox.core.layout import account, birth, tags, trait
from sandbox.core.ledger import Block
from sandbox.market.choice import choose
from sandbox.scenario.schema import Scenario, Segment, Ticket

KINDS = ("retail", "transfer", "wholesale", "government", "fee", "campaign", "cross_border")
"""Kinds of payment, by code."""

# Purposes of a payment's draws at birth (all below `draw.ATTEMPT`).
GAP, PAYER, PAYEE, AMOUNT, AGAIN = 1, 2, 3, 5, 6
"""PAYEE takes two draws."""

MOST_TRIES = 10_000
"""Payers drawn at most for one payment, where some cohorts pay less than others."""

STATE_NUMBER, STATE_POSITION, STATE_CELL, STATE_COLUMNS = 0, 1, 2, 3


class Source(Protocol):
    """Something that gives births in order of time."""

    name: str
    kind: str

    def fill(self, births: Int64Array) -> int:
        """Write the next births into `births` (birth.ROWS, length); returns how many, 0 when none is left."""


def tag(source: int, kind: str, label: int = 0) -> int:
    """The TAG of a payment."""
    return source | (KINDS.index(kind) << tags.KIND_SHIFT) | (label << 10)


def ticket_table(ticket: Ticket) -> Int64Array:
    """Quantiles of a payment's size (fen)."""
    if ticket.sigma == 0:
        return fixed_table(min(max(ticket.median, ticket.minimum), ticket.maximum))
    return lognormal_table(ticket.median, ticket.sigma, ticket.minimum, ticket.maximum)


class Draws(NamedTuple):
    """Tables of a segment: rows gap, payer, amount; the alias table of payees (0 rows: payees are alike); the chance
    that a payer who is drawn pays, by cohort (none: all do), and the payers' cohorts."""

    tables: Int64Array
    alias: Int64Array
    cumulative: Int64Array
    accepted: Int64Array
    cohort_of: npt.NDArray[np.uint8]


class Parties(NamedTuple):
    """Who pays and who is paid: first account and number of each; their payments' tag; up to when (us) they are
    born."""

    payer_first: int
    payers: int
    payee_first: int
    payees: int
    tag: int
    until: int


@shared
def route(accounts: Int64Array, payer: int, payee: int) -> int:
    """birth.ROUTE of a payment."""
    payer_institution = (accounts[payer, account.TRAITS] >> trait.INSTITUTION_SHIFT) & trait.INSTITUTION_MASK
    payee_institution = (accounts[payee, account.TRAITS] >> trait.INSTITUTION_SHIFT) & trait.INSTITUTION_MASK
    return payer_institution | (payee_institution << 16)


def routes(accounts: Int64Array, payers: Int64Array, payees: Int64Array) -> Int64Array:
    """`route` of many payments."""
    payer, payee = (
        (accounts[who, account.TRAITS] >> trait.INSTITUTION_SHIFT) & trait.INSTITUTION_MASK for who in (payers, payees)
    )
    return np.asarray(payer | (payee << 16))


@inlined
def other_payer(draws: Draws, key: np.uint64, payer: int, payers: int) -> int:
    """Whoever pays in the end: the payer drawn at first or, where people of a cohort pay less often, one drawn anew."""
    parts = 1_000_000_000
    key = mix(key, AGAIN)
    for attempt in range(MOST_TRIES):
        if below(mix(key, 2 * attempt), parts) < draws.accepted[draws.cohort_of[payer]]:
            break
        payer = (quantile(draws.tables, 1, mix(key, 2 * attempt + 1)) * payers) >> 32
    return payer


@compiled
def fill_segment(
    key: np.uint64,
    state: Int64Array,
    draws: Draws,
    parties: Parties,
    accounts: Int64Array,
    births: Int64Array,
) -> int:
    """Births of a non-homogeneous Poisson process by time change: unit exponential gaps through the inverse
    intensity."""
    number, position, cell = state[STATE_NUMBER], state[STATE_POSITION], state[STATE_CELL]
    tables, alias, cumulative = draws.tables, draws.alias, draws.cumulative
    cells = cumulative.size - 1
    filled = 0
    while filled < births.shape[1]:
        own = mix(key, number)
        position += quantile(tables, 0, mix(own, GAP))
        while cell < cells and cumulative[cell + 1] <= position:
            cell += 1
        if cell == cells:
            break
        number += 1
        payer = (quantile(tables, 1, mix(own, PAYER)) * parties.payers) >> 32
        if draws.accepted.size > 0:
            payer = other_payer(draws, own, payer, parties.payers)
        payee = choose(alias, own, PAYEE) if alias.shape[0] > 0 else below(mix(own, PAYEE), parties.payees)
        if parties.payer_first == parties.payee_first and payer == payee:
            payee = payee + 1 if payee + 1 < parties.payees else 0
        births[birth.TIME, filled] = invert(cumulative, cell, position, parties.until)
        births[birth.PAYER, filled] = parties.payer_first + payer
        births[birth.PAYEE, filled] = parties.payee_first + payee
        births[birth.AMOUNT, filled] = quantile(tables, 2, mix(own, AMOUNT))
        births[birth.KEY, filled] = np.int64(own)
        births[birth.TAG, filled] = parties.tag
        filled += 1
    # In a loop of its own, short enough for the processor to fetch many accounts at once.
    for i in range(filled):
        births[birth.ROUTE, i] = route(accounts, births[birth.PAYER, i], births[birth.PAYEE, i])
    state[STATE_NUMBER], state[STATE_POSITION], state[STATE_CELL] = number, position, cell
    return filled


class SegmentSource:
    """Payments of one segment."""

    def __init__(
        self, name: str, number: int, segment: Segment, scenario: Scenario, seed: int,
        blocks: dict[str, Block], accounts: Int64Array, alias: Int64Array, accepted: Int64Array,
        cohort_of: npt.NDArray[np.uint8],
    ) -> None:  # fmt: skip
        self.name = name
        self.kind: str = segment.kind
        self._accounts = accounts
        self._key = stream(seed, "segment", name)
        self._state = np.zeros(STATE_COLUMNS, dtype=np.int64)
        people = scenario.population.activity_sigma if segment.payer == "personal" else 0.0
        payer, payee = blocks[segment.payer], blocks[segment.payee]
        self._draws = Draws(
            np.stack([exponential_table(UNIT), activity_table(people), ticket_table(segment.ticket)]),
            alias if segment.payee == "merchant" else np.zeros((0, 2), dtype=np.int64),
            cumulative_intensity(
                scenario.start,
                scenario.duration,
                segment.payments * scenario.scale,
                segment.profile,
                scenario.demand.festivals,
            ),
            accepted if segment.payer == "personal" else np.zeros(0, dtype=np.int64),
            cohort_of,
        )
        self._parties = Parties(
            payer.first, payer.count, payee.first, payee.count, tag(number, segment.kind), scenario.duration
        )  # fmt: skip

    def fill(self, births: Int64Array) -> int:
        """Next births."""
        return int(fill_segment(self._key, self._state, self._draws, self._parties, self._accounts, births))


@dataclass
class PlannedSource:
    """Births that are known beforehand: (birth.ROWS, number), in order of time."""

    name: str
    kind: str
    planned: Int64Array
    given: int = 0

    def fill(self, births: Int64Array) -> int:
        """Next births."""
        count = min(births.shape[1], self.planned.shape[1] - self.given)
        births[:, :count] = self.planned[:, self.given : self.given + count]
        self.given += count
        return count


@dataclass
class StreamedSource:
    """Births that arrive in batches (a payment trace)."""

    name: str
    kind: str
    batches: Iterator[Int64Array]
    _rest: Int64Array | None = None

    def fill(self, births: Int64Array) -> int:
        """Next births."""
        while self._rest is None or self._rest.shape[1] == 0:
            self._rest = next(self.batches, None)
            if self._rest is None:
                return 0
        count = min(births.shape[1], self._rest.shape[1])
        births[:, :count] = self._rest[:, :count]
        self._rest = self._rest[:, count:]
        return count


class OrderSource:
    """Births that processes submit while the run goes on, each at the instant at which it is submitted."""

    name = "orders"
    kind = "transfer"

    def __init__(self) -> None:
        self._waiting: deque[tuple[int, ...]] = deque()

    def submit(self, birth: tuple[int, ...]) -> None:
        """Add one birth (birth.ROWS values); its time is not before that of the one before it."""
        self._waiting.append(birth)

    def fill(self, births: Int64Array) -> int:
        """Next births; 0 when none waits now."""
        count = min(births.shape[1], len(self._waiting))
        for place in range(count):
            births[:, place] = self._waiting.popleft()
        return count


class BatchSource:
    """Births that a process submits many at a time, each for its own instant from now on."""

    def __init__(self, name: str, kind: str) -> None:
        self.name, self.kind = name, kind
        self._waiting: deque[Int64Array] = deque()

    def submit(self, births: Int64Array) -> None:
        """Add births (birth.ROWS, number) in order of time, none before those that were added earlier."""
        self._waiting.append(births)

    def fill(self, births: Int64Array) -> int:
        """Next births; 0 when none waits now."""
        while self._waiting and self._waiting[0].shape[1] == 0:
            self._waiting.popleft()
        if not self._waiting:
            return 0
        count = min(births.shape[1], self._waiting[0].shape[1])
        births[:, :count] = self._waiting[0][:, :count]
        self._waiting[0] = self._waiting[0][:, count:]
        return count
