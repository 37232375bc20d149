"""Payments across borders: the ways side by side, how soon payees are credited, what it costs, what is at risk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from reports import formats
from reports.document import Block, Chart, Heading, Note, Paragraph, Section, Table
from reports.figures.labels import Labels
from reports.sections import crossborder_liquidity
from reports.sections.context import Context, explained
from reports.text import known, say
from reports.view import crossborder
from reports.view.crossborder import Way
from reports.view.values import number, part, rows, words

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_STEPS = 200
_TABLE_ROWS = 40
_COUNTS = ("payments", "settled", "refused", "returned", "lost", "pending")
_TIMES = ("credit_us_p50", "credit_us_p95")
_TARGETS = ("within_hour_share", "within_day_share", "cost_share_mean", "cost_share_worst_corridor")
_SHARES = ("fee_share_mean", "fx_cost_share_mean")
_WAITS = ("compliance_us_mean", "queued_us_mean", "closed_us_mean", "consensus_us_mean")


def section(context: Context) -> tuple[Section, ...]:
    """The chapter, if anything crosses borders."""
    ways = crossborder.ways(context.run)
    if not ways:
        return ()
    blocks: list[Block] = [Paragraph(_head(way)) for way in ways]
    blocks += _pairs(context)
    blocks += [Paragraph(_exposed(way)) for way in ways]
    blocks += [Paragraph(_lost(way)) for way in ways if _whole(way.numbers, "lost")]
    blocks += [Heading("crossborder-side", say("crossborder.side_heading")), _side(ways)]
    blocks += _times(ways) + _costs(ways) + _risk(context, ways) + _currencies(ways) + _reasons(ways)
    blocks += crossborder_liquidity.blocks(context, ways)
    blocks += _visitors(context)
    return (Section("crossborder", say("crossborder.title"), tuple(blocks)),)


def headline(context: Context) -> str | None:
    """The first way in one sentence, for the summary."""
    ways = crossborder.ways(context.run)
    return _head(ways[0]) if ways else None


def _whole(found: Mapping[str, Any], name: str) -> int | None:
    value = number(found.get(name))
    return None if value is None else int(value)


def _span(us: float | None) -> str:
    """A time whose mean or quantile it is: to two or three digits."""
    return formats.milliseconds(None if us is None else us / 1000)


def _head(way: Way) -> str:
    values = {
        "way": known("path", way.name),
        "count": formats.count(_whole(way.numbers, "payments")),
        "value": formats.dollars(_whole(way.numbers, "value_usd_cents")),
    }
    if not _whole(way.numbers, "settled"):
        return say("crossborder.head_none", **values)
    return say(
        "crossborder.head",
        **values,
        settled=formats.count(_whole(way.numbers, "settled")),
        half=_span(number(way.numbers.get("credit_us_p50"))),
        most=_span(number(way.numbers.get("credit_us_p95"))),
        cost=formats.share(number(way.numbers.get("cost_share_mean"))),
    )


def _pairs(context: Context) -> list[Block]:
    pairs = part(context.run.get("crossborder.pairs"))
    both = _whole(pairs, "settled_on_both")
    if not both:
        return []
    first = words(pairs.get("first_way"))
    second = "correspondent" if first == "shared_ledger" else "shared_ledger"
    told = say(
        "crossborder.pairs",
        both=formats.count(both),
        first=known("path", first),
        faster=formats.share(number(pairs.get("faster_share"))),
        saved=_span(number(pairs.get("saved_us_p50"))),
        cheaper=formats.share(number(pairs.get("cheaper_share"))),
    )
    only = {name: _whole(pairs, name) for name in ("only_first", "only_second")}
    if any(only.values()):
        counts = {name: formats.count(value) for name, value in only.items()}
        told += " " + say("crossborder.only", first=known("path", first), second=known("path", second), **counts)
    return [Paragraph(told)]


def _exposed(way: Way) -> str:
    count = _whole(way.risks, "exposed_payments")
    if not count:
        return say("crossborder.never_exposed", way=known("path", way.name))
    return say(
        "crossborder.exposed",
        way=known("path", way.name),
        count=formats.count(count),
        share=formats.share(number(way.risks.get("exposed_share"))),
        time=_span(number(way.risks.get("exposed_us_mean"))),
        peak=formats.dollars(_whole(way.risks, "exposed_usd_cents_peak")),
    )


def _lost(way: Way) -> str:
    """Principal that a failed bank kept: what became of the risk."""
    return say(
        "crossborder.lost",
        way=known("path", way.name),
        count=formats.count(_whole(way.numbers, "lost")),
        value=formats.dollars(_whole(part(way.numbers.get("chain")), "lost_usd_cents")),
    )


def _side(ways: Sequence[Way]) -> Table:
    """One row a number, one column a way."""
    targets = [{words(one.get("target")): one for one in rows(way.numbers.get("targets"))} for way in ways]
    lines = {name: number(one.get("line")) for name, one in (targets[0] if targets else {}).items()}
    found: list[tuple[str, ...]] = []
    for name in (*_COUNTS, *_TIMES, *_TARGETS, *_SHARES, "hops_mean"):
        if name in _TARGETS:
            line = lines.get(name)
            shown = [_against(one.get(name, {})) for one in targets]
            found.append((say(f"crossborder.row.{name}", line=formats.percent(line or 0.0)), *shown))
            continue
        values = [number(way.numbers.get(name)) for way in ways]
        found.append((say(f"crossborder.row.{name}"), *(_cell(name, value) for value in values)))
    peaks = (formats.dollars(_whole(way.risks, "exposed_usd_cents_peak")) for way in ways)
    found.append((say("crossborder.row.exposed_usd_cents_peak"), *peaks))
    hhi = (formats.decimal(number(way.risks.get("hhi_currencies"))) for way in ways)
    found.append((say("crossborder.row.hhi_currencies"), *hhi))
    head = (say("crossborder.number"), *(known("path", way.name) for way in ways))
    return Table(say("crossborder.side_title"), head, tuple(found), note=say("crossborder.side_note"))


def _against(target: Mapping[str, Any]) -> str:
    value, met = number(target.get("value")), target.get("met")
    if value is None:
        return formats.NOTHING
    return say("crossborder.met" if met else "crossborder.missed", value=formats.share(value))


def _cell(name: str, value: float | None) -> str:
    if "_us_" in name:
        return _span(value)
    if "share" in name:
        return formats.share(value)
    return formats.decimal(value) if name.endswith("_mean") else formats.count(value)


def _times(ways: Sequence[Way]) -> list[Block]:
    if not any(way.took_us.size for way in ways):
        return []
    line = next(
        (number(one.get("line")) for one in rows(ways[0].numbers.get("targets")) if one.get("target") == _TARGETS[0]),
        None,
    )

    def draw() -> Figure:
        from reports.figures.crossborder import times

        return times(ways, 0.75 if line is None else line)

    items = (
        say(
            "crossborder.times_item",
            way=known("path", way.name),
            hour=formats.share(number(way.numbers.get("within_hour_share"))),
            day=formats.share(number(way.numbers.get("within_day_share"))),
        )
        for way in ways
    )
    table = Table(
        say("crossborder.times_table"),
        (say("crossborder.number"), *(known("path", way.name) for way in ways)),
        tuple(
            (say(f"crossborder.time.{name}"), *(_span(number(way.numbers.get(name))) for way in ways))
            for name in _WAITS
        ),
    )
    chart = Chart(
        key="crossborder-times",
        title=say("crossborder.times_title"),
        shows=say("crossborder.times_shows"),
        hides=say("crossborder.times_hides"),
        alt=say("crossborder.times_alt", list="; ".join(items)),
        table=table,
        draw=draw,
    )
    return [Heading("crossborder-times", say("crossborder.times_heading")), chart]


def _costs(ways: Sequence[Way]) -> list[Block]:
    corridors = [{words(one.get("corridor")): one for one in rows(way.numbers.get("corridors"))} for way in ways]
    names = sorted({name for one in corridors for name in one})
    if not names:
        return []
    found = [[number(one.get(name, {}).get("cost_share_mean")) for one in corridors] for name in names]
    labels = Labels(names)
    lines = [
        number(one.get("line")) or 0.0
        for one in rows(ways[0].numbers.get("targets"))
        if words(one.get("target")).startswith("cost")
    ]

    def draw() -> Figure:
        from reports.figures.crossborder import costs

        return costs(names, labels, found, ways, lines)

    items = [
        say("crossborder.costs_item", corridor=name, costs=", ".join(formats.share(cost) for cost in row))
        for name, row in zip(names, found, strict=True)
    ]
    told = [formats.percent(line) for line in (*lines, 0.0, 0.0)]
    chart = Chart(
        key="crossborder-costs",
        title=say("crossborder.costs_title"),
        shows=say("crossborder.costs_shows", mean=told[0], worst=told[1]),
        hides=say("crossborder.costs_hides"),
        alt=say("crossborder.costs_alt", list="; ".join(items)),
        table=_corridors(ways, names),
        draw=draw,
        names=explained(labels),
    )
    return [Heading("crossborder-costs", say("crossborder.costs_heading")), chart]


def _corridors(ways: Sequence[Way], names: Sequence[str]) -> Table:
    found = []
    for name in names:
        for way in ways:
            one = next((row for row in rows(way.numbers.get("corridors")) if row.get("corridor") == name), {})
            places = (known("place", one.get(f"{end}_jurisdiction")) for end in ("from", "to"))
            found.append(
                (
                    name,
                    " – ".join(places),
                    known("purpose", one.get("purpose")),
                    known("path", way.name),
                    formats.count(_whole(one, "settled")),
                    formats.dollars(_whole(one, "settled_usd_cents")),
                    _span(number(one.get("credit_us_p50"))),
                    formats.share(number(one.get("within_hour_share"))),
                    formats.share(number(one.get("cost_share_mean"))),
                )
            )
    head = tuple(
        say(f"col.{name}")
        for name in (
            "corridor",
            "from_to",
            "purpose",
            "way",
            "settled",
            "usd_value",
            "half_within",
            "within_hour",
            "cost",
        )
    )
    return Table(say("crossborder.corridors_title"), head, tuple(found), text_columns=4)


def _risk(context: Context, ways: Sequence[Way]) -> list[Block]:
    ends = [int(way.at_risk[0][-1]) for way in ways if way.at_risk[0].size]
    if not ends:
        return []
    until = max(max(ends), int(number(context.run.get("scenario.duration_us")) or 0))
    edges, few = crossborder.even_steps(until, _STEPS), crossborder.even_steps(until, _TABLE_ROWS)
    found = [crossborder.highest(way, edges) for way in ways]

    def draw() -> Figure:
        from reports.figures.crossborder import at_risk

        return at_risk(ways, found, edges, context.overlay.without_marks)

    by_row = [crossborder.highest(way, few) for way in ways]
    table = Table(
        say("crossborder.risk_title"),
        (say("col.from"), *(known("path", way.name) for way in ways)),
        tuple(
            (formats.moment(context.start, int(few[place])), *(formats.dollars(int(one[place])) for one in by_row))
            for place in range(len(few) - 1)
        ),
        folded=True,
    )
    step = formats.duration(int(edges[1] - edges[0]))
    peak = max(int(one.max(initial=0)) for one in found)
    chart = Chart(
        key="crossborder-risk",
        title=say("crossborder.risk_title"),
        shows=say("crossborder.risk_shows", step=step),
        hides=say("crossborder.risk_hides"),
        alt=say("crossborder.risk_alt", peak=formats.dollars(peak)),
        table=table,
        draw=draw,
    )
    return [Heading("crossborder-risk", say("crossborder.risk_heading")), chart]


def _currencies(ways: Sequence[Way]) -> list[Block]:
    by_way = [{words(one.get("currency")): one for one in rows(way.numbers.get("currencies"))} for way in ways]
    names = list(dict.fromkeys(name for one in by_way for name in one))
    if not names:
        return []
    found = tuple((name, *(formats.share(number(one.get(name, {}).get("share"))) for one in by_way)) for name in names)
    head = (say("col.currency"), *(known("path", way.name) for way in ways))
    heading = Heading("crossborder-currencies", say("crossborder.currencies_heading"))
    return [heading, Table(say("crossborder.currencies_title"), head, found)]


def _reasons(ways: Sequence[Way]) -> list[Block]:
    by_way = [part(way.numbers.get("reasons")) for way in ways]
    names = list(dict.fromkeys(name for one in by_way for name in one))
    heading = Heading("crossborder-reasons", say("crossborder.reasons_heading"))
    if not names:
        return [heading, Note(say("crossborder.no_reasons"))]
    found = tuple((known("reason", name), *(formats.count(_whole(one, name) or 0) for one in by_way)) for name in names)
    head = (say("crossborder.reason"), *(known("path", way.name) for way in ways))
    return [heading, Table(say("crossborder.reasons_title"), head, found)]


def _visitors(context: Context) -> list[Block]:
    groups = rows(context.run.get("crossborder.visitors"))
    if not groups:
        return []
    told: list[Block] = [Paragraph(_visited(one)) for one in groups]
    ends = list(dict.fromkeys(name for one in groups for name in part(one.get("outcomes"))))
    found = tuple(
        (known("outcome", name), *(formats.count(_whole(part(one.get("outcomes")), name) or 0) for one in groups))
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
    values = {"group": known("group", group.get("group")), "wallets": formats.count(_whole(group, "wallets"))}
    if not _whole(group, "trips"):
        return say("crossborder.visitors_idle", **values)
    refused = {name: count for name, count in part(group.get("outcomes")).items() if name != "settled"}
    named = [f"{known('outcome', name)} {formats.count(number(count))}" for name, count in refused.items()]
    return say(
        "crossborder.visitors",
        **values,
        trips=formats.count(_whole(group, "trips")),
        given=formats.yuan(_whole(group, "given_home_fen")),
        currency=words(group.get("currency")),
        topped=formats.money(_whole(group, "top_up_fen")),
        payments=formats.count(_whole(group, "payments")),
        success=formats.share(number(group.get("success_share"))),
        spent=formats.money(_whole(group, "settled_fen")),
        refused=", ".join(named) or say("crossborder.nothing_refused"),
        back=formats.money(_whole(group, "changed_back_fen")),
    )
