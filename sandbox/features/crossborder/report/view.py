"""Payments across borders as a report sees them: arrangements side by side, times to credit, value at risk over time.

Sums are US cents at the mid rates of the start, times us.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from reports.reading import Entries
from reports.sections.context import Context
from reports.view.bins import Floats, Ints
from sandbox.features.crossborder.report.names import ARRANGEMENTS
from sandbox.language import named

PARTS = ("compliance", "queued", "closed", "consensus")
"""Parts of the time to credit that a payment measures."""
_LATEST_DAY = 100_000
COLUMNS = (
    "path", "value_usd_cents", "submitted_at_us", "completed_at_us", "outcome", "exposed_from_us", "exposed_us",
)  # fmt: skip
POINTS = 400
"""Of a curve; more cannot be seen."""


@dataclass(frozen=True)
class Arrangement:
    """One arrangement: its entries in the summary, and what its payments say."""

    name: str
    numbers: Entries
    took_us: Ints
    """From submission to credit, sorted, of what was credited."""
    sent: int
    """Payments in all, credited or not."""
    at_risk: tuple[Ints, Ints]
    """When (us) the principal at risk changed, and how much (US cents) it was from then on."""

    @property
    def title(self) -> str:
        """What it is called."""
        return named(ARRANGEMENTS, self.name)


def arrangements(context: Context) -> list[Arrangement]:
    """The arrangements of the run, in the order of the summary."""
    columns = context.run.table("crossborder", COLUMNS)
    found = []
    for one in context.section("crossborder").rows("arrangements"):
        name = one.text("arrangement")
        mine = np.asarray(columns.get("path", ()), dtype=object) == name
        found.append(Arrangement(name, one, _took(columns, mine), int(mine.sum()), _at_risk(columns, mine)))
    return found


def _took(columns: Mapping[str, Any], mine: Any) -> Ints:
    if not len(mine):
        return np.zeros(0, dtype=np.int64)
    credited = mine & (np.asarray(columns["outcome"], dtype=object) == "settled")
    completed = np.asarray(columns["completed_at_us"])[credited].astype(np.float64)
    took = completed - np.asarray(columns["submitted_at_us"])[credited].astype(np.float64)
    return np.sort(took[np.isfinite(took)]).astype(np.int64)


def _at_risk(columns: Mapping[str, Any], mine: Any) -> tuple[Ints, Ints]:
    nothing = np.zeros(0, dtype=np.int64)
    if not len(mine):
        return nothing, nothing
    begins = np.asarray(columns["exposed_from_us"]).astype(np.float64)
    long = np.asarray(columns["exposed_us"]).astype(np.float64)
    which = mine & np.isfinite(begins) & (long > 0)
    if not which.any():
        return nothing, nothing
    value = np.asarray(columns["value_usd_cents"])[which].astype(np.int64)
    # What ends at an instant is over before anything begins at it.
    times = np.concatenate([begins[which] + long[which], begins[which]]).astype(np.int64)
    order = np.argsort(times, kind="stable")
    return times[order], np.cumsum(np.concatenate([-value, value])[order])


def components(arrangement: Arrangement) -> dict[str, float]:
    """Where the mean time to credit (us) went: what was measured, and the rest of it; empty if nothing was credited."""
    whole = arrangement.numbers.number("credit_us_mean")
    if whole is None:
        return {}
    found = {name: arrangement.numbers.number(f"{name}_us_mean") or 0.0 for name in PARTS}
    return {**found, "other": max(0.0, whole - math.fsum(found.values()))}


@dataclass(frozen=True)
class Flow:
    """What crossed the border of one jurisdiction in one arrangement, by day (US cents)."""

    place: str
    arrangement: Arrangement
    first_day: int
    out: Ints
    into: Ints

    @property
    def position(self) -> Ints:
        """What came in less what went out, since the start, at the end of each day."""
        return np.cumsum(self.into - self.out)


def flows(found: Sequence[Arrangement]) -> list[Flow]:
    """Flows of each jurisdiction with capital controls, in all arrangements over the same days."""
    by_place: dict[str, dict[tuple[str, int], tuple[int, int]]] = {}
    for arrangement in found:
        for one in arrangement.numbers.rows("flows"):
            day = one.amount("day")
            if abs(day) < _LATEST_DAY:
                sums = one.amount("out_usd_cents"), one.amount("in_usd_cents")
                by_place.setdefault(one.text("jurisdiction"), {})[arrangement.name, day] = sums
    told = []
    for place, sums_of in sorted(by_place.items()):
        days = range(min(day for _, day in sums_of), max(day for _, day in sums_of) + 1)
        for arrangement in found:
            mine = np.array([sums_of.get((arrangement.name, day), (0, 0)) for day in days], dtype=np.int64)
            told.append(Flow(place, arrangement, days[0], mine[:, 0], mine[:, 1]))
    return told


def credited_by(arrangement: Arrangement, at_us: Floats) -> Floats:
    """Share of all payments sent that had been credited within each of these times."""
    return np.searchsorted(arrangement.took_us, at_us, side="right") / max(1, arrangement.sent)


def highest(arrangement: Arrangement, edges_us: Ints) -> Floats:
    """The most principal at risk (US cents) within each of the spans between these times."""
    return most_within(*arrangement.at_risk, edges_us)


def most_within(times: Ints, values: Ints, edges_us: Ints) -> Floats:
    """The most of a number that changes at these times (0 before the first), within each span between edges.

    >>> most_within(np.array([5, 12]), np.array([3, 1]), np.array([0, 5, 10, 20]))
    array([0., 3., 3.])
    """
    found = np.zeros(len(edges_us) - 1)
    # Of changes at one instant, the last one holds.
    lasting = np.append(np.diff(times) > 0, True)[: len(times)]
    times, values = times[lasting], values[lasting]
    for place, (first, last) in enumerate(pairwise(edges_us.tolist())):
        begin = np.searchsorted(times, first, side="right")
        end = np.searchsorted(times, last, side="left")
        found[place] = values[max(0, begin - 1) : max(begin, end)].max(initial=0)
    return found


_HOUR = 3_600_000_000
_SPANS = (_HOUR // 60, _HOUR // 12, _HOUR // 4, _HOUR, 2 * _HOUR, 6 * _HOUR, 12 * _HOUR)


def even_steps(until_us: int, most: int) -> Ints:
    """Edges of steps of a round length from 0 to `until_us` or a little later, about `most` of them or fewer."""
    step = (
        next((span for span in _SPANS if span * most >= until_us), None)
        or -(-until_us // (24 * _HOUR * most)) * 24 * _HOUR
    )
    return np.arange(0, until_us + step, step, dtype=np.int64)
