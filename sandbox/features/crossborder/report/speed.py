"""How soon payments across borders are credited, where the time goes, what they cost, what is at risk meanwhile."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from reports import formats
from reports.document import Block, Chart, Heading, Table
from reports.figures.labels import Labels
from reports.sections.context import Context, explained
from reports.view.values import number, part, rows, words
from sandbox.features.crossborder.report import figures, view
from sandbox.features.crossborder.report.names import PARTS, PATHS, PLACES, PURPOSES
from sandbox.features.crossborder.report.view import Way
from sandbox.language import N_, _, named

_STEPS = 200
_TABLE_ROWS = 40
_LONGEST_NAME = 26
_WITHIN_US = tuple(seconds * 1_000_000 for seconds in (10, 60, 600, 3_600, 21_600, 86_400, 259_200, 604_800))
_STAGES: Final = {
    "at_payer_bank_us_mean": N_("From submission until the payer's bank sends, mean"),
    "between_banks_us_mean": N_("From there until the payee's bank has the money, mean"),
    "at_payee_bank_us_mean": N_("From there until it is credited, mean"),
}
_SOON: Final = {
    "sent_to_credit_within_30_min_share": N_("Credited within 30 minutes of sending"),
    "sent_to_credit_within_day_share": N_("Credited within a day of sending"),
    "arrived_to_credit_within_5_min_share": N_("Credited within 5 minutes of arrival at the payee's bank"),
}
_CEILINGS = {"remittance": "remittance_cost_share_worst_corridor", "treasury": None}
"""Target for a corridor by its purpose: wholesale has none, all others retail's."""


_HOPS: Final = (
    N_("Credited without an intermediary"),
    N_("Credited over one intermediary"),
    N_("Credited over {count} intermediaries"),
)


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
    shown = named(PLACES, name)
    return shown.title() if shown.isascii() and shown.islower() else shown


def _by_way(ways: Sequence[Way]) -> tuple[str, ...]:
    return tuple(named(PATHS, way.name) for way in ways)


def _targets(ways: Sequence[Way]) -> dict[str, float | None]:
    """The lines of the FSB's targets, by name."""
    return {words(one.get("target")): number(one.get("line")) for one in rows(ways[0].numbers.get("targets"))}


def _times(ways: Sequence[Way]) -> list[Block]:
    if not any(way.took_us.size for way in ways):
        return []
    line = _targets(ways).get("within_hour_share")
    items = (
        _(
            "{way}: {hour} within an hour, {day} within a day",
            way=named(PATHS, way.name),
            hour=formats.share(number(way.numbers.get("within_hour_share"))),
            day=formats.share(number(way.numbers.get("within_day_share"))),
        )
        for way in ways
    )
    shares = [view.credited_by(way, np.array(_WITHIN_US, dtype=np.float64)).tolist() for way in ways]
    table = Table(
        _("Share of all payments sent that were credited within a time"),
        (_("Within"), *_by_way(ways)),
        tuple(
            (formats.duration(us), *(formats.share(one[place]) for one in shares))
            for place, us in enumerate(_WITHIN_US)
        ),
    )
    chart = Chart(
        key="crossborder-times",
        title=_("Time to credit"),
        shows=_(
            "The share of all payments sent that were credited within a time; times are on a scale that "
            "grows tenfold. Diamonds: the FSB's targets, which count only what is credited."
        ),
        hides=_("Which corridor is slow, and that refused payments never arrive: a curve may end below 100 %."),
        alt=_("Two curves of the share credited within a time: {list}.", list="; ".join(items)),
        table=table,
        draw=lambda: figures.times(ways, 0.75 if line is None else line),
    )
    return [Heading("crossborder-times", _("How soon payees have their money")), chart]


def _where(ways: Sequence[Way]) -> list[Block]:
    found = [(way, parts) for way in ways if (parts := view.components(way))]
    if not found:
        return []
    shown = [way for way, __ in found]
    lines = [
        (_(PARTS[name]), *(_part(parts[name]) for __, parts in found)) for name in found[0][1]
    ]  # fmt: skip
    lines.append((_("Mean time to credit"), *(span(math.fsum(parts.values())) for __, parts in found)))
    table = Table(_("Where the time goes"), (_("Measure"), *_by_way(shown)), tuple(lines))
    items = (
        _("{way} {whole} in all, most of it: {most}", way=row[0], most=row[1], whole=row[2])
        for row in (
            (named(PATHS, way.name), _(PARTS[max(parts, key=parts.__getitem__)]),
             span(math.fsum(parts.values())))
            for way, parts in found
        )
    )  # fmt: skip
    chart = Chart(
        key="crossborder-where",
        title=_("Where the time goes"),
        shows=_(
            "The mean time from submission to credit of a credited payment, by what it went into; the whole "
            "of it stands at the end of each bar."
        ),
        hides=_(
            "The length of the bars: ways that take seconds and days are drawn equally long. A few slow "
            "payments make most of a mean."
        ),
        alt=_("A bar a way: {list}.", list="; ".join(items)),
        table=table,
        draw=lambda: figures.where(shown, [parts for __, parts in found]),
    )
    return [chart, *_stages(ways)]


def _part(us: float) -> str:
    return span(us) if us else _("none")


def _stages(ways: Sequence[Way]) -> list[Block]:
    """The chain bank by bank: who has the payment for how long, over how many hands it goes."""
    chain = next((part(way.numbers.get("chain")) for way in ways if way.numbers.get("chain")), {})
    if number(chain.get("at_payer_bank_us_mean")) is None:
        return []
    lines = [(_(label), span(number(chain.get(name)))) for name, label in _STAGES.items()]
    hops = [int(number(one) or 0) for one in chain.get("hops", [])]
    lines += [(_(_HOPS[min(count, 2)], count=count), formats.count(one)) for count, one in enumerate(hops) if one]
    lines += [(_(label), formats.share(number(chain.get(name)))) for name, label in _SOON.items()]
    head = _("Measure"), named(PATHS, "correspondent")
    return [
        Table(
            _("The chain of correspondents, bank by bank"),
            head,
            tuple(lines),
            note=_("Means and shares of credited payments."),
        )
    ]


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
    items = [
        _("{corridor} {costs}", corridor=_plain(name), costs=", ".join(formats.share(cost) for cost in row))
        for name, row in zip(names, found, strict=True)
    ]
    retail, remittance = (
        formats.percent(targets.get(f"{segment}_cost_share_worst_corridor") or 0.0)
        for segment in ("retail", "remittance")
    )
    chart = Chart(
        key="crossborder-costs",
        title=_("Mean cost by corridor"),
        shows=_(
            "A row a corridor, a mark a way: fees and exchange as a share of what was sent, mean over "
            "payments. Red bar: the most that the FSB's targets allow in any corridor, {retail} for retail "
            "and {remittance} for remittances; none is set for wholesale. Where costs lie far apart, each "
            "grid line is a multiple of the one before.",
            retail=retail,
            remittance=remittance,
        ),
        hides=_("Small payments beside large ones in the same corridor; the next figure says how much that matters."),
        alt=_("Marks by corridor: {list}.", list="; ".join(items)),
        table=_corridors(ways, names),
        draw=lambda: figures.costs([labels[_plain(name)] for name in names], found, ways, lines),
        names=explained(labels),
    )
    return [Heading("crossborder-costs", _("What it costs, by corridor and size")), chart]


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
    lines = [(_("all corridors"), named(PATHS, way.name), *_cells(one, bands))
             for way, one in zip(ways, by_way, strict=True)]  # fmt: skip
    for name in sorted({words(one.get("corridor")) for way in ways for one in rows(way.numbers.get("corridors"))}):
        for way in ways:
            mine = next((one for one in rows(way.numbers.get("corridors")) if one.get("corridor") == name), {})
            lines.append((_plain(name), named(PATHS, way.name), *_cells(_bands(mine), bands)))
    items = (
        _("{corridor} {costs}", corridor=name, costs=", ".join(formats.share(cost) for cost in row))
        for name, row in zip(names, found, strict=True)
    )
    head = (_("Corridor"), _("Way"), *names)
    chart = Chart(
        key="crossborder-sizes",
        title=_("Mean cost by size of the payment"),
        shows=_(
            "A row a band of size, a mark a way: fees and exchange as a share of what was sent, mean over "
            "the payments credited. Fixed fees weigh on small payments."
        ),
        hides=_("Which corridor the payments of a size are in; the table says so."),
        alt=_("Marks by corridor: {list}.", list="; ".join(items)),
        table=Table(_("Mean cost by corridor and size"), head, tuple(lines), text_columns=2),
        draw=lambda: figures.costs(names, found, ways, [None] * len(names)),
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
        return _("{least} and more", least=formats.dollars(least))
    if not least:
        return _("below {below}", below=formats.dollars(below))
    return _("{least} to {below}", least=formats.dollars(least), below=formats.dollars(below))


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
                    f"{' – '.join(places)}, {named(PURPOSES, one.get('purpose'))}",
                    named(PATHS, way.name),
                    formats.count(whole_number(one, "settled")),
                    formats.dollars(whole_number(one, "settled_usd_cents")),
                    span(number(one.get("credit_us_p50"))),
                    span(number(one.get("credit_us_p95"))),
                    formats.share(number(one.get("within_hour_share"))),
                    formats.share(number(one.get("cost_share_mean"))),
                )
            )
    head = (
        _("Corridor"),
        _("From, to, purpose"),
        _("Way"),
        _("Credited"),
        _("Value"),
        _("Median time"),
        _("95th percentile"),
        _("Within an hour"),
        _("Cost"),
    )
    return Table(_("Corridors"), head, tuple(found), text_columns=3)


def _risk(context: Context, ways: Sequence[Way]) -> list[Block]:
    ends = [int(way.at_risk[0][-1]) for way in ways if way.at_risk[0].size]
    if not ends:
        return []
    until = max(max(ends), int(number(context.run.get("scenario.duration_us")) or 0))
    edges, few = view.even_steps(until, _STEPS), view.even_steps(until, _TABLE_ROWS)
    found = [view.highest(way, edges) for way in ways]
    by_row = [view.highest(way, few) for way in ways]
    table = Table(
        _("Principal at risk over time"),
        (_("From"), *(named(PATHS, way.name) for way in ways)),
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
        title=_("Principal at risk over time"),
        shows=_(
            "The value of payments of which one leg was final and the other was not, because they did not "
            "settle payment versus payment; the most within each {step}, in millions of US dollars.",
            step=step,
        ),
        hides=_("With whom it was: a bank that fails takes what is with it at that moment."),
        alt=_("Steps over time; the highest is {peak}.", peak=formats.dollars(peak)),
        table=table,
        draw=lambda: figures.at_risk(ways, found, edges, context.overlay.without_marks),
    )
    return [Heading("crossborder-risk", _("Principal at risk (foreign-exchange settlement risk)")), chart]
