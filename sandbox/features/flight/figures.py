"""A flight from deposits over time, and its figures: what left, who was alarmed, how long banks' reserves lasted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from reports import formats
from reports.figures.canvas import EDGE, SMALL, WIDTH, Board, Key, Panel, widest
from reports.figures.colors import BLUE, GREEN, GREY, INK, ORANGE, PALE_BLUE, RED
from reports.figures.labels import Labels
from reports.figures.overlay import FOOT, Overlay
from reports.reading import Entries
from reports.source import RunData
from reports.view import axis
from reports.view.bins import Floats, Ints, ratio
from sandbox.language import _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MONEY: Final = ("deposits_fen", "converted_fen", "reserves_fen")


@dataclass(frozen=True)
class Course:
    """One bank, or all together, step by step: the share of its deposits that moved, its reserves, people alarmed."""

    at_us: Ints
    moved: Floats
    reserves_fen: Ints
    alarmed: Ints


def courses(run: RunData) -> dict[str | None, Course]:
    """The courses of the table, those of all banks together under None."""
    columns = run.table("flight", ("at_us", "bank", *_MONEY, "alarmed"))
    if not len(columns.get("at_us", ())):
        return {}
    names = np.asarray(columns["bank"], dtype=object)
    numbers = {name: np.asarray(columns[name], dtype=np.int64) for name in ("at_us", *_MONEY, "alarmed")}
    return {name: _course(numbers, names == name) for name in dict.fromkeys(names.tolist())}


def _course(numbers: Mapping[str, Ints], mine: Any) -> Course:
    at_us, left, moved, reserves, alarmed = (numbers[name][mine] for name in ("at_us", *_MONEY, "alarmed"))
    return Course(at_us, ratio(moved, left + moved), reserves, alarmed)


def reserves_left(bank: Entries, course: Course) -> Floats:
    """A bank's reserves over time as a share of those at the start; NaN where it had none."""
    return ratio(course.reserves_fen, np.full(len(course.reserves_fen), max(0, bank.amount("buffer_fen"))))


ROW: Final = 25.0
_DASHES: Final = (0, (4, 1.5))
_TOP: Final = 1.5
"""Reserves above this share of those at the start are drawn as if they were as much."""


def outflow(whole: Course, worst: tuple[str, Course] | None, people: int | None, overlay: Overlay) -> Figure:
    """Share of deposits that moved, of all banks and of the one with the largest; below, people alarmed."""
    keys = [Key(_("all banks"), BLUE)]
    if worst:
        keys.append(Key(worst[0], ORANGE, _DASHES))
    board = Board(276)
    used = board.legend(2, keys)
    board.words(EDGE, used + 4, _("share of deposits that left"), color=GREY)
    high = max(float(np.nanmax(course.moved, initial=0)) for course in (whole, *([worst[1]] if worst else [])))
    ticks = [(tick, formats.percent(tick)) for tick in axis.linear(high, 4)]
    share = people if people else max(1, int(whole.alarmed.max(initial=0)))
    alarmed = [(tick, formats.percent(tick)) for tick in axis.linear(float(whole.alarmed.max(initial=0)) / share, 2)]
    left = widest([label for __, label in (*ticks, *alarmed)], SMALL) + 9
    span = float(whole.at_us[0]), float(max(whole.at_us[-1], whole.at_us[0] + 1))
    upper = Panel(board, left, used + 36, WIDTH - left - 12, 110, span, (0, ticks[-1][0]))
    upper.levels(ticks)
    overlay.events(upper)
    board.line(upper.to_x(whole.at_us), upper.to_y(whole.moved), BLUE, 2.0)
    if worst:
        board.line(upper.to_x(worst[1].at_us), upper.to_y(worst[1].moved), ORANGE, 1.7, _DASHES)
    board.words(EDGE, upper.bottom + 9, _("share of people alarmed"), color=GREY)
    lower = Panel(board, left, upper.bottom + 31, upper.width, 46, span, (0, alarmed[-1][0]))
    lower.levels(alarmed)
    overlay.calendar(lower)
    overlay.events(lower, letters=False)
    board.line(lower.to_x(whole.at_us), lower.to_y(whole.alarmed / share), GREEN, 1.8)
    return board.finished()


def reserves(shown: Sequence[tuple[Entries, Course]], labels: Labels, overlay: Overlay) -> Figure:
    """A row a bank: reserves left over time, when they no longer sufficed, and when customers had to wait."""
    keys = [Key(_("reserves"), PALE_BLUE, area=True)]
    if any(bank.instant("breached_at_us") is not None for bank, __ in shown):
        keys.append(Key(_("do not suffice"), RED, marker="v"))
    if any(bank.instant("exhausted_at_us") is not None for bank, __ in shown):
        keys.append(Key(_("customers wait"), RED, marker="X"))
    board, used = Board.with_legend(keys, 26 + ROW * len(shown) + FOOT)
    names = [labels[bank.text("bank")] for bank, __ in shown]
    ends = [formats.share(bank.ratio("outflow_fen", "deposits_fen")) for bank, __ in shown]
    left, right = widest(names) + 12, max(widest(ends, SMALL), widest([_("left")], SMALL)) + 10
    board.words(WIDTH - EDGE, used + 4, _("left"), ha="right", color=GREY, size=SMALL)
    span = float(shown[0][1].at_us[0]), float(max(shown[0][1].at_us[-1], shown[0][1].at_us[0] + 1))
    whole = Panel(board, left, used + 22, WIDTH - left - right, ROW * len(shown), span, (len(shown), 0))
    overlay.calendar(whole)
    overlay.events(whole, letters=False)
    for row, (bank, course) in enumerate(shown):
        _row(board, whole, row, bank, course)
        board.words(left - 7, whole.top + ROW * (row + 0.5), names[row], ha="right", va="center")
        board.words(WIDTH - EDGE, whole.top + ROW * (row + 0.5), ends[row], ha="right", va="center", size=SMALL)
    return board.finished()


def _row(board: Board, whole: Panel, row: int, bank: Entries, course: Course) -> None:
    top = whole.top + ROW * row + 4
    panel = Panel(board, whole.left, top, whole.width, ROW - 5, whole.x, (0, _TOP))
    values = np.minimum(np.nan_to_num(reserves_left(bank, course)), _TOP)
    x = panel.to_x(course.at_us)
    y = panel.to_y(values)
    board.area(np.concatenate([x[:1], x, x[-1:]]), np.concatenate([[panel.bottom], y, [panel.bottom]]), PALE_BLUE)
    board.line(x, y, BLUE, 1.2)
    board.line([panel.left, panel.right], [panel.bottom] * 2, INK, 0.6)
    middle = panel.top + panel.height / 2
    for name, marker in (("breached_at_us", "v"), ("exhausted_at_us", "X")):
        at_us = bank.instant(name)
        if at_us is not None and whole.x[0] <= at_us <= whole.x[1]:
            board.spots(panel.to_x([at_us]), [middle], marker, RED, 8)
