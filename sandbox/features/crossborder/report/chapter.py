"""Payments across borders: the ways side by side, how soon payees are credited, what it costs, what is at risk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from reports import formats
from reports.amounts import cell
from reports.chapter import Chapter
from reports.document import Block, Heading, Paragraph, Section, Table
from reports.sections.context import Context
from reports.text import known, say
from reports.view.values import number, part, rows, words
from sandbox.features.crossborder.report import controls, liquidity, risks, speed, view
from sandbox.features.crossborder.report.speed import span, whole_number
from sandbox.features.crossborder.report.view import Way
from sandbox.metric import unit_of

_COUNTS = ("payments", "settled", "refused", "returned", "lost", "pending")
_NUMBERS = (
    *_COUNTS, "settled_usd_cents", "credit_us_p50", "credit_us_p95", "within_hour_share", "within_day_share",
    "cost_share_mean", "fee_share_mean", "fx_cost_share_mean", "retail_cost_share_mean",
    "retail_cost_share_worst_corridor", "remittance_cost_share_mean", "remittance_cost_share_worst_corridor",
    "hops_mean",
)  # fmt: skip
"""Rows of the table, in order; those with a target of the FSB's show it."""
_FEW = 2
"""Groups of visitors that the summary tells of."""


def section(context: Context) -> tuple[Section, ...]:
    """The chapter, if anything crosses borders."""
    ways = view.ways(context.run)
    if not ways:
        return ()
    blocks: list[Block] = [Paragraph(_head(way)) for way in ways]
    blocks += _pairs(context)
    blocks += [Paragraph(_exposed(way)) for way in ways]
    blocks += [Paragraph(_lost(way)) for way in ways if whole_number(way.numbers, "lost")]
    heading = say("crossborder.side_heading" if len(ways) > 1 else "crossborder.one_title")
    blocks += [Heading("crossborder-side", heading), _side(ways)]
    blocks += speed.blocks(context, ways)
    blocks += _currencies(ways)
    blocks += controls.blocks(context, ways)
    blocks += liquidity.blocks(context, ways)
    blocks += _visitors(context)
    return (Section("crossborder", say("crossborder.title"), tuple(blocks)),)


def headline(context: Context) -> str | None:
    """What became of visitors' money, if there are any; else one way, or the two against each other."""
    groups = rows(context.run.get("crossborder.visitors"))
    said = [_visited(one) for one in groups[:_FEW] if whole_number(one, "trips")]
    return " ".join(one[:1].upper() + one[1:] for one in said) or _ways(context)


def _ways(context: Context) -> str | None:
    ways = view.ways(context.run)
    if len(ways) == 2 and all(whole_number(way.numbers, "settled") for way in ways):
        return _both_ways(*ways)
    return _head(ways[0]) if ways else None


def _both_ways(first: Way, second: Way) -> str:
    """Two ways that both credited something."""
    told = [
        say(
            "crossborder.head_way",
            way=known("path", way.name),
            settled=formats.count(whole_number(way.numbers, "settled")),
            credited=formats.dollars(whole_number(way.numbers, "settled_usd_cents")),
        )
        for way in (first, second)
    ]
    half = [span(number(way.numbers.get("credit_us_p50"))) for way in (first, second)]
    cost = [formats.share(number(way.numbers.get("cost_share_mean"))) for way in (first, second)]
    peak = [formats.dollars(whole_number(way.risks, "exposed_usd_cents_peak")) for way in (first, second)]
    return say(
        "crossborder.head_ways",
        count=formats.count(whole_number(first.numbers, "payments")),
        value=formats.dollars(whole_number(first.numbers, "value_usd_cents")),
        both=", ".join((told[0], told[1][0].lower() + told[1][1:])),
        half=half[0], other_half=half[1], cost=cost[0], other_cost=cost[1], peak=peak[0], other_peak=peak[1],
    )  # fmt: skip


def _head(way: Way) -> str:
    values = {
        "way": known("path", way.name),
        "count": formats.count(whole_number(way.numbers, "payments")),
        "value": formats.dollars(whole_number(way.numbers, "value_usd_cents")),
    }
    if not whole_number(way.numbers, "settled"):
        return say("crossborder.head_none", **values)
    return say(
        "crossborder.head",
        **values,
        settled=formats.count(whole_number(way.numbers, "settled")),
        credited=formats.dollars(whole_number(way.numbers, "settled_usd_cents")),
        half=span(number(way.numbers.get("credit_us_p50"))),
        most=span(number(way.numbers.get("credit_us_p95"))),
        cost=formats.share(number(way.numbers.get("cost_share_mean"))),
    )


def _pairs(context: Context) -> list[Block]:
    pairs = part(context.run.get("crossborder.pairs"))
    both = whole_number(pairs, "settled_on_both")
    if not both:
        return []
    first = words(pairs.get("first_way"))
    second = "correspondent" if first == "shared_ledger" else "shared_ledger"
    told = say(
        "crossborder.pairs",
        both=formats.count(both),
        first=known("path", first),
        faster=formats.share(number(pairs.get("faster_share"))),
        saved=span(number(pairs.get("saved_us_p50"))),
        cheaper=formats.share(number(pairs.get("cheaper_share"))),
    )
    only = {name: whole_number(pairs, name) for name in ("only_first", "only_second")}
    if any(only.values()):
        counts = {name: formats.count(value) for name, value in only.items()}
        told += " " + say("crossborder.only", first=known("path", first), second=known("path", second), **counts)
    return [Paragraph(told)]


def _exposed(way: Way) -> str:
    count = whole_number(way.risks, "exposed_payments")
    if not count:
        return say("crossborder.never_exposed", way=known("path", way.name))
    return say(
        "crossborder.exposed",
        way=known("path", way.name),
        count=formats.count(count),
        share=formats.share(number(way.risks.get("exposed_share"))),
        time=span(number(way.risks.get("exposed_us_mean"))),
        peak=formats.dollars(whole_number(way.risks, "exposed_usd_cents_peak")),
    )


def _lost(way: Way) -> str:
    """Principal that a failed bank kept: what became of the risk."""
    return say(
        "crossborder.lost",
        way=known("path", way.name),
        count=formats.count(whole_number(way.numbers, "lost")),
        value=formats.dollars(whole_number(part(way.numbers.get("chain")), "lost_usd_cents")),
    )


def _side(ways: Sequence[Way]) -> Table:
    """One row a number, one column a way."""
    targets = [{words(one.get("target")): one for one in rows(way.numbers.get("targets"))} for way in ways]
    found: list[tuple[str, ...]] = []
    for name in _NUMBERS:
        against = [one.get(name, {}) for one in targets]
        line = number(against[0].get("line"))
        if line is not None:
            if any(number(one.get("value")) is not None for one in against):
                label = say(f"crossborder.row.{name}", line=formats.percent(line))
                found.append((label, *(_against(one) for one in against)))
            continue
        values = [number(way.numbers.get(name)) for way in ways]
        found.append((say(f"crossborder.row.{name}", line=""), *(_cell(name, value) for value in values)))
    peaks = (formats.dollars(whole_number(way.risks, "exposed_usd_cents_peak")) for way in ways)
    found.append((say("crossborder.row.exposed_usd_cents_peak"), *peaks))
    hhi = (formats.decimal(number(way.risks.get("hhi_currencies"))) for way in ways)
    found.append((say("crossborder.row.hhi_currencies"), *hhi))
    head = (say("crossborder.number"), *(known("path", way.name) for way in ways))
    title = say("crossborder.side_title" if len(ways) > 1 else "crossborder.one_title")
    note = say("crossborder.side_note")
    if any(way.name == "correspondent" for way in ways):
        note = f"{say('crossborder.side_chain')} {note}"
    return Table(title, head, tuple(found), note=note)


def _against(target: Mapping[str, Any]) -> str:
    value, met = number(target.get("value")), target.get("met")
    if value is None:
        return formats.NOTHING
    return say("crossborder.met" if met else "crossborder.missed", value=formats.share(value))


def _cell(name: str, value: float | None) -> str:
    path = f"crossborder.ways.*.{name}"
    return span(value) if unit_of(path) == "us" else cell(path, value)


def _currencies(ways: Sequence[Way]) -> list[Block]:
    by_way = [{words(one.get("currency")): one for one in rows(way.numbers.get("currencies"))} for way in ways]
    names = list(dict.fromkeys(name for one in by_way for name in one))
    if not names:
        return []
    found = tuple((name, *(formats.share(number(one.get(name, {}).get("share"))) for one in by_way)) for name in names)
    head = (say("col.currency"), *(known("path", way.name) for way in ways))
    heading = Heading("crossborder-currencies", say("crossborder.currencies_heading"))
    return [heading, Table(say("crossborder.currencies_title"), head, found)]


def _visitors(context: Context) -> list[Block]:
    groups = rows(context.run.get("crossborder.visitors"))
    if not groups:
        return []
    told: list[Block] = [Paragraph(_visited(one)) for one in groups]
    ends = list(dict.fromkeys(name for one in groups for name in part(one.get("outcomes"))))
    found = tuple(
        (known("outcome", name), *(formats.count(whole_number(part(one.get("outcomes")), name) or 0) for one in groups))
        for name in ends
    )
    costs = ", ".join(
        say(
            "crossborder.visitors_cost",
            group=known("group", one.get("group")),
            cost=formats.share(number(one.get("cost_share"))),
        )
        for one in groups
    )
    head = (say("crossborder.outcome"), *(known("group", one.get("group")) for one in groups))
    note = say("crossborder.visitors_note", costs=costs)
    heading = Heading("crossborder-visitors", say("crossborder.visitors_heading"))
    return [heading, *told, Table(say("crossborder.visitors_title"), head, found, note=note)]


def _visited(group: Mapping[str, Any]) -> str:
    values = {"group": known("group", group.get("group")), "wallets": formats.count(whole_number(group, "wallets"))}
    if not whole_number(group, "trips"):
        return say("crossborder.visitors_idle", **values)
    refused = {name: count for name, count in part(group.get("outcomes")).items() if name != "settled"}
    named = [f"{known('outcome', name)} {formats.count(number(count))}" for name, count in refused.items()]
    return say(
        "crossborder.visitors",
        **values,
        trips=formats.count(whole_number(group, "trips")),
        given=formats.money(whole_number(group, "given_home_fen")).removesuffix(" yuan"),
        currency=words(group.get("currency")),
        topped=formats.money(whole_number(group, "top_up_fen")),
        payments=formats.count(whole_number(group, "payments")),
        success=formats.share(number(group.get("success_share"))),
        spent=formats.money(whole_number(group, "settled_fen")),
        refused=", ".join(named) or say("crossborder.nothing_refused"),
        back=formats.money(whole_number(group, "changed_back_fen")),
    )


def _crosses(context: Context) -> bool:
    return bool(context.run.get("crossborder"))


CHAPTER: Final = Chapter(
    section,
    headline,
    {"cross_border": risks.cross_border, "settlement": risks.settlement},
    abroad=_crosses,
)
