"""Payments across borders as a report sees them: the ways side by side, times to credit, value at risk over time.

Sums are US cents at the mid rates of the start, times us.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from reports.source import RunData
from reports.view.bins import Floats, Ints
from reports.view.values import part, rows, words

POINTS = 400
"""Of a curve; more cannot be seen."""


@dataclass(frozen=True)
class Way:
    """One way: its entry of the summary, its risks, and what its payments say."""

    name: str
    numbers: Mapping[str, Any]
    risks: Mapping[str, Any]
    took_us: Ints
    """From submission to credit, sorted, of what was credited."""
    sent: int
    """Payments in all, credited or not."""
    at_risk: tuple[Ints, Ints]
    """When (us) the principal at risk changed, and how much (US cents) it was from then on."""


def ways(run: RunData) -> list[Way]:
    """The ways of the run, in the order of the summary."""
    columns, risks = run.crossborder, [run.get(f"risk.{name}") for name in ("cross_border", "settlement")]
    found = []
    for one in rows(run.get("crossborder.ways")):
        name = words(one.get("way"))
        mine = np.asarray(columns.get("path", ()), dtype=object) == name
        risk: dict[str, Any] = {}
        for known in risks:
            risk |= part(part(known).get(name))
        found.append(Way(name, one, risk, _took(columns, mine), int(mine.sum()), _at_risk(columns, mine)))
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
    times = np.concatenate([begins[which], begins[which] + long[which]]).astype(np.int64)
    order = np.argsort(times, kind="stable")
    return times[order], np.cumsum(np.concatenate([value, -value])[order])


def credited_by(way: Way, at_us: Floats) -> Floats:
    """Share of all payments sent that had been credited within each of these times."""
    return np.searchsorted(way.took_us, at_us, side="right") / max(1, way.sent)


def highest(way: Way, edges_us: Ints) -> Floats:
    """The most principal at risk (US cents) within each of the spans between these times."""
    times, values = way.at_risk
    found = np.zeros(len(edges_us) - 1)
    for number, (first, last) in enumerate(pairwise(edges_us.tolist())):
        begin, end = np.searchsorted(times, [first, last], side="right")
        inside = values[max(0, begin - 1) : end]
        found[number] = inside.max(initial=0)
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
