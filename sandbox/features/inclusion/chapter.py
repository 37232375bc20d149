"""Who is left behind: how the payments of cohorts of people fare beside everybody's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from reports import formats
from reports.amounts import cells
from reports.chapter import Chapter, Find
from reports.document import Block, Chart, Finding, Paragraph, Section, Table
from reports.figures.labels import Labels
from reports.sections.context import Context, explained
from reports.text import say
from reports.view.values import number, whole
from sandbox.features.inclusion import view
from sandbox.features.inclusion.view import EVERYBODY, REASONS, Cohort, cohort_name

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_BASE = "risk.inclusion"
_DRAWN_AT_MOST = 16


def section(context: Context) -> tuple[Section, ...]:
    """The chapter, if the run has cohorts."""
    found = view.cohorts(context.run)
    if not found:
        return ()
    text = headline(context)
    blocks: list[Block] = [Paragraph(text)] if text else []
    fewest = context.whole(f"{_BASE}.fewest_payments")
    blocks.append(Paragraph(say("inclusion.intro", fewest=formats.count(fewest))))
    drawn = [one for one in found if one.payments and one.success is not None]
    if drawn:
        blocks.append(_chart(found, drawn[-_DRAWN_AT_MOST:]))
    blocks += [_success(found), _cost(found)]
    return (Section("inclusion", say("inclusion.title"), tuple(blocks)),)


def headline(context: Context) -> str | None:
    """Which cohort is worst off, in one sentence."""
    if not view.cohorts(context.run):
        return None
    cohort, share = context.run.get(f"{_BASE}.worst_cohort"), context.number(f"{_BASE}.worst_success_share")
    if cohort is None or share is None:
        return say("inclusion.head_none", fewest=formats.count(context.whole(f"{_BASE}.fewest_payments")))
    gap = f"{-100 * (context.number(f'{_BASE}.success_gap') or 0.0):.1f}"
    return say(
        "inclusion.head" if float(gap) > 0 else "inclusion.head_even",
        cohort=cohort_name(cohort),
        share=formats.share(share),
        payments=formats.count(context.whole(f"{_BASE}.worst_payments")),
        gap=say("inclusion.less", points=gap),
        everybody=formats.share(context.number(f"{_BASE}.success_share")),
    )


def _chart(found: list[Cohort], drawn: list[Cohort]) -> Chart:
    labels = Labels(one.name for one in drawn)
    everybody = next((one.success for one in found if one.key == EVERYBODY), None)

    def draw() -> Figure:
        from sandbox.features.inclusion.figures import cohorts

        return cohorts(drawn, labels, everybody)

    items = (
        say(
            "inclusion.alt_one",
            cohort=one.name,
            share=formats.share(one.success),
            payments=formats.count(one.payments),
        )
        for one in drawn
    )
    head = tuple(say(f"col.{name}") for name in ("cohort", "payments", "settled_share", *REASONS))
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
        title=say("inclusion.figure"),
        shows=say("inclusion.shows"),
        hides=say("inclusion.hides"),
        alt=say("inclusion.alt", list="; ".join(items)),
        table=Table(say("inclusion.figure"), head, rows, folded=True),
        draw=draw,
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
    names = ("cohort", "wallets", "wallets_share", "payments", "settled_share", "gap", *reasons, "refused_value")
    return Table(say("inclusion.success_table"), tuple(say(f"col.{name}") for name in names), rows)


_COST = {
    "mean_time": "latency_ms_mean",
    "p95_time": "latency_ms_p95",
    "attempts": "attempts_mean",
    "top_ups": "top_ups",
    "charged": "cost_fen",
    "charged_share": "cost_share",
    "balance": "balance_mean_fen",
    "upgraded": "upgraded",
}
"""Columns of the second table, each with its name in the summary."""


def _cost(found: list[Cohort]) -> Table:
    rows = tuple(
        (
            one.name,
            formats.decimal(number(one.row.get("payments_per_wallet"))),
            *cells("inclusion.*", one.row, _COST.values()),
        )
        for one in found
    )
    head = tuple(say(f"col.{name}") for name in ("cohort", "per_wallet", *_COST))
    return Table(say("inclusion.cost_table"), head, rows, note=say("inclusion.cost_note"))


def risks(context: Context, finding: Find) -> list[Finding]:
    """How far the worst cohort is behind everybody, and how many of its payments settled."""
    number, base = context.number, _BASE
    gap, share = number(f"{base}.success_gap"), number(f"{base}.worst_success_share")
    everybody, payments = number(f"{base}.success_share"), context.whole(f"{base}.worst_payments")
    cohort = cohort_name(context.run.get(f"{base}.worst_cohort"))
    words = {"cohort": cohort, "share": formats.share(share), "everybody": formats.share(everybody)}
    return [
        *finding("inc.gap", gap, formats.points(gap), f"{base}.success_gap", payments=formats.count(payments), **words),
        *finding("inc.success", share, formats.share(share), None, cohort=cohort),
    ]


CHAPTER: Final = Chapter(section, headline, {"inclusion": risks})
