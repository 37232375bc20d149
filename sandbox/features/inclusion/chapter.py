"""Who is left behind: how the payments of cohorts of people fare beside everybody's."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reports import formats
from reports.blocks import Column, chart, table
from reports.chapter import Chapter
from reports.document import Block, Finding, Paragraph, Section, Table
from reports.figures.canvas import SMALL, WIDTH, Board, Key, Rows, text_width, widest
from reports.figures.colors import AMBER, FILLS, INK, PALE_BLUE
from reports.figures.labels import Labels
from reports.findings import finding, stated
from reports.reading import Entries
from reports.sections.context import Context
from sandbox.language import N_, _, named

if TYPE_CHECKING:
    from matplotlib.figure import Figure

EVERYBODY: Final = "everybody"
OTHERS: Final = "others"
REASONS: Final = ("no_money", "by_limit", "no_answer", "other_reasons")

_NAMES: Final = {EVERYBODY: N_("everybody"), OTHERS: N_("in no cohort")}


@dataclass(frozen=True)
class Cohort:
    """One row: `shares` are those of payments that failed, by `REASONS`."""

    key: str
    payments: int
    success: float | None
    shares: Mapping[str, float]
    row: Entries

    @property
    def name(self) -> str:
        """Its name in words; the scenario's own names as they are."""
        return cohort_name(self.key)

    def cell(self, path: str) -> str:
        """An entry of its row, in a table."""
        return self.row.cell(path)


def cohort_name(key: str) -> str:
    """A cohort in words.

    >>> cohort_name("others"), cohort_name("over_60")
    ('in no cohort', 'over 60')
    """
    return named(_NAMES, key)


def cohorts(context: Context) -> list[Cohort]:
    """The worst first, people in no cohort after them, everybody last; rows without payments between."""
    found = [_cohort(row) for row in context.rows("inclusion")]
    last = {OTHERS: 1, EVERYBODY: 2}
    return sorted(found, key=lambda one: (last.get(one.key, 0), 2.0 if one.success is None else one.success))


def _cohort(row: Entries) -> Cohort:
    success = _share(row.number("success_share"))
    known = [_share(row.number(f"{name}_share")) or 0.0 for name in ("insufficient", "refused_by_limit", "unanswered")]
    rest = 0.0 if success is None else max(0.0, 1.0 - success - math.fsum(known))
    # What is left by rounding is no reason.
    shares = dict(zip(REASONS, [*known, rest if rest > 1e-9 else 0.0], strict=True))
    return Cohort(row.text("cohort"), row.amount("payments"), success, shares, row)


def _share(value: float | None) -> float | None:
    return None if value is None else min(1.0, max(0.0, float(value)))


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
        lambda: _draw_cohorts(drawn, labels, everybody),
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


# --- figures --------------------------------------------------------------------------------------------------------


_LOOKS: Final = {
    "no_money": (AMBER, "///"),
    "by_limit": (FILLS[3], "..."),
    "no_answer": (FILLS[5], "xx"),
    "other_reasons": (FILLS[7], "\\\\\\"),
}

_WHY_NOT: Final = {
    "no_money": N_("not enough money"),
    "by_limit": N_("above a limit"),
    "no_answer": N_("no answer"),
    "other_reasons": N_("other"),
}


def _draw_cohorts(found: Sequence[Cohort], labels: Labels, everybody: float | None) -> Figure:
    """A bar a cohort: settled, then the reasons why not; the line is everybody's share that settled."""
    reasons = [reason for reason in REASONS if any(one.shares[reason] > 0 for one in found)]
    keys = [Key(_("settled"), PALE_BLUE, area=True)]
    keys += [Key(_(_WHY_NOT[reason]), _LOOKS[reason][0], area=True, hatch=_LOOKS[reason][1]) for reason in reasons]
    board, used = Board.with_legend(keys, 28 + 25 * len(found))
    names = [labels[one.name] for one in found]
    shown = [
        _("{share} of {payments}", share=formats.share(one.success), payments=formats.count(one.payments))
        for one in found
    ]
    left = widest(names) + 10
    rows = Rows(board, left, used + 6, WIDTH - left - widest(shown, SMALL) - 12, 1.0, row=25)
    failed = (([one.shares[reason] for one in found], *_LOOKS[reason]) for reason in reasons)
    rows.stacked([([one.success or 0.0 for one in found], PALE_BLUE, ""), *failed])
    rows.names(names)
    rows.labels([1.0] * len(found), shown)
    rows.axis(len(found))
    if everybody is not None:
        x, bottom = rows.to_x(everybody), used + 6 + 25 * len(found)
        board.line([x, x], [used + 6, bottom + 3], INK, 1.2, (0, (5, 2)))
        half = text_width(_("everybody"), SMALL) / 2
        board.words(min(x, WIDTH - half - 4), bottom + 4, _("everybody"), ha="center", size=SMALL)
    return board.finished()


CHAPTER: Final = Chapter(section, headline, {"inclusion": risks}, titles={"inclusion": N_("Inclusion")})
