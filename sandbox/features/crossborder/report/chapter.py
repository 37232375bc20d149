"""Payments across borders: the ways side by side, how soon payees are credited, what it costs, what is at risk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from reports import formats
from reports.blocks import table
from reports.chapter import Chapter
from reports.document import Block, Heading, Paragraph, Section, Table
from reports.names import OUTCOMES
from reports.reading import Entries
from reports.sections.context import Context
from sandbox.features.crossborder.report import controls, liquidity, risks, speed, view
from sandbox.features.crossborder.report.names import GROUPS, PATHS
from sandbox.features.crossborder.report.view import Way
from sandbox.language import N_, _, named

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
    ways = view.ways(context)
    if not ways:
        return ()
    told = [*map(_head, ways), *_pairs(context), *(_exposed(context, way) for way in ways)]
    told += [_lost(way) for way in ways if way.numbers.whole("lost")]
    blocks: list[Block] = [*map(Paragraph, told)]
    heading = _(N_("Side by side") if len(ways) > 1 else N_("Key figures"))
    blocks += [Heading("crossborder-side", heading), _side(context, ways)]
    blocks += speed.blocks(context, ways)
    blocks += _currencies(ways)
    blocks += controls.blocks(context, ways)
    blocks += liquidity.blocks(context, ways)
    blocks += _visitors(context)
    return (Section("crossborder", _("Payments across borders"), tuple(blocks)),)


def headline(context: Context) -> str | None:
    """What became of visitors' money, if there are any; else one way, or the two against each other."""
    groups = context.section("crossborder").rows("visitors")[:_FEW]
    said = [_visited(one) for one in groups if one.whole("trips")]
    return " ".join(map(formats.capital, said)) or _ways(context)


def _ways(context: Context) -> str | None:
    ways = view.ways(context)
    if len(ways) == 2 and all(way.numbers.whole("settled") for way in ways):
        return _both_ways(context, *ways)
    return _head(ways[0]) if ways else None


def _settlement(context: Context, way: Way) -> Entries:
    """What is at risk while one leg is final and the other is not."""
    return context.section(f"risk.settlement.{way.name}")


def _both_ways(context: Context, first: Way, second: Way) -> str:
    """Two ways that both credited something."""
    one, other = first.numbers, second.numbers
    peak, other_peak = (_settlement(context, way).shown("exposed_usd_cents_peak") for way in (first, second))
    return _(
        "{count} payments worth {value} went over each way. The {first} credited {settled}, worth {credited}, the "
        "{second} credited {other_settled}, worth {other_credited}; the median time to credit is {half} against "
        "{other_half}, the mean cost {cost} against {other_cost}, and {peak} against {other_peak} were at risk at "
        "once.",
        count=one.shown("payments"), value=one.shown("value_usd_cents"), first=first.title, second=second.title,
        settled=one.shown("settled"), other_settled=other.shown("settled"),
        credited=one.shown("settled_usd_cents"), other_credited=other.shown("settled_usd_cents"),
        half=one.shown("credit_us_p50"), other_half=other.shown("credit_us_p50"),
        cost=one.shown("cost_share_mean"), other_cost=other.shown("cost_share_mean"), peak=peak, other_peak=other_peak,
    )  # fmt: skip


def _head(way: Way) -> str:
    numbers = way.numbers
    values = {"way": way.title, "count": numbers.shown("payments"), "value": numbers.shown("value_usd_cents")}
    if not numbers.whole("settled"):
        return _("{count} payments worth {value} were sent over the {way}; none was credited.", **values)
    return _(
        "{count} payments worth {value} were sent over the {way}. {settled}, worth {credited}, were "
        "credited, half of them within {half} and 95 % within {most}; they cost {cost} on average.",
        **values,
        settled=numbers.shown("settled"),
        credited=numbers.shown("settled_usd_cents"),
        half=numbers.shown("credit_us_p50"),
        most=numbers.shown("credit_us_p95"),
        cost=numbers.shown("cost_share_mean"),
    )


def _pairs(context: Context) -> list[str]:
    pairs = context.section("crossborder.pairs")
    if not pairs.whole("settled_on_both"):
        return []
    first = pairs.text("first_way")
    second = "correspondent" if first == "shared_ledger" else "shared_ledger"
    told = _(
        "{both} payments were credited on both ways. The {first} was faster for {faster} of them, by "
        "{saved} at the median, and cheaper for {cheaper}.",
        both=pairs.shown("settled_on_both"),
        first=named(PATHS, first),
        faster=pairs.shown("faster_share"),
        saved=pairs.shown("saved_us_p50"),
        cheaper=pairs.shown("cheaper_share"),
    )
    if pairs.whole("only_first") or pairs.whole("only_second"):
        told += " " + _(
            "{only_first} were credited over the {first} only, {only_second} over the {second} only.",
            first=named(PATHS, first),
            second=named(PATHS, second),
            **pairs.said("only_first", "only_second"),
        )
    return [told]


def _exposed(context: Context, way: Way) -> str:
    at_risk = _settlement(context, way)
    if not at_risk.whole("exposed_payments"):
        return _("On the {way} no leg was ever final before the other, so no principal was at risk.", way=way.title)
    return _(
        "On the {way} {count} payments ({share}) went without payment versus payment: one leg was final "
        "before the other, for {time} on average. At the worst moment {peak} of principal was at risk at "
        "once.",
        way=way.title,
        count=at_risk.shown("exposed_payments"),
        share=at_risk.shown("exposed_share"),
        time=at_risk.shown("exposed_us_mean"),
        peak=at_risk.shown("exposed_usd_cents_peak"),
    )


def _lost(way: Way) -> str:
    """Principal that a failed bank kept: what became of the risk."""
    return _(
        "On the {way} {count} payments worth {value} were lost: their money lay with a bank when it failed.",
        way=way.title,
        count=way.numbers.shown("lost"),
        value=way.numbers.shown("chain.lost_usd_cents"),
    )


def _side(context: Context, ways: Sequence[Way]) -> Table:
    """One row a number, one column a way."""
    targets = [{one.text("target"): one for one in way.numbers.rows("targets")} for way in ways]
    found: list[tuple[str, ...]] = []
    for name, label in _NUMBERS.items():
        against = [one.get(name) or Entries({}) for one in targets]
        line = against[0].number("line")
        if line is None:
            found.append((_(label, line=""), *(way.numbers.cell(name) for way in ways)))
        elif any(one.number("value") is not None for one in against):
            found.append((_(label, line=formats.percent(line)), *map(_against, against)))
    peaks = (_settlement(context, way).cell("exposed_usd_cents_peak") for way in ways)
    found.append((_("Most principal at risk at once, without payment versus payment"), *peaks))
    hhi = (context.section(f"risk.cross_border.{way.name}").cell("hhi_currencies") for way in ways)
    found.append((_("Concentration of currencies (HHI)"), *hhi))
    head = (_("Measure"), *(way.title for way in ways))
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


def _against(target: Entries) -> str:
    if target.number("value") is None:
        return formats.NOTHING
    return _(N_("{value}: met") if target.get("met") else N_("{value}: missed"), **target.said("value"))


def _currencies(ways: Sequence[Way]) -> list[Block]:
    names = dict.fromkeys(one.text("currency") for way in ways for one in way.numbers.rows("currencies"))

    def share(way: Way) -> Callable[[str], str]:
        found = {one.text("currency"): one.cell("share") for one in way.numbers.rows("currencies")}
        return lambda name: found.get(name, formats.NOTHING)

    numbers = table(
        _("Value credited by currency of the payee"),
        names,
        (_("Currency"), str),
        *((way.title, share(way)) for way in ways),
    )
    heading = Heading("crossborder-currencies", _("Share of value by currency"))
    return [heading, numbers] if names else []


def _visitors(context: Context) -> list[Block]:
    groups = context.section("crossborder").rows("visitors")
    if not groups:
        return []

    def ended(one: Entries) -> Callable[[str], str]:
        return lambda name: formats.count(one.amount(f"outcomes.{name}"))

    costs = (_("{group} {cost}", group=_group(one), cost=one.shown("cost_share")) for one in groups)
    numbers = table(
        _("Visitors' payments by how they ended"),
        dict.fromkeys(name for one in groups for name in one.section("outcomes").content),
        (_("How it ended"), lambda name: named(OUTCOMES, name)),
        *((_group(one), ended(one)) for one in groups),
        note=_(
            "After one more top-up where there was one; exchange and fees cost {costs} of what was given at home.",
            costs=formats.listed(costs),
        ),
    )
    heading = Heading("crossborder-visitors", _("Wallets of people from abroad"))
    return [heading, *(Paragraph(_visited(one)) for one in groups), numbers]


def _group(one: Entries) -> str:
    return named(GROUPS, one.text("group"))


def _visited(one: Entries) -> str:
    values = {"group": _group(one), **one.said("wallets")}
    if not one.whole("trips"):
        return _("{group}: nobody of {wallets} travelled.", **values)
    outcomes = one.section("outcomes")
    refused = [f"{named(OUTCOMES, name)} {outcomes.shown(name)}" for name in outcomes.content if name != "settled"]
    return _(
        "{group}: {wallets} wallets, {trips} trips. For {currency} {given} they topped up {top_up}; of "
        "{payments} payments {success} settled, {settled} in all. What was refused: {refused}. {changed_back} was "
        "changed back.",
        **values,
        given=formats.money(one.whole("given_home_fen")).removesuffix(" yuan"),
        success=one.shown("success_share"),
        refused=formats.listed(refused) or _("nothing"),
        **one.said("trips", "currency", "top_up_fen", "payments", "settled_fen", "changed_back_fen"),
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
