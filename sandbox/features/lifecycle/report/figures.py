"""Figures of the sandbox: times in stages with what reviews decided, indicators against gates, what broke when.

Every look differs by its shape or hatching as well as by its colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from reports import formats
from reports.figures.canvas import EDGE, SMALL, WIDTH, Board, Key, Panel, widest
from reports.figures.colors import AMBER, BLUE, GREEN, GREY, INK, PALE_BLUE, PALE_RED, RED, SKY
from reports.figures.overlay import FOOT, Overlay
from reports.view import axis
from sandbox.features.lifecycle.report.gantt import Gantt
from sandbox.features.lifecycle.report.names import DECISIONS, VERDICTS
from sandbox.features.lifecycle.report.view import FAILED, Gate
from sandbox.language import _, named

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROW: Final = 19.0
_BARS: Final = {
    "waiting": ("#EDEDED", "///"),
    "test": (SKY, ""),
    "stopped": (AMBER, "xx"),
    "good": ("#9BD3C3", "..."),
    "bad": ("#D9A0A0", "\\\\\\"),
}
_MARKS: Final = {
    "advance": ("^", GREEN), "resume": ("*", GREEN), "hold": ("o", GREY), "remediate": ("v", RED),
    "suspend": ("x", RED), "exit": ("s", RED), "good": ("D", GREEN), "bad": ("X", RED),
}  # fmt: skip
_OTHER: Final = ("d", INK)


def stages(found: Gantt, overlay: Overlay, inside: tuple[Sequence[int], Sequence[int]] | None) -> Figure:
    """Times in stages, the decisions of reviews below them, and how many customers were inside."""
    return _gantt(found, overlay, _mark_keys(found), inside)


def regimes(found: Gantt, overlay: Overlay) -> Figure:
    """One bar a regime: waiting, the test, and how it ended."""
    keys = [
        Key(_("until let in"), _BARS["waiting"][0], area=True, hatch=_BARS["waiting"][1]),
        Key(_("in the test"), _BARS["test"][0], area=True),
    ]
    return _gantt(found, overlay, [*keys, *_mark_keys(found)], None)


def _mark_keys(found: Gantt) -> list[Key]:
    used = dict.fromkeys(mark.look for mark in found.marks)
    return [Key(named(DECISIONS, look), _mark(look)[1], marker=_mark(look)[0]) for look in used]


def _mark(look: str) -> tuple[str, str]:
    return _MARKS.get(look, _OTHER)


def _gantt(
    found: Gantt, overlay: Overlay, keys: Sequence[Key], inside: tuple[Sequence[int], Sequence[int]] | None
) -> Figure:
    rows, extra = len(found.names), 94 if inside else 0
    board, used = Board.with_legend(keys, 8 + ROW * rows + extra + FOOT)
    left = max(widest([name for name, heading in found.names if not heading]) + 12, 90)
    span = (0.0, float(found.last_us))
    panel = Panel(board, left, used + 6, WIDTH - left - 14, ROW * rows, span, (rows, 0))
    overlay.events(panel, letters=False)
    for row, (name, heading) in enumerate(found.names):
        middle = panel.top + ROW * (row + 0.5)
        board.words(EDGE if heading else left - 7, middle, name, ha="left" if heading else "right", va="center",
                    color=INK if heading else GREY)  # fmt: skip
    board.line([panel.left, panel.right, np.nan, panel.left, panel.left],
               [panel.bottom] * 2 + [np.nan, panel.top, panel.bottom], GREY, 0.8)  # fmt: skip
    _draw_bars(panel, found)
    _draw_marks(panel, found)
    if inside:
        _draw_inside(board, panel, overlay, inside)
    else:
        overlay.calendar(panel)
    return board.finished()


def _draw_bars(panel: Panel, found: Gantt) -> None:
    for look, (color, hatch) in _BARS.items():
        sides = [
            (float(panel.to_x(one.from_us)), panel.top + ROW * one.row + 3.5,
             max(float(panel.to_x(one.to_us)), float(panel.to_x(one.from_us)) + 1.5), panel.top + ROW * one.row + 15.5)
            for one in found.bars
            if one.look == look
        ]  # fmt: skip
        panel.board.boxes(sides, color, hatch, edgecolor=INK)


def _draw_marks(panel: Panel, found: Gantt) -> None:
    for look in dict.fromkeys(mark.look for mark in found.marks):
        mine = [mark for mark in found.marks if mark.look == look]
        marker, color = _mark(look)
        x = panel.to_x([mark.at_us for mark in mine])
        panel.board.spots(x, [panel.top + ROW * (mark.row + 0.5) for mark in mine], marker, color, 7.5)


def _draw_inside(board: Board, above: Panel, overlay: Overlay, inside: tuple[Sequence[int], Sequence[int]]) -> None:
    """The number of customers inside, as steps."""
    at_us, count = inside
    ticks = axis.linear(max(count, default=0), 3)
    board.words(EDGE, above.bottom + 9, _("customers inside"), color=GREY)
    panel = Panel(board, above.left, above.bottom + 30, above.width, 62, above.x, (0, ticks[-1]))
    panel.levels([(tick, formats.count(tick)) for tick in ticks])
    overlay.calendar(panel)
    overlay.events(panel, letters=False)
    edges = [*at_us, max(above.x[1], at_us[-1])]
    panel.below(edges, count, PALE_BLUE)
    panel.steps(edges, count, BLUE)


_VERDICTS: Final = {
    "passed": ("o", GREEN, 6.5),
    "missed": ("X", RED, 8.5),
    "broken": ("s", RED, 9.0),
    "unmeasured": ("_", GREY, 7.0),
}


def gates(reviews: Sequence[tuple[int, Sequence[Gate]]], names: Sequence[tuple[str, str]]) -> Figure:
    """Gates by reviews: a mark for each verdict, what was missed on a shade.

    Args:
        reviews: the number of each in the table, and its gates.
        names: the gates' names, each with its words.
    """
    used_ones = {gate.verdict for __, found in reviews for gate in found}
    keys = [Key(_(VERDICTS[name]), look[1], marker=look[0]) for name, look in _VERDICTS.items() if name in used_ones]
    board, used = Board.with_legend(keys, 8 + ROW * len(names) + 26)
    left = widest([text for __, text in names], SMALL) + 12
    panel = Panel(board, left, used + 6, WIDTH - left - 8, ROW * len(names), (0, len(reviews)), (len(names), 0))
    rows = {name: row for row, (name, __) in enumerate(names)}
    cells: dict[str, list[tuple[int, int]]] = {}
    for column, (__, found) in enumerate(reviews):
        for gate in found:
            cells.setdefault(gate.verdict, []).append((column, rows[gate.name]))
    bad = [place for name in FAILED for place in cells.get(name, [])]
    width = panel.width / len(reviews)
    corners = [(panel.left + width * column, panel.top + ROW * row) for column, row in bad]
    board.boxes([(x, y, x + width, y + ROW) for x, y in corners], PALE_RED, zorder=0.1)
    panel.levels([(row, "") for row in range(len(names) + 1)])
    for row, text in enumerate(dict(names).values()):
        board.words(left - 7, panel.top + ROW * (row + 0.5), text, ha="right", va="center", size=SMALL)
    for verdict, places in cells.items():
        marker, color, size = _VERDICTS.get(verdict, ("D", INK, 6.0))
        x = panel.to_x([column + 0.5 for column, __ in places])
        board.spots(x, [panel.top + ROW * (row + 0.5) for __, row in places], marker, color, size)
    every = -(-len(reviews) // 12)
    for column, number in enumerate(number for number, __ in reviews):
        if column % every == 0:
            board.words(float(panel.to_x(column + 0.5)), panel.bottom + 5, str(number), ha="center", size=SMALL)
    board.words(left - 7, panel.bottom + 5, _("review"), ha="right", color=GREY, size=SMALL)
    return board.finished()
