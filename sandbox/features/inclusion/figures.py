"""The figure of cohorts: what became of their payments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from reports import formats
from reports.figures.canvas import SMALL, WIDTH, Board, Key, Rows, text_width, widest
from reports.figures.colors import AMBER, FILLS, INK, PALE_BLUE
from reports.figures.labels import Labels
from sandbox.features.inclusion.view import REASONS, Cohort
from sandbox.language import N_, _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LOOKS: Final = {
    "no_money": (AMBER, "///"),
    "by_limit": (FILLS[3], "..."),
    "no_answer": (FILLS[5], "xx"),
    "other_reasons": (FILLS[7], "\\\\\\"),
}


_REASONS: Final = {
    "no_money": N_("not enough money"),
    "by_limit": N_("above a limit"),
    "no_answer": N_("no answer"),
    "other_reasons": N_("other"),
}


def cohorts(found: Sequence[Cohort], labels: Labels, everybody: float | None) -> Figure:
    """A bar a cohort: settled, then the reasons why not; the line is everybody's share that settled."""
    reasons = [reason for reason in REASONS if any(one.shares[reason] > 0 for one in found)]
    keys = [Key(_("settled"), PALE_BLUE, area=True)]
    keys += [Key(_(_REASONS[reason]), _LOOKS[reason][0], area=True, hatch=_LOOKS[reason][1]) for reason in reasons]
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
