"""People with a sight deposit: what each would turn into digital currency, and who is alarmed when.

One column entry is a *holder*: a person (own banks) or a group of people of one bank who are alike (modelled banks).
Amounts are fen and for the whole holder; rates are parts per million a year. Every trait is a draw from a stream of its
own, numbered by the holder.

Somebody turns that part of the deposit into digital currency for which a tier pays more than the deposit by at least
what the person wants to be offered for moving (`inertia`); while alarmed, safety counts as so much interest (`fear`).
Alarm comes from news or from contacts who are alarmed, each step with a chance of its own for each, so it depends on
nothing that banks or limits do: a lower limit changes how much moves, never who is alarmed when.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist
from typing import Final

import numpy as np
import numpy.typing as npt

from sandbox.core.compiled import compiled
from sandbox.core.draws import Int64Array, below, exponential_table, lognormal_table, mix, sample, stream, uniforms
from sandbox.core.layout import INFINITE
from sandbox.features.flight.schema import Flight, News
from sandbox.scenario.schema import Scenario
from sandbox.scenario.units import US_PER_DAY

PARTS: Final = 1_000_000_000
"""Shares and chances are compared with draws in these parts."""

PPM: Final = 1_000_000
"""Rates are integers in these parts."""

CALM: Final = 0
BY_NEWS: Final = 1
BY_CONTACTS: Final = 2

Contacts = npt.NDArray[np.int32]


@dataclass
class Holders:
    """Columns, one entry a holder."""

    bank: Int64Array
    """Where the deposit is."""
    owed_by: Int64Array
    """The bank that owes the wallet's balance; -1 if the central bank does."""
    headcount: Int64Array
    deposit: Int64Array
    """Of one of its people (fen)."""
    at_first: Int64Array
    """Held for payments, before any flight."""
    for_rates: Int64Array
    """Wanted once somebody has looked at rates."""
    for_safety: Int64Array
    """Wanted while alarmed."""
    looks_at: Int64Array
    heard_at: Int64Array
    """When news reaches it; INFINITE: never."""
    contacts: Contacts
    alarmed_at: Int64Array
    cause: Int64Array

    def wanted(self, now_us: int) -> Int64Array:
        """How much digital currency each wants to have turned its deposit into by now."""
        calm = np.where(self.looks_at <= now_us, self.for_rates, self.at_first)
        return np.where(self.cause > CALM, np.maximum(self.for_safety, calm), calm)


class Draws:
    """Draws for the holders 0 to count - 1 of a run."""

    def __init__(self, seed: int, count: int) -> None:
        self._seed, self.count = seed, count

    def uniform(self, *name: object, bound: int = PARTS) -> Int64Array:
        """In 0..bound-1."""
        drawn = np.empty(self.count, dtype=np.int64)
        uniforms(stream(self._seed, "flight", *name), 0, bound, drawn)
        return drawn

    def chosen(self, *name: object, share: float) -> npt.NDArray[np.bool_]:
        """Whether a share of all has the trait."""
        return np.asarray(self.uniform(*name) < round(share * PARTS))

    def of(self, table: Int64Array, *name: object) -> Int64Array:
        """Out of a distribution."""
        drawn = np.empty(self.count, dtype=np.int64)
        sample(table, stream(self._seed, "flight", *name), 0, drawn)
        return drawn

    def delays(self, mean_us: int, *name: object) -> Int64Array:
        """Exponential times (us). Drawn in milliseconds, of which a table holds a century and not just weeks."""
        return self.of(exponential_table(mean_us / 1_000), *name) * 1_000


def ppm(rate: float) -> int:
    """A rate in parts per million."""
    return round(rate * PPM)


def lognormal_factors(seed: int, name: str, count: int, sigma: float) -> list[float]:
    """Lognormal factors with median 1, dealt to `count` banks: the middles of equal slices of the distribution, in an
    order that is drawn. So a run's banks are as different as the distribution says, and only who is who is draws.

    >>> sorted(round(factor, 2) for factor in lognormal_factors(1, "buffer", 3, 0.5))
    [0.62, 1.0, 1.62]
    """
    normal = NormalDist()
    factors = [float(np.exp(sigma * normal.inv_cdf((k + 0.5) / count))) for k in range(count)]
    lots = np.empty(count, dtype=np.int64)
    uniforms(stream(seed, "flight", name), 0, 2**31 - 1, lots)
    return [factors[k] for k in np.argsort(np.argsort(lots, kind="stable"), kind="stable")]


def lognormal_slice_means(sigma: float, count: int) -> list[float]:
    """Mean of each of `count` equal slices of a lognormal with mean 1, the lowest first (they average to 1).

    >>> [round(mean, 3) for mean in lognormal_slice_means(1.0, 2)]
    [0.317, 1.683]
    """
    normal = NormalDist()
    # The share of the whole that lies below the p-quantile: the Lorenz curve of the lognormal.
    below_edge = [normal.cdf(normal.inv_cdf(k / count) - sigma) for k in range(1, count)]
    edges = [0.0, *below_edge, 1.0]
    return [count * (high - low) for low, high in pairwise(edges)]


def modelled_banks(flight: Flight) -> tuple[Int64Array, Int64Array, Int64Array]:
    """Bank, people and deposit per person (fen) of every holder of a modelled banking system; bank 0 is the largest."""
    banks = flight.banks
    normal = NormalDist()
    sizes = [float(np.exp(-banks.size_sigma * normal.inv_cdf((k + 0.5) / banks.count))) for k in range(banks.count)]
    per_group = banks.depositors / math.fsum(sizes) / banks.groups
    people = [max(1, round(size * per_group)) for size in sizes]
    deposits = [
        max(1, round(flight.deposits.mean * part))
        for part in lognormal_slice_means(flight.deposits.sigma, banks.groups)
    ]
    return (
        np.repeat(np.arange(banks.count, dtype=np.int64), banks.groups),
        np.repeat(np.array(people, dtype=np.int64), banks.groups),
        np.tile(np.array(deposits, dtype=np.int64), banks.count),
    )


def own_deposits(flight: Flight, seed: int, count: int) -> Int64Array:
    """Deposits (fen) of the scenario's own people."""
    sigma = flight.deposits.sigma
    table = lognormal_table(flight.deposits.mean / float(np.exp(sigma**2 / 2)), sigma, 1.0)
    return Draws(seed, count).of(table, "deposit")


def draw_holders(
    scenario: Scenario, flight: Flight, seed: int, bank: Int64Array, owed_by: Int64Array, people: Int64Array,
    deposit: Int64Array, names: list[str],
) -> Holders:  # fmt: skip
    """All columns, from where people bank and what they hold there; `names` are the banks'."""
    draw, ways = Draws(seed, bank.size), flight.people
    most = np.minimum(deposit, _most_held(scenario, flight))
    users = draw.chosen("user", share=ways.users)
    at_first = np.where(users, np.minimum(draw.of(exponential_table(ways.wanted), "wanted"), most), 0)
    inertia = draw.of(exponential_table(ppm(ways.inertia)), "inertia")
    fear = np.where(deposit <= scenario.rules.insured_cap, ppm(ways.fear * ways.insured_fear), ppm(ways.fear))
    fear[owed_by == bank] = 0
    return Holders(
        bank=bank,
        owed_by=owed_by,
        headcount=people,
        deposit=deposit,
        at_first=at_first * people,
        for_rates=np.maximum(at_first, _accepted(flight, inertia, np.zeros_like(fear), most)) * people,
        for_safety=np.maximum(at_first, _accepted(flight, inertia, fear, most)) * people,
        looks_at=1 + draw.delays(ways.looks_within, "looks"),
        heard_at=_heard_at(flight.news, draw, bank, names),
        contacts=_contacts(flight, draw, bank, people),
        alarmed_at=np.full(bank.size, INFINITE, dtype=np.int64),
        cause=np.zeros(bank.size, dtype=np.int64),
    )


def _most_held(scenario: Scenario, flight: Flight) -> int:
    """Most one person sets out to hold (fen): without a waterfall, some room is kept for payments to come."""
    if flight.holding_limit is None:
        return INFINITE
    return flight.holding_limit - (0 if scenario.rules.waterfall else flight.people.headroom)


def _accepted(flight: Flight, inertia: Int64Array, fear: Int64Array, most: Int64Array) -> Int64Array:
    """Up to where the tiers pay a person enough, at most `most` (fen)."""
    held = np.zeros(inertia.size, dtype=np.int64)
    moves = np.ones(inertia.size, dtype=np.bool_)
    for tier in flight.tiers:
        moves &= ppm(tier.rate) - ppm(flight.deposit_rate) + fear > inertia
        held[moves] = np.minimum(most, INFINITE if tier.up_to is None else tier.up_to)[moves]
    return held


def _heard_at(news: list[News], draw: Draws, bank: Int64Array, names: list[str]) -> Int64Array:
    """When the first news that concerns a holder reaches it."""
    first = np.full(bank.size, INFINITE, dtype=np.int64)
    for number, one in enumerate(news):
        hears = draw.chosen("news", number, share=one.reach)
        if one.bank is not None:
            hears &= bank == names.index(one.bank)
        when = one.at + draw.delays(one.within, "news", number, "delay")
        first[hears] = np.minimum(first, when)[hears]
    return first


def _contacts(flight: Flight, draw: Draws, bank: Int64Array, people: Int64Array) -> Contacts:
    """Numbers of the holders that each one sees: of the same bank, or any, in proportion to their people."""
    found = np.empty((bank.size, flight.people.contacts), dtype=np.int32)
    if not found.size:
        return found
    by_bank = np.argsort(bank, kind="stable")
    people_so_far = np.concatenate([[0], np.cumsum(people[by_bank])])
    first = np.searchsorted(bank[by_bank], bank, side="left")
    last = np.searchsorted(bank[by_bank], bank, side="right")
    for column in range(flight.people.contacts):
        same = draw.chosen("contact", column, "same", share=flight.people.contacts_same_bank)
        low = np.where(same, people_so_far[first], 0)
        high = np.where(same, people_so_far[last], people_so_far[-1])
        # 31 bits of a draw, scaled to the people to choose from; both are below 2**31, so the product fits.
        at = low + (draw.uniform("contact", column, bound=2**31 - 1) * (high - low)) // (2**31 - 1)
        found[:, column] = by_bank[np.searchsorted(people_so_far, at, side="right") - 1]
    return found


def chances(flight: Flight) -> Int64Array:
    """Chance (in PARTS) to be alarmed within one step by 0, 1, 2, ... contacts who are."""
    stays = (1.0 - flight.people.contagion) ** (flight.step / US_PER_DAY)
    return np.array([round((1.0 - stays**seen) * PARTS) for seen in range(flight.people.contacts + 1)], dtype=np.int64)


@compiled
def spread_alarm(
    now_us: int, step: int, key: np.uint64, chance: Int64Array, contacts: Contacts, heard_at: Int64Array,
    alarmed_at: Int64Array, cause: Int64Array,
) -> None:  # fmt: skip
    """Alarm whom news has reached by now, and whom contacts alarm who were alarmed before now."""
    for i in range(alarmed_at.size):
        if cause[i] != CALM:
            continue
        if heard_at[i] <= now_us:
            cause[i], alarmed_at[i] = BY_NEWS, now_us
            continue
        seen = 0
        for column in range(contacts.shape[1]):
            if alarmed_at[contacts[i, column]] < now_us:
                seen += 1
        if seen > 0 and below(mix(mix(key, i), step), PARTS) < chance[seen]:
            cause[i], alarmed_at[i] = BY_CONTACTS, now_us
