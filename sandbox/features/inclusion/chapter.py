"""Who is left behind: how the payments of cohorts of people fare beside everybody's."""

from __future__ import annotations

from typing import Final

from reports import formats
from reports.blocks import Column, chart, table
from reports.chapter import Chapter
from reports.document import Block, Finding, Paragraph, Section, Table
from reports.figures.labels import Labels
from reports.findings import finding, stated
from reports.sections.context import Context
from sandbox.features.inclusion import figures
from sandbox.features.inclusion.view import EVERYBODY, REASONS, Cohort, cohort_name, cohorts
from sandbox.language import N_, _

_BASE: Final = "risk.inclusion"
_DRAWN_AT_MOST: Final = 16


_REASONS: Final = {
    "no_money": N_("Not enough money"),
    "by_limit": N_("Above a limit"),
    "no_answer": N_("No answer"),
    "other_reasons": N_("Other reasons"),
}


def section(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run has cohorts."""
    found = cohorts(context)
    if not found:
        return ()
    text = context.section(_BASE).says(
        "A cohort is a group of people with wallets of their own kind; everybody is all people, without firms and the "
        "state. Payments count for the payer's cohort; a cohort with fewer than {fewest_payments} payments is not "
        "called the worst, for chance would choose it."
    )
    drawn = [one for one in found if one.payments and one.success is not None]
    blocks: list[Block] = [Paragraph(headline(context) or ""), Paragraph(text)]
    if drawn:
        blocks += _chart(found, drawn[-_DRAWN_AT_MOST:])
    return (Section("inclusion", _("Who is left behind"), (*blocks, _success(found), _cost(found))),)


def headline(context: Context) -> str | None:
    """Which cohort is worst off, in one sentence."""
    at_risk = context.section(_BASE)
    if not cohorts(context):
        return None
    if at_risk.get("worst_cohort") is None or at_risk.number("worst_success_share") is None:
        return at_risk.says("No cohort made {fewest_payments} payments, so none is compared with everybody.")
    gap = f"{-100 * (at_risk.number('success_gap') or 0.0):.1f}"
    return _(
        N_(
            "Worst off is {cohort}: {share} of its {payments} payments settled, {gap} than of all people's "
            "({everybody})."
        )
        if float(gap) > 0
        else N_(
            "No cohort is worse off than all people together, {everybody} of whose payments settled; lowest is "
            "{cohort} with {share} of {payments}."
        ),
        gap=_("{points} percentage points less", points=gap),
        **_worst(context),
    )


def risks(context: Context) -> list[Finding]:
    """How far the worst cohort is behind everybody, and how many of its payments settled."""
    at_risk = context.section(_BASE)
    gap = at_risk.number("success_gap")
    return [
        *stated(
            "Gap of the worst cohort",
            "Of the payments of {cohort} {share} settled, of everybody's {everybody}; the gap is {value}. It rests on "
            "{payments} payments.",
            gap,
            formats.points(gap),
            at_risk.pattern("success_gap"),
            **_worst(context),
        ),
        *finding(
            at_risk,
            "worst_success_share",
            "Success of the worst cohort",
            "{value} of the payments of {cohort} settled.",
            **_worst(context),
        ),
    ]


def _worst(context: Context) -> dict[str, str]:
    at_risk = context.section(_BASE)
    return {
        "cohort": cohort_name(at_risk.text("worst_cohort")),
        "share": at_risk.shown("worst_success_share"),
        "payments": at_risk.shown("worst_payments"),
        "everybody": at_risk.shown("success_share"),
    }


def _chart(found: list[Cohort], drawn: list[Cohort]) -> list[Block]:
    labels = Labels(one.name for one in drawn)
    everybody = next((one.success for one in found if one.key == EVERYBODY), None)
    numbers = table(
        _("What became of each cohort's payments"),
        drawn,
        (_("Cohort"), lambda one: one.name),
        (_("Payments"), "payments"),
        (_("Settled"), lambda one: formats.share(one.success)),
        *map(_reason, REASONS),
        folded=True,
    )
    items = (
        one.row.says("{cohort} {share} of {payments}", cohort=one.name, share=formats.share(one.success))
        for one in drawn
    )
    return chart(
        "inclusion",
        "",
        numbers,
        lambda: figures.cohorts(drawn, labels, everybody),
        shows=_(
            "For each cohort the share of its payments that settled and, hatched, why the others did not; after the "
            "bar the share that settled and of how many payments. The dashed line is everybody's share that settled."
        ),
        hides=_(
            "Payments that people did not even try, and what a refusal costs them. Between cohorts with few payments "
            "small differences are chance."
        ),
        alt=_("Share that settled: {list}.", list=formats.series(items)),
        labels=[labels],
    )


def _reason(reason: str) -> Column:
    return _(_REASONS[reason]), lambda one: formats.share(one.shares[reason])


def _success(found: list[Cohort]) -> Table:
    """Shares that settled and the gap to everybody's; reasons of which there was no case have no column."""
    return table(
        _("Whether payments settle, and why not"),
        found,
        (_("Cohort"), lambda one: one.name),
        (_("Wallets"), "wallets"),
        (_("Of all wallets"), "wallets_share"),
        (_("Payments"), "payments"),
        (_("Settled"), lambda one: formats.share(one.success)),
        (_("Less everybody's"), lambda one: formats.points(one.row.number("success_gap"))),
        *(_reason(reason) for reason in REASONS if any(one.shares[reason] > 0 for one in found)),
        (_("Value not settled"), "refused_value_share"),
    )


def _cost(found: list[Cohort]) -> Table:
    return table(
        _("Time, money and effort"),
        found,
        (_("Cohort"), lambda one: one.name),
        (_("Payments a wallet"), "payments_per_wallet"),
        (_("Time, mean"), "latency_ms_mean"),
        (_("Time, 95 of 100"), "latency_ms_p95"),
        (_("Attempts"), "attempts_mean"),
        (_("Top-ups"), "top_ups"),
        (_("Charged, yuan"), "cost_fen"),
        (_("Charged of value"), "cost_share"),
        (_("Balance, yuan"), "balance_mean_fen"),
        (_("Upgraded"), "upgraded"),
        note=_(
            "Charged: fees for top-ups. Balance: held on average at the end, idle money for who cannot top up at the "
            "till. All wallets take the same way and have the same patience, so times differ little."
        ),
    )


CHAPTER: Final = Chapter(section, headline, {"inclusion": risks}, titles={"inclusion": N_("Inclusion")})
