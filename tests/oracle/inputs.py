"""What the oracle takes from a world before it runs: accounts with their traits, births, service-time tables."""

from __future__ import annotations

import heapq
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from sandbox.core.layout import account, birth, station, tags, trait
from sandbox.market.sources import KINDS, BatchSource, OrderSource, PlannedSource, Source, routes
from sandbox.scenario.schema import Scenario
from sandbox.world import World

CORPORATE = 0
"""Class of corporate wallets, merchants and institutions: no limits."""


@dataclass
class Account:
    """One account, in words."""

    number: int
    balance: int
    klass: int
    institution: int
    category: int
    can_top_up: bool
    willing: bool
    inside: bool
    redeems: bool
    frozen: bool
    takes_packets_of: frozenset[int]
    debits: int = 0
    credits: int = 0
    upgrading: bool = False
    packet: int = 0
    campaign: int | None = None
    spent_on: dict[date, int] = field(default_factory=lambda: defaultdict(int))
    spent_in: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    spent_in_box: int = 0
    settled: int = 0
    client: bool = False


@dataclass(frozen=True)
class Birth:
    """A payment to be, or a claim of a red packet (`payee` is then the campaign's number)."""

    at_us: int
    payer: int
    payee: int
    amount: int
    key: int
    tag: int
    is_claim: bool
    source: int
    place: int
    """Number among the births of its source."""


@dataclass
class Inputs:
    """Everything that the oracle knows of a world."""

    scenario: Scenario
    accounts: list[Account]
    births: list[Birth]
    tables: list[list[int]]
    """Service times of each institution, then of the ledger."""
    first: dict[str, int]
    """First account of each kind."""
    count: dict[str, int]
    orders: int
    """Number of the source whose births processes submit: the last."""

    @property
    def order_tag(self) -> int:
        """What stands in the tag of such a birth: the source, the kind, and that somebody waits for it."""
        return self.orders | KINDS.index("transfer") << 6 | 1 << 19


def read_inputs(world: World) -> Inputs:
    """Read a world that has not run; its sources are used up and replaced by equal ones, but for those of births that
    are submitted in the run."""
    *sources, orders = world.sources
    assert isinstance(orders, OrderSource)
    planned = [read_source(source) for source in sources]
    world.sources[:-1] = [
        source if isinstance(source, BatchSource) else PlannedSource(source.name, source.kind, births)
        for source, births in zip(sources, planned, strict=True)
    ]
    return Inputs(
        scenario=world.scenario,
        accounts=[read_account(number, row) for number, row in enumerate(world.ledger.accounts.tolist())],
        births=merge(planned),
        tables=[world.tables[row].tolist() for row in world.stations[:, station.SERVICE_TABLE]],
        first={block.kind: block.first for block in world.ledger.blocks},
        count={block.kind: block.count for block in world.ledger.blocks},
        orders=len(sources),
    )


def read_source(source: Source) -> np.ndarray:
    """All births of a source, a few at a time."""
    parts = []
    while True:
        buffer = np.zeros((birth.ROWS, 61), dtype=np.int64)
        number = source.fill(buffer)
        if number == 0:
            return np.concatenate([np.zeros((birth.ROWS, 0), dtype=np.int64), *parts], axis=1)
        parts.append(buffer[:, :number])


def merge(planned: list[np.ndarray]) -> list[Birth]:
    """Births of all sources in order of time; at one microsecond in the order of the sources."""
    columns = (birth.TIME, birth.PAYER, birth.PAYEE, birth.AMOUNT, birth.KEY, birth.TAG)
    rows = (
        [(*row, source, place) for place, row in enumerate(births[columns, :].T.tolist())]
        for source, births in enumerate(planned)
    )
    return [
        Birth(time, payer, payee - 1 if claim else payee, amount, key % 2**64, tag, claim, source, place)
        for time, payer, payee, amount, key, tag, source, place in heapq.merge(*rows, key=lambda one: one[0])
        for claim in (bool(tag & tags.CLAIM),)
    ]


def read_account(number: int, row: list[int]) -> Account:
    """One row of the ledger."""
    meta = row[account.TRAITS]
    return Account(
        number=number,
        balance=row[account.BALANCE],
        klass=meta & trait.CLASS_MASK,
        institution=meta >> trait.INSTITUTION_SHIFT & trait.INSTITUTION_MASK,
        category=meta >> trait.CATEGORY_SHIFT & trait.CATEGORY_MASK,
        can_top_up=bool(meta & trait.CAN_TOP_UP),
        willing=bool(meta & trait.WILLING),
        inside=bool(meta & trait.IN_BOX),
        redeems=bool(meta & trait.REDEEMS),
        frozen=bool(meta & trait.FROZEN),
        client=bool(meta & trait.CLIENT),
        takes_packets_of=frozenset(campaign for campaign in range(16) if meta >> trait.ENROLLED_SHIFT >> campaign & 1),
    )


def coarsen(world: World, grid_us: int, self_every: int) -> None:
    """Move births back onto a grid of time, so that many share a microsecond, and let some pay themselves.

    Every `self_every`-th payment that is no campaign's goes to its own payer (0: none).
    """
    for number, source in enumerate(world.sources[:-1]):
        if isinstance(source, BatchSource):
            continue
        births = read_source(source)
        births[birth.TIME] -= births[birth.TIME] % grid_us
        if self_every and number >= 2 * len(world.campaigns):
            births[birth.PAYEE, ::self_every] = births[birth.PAYER, ::self_every]
            births[birth.ROUTE] = routes(world.ledger.accounts, births[birth.PAYER], births[birth.PAYEE])
        world.sources[number] = PlannedSource(source.name, source.kind, births)
