"""Who has a purse, where, and which payments are tried when: drawn beforehand, so that no lever changes draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from sandbox.core.clock import CELL_US, UNIT, cumulative_intensity
from sandbox.core.draws import Int64Array, UInt64Array, exponential_table, sample, stream, uniforms, words
from sandbox.core.ledger import Block
from sandbox.features.offline.schema import Offline, PurseGroup
from sandbox.market.population import PARTS, Traits, with_share
from sandbox.market.sources import ticket_table
from sandbox.world import World

_AT_ONCE: Final = 4096


@dataclass(frozen=True)
class Owners:
    """Personal wallets that have a purse, and merchants that have a terminal: accounts, in order."""

    accounts: Int64Array
    groups: Int64Array
    """Number of each one's group."""
    regions: Int64Array
    terminals: Int64Array
    terminal_regions: Int64Array


@dataclass(frozen=True)
class Tries:
    """Payments that people try to make, in order of time."""

    at_us: Int64Array
    purse: Int64Array
    """Place of the payer among the owners."""
    amount_fen: Int64Array
    to_person: Int64Array
    """1 where another purse is to be paid."""
    payee: UInt64Array
    """The word by which the payee is drawn."""


def owners(world: World, offline: Offline) -> Owners:
    """Draw who has a purse and where everybody is."""
    seed, people, shops = world.seed, world.blocks["personal"], world.blocks["merchant"]
    cohort_of = world.cohort_of if world.cohort_of.size else np.zeros(people.count, dtype=np.uint8)
    draw = Traits(seed, 0, people.count).draw("offline/purse")
    group = np.full(people.count, -1, dtype=np.int64)
    taken = dict.fromkeys(range(len(world.cohorts) + 1), 0.0)
    for number, one in enumerate(offline.purses.values()):
        cohort = 0 if one.cohort is None else world.cohorts[one.cohort]
        low, high = (round(share * PARTS) for share in (taken[cohort], taken[cohort] + one.share))
        group[(cohort_of == cohort) & (draw >= low) & (draw < high)] = number
        taken[cohort] += one.share
    has = np.flatnonzero(group >= 0)
    takes = np.flatnonzero(with_share(seed, "offline/terminal", shops.count, offline.terminals.share))
    return Owners(
        people.first + has, group[has], _regions(seed, "people", people, offline)[has],
        shops.first + takes, _regions(seed, "shops", shops, offline)[takes],
    )  # fmt: skip


def _regions(seed: int, whose: str, block: Block, offline: Offline) -> Int64Array:
    return Traits(seed, 0, block.count).by_share(f"offline/region/{whose}", list(offline.regions.values()))


def tries(world: World, offline: Offline, who: Owners) -> Tries:
    """All payments that are tried, of all groups; `pays` and the network decide later which are made."""
    columns = [
        _of_group(world, name, group, np.flatnonzero(who.groups == number))
        for number, (name, group) in enumerate(offline.purses.items())
    ]
    at, purse, amount, to_person, payee = (np.concatenate(parts) for parts in zip(*columns, strict=True))
    order = np.argsort(at, kind="stable")
    return Tries(at[order], purse[order], amount[order], to_person[order], payee[order])


def _of_group(
    world: World, name: str, group: PurseGroup, members: Int64Array
) -> tuple[Int64Array, Int64Array, Int64Array, Int64Array, UInt64Array]:
    seed, rate = world.seed, group.payments * members.size
    at = _times(world, name, rate, group)
    count = at.size
    payer, to_person, amount = (np.zeros(count, dtype=np.int64) for _ in range(3))
    payee = np.zeros(count, dtype=np.uint64)
    if count:
        uniforms(stream(seed, "offline", name, "payer"), 0, members.size, payer)
        uniforms(stream(seed, "offline", name, "to people"), 0, PARTS, to_person)
        sample(ticket_table(group.ticket), stream(seed, "offline", name, "amount"), 0, amount)
        words(stream(seed, "offline", name, "payee"), 0, payee)
        payer = members[payer]
    return at, payer, amount, (to_person < round(group.to_people * PARTS)).astype(np.int64), payee


def _times(world: World, name: str, per_day: float, group: PurseGroup) -> Int64Array:
    """When payments are tried: gaps of as many expected payments, in the hours at which people pay."""
    scenario = world.scenario
    expected = cumulative_intensity(scenario.start, scenario.duration, per_day, group.profile, [])
    table, key = exponential_table(UNIT), stream(world.seed, "offline", name, "gap")
    drawn, parts, last = 0, [np.zeros(0, dtype=np.int64)], 0
    while last < expected[-1]:
        gaps = np.zeros(_AT_ONCE, dtype=np.int64)
        sample(table, key, drawn, gaps)
        parts.append(last + np.cumsum(np.maximum(gaps, 1)))
        last, drawn = int(parts[-1][-1]), drawn + _AT_ONCE
    reached = np.concatenate(parts)
    reached = reached[reached < expected[-1]]
    cell = np.searchsorted(expected, reached, side="right") - 1
    share = (reached - expected[cell]) / (expected[cell + 1] - expected[cell])
    length = np.minimum(CELL_US, scenario.duration - cell * CELL_US)
    return np.asarray(cell * CELL_US + (share * length).astype(np.int64))
