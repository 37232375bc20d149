"""Payments across borders: arrangements side by side, how soon payees are credited, costs, what is at risk."""

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
from sandbox.features.crossborder.report.names import ARRANGEMENTS, GROUPS
from sandbox.features.crossborder.report.view import Arrangement
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
    "within_business_day_share": N_("Credited within a business day, of those credited (target {line})"),
    "within_day_share": N_("Credited within 24 hours, of those credited"),
    "cost_share": N_("Cost of all, share of the value sent"),
    "cost_share_mean": N_("Cost of a payment, mean of all whatever their size"),
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
    arrangements = view.arrangements(context)
    if not arrangements:
        return ()
    told = [*map(_head, arrangements), *_pairs(context), *(_exposed(context, one) for one in arrangements)]
    told += [_lost(one) for one in arrangements if one.numbers.whole("lost")]
    blocks: list[Block] = [*map(Paragraph, told)]
    heading = _(N_("Side by side") if len(arrangements) > 1 else N_("Key figures"))
    blocks += [Heading("crossborder-side", heading), _side(context, arrangements)]
    blocks += speed.blocks(context, arrangements)
    blocks += _currencies(arrangements)
    blocks += controls.blocks(context, arrangements)
    blocks += liquidity.blocks(context, arrangements)
    blocks += _visitors(context)
    return (Section("crossborder", _("Payments across borders"), tuple(blocks)),)


def headline(context: Context) -> str | None:
    """What became of visitors' money, if there are any; else one arrangement, or the two against each other."""
    groups = context.section("crossborder").rows("visitors")[:_FEW]
    said = [_visited(one) for one in groups if one.whole("trips")]
    return " ".join(map(formats.capital, said)) or _arrangements(context)


def _arrangements(context: Context) -> str | None:
    arrangements = view.arrangements(context)
    if len(arrangements) == 2 and all(one.numbers.whole("settled") for one in arrangements):
        return _both_arrangements(context, *arrangements)
    return _head(arrangements[0]) if arrangements else None


def _settlement(context: Context, arrangement: Arrangement) -> Entries:
    """What is at risk while one leg is final and the other is not."""
    return context.section(f"risk.settlement.{arrangement.name}")


def _both_arrangements(context: Context, first: Arrangement, second: Arrangement) -> str:
    """Two arrangements that both credited something."""
    one, other = first.numbers, second.numbers
    peak, other_peak = (_settlement(context, each).shown("exposed_usd_cents_peak") for each in (first, second))
    told = one.says(
        "{payments} payments worth {value_usd_cents} were sent through each arrangement. The {first} credited "
        "{settled}, worth {settled_usd_cents}, the {second} credited {other_settled}, worth {other_credited}; the "
        "median time to credit is {credit_us_p50} against {other_half}, the cost {cost_share} against {other_cost} of "
        "the value, and {peak} against {other_peak} were at risk at once.",
        first=first.title, second=second.title, peak=peak, other_peak=other_peak,
        other_settled=other.shown("settled"), other_credited=other.shown("settled_usd_cents"),
        other_half=other.shown("credit_us_p50"), other_cost=other.shown("cost_share"),
    )  # fmt: skip
    return " ".join(filter(None, (told, *map(liquidity.short_of, (first, second)))))


def _head(arrangement: Arrangement) -> str:
    return arrangement.numbers.says(
        N_(
            "{payments} payments worth {value_usd_cents} were sent over the {arrangement}. {settled}, worth "
            "{settled_usd_cents}, were credited, half of them within {credit_us_p50} and 95 % within {credit_us_p95}; "
            "they cost {cost_share} of the value."
        )
        if arrangement.numbers.whole("settled")
        else N_("{payments} payments worth {value_usd_cents} were sent over the {arrangement}; none was credited."),
        arrangement=arrangement.title,
    )


def _pairs(context: Context) -> list[str]:
    pairs = context.section("crossborder.pairs")
    if not pairs.whole("settled_on_both"):
        return []
    first = pairs.text("first_arrangement")
    second = "correspondent" if first == "shared_ledger" else "shared_ledger"
    told = pairs.says(
        "{settled_on_both} payments were credited through both arrangements. The {first} was faster for {faster_share} "
        "of them, by {saved_us_p50} at the median, and cheaper for {cheaper_share}.",
        first=named(ARRANGEMENTS, first),
    )
    if pairs.whole("only_first") or pairs.whole("only_second"):
        told += " " + pairs.says(
            "{only_first} were credited over the {first} only, {only_second} over the {second} only.",
            first=named(ARRANGEMENTS, first),
            second=named(ARRANGEMENTS, second),
        )
    return [told]


def _exposed(context: Context, arrangement: Arrangement) -> str:
    at_risk = _settlement(context, arrangement)
    if not at_risk.whole("exposed_payments"):
        return _(
            "On the {arrangement} no leg was ever final before the other, so no principal was at risk.",
            arrangement=arrangement.title,
        )
    return at_risk.says(
        "On the {arrangement} {exposed_payments} payments ({exposed_share}) went without payment versus payment: one "
        "leg was final before the other, for {exposed_us_mean} on average. At the worst moment "
        "{exposed_usd_cents_peak} of principal was at risk at once.",
        arrangement=arrangement.title,
    )


def _lost(arrangement: Arrangement) -> str:
    """Principal that a failed bank kept: what became of the risk."""
    return arrangement.numbers.says(
        "On the {arrangement} {lost} payments worth {chain.lost_usd_cents} were lost: their money lay with a bank when "
        "it failed.",
        arrangement=arrangement.title,
    )


def _side(context: Context, arrangements: Sequence[Arrangement]) -> Table:
    """One row a number, one column an arrangement."""
    targets = [{one.text("target"): one for one in arrangement.numbers.rows("targets")} for arrangement in arrangements]
    found: list[tuple[str, ...]] = []
    for name, label in _NUMBERS.items():
        against = [one.get(name) or Entries({}) for one in targets]
        line = against[0].number("line")
        if line is None:
            found.append((_(label, line=""), *(one.numbers.cell(name) for one in arrangements)))
        elif any(one.number("value") is not None for one in against):
            found.append((_(label, line=formats.percent(line)), *map(_against, against)))
    peaks = (_settlement(context, one).cell("exposed_usd_cents_peak") for one in arrangements)
    found.append((_("Most principal at risk at once, without payment versus payment"), *peaks))
    hhi = (context.section(f"risk.cross_border.{one.name}").cell("hhi_currencies") for one in arrangements)
    found.append((_("Concentration of currencies (HHI)"), *hhi))
    head = (_("Measure"), *(one.title for one in arrangements))
    title = _(N_("The two arrangements side by side") if len(arrangements) > 1 else N_("Key figures"))
    note = _(
        "Times run from submission to credit, of what was credited. Cost is fees and what exchange costs against the "
        "mid rate, as a share of what was sent after fees, of the payments credited; a mean counts small and large "
        "payments alike. Targets: FSB 2021. In every market segment 75 % credited within an hour and the rest within a "
        "business day: 24 hours, without the weekends and holidays at either end. Retail at most 1 % on average and "
        "3 % in any corridor; remittances 3 % and 5 %; no cost is set for wholesale (treasury). HHI: "
        "Herfindahl-Hirschman index of value by currency of the payee; 1 is one currency alone."
    )
    if any(one.name == "correspondent" for one in arrangements):
        note = f"{_('Chain of correspondents: correspondent banking through nostro accounts.')} {note}"
    return Table(title, head, tuple(found), note=note)


def _against(target: Entries) -> str:
    if target.number("value") is None:
        return formats.NOTHING
    return target.says(N_("{value}: met") if target.get("met") else N_("{value}: missed"))


def _currencies(arrangements: Sequence[Arrangement]) -> list[Block]:
    shares = [
        {one.text("currency"): one.cell("share") for one in arrangement.numbers.rows("currencies")}
        for arrangement in arrangements
    ]
    names = dict.fromkeys(name for one in shares for name in one)
    found = tuple((name, *(one.get(name, formats.NOTHING) for one in shares)) for name in names)
    head = (_("Currency"), *(one.title for one in arrangements))
    heading = Heading("crossborder-currencies", _("Share of value by currency"))
    return [heading, Table(_("Value credited by currency of the payee"), head, found)] if names else []


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
    if not one.whole("trips"):
        return one.says("{of}: nobody of {wallets} travelled.", of=_group(one))
    outcomes = one.section("outcomes")
    refused = [f"{named(OUTCOMES, name)} {outcomes.shown(name)}" for name in outcomes.content if name != "settled"]
    return one.says(
        "{of}: {wallets} wallets, {trips} trips. For {currency} {given} they topped up {top_up_fen}; of {payments} "
        "payments {success_share} settled, {settled_fen} in all. What was refused: {refused}. {changed_back_fen} was "
        "changed back.",
        of=_group(one),
        given=formats.money(one.whole("given_home_fen")).removesuffix(" yuan"),
        refused=formats.listed(refused) or _("nothing"),
    )


def _crosses(context: Context) -> bool:
    return bool(context.run.get("crossborder"))


CHAPTER: Final = Chapter(
    section,
    headline,
    {"cross_border": risks.cross_border, "settlement": risks.settlement},
    titles={"cross_border": N_("Cross-border"), "settlement": N_("Settlement")},
    abroad=_crosses,
    answers=(
        "crossborder.visitors.*.success_share",
        "crossborder.visitors.*.refused_by_limit",
        "crossborder.arrangements.*.settled_usd_cents",
        "crossborder.arrangements.*.credit_us_p50",
        "crossborder.arrangements.*.cost_share",
        "risk.settlement.*.exposed_usd_cents_peak",
    ),
)
