"""Payments across borders: the ways side by side, how soon payees are credited, what it costs, what is at risk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from reports import formats
from reports.amounts import cell
from reports.chapter import Chapter
from reports.document import Block, Heading, Paragraph, Section, Table
from reports.names import OUTCOMES
from reports.sections.context import Context
from reports.view.values import number, part, rows, words
from sandbox.features.crossborder.report import controls, liquidity, risks, speed, view
from sandbox.features.crossborder.report.names import GROUPS, PATHS
from sandbox.features.crossborder.report.speed import span, whole_number
from sandbox.features.crossborder.report.view import Way
from sandbox.language import N_, _, named
from sandbox.metric import unit_of

_NUMBERS: Final = {
    "payments": N_("Payments"),
    "settled": N_("Credited"),
    "refused": N_("Refused before they left"),
    "returned": N_("Sent back"),
    "lost": N_("Lost with a bank that failed"),
    "pending": N_("Still on their way"),
    "settled_usd_cents": N_("Value credited"),
    "credit_us_p50": N_("Time to credit, median"),
    "credit_us_p95": N_("Time to credit, 95th percentile"),
    "within_hour_share": N_("Credited within an hour, of those credited (target {line})"),
    "within_day_share": N_("Credited within a day, of those credited (target {line})"),
    "cost_share_mean": N_("Cost, mean of all"),
    "fee_share_mean": N_("of which fees"),
    "fx_cost_share_mean": N_("of which exchange"),
    "retail_cost_share_mean": N_("Retail cost, mean (target at most {line})"),
    "retail_cost_share_worst_corridor": N_("Retail cost, dearest corridor (target at most {line})"),
    "remittance_cost_share_mean": N_("Remittance cost, mean (target at most {line})"),
    "remittance_cost_share_worst_corridor": N_("Remittance cost, dearest corridor (target at most {line})"),
    "hops_mean": N_("Intermediaries, mean"),
}
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
    heading = _(N_("Side by side") if len(ways) > 1 else N_("Key figures"))
    blocks += [Heading("crossborder-side", heading), _side(ways)]
    blocks += speed.blocks(context, ways)
    blocks += _currencies(ways)
    blocks += controls.blocks(context, ways)
    blocks += liquidity.blocks(context, ways)
    blocks += _visitors(context)
    return (Section("crossborder", _("Payments across borders"), tuple(blocks)),)


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
    half = [span(number(way.numbers.get("credit_us_p50"))) for way in (first, second)]
    cost = [formats.share(number(way.numbers.get("cost_share_mean"))) for way in (first, second)]
    peak = [formats.dollars(whole_number(way.risks, "exposed_usd_cents_peak")) for way in (first, second)]
    settled = [formats.count(whole_number(way.numbers, "settled")) for way in (first, second)]
    credited = [formats.dollars(whole_number(way.numbers, "settled_usd_cents")) for way in (first, second)]
    return _(
        "{count} payments worth {value} went over each way. The {first} credited {settled}, worth {credited}, the "
        "{second} credited {other_settled}, worth {other_credited}; the median time to credit is {half} against "
        "{other_half}, the mean cost {cost} against {other_cost}, and {peak} against {other_peak} were at risk at "
        "once.",
        count=formats.count(whole_number(first.numbers, "payments")),
        value=formats.dollars(whole_number(first.numbers, "value_usd_cents")),
        first=named(PATHS, first.name), second=named(PATHS, second.name), settled=settled[0],
        other_settled=settled[1], credited=credited[0], other_credited=credited[1], half=half[0],
        other_half=half[1], cost=cost[0], other_cost=cost[1], peak=peak[0], other_peak=peak[1],
    )  # fmt: skip


def _head(way: Way) -> str:
    values = {
        "way": named(PATHS, way.name),
        "count": formats.count(whole_number(way.numbers, "payments")),
        "value": formats.dollars(whole_number(way.numbers, "value_usd_cents")),
    }
    if not whole_number(way.numbers, "settled"):
        return _("{count} payments worth {value} were sent over the {way}; none was credited.", **values)
    return _(
        "{count} payments worth {value} were sent over the {way}. {settled}, worth {credited}, were "
        "credited, half of them within {half} and 95 % within {most}; they cost {cost} on average.",
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
    told = _(
        "{both} payments were credited on both ways. The {first} was faster for {faster} of them, by "
        "{saved} at the median, and cheaper for {cheaper}.",
        both=formats.count(both),
        first=named(PATHS, first),
        faster=formats.share(number(pairs.get("faster_share"))),
        saved=span(number(pairs.get("saved_us_p50"))),
        cheaper=formats.share(number(pairs.get("cheaper_share"))),
    )
    only = {name: whole_number(pairs, name) for name in ("only_first", "only_second")}
    if any(only.values()):
        counts = {name: formats.count(value) for name, value in only.items()}
        told += " " + _(
            "{only_first} were credited over the {first} only, {only_second} over the {second} only.",
            first=named(PATHS, first),
            second=named(PATHS, second),
            **counts,
        )
    return [Paragraph(told)]


def _exposed(way: Way) -> str:
    count = whole_number(way.risks, "exposed_payments")
    if not count:
        return _(
            "On the {way} no leg was ever final before the other, so no principal was at risk.",
            way=named(PATHS, way.name),
        )
    return _(
        "On the {way} {count} payments ({share}) went without payment versus payment: one leg was final "
        "before the other, for {time} on average. At the worst moment {peak} of principal was at risk at "
        "once.",
        way=named(PATHS, way.name),
        count=formats.count(count),
        share=formats.share(number(way.risks.get("exposed_share"))),
        time=span(number(way.risks.get("exposed_us_mean"))),
        peak=formats.dollars(whole_number(way.risks, "exposed_usd_cents_peak")),
    )


def _lost(way: Way) -> str:
    """Principal that a failed bank kept: what became of the risk."""
    return _(
        "On the {way} {count} payments worth {value} were lost: their money lay with a bank when it failed.",
        way=named(PATHS, way.name),
        count=formats.count(whole_number(way.numbers, "lost")),
        value=formats.dollars(whole_number(part(way.numbers.get("chain")), "lost_usd_cents")),
    )


def _side(ways: Sequence[Way]) -> Table:
    """One row a number, one column a way."""
    targets = [{words(one.get("target")): one for one in rows(way.numbers.get("targets"))} for way in ways]
    found: list[tuple[str, ...]] = []
    for name, label in _NUMBERS.items():
        against = [one.get(name, {}) for one in targets]
        line = number(against[0].get("line"))
        if line is not None:
            if any(number(one.get("value")) is not None for one in against):
                found.append((_(label, line=formats.percent(line)), *(_against(one) for one in against)))
            continue
        values = [number(way.numbers.get(name)) for way in ways]
        found.append((_(label, line=""), *(_cell(name, value) for value in values)))
    peaks = (formats.dollars(whole_number(way.risks, "exposed_usd_cents_peak")) for way in ways)
    found.append((_("Most principal at risk at once, without payment versus payment"), *peaks))
    hhi = (formats.decimal(number(way.risks.get("hhi_currencies"))) for way in ways)
    found.append((_("Concentration of currencies (HHI)"), *hhi))
    head = (_("Measure"), *(named(PATHS, way.name) for way in ways))
    title = _(N_("The two ways side by side") if len(ways) > 1 else N_("Key figures"))
    note = _(
        "Times run from submission to credit, of what was credited. Cost is fees and what exchange costs "
        "against the mid rate, as a share of what was sent after fees, a mean over the payments "
        "credited. Targets: FSB 2021. In every market segment 75 % credited within an hour and the rest "
        "within a business day; a day is 24 hours here, over weekends too, which is stricter. Retail at "
        "most 1 % on average and 3 % in any corridor; remittances 3 % and 5 %; no cost is set for "
        "wholesale (treasury). HHI: Herfindahl-Hirschman index of value by currency of the payee; 1 is "
        "one currency alone."
    )
    if any(way.name == "correspondent" for way in ways):
        note = f"{_('Chain of correspondents: correspondent banking through nostro accounts.')} {note}"
    return Table(title, head, tuple(found), note=note)


def _against(target: Mapping[str, Any]) -> str:
    value, met = number(target.get("value")), target.get("met")
    if value is None:
        return formats.NOTHING
    return _(N_("{value}: met") if met else N_("{value}: missed"), value=formats.share(value))


def _cell(name: str, value: float | None) -> str:
    path = f"crossborder.ways.*.{name}"
    return span(value) if unit_of(path) == "us" else cell(path, value)


def _currencies(ways: Sequence[Way]) -> list[Block]:
    by_way = [{words(one.get("currency")): one for one in rows(way.numbers.get("currencies"))} for way in ways]
    names = list(dict.fromkeys(name for one in by_way for name in one))
    if not names:
        return []
    found = tuple((name, *(formats.share(number(one.get(name, {}).get("share"))) for one in by_way)) for name in names)
    head = (_("Currency"), *(named(PATHS, way.name) for way in ways))
    heading = Heading("crossborder-currencies", _("Share of value by currency"))
    return [heading, Table(_("Value credited by currency of the payee"), head, found)]


def _visitors(context: Context) -> list[Block]:
    groups = rows(context.run.get("crossborder.visitors"))
    if not groups:
        return []
    told: list[Block] = [Paragraph(_visited(one)) for one in groups]
    ends = list(dict.fromkeys(name for one in groups for name in part(one.get("outcomes"))))
    found = tuple(
        (named(OUTCOMES, name), *(formats.count(whole_number(part(one.get("outcomes")), name) or 0) for one in groups))
        for name in ends
    )
    costs = ", ".join(
        _(
            "{group} {cost}",
            group=named(GROUPS, one.get("group")),
            cost=formats.share(number(one.get("cost_share"))),
        )
        for one in groups
    )
    head = (_("How it ended"), *(named(GROUPS, one.get("group")) for one in groups))
    note = _(
        "After one more top-up where there was one; exchange and fees cost {costs} of what was given at home.",
        costs=costs,
    )
    heading = Heading("crossborder-visitors", _("Wallets of people from abroad"))
    return [heading, *told, Table(_("Visitors' payments by how they ended"), head, found, note=note)]


def _visited(group: Mapping[str, Any]) -> str:
    values = {"group": named(GROUPS, group.get("group")), "wallets": formats.count(whole_number(group, "wallets"))}
    if not whole_number(group, "trips"):
        return _("{group}: nobody of {wallets} travelled.", **values)
    refused = {name: count for name, count in part(group.get("outcomes")).items() if name != "settled"}
    reasons = [f"{named(OUTCOMES, name)} {formats.count(number(count))}" for name, count in refused.items()]
    return _(
        "{group}: {wallets} wallets, {trips} trips. For {currency} {given} they topped up {topped}; of "
        "{payments} payments {success} settled, {spent} in all. What was refused: {refused}. {back} was "
        "changed back.",
        **values,
        trips=formats.count(whole_number(group, "trips")),
        given=formats.money(whole_number(group, "given_home_fen")).removesuffix(" yuan"),
        currency=words(group.get("currency")),
        topped=formats.money(whole_number(group, "top_up_fen")),
        payments=formats.count(whole_number(group, "payments")),
        success=formats.share(number(group.get("success_share"))),
        spent=formats.money(whole_number(group, "settled_fen")),
        refused=", ".join(reasons) or _("nothing"),
        back=formats.money(whole_number(group, "changed_back_fen")),
    )


def _crosses(context: Context) -> bool:
    return bool(context.run.get("crossborder"))


CHAPTER: Final = Chapter(
    section,
    headline,
    {"cross_border": risks.cross_border, "settlement": risks.settlement},
    titles={"cross_border": N_("Cross-border"), "settlement": N_("Settlement")},
    abroad=_crosses,
)
