"""The figure of the report: what single columns tell of illicit payments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from reports import formats
from reports.figures.canvas import EDGE, SMALL, WIDTH, Board, Key, Panel, Rows, widest
from reports.figures.colors import AMBER, GREY, INK, RED, SKY
from sandbox.features.crime.view import LINE, Assessed
from sandbox.language import N_, _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_LOOKS: Final = {
    "all": N_("all crime"),
    "about": N_("above, by its nature"),
    "few": N_("above, too few payments"),
    "open": N_("above, no reason"),
    "below": N_("a pattern below the line"),
}


def leakage(found: Sequence[Assessed], names: Sequence[tuple[str, str]]) -> Figure:
    """For each column (`names`: with its words) a mark a pattern: how well it alone tells the pattern apart."""
    looks = {"all": ("|", INK, 13.0), "about": ("D", AMBER, 4.5), "few": (".", GREY, 4.0), "open": ("X", RED, 7.0),
             "below": ("o", SKY, 3.5)}  # fmt: skip
    used_looks = [name for name in looks if name == "all" or any(_look(one) == name for one in found)]
    keys = [Key(_(_LOOKS[name]), looks[name][1], marker=looks[name][0]) for name in used_looks]
    board, used = Board.with_legend(keys, 6 + 17 * len(names) + 42)
    left = widest([name for __, name in names], SMALL) + 12
    panel = Panel(board, left, used + 6, WIDTH - left - 18, 17.0 * len(names), (0.5, 1), (0, 1))
    panel.columns([(tick, formats.decimal(tick)) for tick in (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)])
    panel.column(LINE)
    rows = Rows(board, left, panel.top, panel.width, 1, row=17)
    for number, (column, name) in enumerate(names):
        board.words(left - 6, rows.place(number), name, ha="right", va="center", size=SMALL)
        for look in ("below", "few", "about", "open", "all"):
            its = [one.area for one in found if one.column == column and _look(one) == look]
            marker, color, size = looks[look]
            board.spots(panel.to_x(its), [rows.place(number)] * len(its), marker, color, size)
    rows.axis(len(names))
    board.words(
        WIDTH - EDGE, panel.bottom + 22, _("area under the curve (0.5 is chance)"), ha="right", color=GREY, size=SMALL
    )
    return board.finished()


def _look(one: Assessed) -> str:
    return "all" if one.pattern == "all" else one.why
