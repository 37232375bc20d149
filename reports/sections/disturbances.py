"""Sentences of the first screen about what has no chapter of its own: faults, changes of the rules, campaigns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from reports import formats
from reports.chapter import tells_of_box
from reports.sections import lost
from reports.sections.context import Context
from reports.view.timeline import broken_spans
from sandbox.language import _

RULES: Final = ("outside_box", "box_cap", "single_limit", "daily_limit", "annual_limit", "balance_cap")
"""Outcomes that a rule of the regulator decides."""
CHANGES_AT_MOST: Final = 3
CAMPAIGNS_AT_MOST: Final = 2
_CHANGES: Final = ("wallet_limits_changed", "box_changed")

Mask = npt.NDArray[np.bool_]


def sentences(context: Context) -> list[str]:
    """What the run says about faults, changes of the rules and campaigns, a sentence each."""
    return [*_faults(context), *_changes(context), *_campaigns(context)]


def _faults(context: Context) -> list[str]:
    """The share that settled while a station was broken, and in the rest of the time."""
    stations = {one.text("station") for one in context.rows("stations")}
    broken = sorted({one.subject for one in context.run.events if one.actor == "fault"} & stations)
    if not broken or not context.has_series:
        return []
    spans = _joined(broken_spans(context.run, stations))
    at_us = context.run.series["at_us"].astype(np.int64)
    inside = np.zeros(len(at_us), dtype=bool)
    for begin, end in spans:
        inside |= (at_us < end) & (at_us + context.run.bin_us > begin)
    during, rest = (_share(context, ("settled",), part) for part in (inside, ~inside))
    if during is None or rest is None:
        return []
    what = broken[0] if len(broken) == 1 else _("one of {count} stations", count=formats.count(len(broken)))
    lasted = formats.duration(sum(end - begin for begin, end in spans))
    words = {"what": what, "lasted": lasted, "share": formats.share(during), "rest": formats.share(rest)}
    whose = lost.headline(context)
    return [
        _(
            "While {what} was disturbed ({lasted} in all), {share} of all payments settled; in the rest of the time "
            "{rest}.",
            **words,
        ),
        *([whose] if whose else []),
    ]


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order of time, those that overlap or touch as one.

    >>> _joined([(0, 2), (1, 3), (3, 4), (6, 7)])
    [(0, 4), (6, 7)]
    """
    joined: list[tuple[int, int]] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((begin, end))
    return joined


def _changes(context: Context) -> list[str]:
    """The share that rules refused before and after each change of them, unless the box has a chapter of its own."""
    moments = sorted({one.at_us for one in context.run.events if one.event in _CHANGES and one.at_us > 0})
    if not 0 < len(moments) <= CHANGES_AT_MOST or not context.has_series or tells_of_box(context):
        return []
    at_us = context.run.series["at_us"].astype(np.int64)
    edges = [0, *moments, int(at_us[-1]) + context.run.bin_us]
    shares = [_share(context, RULES, (at_us >= begin) & (at_us < end)) for begin, end in pairwise(edges)]
    if any(share is None for share in shares):
        return []
    parts = [
        _(
            "{share} of the payments before {moment}",
            share=formats.share(shares[0]),
            moment=formats.moment(context.start, moments[0]),
        )
    ]
    parts += [
        _("{share} from {moment}", share=formats.share(share), moment=formats.moment(context.start, moment))
        for share, moment in zip(shares[1:], moments, strict=True)
    ]
    return [_("Refused by a rule: {list}.", list=formats.listed(parts))]


def _share(context: Context, outcomes: Sequence[str], part: Mask) -> float | None:
    """The share of the payments that ended in these bins with one of these outcomes, or None if none ended."""
    series = context.run.series
    ended = int(series["ended"][part].sum())
    return sum(int(series[name][part].sum()) for name in outcomes) / ended if ended else None


def _campaigns(context: Context) -> list[str]:
    return [
        one.says(
            "Campaign {name}: {claimed} of {winners} packets were claimed; {settled} payments worth {settled_fen} "
            "settled, and {returned_fen} went back.",
            name=name,
        )
        for name, one in list(context.run.entries.sections("campaigns").items())[:CAMPAIGNS_AT_MOST]
    ]
