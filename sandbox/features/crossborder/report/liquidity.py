"""Liquidity of a ledger shared across borders in the report: what was used, who waited, when nothing moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from reports import formats
from reports.document import Block, Chart, Heading, Paragraph, Table
from reports.sections.context import Context
from reports.text import known, say
from reports.view.values import number, part, rows, words
from sandbox.features.crossborder.report.view import Way, even_steps, most_within

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TABLE_ROWS = 40


def blocks(context: Context, ways: Sequence[Way]) -> list[Block]:
    """What was held against what was turned over, and of ways that settle on one ledger who waited; or nothing."""
    table = _in_all(ways)
    told: list[Block] = [] if table is None else [table]
    for way in ways:
        queue, used = part(way.numbers.get("queue")), rows(way.numbers.get("liquidity"))
        if queue:
            told.append(Paragraph(_told(way, queue)))
            told += _used(way, used) + _waiting(context, way, queue)
    return [Heading("crossborder-liquidity", say("xliq.heading")), *told] if told else []


def _in_all(ways: Sequence[Way]) -> Table | None:
    """Both ways in dollars: held, added later, used at the most, turned over."""
    found = []
    for way in ways:
        chain, used = part(way.numbers.get("chain")), rows(way.numbers.get("liquidity"))
        if chain:
            names = ("opening_usd_cents", "topped_up_usd_cents", "used_usd_cents", "turnover_usd_cents")
            sums = [number(chain.get(name)) for name in names]
        elif used:
            names = ("held_usd_cents", "funded_usd_cents", "used_usd_cents", "turnover_usd_cents")
            sums = [sum(_count(one, name) for one in used) for name in names]
        else:
            continue
        cells = (formats.dollars(None if one is None else int(one)) for one in sums)
        most = None if sums[2] is None or not sums[3] else sums[2] / sums[3]
        waited = _count(chain, "waited_for_cover") if chain else _count(way.numbers, "queued") + _in_vain(way)
        found.append((known("path", way.name), *cells, formats.share(most), formats.count(waited)))
    if not found:
        return None
    columns = ("way", "xliq_held", "xliq_added", "xliq_most", "xliq_turnover", "xliq_used", "xliq_waited")
    head = tuple(say(f"col.{name}") for name in columns)
    return Table(say("xliq.in_all_title"), head, tuple(found), note=say("xliq.in_all_note"))


def _in_vain(way: Way) -> int:
    """Payments that waited for liquidity until they were refused."""
    return _count(part(way.numbers.get("reasons")), "no_liquidity")


def _key(way: Way, what: str) -> str:
    return f"{way.name}-{what}".replace("_", "-")


def _count(found: Mapping[str, Any], name: str) -> int:
    return int(number(found.get(name)) or 0)


def _span(us: float | None) -> str:
    return formats.milliseconds(None if us is None else us / 1000)


def _told(way: Way, queue: Mapping[str, Any]) -> str:
    name = known("path", way.name)
    most = formats.count(_count(queue, "longest"))
    told = [say("xliq.in_vain", way=name, most=most) if _count(queue, "longest") else say("xliq.none", way=name)]
    if _count(way.numbers, "queued"):
        waited = formats.count(_count(way.numbers, "queued"))
        times = {"mean": "queued_us_mean", "longest": "queued_us_max"}
        spans = {word: _span(number(way.numbers.get(field))) for word, field in times.items()}
        told = [say("xliq.waited", waited=waited, way=name, most=most, **spans)]
    for what in ("withdrawn", "together"):
        if _count(queue, what):
            told.append(say(f"xliq.{what}", count=formats.count(_count(queue, what))))
    if _count(queue, "gridlocks"):
        count = formats.count(_count(queue, "gridlocks"))
        told.append(say("xliq.gridlocks", count=count, time=_span(number(queue.get("gridlock_us")))))
    return " ".join(told)


def _used(way: Way, found: Sequence[Mapping[str, Any]]) -> list[Block]:
    moved = [one for one in found if _count(one, "turnover_fen")]
    if not moved:
        return []
    names = [words(one.get("currency")) for one in moved]
    shares = [number(one.get("used_of_turnover")) or 0.0 for one in moved]

    def draw() -> Figure:
        from sandbox.features.crossborder.report.figures import used

        return used(names, shares)

    table = Table(
        say("xliq.used_title"),
        tuple(
            say(f"col.{name}")
            for name in ("currency", "xliq_most", "xliq_turnover", "xliq_used", "xliq_of_held", "xliq_funded")
        ),
        tuple(
            (
                name,
                formats.dollars(_count(one, "used_usd_cents")),
                formats.dollars(_count(one, "turnover_usd_cents")),
                formats.share(share),
                formats.share(number(one.get("used_share"))),
                formats.share(_count(one, "funded_fen") / max(1, _count(one, "held_fen"))),
            )
            for name, share, one in zip(names, shares, moved, strict=True)
        ),
    )
    items = (say("xliq.used_item", currency=name, share=row[3]) for name, row in zip(names, table.rows, strict=True))
    return [
        Chart(
            key=_key(way, "liquidity-used"),
            title=say("xliq.used_title"),
            shows=say("xliq.used_shows"),
            hides=say("xliq.used_hides"),
            alt=say("xliq.used_alt", list="; ".join(items)),
            table=table,
            draw=draw,
        )
    ]


def _waiting(context: Context, way: Way, queue: Mapping[str, Any]) -> list[Block]:
    steps = [(int(at), int(groups)) for at, groups in queue.get("steps", [])]
    if not any(groups for _, groups in steps):
        return []
    end = max(steps[-1][0], int(number(context.run.get("scenario.duration_us")) or 0))
    times = np.array([0, *(at for at, _ in steps), end], dtype=np.int64)
    groups = np.array([0, *(one for _, one in steps)], dtype=np.int64)

    def draw() -> Figure:
        from sandbox.features.crossborder.report.figures import waiting

        return waiting(times, groups, context.overlay.without_marks)

    most = formats.count(_count(queue, "longest"))
    edges = even_steps(end, _TABLE_ROWS)
    highest = most_within(times[1:-1], groups[1:], edges)
    table = Table(
        say("xliq.queue_title"),
        (say("col.from"), say("col.xliq_waiting")),
        tuple(
            (formats.moment(context.start, int(at)), formats.count(one))
            for at, one in zip(edges[:-1], highest, strict=True)
        ),
        folded=True,
    )
    return [
        Chart(
            key=_key(way, "queue"),
            title=say("xliq.queue_title"),
            shows=say("xliq.queue_shows"),
            hides=say("xliq.queue_hides"),
            alt=say("xliq.queue_alt", most=most),
            table=table,
            draw=draw,
        )
    ]
