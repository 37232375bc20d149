"""How soon payments across borders are credited, where the time goes, what they cost, what is at risk meanwhile."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from reports import formats
from reports.blocks import chart, table
from reports.document import Block, Table
from reports.figures.labels import Labels
from reports.reading import Entries, number
from reports.sections.context import Context
from sandbox.features.crossborder.report import figures, view
from sandbox.features.crossborder.report.names import ARRANGEMENTS, PARTS, PLACES, PURPOSES
from sandbox.features.crossborder.report.view import Arrangement
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


def blocks(context: Context, arrangements: Sequence[Arrangement]) -> list[Block]:
    """Time, cost and risk, with a figure each."""
    return [
        *_times(arrangements),
        *_where(arrangements),
        *_costs(arrangements),
        *_sizes(arrangements),
        *_risk(context, arrangements),
    ]


def span(us: float | None) -> str:
    """A time whose mean or quantile it is: to two or three digits."""
    return formats.milliseconds(None if us is None else us / 1000)


def place_name(name: str) -> str:
    """A jurisdiction as it is called; a plain name of a file's begins with a capital."""
    shown = named(PLACES, name)
    return shown.title() if shown.isascii() and shown.islower() else shown


def _titles(arrangements: Sequence[Arrangement]) -> tuple[str, ...]:
    return tuple(one.title for one in arrangements)


def _targets(arrangements: Sequence[Arrangement]) -> dict[str, float | None]:
    """The lines of the FSB's targets, by name."""
    return {one.text("target"): one.number("line") for one in arrangements[0].numbers.rows("targets")}


def _times(arrangements: Sequence[Arrangement]) -> list[Block]:
    if not any(one.took_us.size for one in arrangements):
        return []
    line = _targets(arrangements).get("within_hour_share")
    items = (
        one.numbers.says(
            "{arrangement}: {within_hour_share} within an hour, {within_business_day_share} within a business day",
            arrangement=one.title,
        )
        for one in arrangements
    )
    shares = [view.credited_by(one, np.array(_WITHIN_US, dtype=np.float64)).tolist() for one in arrangements]
    numbers = Table(
        _("Share of all payments sent that were credited within a time"),
        (_("Within"), *_titles(arrangements)),
        tuple(
            (formats.duration(us), *map(formats.share, row))
            for us, row in zip(_WITHIN_US, zip(*shares, strict=True), strict=True)
        ),
    )
    return chart(
        "crossborder-times",
        _("How soon payees have their money"),
        numbers,
        lambda: figures.times(arrangements, 0.75 if line is None else line),
        title=_("Time to credit"),
        shows=_(
            "The share of all payments sent that were credited within a time; times are on a scale that grows tenfold. "
            "Diamonds: the FSB's targets, which count only what is credited; its business day is drawn at 24 hours."
        ),
        hides=_("Which corridor is slow, and that refused payments never arrive: a curve may end below 100 %."),
        alt=_("Two curves of the share credited within a time: {list}.", list=formats.series(items)),
    )


def _where(arrangements: Sequence[Arrangement]) -> list[Block]:
    found = [(one, parts) for one in arrangements if (parts := view.components(one))]
    if not found:
        return []
    shown, wholes = [one for one, __ in found], [span(math.fsum(parts.values())) for __, parts in found]
    lines = [(_(PARTS[name]), *(_part(parts[name]) for __, parts in found)) for name in found[0][1]]
    lines.append((_("Mean time to credit"), *wholes))
    items = (
        _(
            "{arrangement} {whole} in all, most of it: {most}",
            arrangement=one.title,
            most=_(PARTS[max(parts, key=parts.__getitem__)]),
            whole=whole,
        )
        for (one, parts), whole in zip(found, wholes, strict=True)
    )
    figure = chart(
        "crossborder-where",
        "",
        Table(_("Where the time goes"), (_("Measure"), *_titles(shown)), tuple(lines)),
        lambda: figures.where(shown, [parts for __, parts in found]),
        shows=_(
            "The mean time from submission to credit of a credited payment, by what it went into; the whole of it "
            "stands at the end of each bar."
        ),
        hides=_(
            "The length of the bars: arrangements that take seconds and days are drawn equally long. A few slow "
            "payments make most of a mean."
        ),
        alt=_("A bar an arrangement: {list}.", list=formats.series(items)),
    )
    return [*figure, *_stages(arrangements), *_closures(arrangements)]


def _closures(arrangements: Sequence[Arrangement]) -> list[Block]:
    """Who was closed, and how much of that was holidays."""
    rows = [(arrangement, one) for arrangement in arrangements for one in arrangement.numbers.rows("closures")]
    if not rows:
        return []
    numbers = table(
        _("For whom payments waited"),
        rows,
        (_("Arrangement"), lambda row: row[0].title),
        (_("Who was closed"), lambda row: place_name(row[1].text("place"))),
        (_("Payments that waited"), lambda row: row[1].cell("waited")),
        (_("Mean wait"), lambda row: row[1].cell("closed_us_mean")),
        (_("of these for a holiday"), lambda row: row[1].cell("waited_for_holiday")),
        (_("Mean wait on holidays"), lambda row: row[1].cell("holiday_us_mean")),
        text_columns=2,
        note=_(
            "Nights, weekends and holidays of banks, of people who check names and data, and of currencies' systems, "
            "until somebody there could go on; the time for which they then work is not in it."
        ),
    )
    return [numbers]


def _part(us: float) -> str:
    return span(us) if us else _("none")


def _stages(arrangements: Sequence[Arrangement]) -> list[Block]:
    """The chain bank by bank: who has the payment for how long, over how many hands it goes."""
    chain = next((one.numbers.section("chain") for one in arrangements if one.numbers.section("chain")), Entries({}))
    if chain.number("at_payer_bank_us_mean") is None:
        return []
    hops = [number(one) for one in chain.get("hops") or ()]
    lines = [(_(label), chain.cell(name)) for name, label in _STAGES.items()]
    lines += [(_(_HOPS[min(count, 2)], count=count), formats.count(one)) for count, one in enumerate(hops) if one]
    lines += [(_(label), chain.cell(name)) for name, label in _SOON.items()]
    return [
        Table(
            _("The chain of correspondents, bank by bank"),
            (_("Measure"), named(ARRANGEMENTS, "correspondent")),
            tuple(lines),
            note=_("Means and shares of credited payments."),
        )
    ]


def _corridors(arrangement: Arrangement) -> dict[str, Entries]:
    return {one.text("corridor"): one for one in arrangement.numbers.rows("corridors")}


def _costs(arrangements: Sequence[Arrangement]) -> list[Block]:
    by_arrangement = [_corridors(one) for one in arrangements]
    names = sorted({name for one in by_arrangement for name in one})
    if not names:
        return []
    rows = [[one.get(name, Entries({})) for one in by_arrangement] for name in names]
    found = [[one.number("cost_share_mean") for one in row] for row in rows]
    labels, targets = Labels((_plain(name) for name in names), _LONGEST_NAME), _targets(arrangements)
    purposes = [next(one.text("purpose") for one in row if one) for row in rows]
    lines = [targets.get(_CEILINGS.get(purpose, "retail_cost_share_worst_corridor") or "") for purpose in purposes]
    items = (
        _("{corridor} {costs}", corridor=_plain(name), costs=formats.listed(map(formats.share, row)))
        for name, row in zip(names, found, strict=True)
    )
    retail, remittance = (
        formats.percent(targets.get(f"{segment}_cost_share_worst_corridor") or 0.0)
        for segment in ("retail", "remittance")
    )
    numbers = table(
        _("Corridors"),
        [
            (name, arrangement, one)
            for name, row in zip(names, rows, strict=True)
            for arrangement, one in zip(arrangements, row, strict=True)
        ],
        (_("Corridor"), lambda row: _plain(row[0])),
        (_("From, to, purpose"), lambda row: _ends(row[2])),
        (_("Arrangement"), lambda row: row[1].title),
        (_("Credited"), lambda row: row[2].cell("settled")),
        (_("Value"), lambda row: row[2].cell("settled_usd_cents")),
        (_("Median time"), lambda row: row[2].cell("credit_us_p50")),
        (_("95th percentile"), lambda row: row[2].cell("credit_us_p95")),
        (_("Within an hour"), lambda row: row[2].cell("within_hour_share")),
        (_("Cost"), lambda row: row[2].cell("cost_share_mean")),
        text_columns=3,
    )
    return chart(
        "crossborder-costs",
        _("What it costs, by corridor and size"),
        numbers,
        lambda: figures.costs([labels[_plain(name)] for name in names], found, arrangements, lines),
        title=_("Mean cost by corridor"),
        shows=_(
            "A row a corridor, a mark an arrangement: fees and exchange as a share of what was sent, mean over "
            "payments. Red bar: the most that the FSB's targets allow in any corridor, {retail} for retail and "
            "{remittance} for remittances; none is set for wholesale. Where costs lie far apart, each grid line is a "
            "multiple of the one before.",
            retail=retail,
            remittance=remittance,
        ),
        hides=_("Small payments beside large ones in the same corridor; the next figure says how much that matters."),
        alt=_("Marks by corridor: {list}.", list=formats.series(items)),
        labels=[labels],
    )


def _ends(corridor: Entries) -> str:
    begin, end = (place_name(corridor.text(f"{end}_jurisdiction")) for end in ("from", "to"))
    return f"{begin} – {end}, {named(PURPOSES, corridor.text('purpose'))}"


def _plain(name: str) -> str:
    """A name of a file's as one reads it."""
    return name.replace("_", " ")


def _sizes(arrangements: Sequence[Arrangement]) -> list[Block]:
    """Cost by size: in both arrangements, and in each corridor."""
    by_arrangement = [_bands(one.numbers) for one in arrangements]
    bands = sorted({band for one in by_arrangement for band in one})
    if not bands:
        return []
    found = [[one.get(band) for one in by_arrangement] for band in bands]
    names = [_band(band) for band in bands]
    rows = [(_("all corridors"), one, costs) for one, costs in zip(arrangements, by_arrangement, strict=True)]
    for name in sorted({name for one in arrangements for name in _corridors(one)}):
        rows += [(_plain(name), one, _bands(_corridors(one).get(name, Entries({})))) for one in arrangements]
    items = (
        _("{corridor} {costs}", corridor=name, costs=formats.listed(map(formats.share, row)))
        for name, row in zip(names, found, strict=True)
    )
    numbers = Table(
        _("Mean cost by corridor and size"),
        (_("Corridor"), _("Arrangement"), *names),
        tuple((name, one.title, *(formats.share(costs.get(band)) for band in bands)) for name, one, costs in rows),
        text_columns=2,
    )
    return chart(
        "crossborder-sizes",
        "",
        numbers,
        lambda: figures.costs(names, found, arrangements, [None] * len(names)),
        title=_("Mean cost by size of the payment"),
        shows=_(
            "A row a band of size, a mark an arrangement: fees and exchange as a share of what was sent, mean over the "
            "payments credited. Fixed fees weigh on small payments."
        ),
        hides=_("Which corridor the payments of a size are in; the table says so."),
        alt=_("Marks by corridor: {list}.", list=formats.series(items)),
    )


def _bands(entry: Entries) -> dict[tuple[int, int | None], float | None]:
    """The mean cost of payments credited, by band of size (US cents)."""
    return {
        (one.amount("from_usd_cents"), one.whole("below_usd_cents")): one.number("cost_share_mean")
        for one in entry.rows("sizes")
    }


def _band(band: tuple[int, int | None]) -> str:
    least, below = band
    if below is None:
        return _("{least} and more", least=formats.dollars(least))
    if not least:
        return _("below {below}", below=formats.dollars(below))
    return _("{least} to {below}", least=formats.dollars(least), below=formats.dollars(below))


def _risk(context: Context, arrangements: Sequence[Arrangement]) -> list[Block]:
    ends = [int(one.at_risk[0][-1]) for one in arrangements if one.at_risk[0].size]
    if not ends:
        return []
    until = max(max(ends), context.section("scenario").amount("duration_us"))
    edges, few = view.even_steps(until, _STEPS), view.even_steps(until, _TABLE_ROWS)
    found = [view.highest(one, edges) for one in arrangements]
    by_row = [view.highest(one, few) for one in arrangements]
    numbers = Table(
        _("Principal at risk over time"),
        (_("From"), *_titles(arrangements)),
        tuple(
            (formats.moment(context.start, at_us), *(formats.dollars(int(most)) for most in row))
            for at_us, row in zip(few[:-1].tolist(), zip(*by_row, strict=True), strict=True)
        ),
        folded=True,
    )
    step = formats.duration(int(edges[1] - edges[0]))
    peak = max(int(one.max(initial=0)) for one in found)
    return chart(
        "crossborder-risk",
        _("Principal at risk (foreign-exchange settlement risk)"),
        numbers,
        lambda: figures.at_risk(arrangements, found, edges, context.overlay.without_marks),
        shows=_(
            "The value of payments of which one leg was final and the other was not, because they did not settle "
            "payment versus payment; the most within each {step}, in millions of US dollars.",
            step=step,
        ),
        hides=_("With whom it was: a bank that fails takes what is with it at that moment."),
        alt=_("Steps over time; the highest is {peak}.", peak=formats.dollars(peak)),
    )
