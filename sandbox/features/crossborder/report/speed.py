"""How soon payments across borders are credited, where the time goes, what they cost, what is at risk meanwhile."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from reports import formats
from reports.document import Block, Chart, Heading, Table
from reports.figures.labels import Labels
from reports.sections.context import Context, explained
from reports.text import known, say
from reports.view.values import number, part, rows, words
from sandbox.features.crossborder.report import view
from sandbox.features.crossborder.report.view import Way

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_STEPS = 200
_TABLE_ROWS = 40
_LONGEST_NAME = 26
_WITHIN_US = tuple(seconds * 1_000_000 for seconds in (10, 60, 600, 3_600, 21_600, 86_400, 259_200, 604_800))
_STAGES = ("at_payer_bank_us_mean", "between_banks_us_mean", "at_payee_bank_us_mean")
_CEILINGS = {"remittance": "remittance_cost_share_worst_corridor", "treasury": None}
"""Target for a corridor by its purpose: wholesale has none, all others retail's."""


def blocks(context: Context, ways: Sequence[Way]) -> list[Block]:
    """Time, cost and risk, with a figure each."""
    return [*_times(ways), *_where(ways), *_costs(ways), *_sizes(ways), *_risk(context, ways)]


def whole_number(found: Mapping[str, Any], name: str) -> int | None:
    """A whole number of an entry, or None."""
    value = number(found.get(name))
    return None if value is None else int(value)


def span(us: float | None) -> str:
    """A time whose mean or quantile it is: to two or three digits."""
    return formats.milliseconds(None if us is None else us / 1000)


def place_name(name: str) -> str:
    """A jurisdiction as it is called; a plain name of a file's begins with a capital."""
    shown = known("place", name)
    return shown.title() if shown.isascii() and shown.islower() else shown


def _by_way(ways: Sequence[Way]) -> tuple[str, ...]:
    return tuple(known("path", way.name) for way in ways)


def _targets(ways: Sequence[Way]) -> dict[str, float | None]:
    """The lines of the FSB's targets, by name."""
    return {words(one.get("target")): number(one.get("line")) for one in rows(ways[0].numbers.get("targets"))}


def _times(ways: Sequence[Way]) -> list[Block]:
    if not any(way.took_us.size for way in ways):
        return []
    line = _targets(ways).get("within_hour_share")

    def draw() -> Figure:
        from sandbox.features.crossborder.report.figures import times

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
    shares = [view.credited_by(way, np.array(_WITHIN_US, dtype=np.float64)).tolist() for way in ways]
    table = Table(
        say("crossborder.times_table"),
        (say("crossborder.within"), *_by_way(ways)),
        tuple(
            (formats.duration(us), *(formats.share(one[place]) for one in shares))
            for place, us in enumerate(_WITHIN_US)
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


def _where(ways: Sequence[Way]) -> list[Block]:
    found = [(way, parts) for way in ways if (parts := view.components(way))]
    if not found:
        return []
    shown = [way for way, _ in found]

    def draw() -> Figure:
        from sandbox.features.crossborder.report.figures import where

        return where(shown, [parts for _, parts in found])

    lines = [
        (say(f"crossborder.time.{name}"), *(_part(parts[name]) for _, parts in found)) for name in found[0][1]
    ]  # fmt: skip
    lines.append((say("crossborder.time.whole"), *(span(math.fsum(parts.values())) for _, parts in found)))
    table = Table(say("crossborder.where_title"), (say("crossborder.number"), *_by_way(shown)), tuple(lines))
    items = (
        say("crossborder.where_item", way=row[0], most=row[1], whole=row[2])
        for row in (
            (known("path", way.name), say(f"crossborder.time.{max(parts, key=parts.__getitem__)}"),
             span(math.fsum(parts.values())))
            for way, parts in found
        )
    )  # fmt: skip
    chart = Chart(
        key="crossborder-where",
        title=say("crossborder.where_title"),
        shows=say("crossborder.where_shows"),
        hides=say("crossborder.where_hides"),
        alt=say("crossborder.where_alt", list="; ".join(items)),
        table=table,
        draw=draw,
    )
    return [chart, *_stages(ways)]


def _part(us: float) -> str:
    return span(us) if us else say("crossborder.none")


def _stages(ways: Sequence[Way]) -> list[Block]:
    """The chain bank by bank: who has the payment for how long, over how many hands it goes."""
    chain = next((part(way.numbers.get("chain")) for way in ways if way.numbers.get("chain")), {})
    if number(chain.get(_STAGES[0])) is None:
        return []
    lines = [(say(f"crossborder.stage.{name}"), span(number(chain.get(name)))) for name in _STAGES]
    hops = [int(number(one) or 0) for one in chain.get("hops", [])]
    lines += [
        (say(f"crossborder.hops_{min(count, 2)}", count=count), formats.count(one))
        for count, one in enumerate(hops)
        if one
    ]
    for name in ("sent_to_credit_within_30_min_share", "sent_to_credit_within_day_share",
                 "arrived_to_credit_within_5_min_share"):  # fmt: skip
        lines.append((say(f"crossborder.stage.{name}"), formats.share(number(chain.get(name)))))
    head = say("crossborder.number"), known("path", "correspondent")
    return [Table(say("crossborder.stages_title"), head, tuple(lines), note=say("crossborder.stages_note"))]


def _costs(ways: Sequence[Way]) -> list[Block]:
    corridors = [{words(one.get("corridor")): one for one in rows(way.numbers.get("corridors"))} for way in ways]
    names = sorted({name for one in corridors for name in one})
    if not names:
        return []
    found = [[number(one.get(name, {}).get("cost_share_mean")) for one in corridors] for name in names]
    labels = Labels((_plain(name) for name in names), _LONGEST_NAME)
    targets = _targets(ways)
    purposes = [next(words(one[name].get("purpose")) for one in corridors if name in one) for name in names]
    lines = [targets.get(_CEILINGS.get(purpose, "retail_cost_share_worst_corridor") or "") for purpose in purposes]

    def draw() -> Figure:
        from sandbox.features.crossborder.report.figures import costs

        return costs([labels[_plain(name)] for name in names], found, ways, lines)

    items = [
        say("crossborder.costs_item", corridor=_plain(name), costs=", ".join(formats.share(cost) for cost in row))
        for name, row in zip(names, found, strict=True)
    ]
    retail, remittance = (
        formats.percent(targets.get(f"{segment}_cost_share_worst_corridor") or 0.0)
        for segment in ("retail", "remittance")
    )
    chart = Chart(
        key="crossborder-costs",
        title=say("crossborder.costs_title"),
        shows=say("crossborder.costs_shows", retail=retail, remittance=remittance),
        hides=say("crossborder.costs_hides"),
        alt=say("crossborder.costs_alt", list="; ".join(items)),
        table=_corridors(ways, names),
        draw=draw,
        names=explained(labels),
    )
    return [Heading("crossborder-costs", say("crossborder.costs_heading")), chart]


def _plain(name: str) -> str:
    """A name of a file's as one reads it."""
    return name.replace("_", " ")


def _sizes(ways: Sequence[Way]) -> list[Block]:
    """Cost by size: on both ways, and in each corridor."""
    by_way = [_bands(way.numbers) for way in ways]
    bands = sorted({band for one in by_way for band in one})
    if not bands:
        return []
    found = [[one.get(band, (0, None))[1] for one in by_way] for band in bands]
    names = [_band(band) for band in bands]

    def draw() -> Figure:
        from sandbox.features.crossborder.report.figures import costs

        return costs(names, found, ways, [None] * len(names))

    lines = [(say("crossborder.all_corridors"), known("path", way.name), *_cells(one, bands))
             for way, one in zip(ways, by_way, strict=True)]  # fmt: skip
    for name in sorted({words(one.get("corridor")) for way in ways for one in rows(way.numbers.get("corridors"))}):
        for way in ways:
            mine = next((one for one in rows(way.numbers.get("corridors")) if one.get("corridor") == name), {})
            lines.append((_plain(name), known("path", way.name), *_cells(_bands(mine), bands)))
    items = (
        say("crossborder.costs_item", corridor=name, costs=", ".join(formats.share(cost) for cost in row))
        for name, row in zip(names, found, strict=True)
    )
    head = (say("col.corridor"), say("col.way"), *names)
    chart = Chart(
        key="crossborder-sizes",
        title=say("crossborder.sizes_title"),
        shows=say("crossborder.sizes_shows"),
        hides=say("crossborder.sizes_hides"),
        alt=say("crossborder.costs_alt", list="; ".join(items)),
        table=Table(say("crossborder.sizes_table"), head, tuple(lines), text_columns=2),
        draw=draw,
    )
    return [chart]


def _bands(entry: Mapping[str, Any]) -> dict[tuple[int, int | None], tuple[int, float | None]]:
    """By band of size (US cents): payments credited and their mean cost."""
    return {
        (whole_number(one, "from_usd_cents") or 0, whole_number(one, "below_usd_cents")): (
            whole_number(one, "settled") or 0, number(one.get("cost_share_mean")),
        )
        for one in rows(entry.get("sizes"))
    }  # fmt: skip


def _band(band: tuple[int, int | None]) -> str:
    least, below = band
    if below is None:
        return say("crossborder.size_from", least=formats.dollars(least))
    if not least:
        return say("crossborder.size_below", below=formats.dollars(below))
    return say("crossborder.size_between", least=formats.dollars(least), below=formats.dollars(below))


def _cells(found: Mapping[Any, tuple[int, float | None]], bands: Sequence[Any]) -> tuple[str, ...]:
    return tuple(formats.share(found[band][1]) if band in found else formats.NOTHING for band in bands)


def _corridors(ways: Sequence[Way], names: Sequence[str]) -> Table:
    found = []
    for name in names:
        for way in ways:
            one = next((row for row in rows(way.numbers.get("corridors")) if row.get("corridor") == name), {})
            places = (place_name(words(one.get(f"{end}_jurisdiction"))) for end in ("from", "to"))
            found.append(
                (
                    _plain(name),
                    f"{' – '.join(places)}, {known('purpose', one.get('purpose'))}",
                    known("path", way.name),
                    formats.count(whole_number(one, "settled")),
                    formats.dollars(whole_number(one, "settled_usd_cents")),
                    span(number(one.get("credit_us_p50"))),
                    span(number(one.get("credit_us_p95"))),
                    formats.share(number(one.get("within_hour_share"))),
                    formats.share(number(one.get("cost_share_mean"))),
                )
            )
    head = tuple(
        say(f"col.{name}")
        for name in (
            "corridor",
            "from_to",
            "way",
            "credited",
            "usd_value",
            "half_within",
            "most_within",
            "within_hour",
            "cost",
        )
    )
    return Table(say("crossborder.corridors_title"), head, tuple(found), text_columns=3)


def _risk(context: Context, ways: Sequence[Way]) -> list[Block]:
    ends = [int(way.at_risk[0][-1]) for way in ways if way.at_risk[0].size]
    if not ends:
        return []
    until = max(max(ends), int(number(context.run.get("scenario.duration_us")) or 0))
    edges, few = view.even_steps(until, _STEPS), view.even_steps(until, _TABLE_ROWS)
    found = [view.highest(way, edges) for way in ways]

    def draw() -> Figure:
        from sandbox.features.crossborder.report.figures import at_risk

        return at_risk(ways, found, edges, context.overlay.without_marks)

    by_row = [view.highest(way, few) for way in ways]
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
