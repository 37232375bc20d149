"""Demand across borders, drawn once for all arrangements: who pays whom how much and when.

A payment's key is a draw of its corridor's stream, and whatever happens to it in any arrangement is a draw of its key,
so that arrangements and policies compare pair by pair.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

import numpy as np

from sandbox.core.draws import (
    Int64Array,
    UInt64Array,
    at_words,
    exponential_table,
    lognormal_table,
    sample,
    stream,
    uniforms,
    words,
)  # fmt: skip
from sandbox.features.crossborder.calendar import ALWAYS, Hours, office_hours
from sandbox.features.crossborder.schema.office import Office
from sandbox.features.crossborder.schema.section import Corridor, CrossBorder
from sandbox.scenario.schema import Scenario
from sandbox.scenario.units import US_PER_DAY

LONGEST_MARGIN_US: Final = 40 * US_PER_DAY
"""Calendars go on for so long after the end, so that whoever waits for an opening finds one."""


class CrossBorderDemand(NamedTuple):
    """Payments across borders in order of time, as columns."""

    at_us: Int64Array
    corridor: Int64Array
    """Number of the corridor in the scenario."""
    payer: Int64Array
    payee: Int64Array
    """Numbers of customers: all payers and payees of all corridors have their own."""
    payer_bank: Int64Array
    payee_bank: Int64Array
    """Numbers of banks in `CrossBorder.banks()`."""
    value_usd_cents: Int64Array
    """At the mid rates of the start."""
    key: UInt64Array


def calendars(scenario: Scenario, crossborder: CrossBorder) -> dict[str, Hours]:
    """Office hours by jurisdiction, to well after the end of the run."""
    until = scenario.duration + crossborder.settle_within + LONGEST_MARGIN_US
    return {name: office_hours(one, scenario.start, until) for name, one in crossborder.jurisdictions.items()}


def draw_demand(scenario: Scenario, crossborder: CrossBorder, seed: int, hours: dict[str, Hours]) -> CrossBorderDemand:
    """Draw the demand."""
    first_bank, banks = {}, 0
    for name, one in crossborder.jurisdictions.items():
        first_bank[name] = banks
        banks += one.banks
    parts, customers = [], 0
    for number, (name, corridor) in enumerate(crossborder.corridors.items()):
        office = crossborder.jurisdictions[corridor.sender]
        at_us = _times(scenario, corridor, name, seed, hours[corridor.sender], office)
        count = at_us.size
        own = stream(seed, "corridor", name)
        columns = [at_us, np.full(count, number, dtype=np.int64)]
        ends = (("payer", corridor.payers, corridor.sender), ("payee", corridor.payees, corridor.receiver))
        people, at_banks = [], []
        for end, many, place in ends:
            drawn = np.zeros(count, dtype=np.int64)
            uniforms(stream(seed, "corridor", name, end), 0, many, drawn)
            at = np.zeros(many, dtype=np.int64)
            uniforms(stream(seed, "corridor", name, end, "bank"), 0, crossborder.jurisdictions[place].banks, at)
            people.append(customers + drawn)
            at_banks.append(first_bank[place] + at[drawn])
            customers += many
        keys = np.zeros(count, dtype=np.uint64)
        words(own, 0, keys)
        parts.append((*columns, *people, *at_banks, _sizes(corridor, name, seed, count), keys))
    joined = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.lexsort((joined[1], joined[0]))
    return CrossBorderDemand(*(column[order] for column in joined))


def _times(
    scenario: Scenario, corridor: Corridor, name: str, seed: int, office_hours: Hours, office: Office
) -> Int64Array:
    """When its payments are sent (us), in order."""
    hours = ALWAYS if corridor.hours == "any" else office_hours
    open_us = hours.open_us(scenario.duration)
    key = stream(seed, "corridor", name, "time")
    if open_us == 0:
        return np.zeros(0, dtype=np.int64)
    if corridor.count is not None:
        # Each in a slot of its own, so that the number is exact and no hour is left out by chance.
        parts, count = 1 << 30, corridor.count
        drawn = np.zeros(count, dtype=np.int64)
        uniforms(key, 0, parts, drawn)
        at = np.array([(number * parts + int(one)) * open_us // (count * parts) for number, one in enumerate(drawn)])
    else:
        # A day is a whole opening, however much of the first and of the last one the run has.
        days = open_us / (US_PER_DAY if corridor.hours == "any" else office.open_for)
        mean_us = open_us / max(corridor.payments * scenario.scale * days, 1e-9)
        count = math.ceil(open_us / mean_us + 8 * math.sqrt(open_us / mean_us) + 16)
        gaps = np.zeros(count, dtype=np.int64)
        # Gaps in parts of a microsecond would be lost on fast corridors only, far beyond the number allowed.
        sample(exponential_table(min(mean_us, 2.0**40)), key, 0, gaps)
        at = np.cumsum(gaps)
        at = at[at < open_us]
    return np.array([hours.instant(int(one)) for one in at], dtype=np.int64)


def _sizes(corridor: Corridor, name: str, seed: int, count: int) -> Int64Array:
    """Sizes (US cents)."""
    median = corridor.mean / math.exp(corridor.sigma**2 / 2)
    table = lognormal_table(median, max(corridor.sigma, 1e-9), float(corridor.smallest))
    key, sizes = stream(seed, "corridor", name, "size"), np.zeros(count, dtype=np.int64)
    if corridor.count is None:
        sample(table, key, 0, sizes)
        return sizes
    # One draw out of each of `count` equal parts of the distribution, in a random order.
    uniform = np.zeros(count, dtype=np.uint64)
    words(key, 0, uniform)
    order = np.argsort(uniform, kind="stable").astype(np.uint64)
    within = uniform & np.uint64(0xFFFFFFFF)
    at_words(table, (((order << np.uint64(32)) + within) // np.uint64(count)) << np.uint64(32), sizes)
    return sizes
