"""Who is left behind: how the payments of cohorts of people fare beside everybody's."""

from __future__ import annotations

from typing import Final

from reports import formats
from reports.amounts import cells
from reports.chapter import Chapter
from reports.document import Block, Chart, Finding, Paragraph, Section, Table
from reports.figures.labels import Labels
from reports.findings import stated
from reports.sections.context import Context, explained
from reports.view.values import number, whole
from sandbox.features.inclusion import figures, view
from sandbox.features.inclusion.view import EVERYBODY, REASONS, Cohort, cohort_name
from sandbox.language import N_, _

_BASE = "risk.inclusion"
_DRAWN_AT_MOST = 16


_REASONS: Final = {
    "no_money": N_("Not enough money"),
    "by_limit": N_("Above a limit"),
    "no_answer": N_("No answer"),
    "other_reasons": N_("Other reasons"),
}


def section(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run has cohorts."""
    found = view.cohorts(context.run)
    if not found:
        return ()
    text = headline(context)
    blocks: list[Block] = [Paragraph(text)] if text else []
    fewest = context.whole(f"{_BASE}.fewest_payments")
    blocks.append(
        Paragraph(
            _(
                "A cohort is a group of people with wallets of their own kind; everybody is all people, without "
                "firms and the state. Payments count for the payer's cohort; a cohort with fewer than {fewest} "
                "payments is not called the worst, for chance would choose it.",
                fewest=formats.count(fewest),
            )
        )
    )
    drawn = [one for one in found if one.payments and one.success is not None]
    if drawn:
        blocks.append(_chart(found, drawn[-_DRAWN_AT_MOST:]))
    blocks += [_success(found), _cost(found)]
    return (Section("inclusion", _("Who is left behind"), tuple(blocks)),)


def headline(context: Context) -> str | None:
    """Which cohort is worst off, in one sentence."""
    if not view.cohorts(context.run):
        return None
    cohort, share = context.run.get(f"{_BASE}.worst_cohort"), context.number(f"{_BASE}.worst_success_share")
    if cohort is None or share is None:
        return _(
            "No cohort made {fewest} payments, so none is compared with everybody.",
            fewest=formats.count(context.whole(f"{_BASE}.fewest_payments")),
        )
    gap = f"{-100 * (context.number(f'{_BASE}.success_gap') or 0.0):.1f}"
    return _(
        N_(
            "Worst off is {cohort}: {share} of its {payments} payments settled, {gap} than of all people's "
            "({everybody})."
        )
        if float(gap) > 0
        else N_(
            "No cohort is worse off than all people together, {everybody} of whose payments settled; lowest "
            "is {cohort} with {share} of {payments}."
        ),
        cohort=cohort_name(cohort),
        share=formats.share(share),
        payments=formats.count(context.whole(f"{_BASE}.worst_payments")),
        gap=_("{points} percentage points less", points=gap),
        everybody=formats.share(context.number(f"{_BASE}.success_share")),
    )


def _chart(found: list[Cohort], drawn: list[Cohort]) -> Chart:
    labels = Labels(one.name for one in drawn)
    everybody = next((one.success for one in found if one.key == EVERYBODY), None)
    items = (
        _(
            "{cohort} {share} of {payments}",
            cohort=one.name,
            share=formats.share(one.success),
            payments=formats.count(one.payments),
        )
        for one in drawn
    )
    head = (
        _("Cohort"),
        _("Payments"),
        _("Settled"),
        *(_(name) for name in _REASONS.values()),
    )
    rows = tuple(
        (
            one.name,
            formats.count(one.payments),
            formats.share(one.success),
            *(formats.share(one.shares[reason]) for reason in REASONS),
        )
        for one in drawn
    )
    return Chart(
        key="inclusion",
        title=_("What became of each cohort's payments"),
        shows=_(
            "For each cohort the share of its payments that settled and, hatched, why the others did not; "
            "after the bar the share that settled and of how many payments. The dashed line is everybody's "
            "share that settled."
        ),
        hides=_(
            "Payments that people did not even try, and what a refusal costs them. Between cohorts with few "
            "payments small differences are chance."
        ),
        alt=_("Share that settled: {list}.", list="; ".join(items)),
        table=Table(_("What became of each cohort's payments"), head, rows, folded=True),
        draw=lambda: figures.cohorts(drawn, labels, everybody),
        names=explained(labels),
    )


def _success(found: list[Cohort]) -> Table:
    """Shares that settled and the gap to everybody's; reasons of which there was no case have no column."""
    reasons = [reason for reason in REASONS if any(one.shares[reason] > 0 for one in found)]
    rows = tuple(
        (
            one.name,
            formats.count(whole(one.row.get("wallets"))),
            formats.share(number(one.row.get("wallets_share"))),
            formats.count(one.payments),
            formats.share(one.success),
            formats.points(number(one.row.get("success_gap"))),
            *(formats.share(one.shares[reason]) for reason in reasons),
            formats.share(number(one.row.get("refused_value_share"))),
        )
        for one in found
    )
    head = (
        _("Cohort"),
        _("Wallets"),
        _("Of all wallets"),
        _("Payments"),
        _("Settled"),
        _("Less everybody's"),
        *(_(_REASONS[reason]) for reason in reasons),
        _("Value not settled"),
    )
    return Table(_("Whether payments settle, and why not"), head, rows)


_COST: Final = {
    "latency_ms_mean": N_("Time, mean"),
    "latency_ms_p95": N_("Time, 95 of 100"),
    "attempts_mean": N_("Attempts"),
    "top_ups": N_("Top-ups"),
    "cost_fen": N_("Charged, yuan"),
    "cost_share": N_("Charged of value"),
    "balance_mean_fen": N_("Balance, yuan"),
    "upgraded": N_("Upgraded"),
}
"""Columns of the second table, by their names in the summary."""


def _cost(found: list[Cohort]) -> Table:
    rows = tuple(
        (
            one.name,
            formats.decimal(number(one.row.get("payments_per_wallet"))),
            *cells("inclusion.*", one.row, _COST),
        )
        for one in found
    )
    head = (
        _("Cohort"),
        _("Payments a wallet"),
        *(_(name) for name in _COST.values()),
    )
    return Table(
        _("Time, money and effort"),
        head,
        rows,
        note=_(
            "Charged: fees for top-ups. Balance: held on average at the end, idle money for who cannot top "
            "up at the till. All wallets take the same way and have the same patience, so times differ "
            "little."
        ),
    )


def risks(context: Context) -> list[Finding]:
    """How far the worst cohort is behind everybody, and how many of its payments settled."""
    number, base = context.number, _BASE
    gap, share = number(f"{base}.success_gap"), number(f"{base}.worst_success_share")
    everybody, payments = number(f"{base}.success_share"), context.whole(f"{base}.worst_payments")
    cohort = cohort_name(context.run.get(f"{base}.worst_cohort"))
    words = {"cohort": cohort, "share": formats.share(share), "everybody": formats.share(everybody)}
    return [
        *stated(
            N_("Gap of the worst cohort"),
            N_(
                "Of the payments of {cohort} {share} settled, of everybody's {everybody}; the gap is {value}. It "
                "rests on {payments} payments."
            ),
            gap,
            formats.points(gap),
            f"{base}.success_gap",
            payments=formats.count(payments),
            **words,
        ),
        *stated(
            N_("Success of the worst cohort"),
            N_("{value} of the payments of {cohort} settled."),
            share,
            formats.share(share),
            None,
            cohort=cohort,
        ),
    ]


CHAPTER: Final = Chapter(section, headline, {"inclusion": risks}, titles={"inclusion": N_("Inclusion")})
