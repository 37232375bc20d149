"""Figures of capital controls: what crosses a border by day, and how much of the annual quota people have used."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import numpy as np
from matplotlib.figure import Figure

from reports import formats
from reports.figures.canvas import AMBER, EDGE, GREY, INK, SKY, SMALL, WIDTH, Board, Key, Panel, Rows, widest
from reports.figures.crossborder import COLORS, DASHES
from reports.text import known, say
from reports.view import axis
from reports.view.bins import Floats
from reports.view.crossborder import Flow
from sandbox.visible import plain

_PANEL: Final = 84.0
_GAP: Final = 30.0
_CENTS_A_MILLION: Final = 100_000_000.0


def flows(found: Sequence[Flow], midnight: datetime) -> Figure:
    """One jurisdiction: a panel a way with what came in (up) and went out (down) by day; below, the position.

    Args:
        midnight: when the first day begins.
    """
    keys = [
        Key(say("fig.xctl.in"), SKY, area=True),
        Key(say("fig.xctl.out"), AMBER, area=True, hatch="///"),
    ]
    used = Board(1000).legend(2, keys)
    board = Board(used + (len(found) + 1) * (_PANEL + _GAP) + (42 if len(found) > 1 else 20))
    board.legend(2, keys)
    into = [one.into / _CENTS_A_MILLION for one in found]
    out = [one.out / _CENTS_A_MILLION for one in found]
    position = [one.position / _CENTS_A_MILLION for one in found]
    daily = axis.around(-max(float(one.max()) for one in out), max(float(one.max()) for one in into), 4)
    lowest, highest = (pick(float(pick(one)) for one in position) for pick in (min, max))
    stood = axis.around(min(0.0, lowest), max(0.0, highest), 4)
    left = widest([plain(tick, 6) for tick in (*daily, *stood)], SMALL) + 9
    days = len(found[0].out)
    ends = 0.0, float(days)
    top = used + 24
    for way, ups, downs in zip(found, into, out, strict=True):
        board.words(EDGE, top - 20, say("fig.xctl.daily", way=known("path", way.way)), color=GREY)
        panel = Panel(board, left, top, WIDTH - left - 12, _PANEL, ends, (daily[0], daily[-1]))
        panel.levels([(tick, plain(tick, 6)) for tick in daily])
        _bars(panel, ups, SKY, "")
        _bars(panel, -downs, AMBER, "///")
        _zero(panel)
        top += _PANEL + _GAP
    board.words(EDGE, top - 20, say("fig.xctl.position"), color=GREY)
    panel = Panel(board, left, top, WIDTH - left - 12, _PANEL, ends, (stood[0], stood[-1]))
    panel.levels([(tick, plain(tick, 6)) for tick in stood])
    ticks = axis.calendar(midnight, 0, days * formats.US_PER_DAY)
    panel.columns([(at / formats.US_PER_DAY, label) for at, label in ticks])
    _zero(panel)
    for place, values in enumerate(position):
        panel.steps(np.arange(days + 1), values, COLORS[place], DASHES[place])
    if len(found) > 1:
        board.legend(panel.bottom + 24, [
            Key(known("path", one.way), COLORS[place], DASHES[place]) for place, one in enumerate(found)
        ])  # fmt: skip
    return board.finished()


def quota(bands: Sequence[str], sides: Sequence[tuple[str, Sequence[int]]]) -> Figure:
    """People by how much of the annual quota they have used: a row a band, a bar a side."""
    looks = ((SKY, ""), (AMBER, "///"))
    keys = [Key(name, *looks[place][:1], area=True, hatch=looks[place][1]) for place, (name, _) in enumerate(sides)]
    used = Board(1000).legend(2, keys)
    row = 17.0 * len(sides) + 6
    board = Board(used + 30 + row * len(bands))
    board.legend(2, keys)
    board.words(EDGE, used + 2, say("fig.xctl.used"), color=GREY)
    counts = [[formats.count(one) for one in people] for _, people in sides]
    left = widest(bands, SMALL) + 12
    highest = float(max(max(people) for _, people in sides))
    room = WIDTH - left - widest([one for texts in counts for one in texts], SMALL) - 12
    for number, band in enumerate(bands):
        top = used + 24 + row * number
        board.words(left - 6, top + row / 2, band, ha="right", va="center", size=SMALL)
        for place, (_, people) in enumerate(sides):
            bar = Rows(board, left, top + 3 + 17 * place, room, highest, row=17.0)
            bar.bars([people[number]], *looks[place])
            bar.labels([people[number]], [counts[place][number]])
    board.line([left] * 2, [used + 24, used + 24 + row * len(bands)], INK, 0.9)
    return board.finished()


def _bars(panel: Panel, values: Floats, color: str, hatch: str) -> None:
    """A bar a day, from zero; a little narrower than the day."""
    zero = float(panel.to_y(0.0))
    sides = [
        (float(panel.to_x(day + 0.1)), *sorted((zero, float(panel.to_y(value)))), float(panel.to_x(day + 0.9)))
        for day, value in enumerate(values.tolist())
        if value
    ]
    panel.board.boxes(
        [(x0, top, x1, bottom) for x0, top, bottom, x1 in sides], color, hatch, edgecolor=INK, linewidth=0.3
    )


def _zero(panel: Panel) -> None:
    zero = float(panel.to_y(0.0))
    panel.board.line([panel.left, panel.right], [zero, zero], INK, 0.8)
