"""Liquidity of a ledger shared across borders in the report: what was used, who waited, when nothing moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from reports import formats
from reports.document import Block, Chart, Heading, Paragraph, Table
from reports.sections.context import Context
from reports.view.values import number, part, rows, words
from sandbox.features.crossborder.report import figures
from sandbox.features.crossborder.report.names import PATHS
from sandbox.features.crossborder.report.view import Way, even_steps, most_within
from sandbox.language import N_, _, named

_TABLE_ROWS = 40


_LEFT: Final = {
    "withdrawn": N_(
        "A payment left the queue without it, because a quote had expired or time was up, {count} times; "
        "it then asked for another quote, or was refused."
    ),
    "together": N_("Settled only because they were offset against others: {count}."),
    "gridlocks": N_("Gridlocks, where none could settle alone and some could together: {count}, in all for {time}."),
}


def blocks(context: Context, ways: Sequence[Way]) -> list[Block]:
    """What was held against what was turned over, and of ways that settle on one ledger who waited; or nothing."""
    table = _in_all(ways)
    told: list[Block] = [] if table is None else [table]
    for way in ways:
        queue, used = part(way.numbers.get("queue")), rows(way.numbers.get("liquidity"))
        if queue:
            told.append(Paragraph(_told(way, queue)))
            told += _used(way, used) + _waiting(context, way, queue)
    return [Heading("crossborder-liquidity", _("Liquidity, queues and gridlock")), *told] if told else []


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
        found.append((named(PATHS, way.name), *cells, formats.share(most), formats.count(waited)))
    if not found:
        return None
    head = (
        _("Way"),
        _("Held at the start"),
        _("Added later"),
        _("Used at the most"),
        _("Turnover"),
        _("Used of turnover"),
        _("Waited for it"),
    )
    return Table(
        _("Liquidity against turnover, in US dollars"),
        head,
        tuple(found),
        note=_(
            "At the mid rates of the start. Held: by all banks on the shared ledger, by all banks and "
            "intermediaries in nostro accounts on the chain. Added later: issued by central banks there, "
            "bought to top accounts up here. Used at the most: the sum over accounts of the peak net debit "
            "position, what went out beyond what came in. Turnover counts every leg, so a payment over two "
            "intermediaries counts three times."
        ),
    )


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
    name = named(PATHS, way.name)
    most = formats.count(_count(queue, "longest"))
    told = [
        _(
            "No payment over the {way} that waited for liquidity got it; at the most {most} waited at once.",
            way=name,
            most=most,
        )
        if _count(queue, "longest")
        else _("No payment over the {way} waited for liquidity.", way=name)
    ]
    if _count(way.numbers, "queued"):
        waited = formats.count(_count(way.numbers, "queued"))
        times = {"mean": "queued_us_mean", "longest": "queued_us_max"}
        spans = {word: _span(number(way.numbers.get(field))) for word, field in times.items()}
        told = [
            _(
                "{waited} payments over the {way} waited for liquidity and got it, {longest} at the longest; "
                "over all that were credited the wait was {mean} on average. At the most {most} waited at once.",
                waited=waited,
                way=name,
                most=most,
                **spans,
            )
        ]
    for what in ("withdrawn", "together"):
        if _count(queue, what):
            told.append(_(_LEFT[what], count=formats.count(_count(queue, what))))
    if _count(queue, "gridlocks"):
        count = formats.count(_count(queue, "gridlocks"))
        told.append(
            _(
                "Gridlocks, where none could settle alone and some could together: {count}, in all for {time}.",
                count=count,
                time=_span(number(queue.get("gridlock_us"))),
            )
        )
    return " ".join(told)


def _used(way: Way, found: Sequence[Mapping[str, Any]]) -> list[Block]:
    moved = [one for one in found if _count(one, "turnover_fen")]
    if not moved:
        return []
    names = [words(one.get("currency")) for one in moved]
    shares = [number(one.get("used_of_turnover")) or 0.0 for one in moved]
    table = Table(
        _("Liquidity used, as a share of turnover"),
        (
            _("Currency"),
            _("Used at the most"),
            _("Turnover"),
            _("Used of turnover"),
            _("Used of what was held"),
            _("Issued later, of what was held"),
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
    items = (_("{currency} {share}", currency=name, share=row[3]) for name, row in zip(names, table.rows, strict=True))
    return [
        Chart(
            key=_key(way, "liquidity-used"),
            title=_("Liquidity used, as a share of turnover"),
            shows=_(
                "What banks had to bring to settle a currency's payments: the sum of the banks' peak net debit "
                "positions, over what was paid. The less it is, the more was paid out of what had come in."
            ),
            hides=_("What banks held beyond that; the table says so. Banks that always had more than they needed."),
            alt=_("A bar a currency: {list}.", list="; ".join(items)),
            table=table,
            draw=lambda: figures.used(names, shares),
        )
    ]


def _waiting(context: Context, way: Way, queue: Mapping[str, Any]) -> list[Block]:
    steps = [(int(at), int(groups)) for at, groups in queue.get("steps", [])]
    if not any(groups for __, groups in steps):
        return []
    end = max(steps[-1][0], int(number(context.run.get("scenario.duration_us")) or 0))
    times = np.array([0, *(at for at, __ in steps), end], dtype=np.int64)
    groups = np.array([0, *(one for __, one in steps)], dtype=np.int64)
    most = formats.count(_count(queue, "longest"))
    edges = even_steps(end, _TABLE_ROWS)
    highest = most_within(times[1:-1], groups[1:], edges)
    table = Table(
        _("Payments that waited for liquidity over time"),
        (_("From"), _("Waiting, at the most")),
        tuple(
            (formats.moment(context.start, int(at)), formats.count(one))
            for at, one in zip(edges[:-1], highest, strict=True)
        ),
        folded=True,
    )
    return [
        Chart(
            key=_key(way, "queue"),
            title=_("Payments that waited for liquidity over time"),
            shows=_("How many payments waited for money at a time."),
            hides=_("How large they were, in which currency, and which bank lacked cover."),
            alt=_("Steps over time; the highest is {most}.", most=most),
            table=table,
            draw=lambda: figures.waiting(times, groups, context.overlay.without_marks),
        )
    ]
