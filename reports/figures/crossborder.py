"""Figures of payments across borders: how soon they are credited, what they cost, how much principal is at risk."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from matplotlib.figure import Figure

from reports import formats
from reports.figures.canvas import (
    BLUE,
    EDGE,
    FILLS,
    GREY,
    HATCHES,
    INK,
    ORANGE,
    RED,
    SMALL,
    WIDTH,
    Board,
    Key,
    Panel,
    Rows,
    widest,
)
from reports.figures.overlay import Overlay
from reports.text import known, say
from reports.view import axis
from reports.view.bins import Floats, Ints
from reports.view.crossborder import POINTS, Way, credited_by
from sandbox.visible import plain

COLORS: Final = (BLUE, ORANGE)
DASHES: Final[tuple[Any, ...]] = ("-", (0, (4, 1.5)))
MARKERS: Final = ("o", "^")
SECOND: Final = 1_000_000.0
HOUR: Final = 3_600 * SECOND
DAY: Final = 24 * HOUR
ROW: Final = 24.0
_FAR: Final = 15
"""How many times the least cost the highest is before a scale of ratios shows them better."""
_TICKS: Final = (SECOND, 10 * SECOND, 60 * SECOND, 600 * SECOND, HOUR, 6 * HOUR, DAY, 7 * DAY)


def _keys(ways: Sequence[Way]) -> list[Key]:
    return [Key(known("path", way.name), COLORS[place], DASHES[place]) for place, way in enumerate(ways)]


def times(ways: Sequence[Way], hour_line: float) -> Figure:
    """Share of payments credited within a time (log scale); targets at an hour and a day."""
    board = Board(270)
    used = board.legend(2, [*_keys(ways), Key(say("fig.target"), RED, marker="D")])
    board.words(EDGE, used + 4, say("fig.credited"), color=GREY)
    ticks = [(share, formats.percent(share)) for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    left = widest([label for _, label in ticks], SMALL) + 9
    slowest = max((float(way.took_us[-1]) for way in ways if way.took_us.size), default=DAY)
    span = SECOND, max(2 * DAY, min(slowest * 1.2, 30 * DAY))
    panel = Panel(board, left, used + 26, WIDTH - left - 14, 270 - used - 26 - 40, span, (0, 1.02), log_x=True)
    panel.levels(ticks)
    panel.columns([(tick, formats.duration(round(tick))) for tick in _TICKS if span[0] <= tick <= span[1]])
    at = np.geomspace(*span, POINTS)
    for place, way in enumerate(ways):
        board.line(panel.to_x(at), panel.to_y(credited_by(way, at)), COLORS[place], 2.0, DASHES[place])
    board.spots(panel.to_x([HOUR, DAY]), panel.to_y([hour_line, 1.0]), "D", RED, 6)
    board.words(WIDTH - EDGE, 270 - 14, say("fig.time_to_credit"), ha="right", color=GREY, size=SMALL)
    return board.finished()


def costs(names: Sequence[str], found: Sequence[Sequence[float | None]], ways: Sequence[Way],
          lines: Sequence[float | None]) -> Figure:  # fmt: skip
    """Mean cost a row, a mark a way (log scale where costs lie far apart); a red bar where a row has a target."""
    keys = [Key(known("path", way.name), COLORS[place], marker=MARKERS[place]) for place, way in enumerate(ways)]
    keys += [Key(say("fig.target"), RED, marker="|")] if any(lines) else []
    used = Board(1000).legend(2, keys)
    board = Board(used + 12 + ROW * len(names) + 36)
    board.legend(2, keys)
    left = min(widest(names, SMALL) + 12, 190)
    shown = [cost for cost in (*lines, *(cost for row in found for cost in row)) if cost is not None]
    low, high = min((cost for cost in shown if cost > 0), default=1.0), max(shown, default=1.0)
    log = low * _FAR < high and all(cost > 0 for cost in shown)
    values = axis.logarithmic(low / 1.3, high * 1.3, 4) if log else axis.linear(high, 5)
    span = (low / 1.3, high * 1.3) if log else (0.0, values[-1])
    panel = Panel(board, left, used + 8, WIDTH - left - 16, ROW * len(names), span, (len(names), 0), log_x=log)
    panel.columns([(tick, formats.percent(tick)) for tick in values])
    for row, name in enumerate(names):
        middle = panel.top + ROW * (row + 0.5)
        board.words(left - 7, middle, name, ha="right", va="center", size=SMALL)
        line = lines[row]
        if line is not None:
            board.line([float(panel.to_x(line))] * 2, [middle - 0.4 * ROW, middle + 0.4 * ROW], RED, 2.2)
        for place, cost in enumerate(found[row]):
            if cost is not None:
                board.spots(panel.to_x([cost]), [middle], MARKERS[place], COLORS[place], 7)
    board.line([panel.left, panel.right], [panel.bottom] * 2, INK, 0.6)
    board.words(WIDTH - EDGE, panel.bottom + 20, say("fig.cost_share"), ha="right", color=GREY, size=SMALL)
    return board.finished()


def where(ways: Sequence[Way], found: Sequence[dict[str, float]]) -> Figure:
    """A bar a way: the mean time to credit by what it went into, each part as a share of the whole."""
    names = list(found[0])
    keys = [
        Key(say(f"crossborder.time.{name}"), FILLS[place], area=True, hatch=HATCHES[place])
        for place, name in enumerate(names)
    ]
    used = Board(1000).legend(2, keys)
    board = Board(used + 14 + 30 * len(ways))
    board.legend(2, keys)
    totals = [math.fsum(one.values()) for one in found]
    ends = [formats.milliseconds(total / 1000) for total in totals]
    shown = [known("path", way.name) for way in ways]
    left = widest(shown) + 12
    rows = Rows(board, left, used + 8, WIDTH - left - widest(ends, SMALL) - 12, 1.0, row=30.0)
    rows.names(shown)
    begin = [0.0] * len(ways)
    for place, name in enumerate(names):
        sizes = [one[name] / total if total else 0.0 for one, total in zip(found, totals, strict=True)]
        rows.bars(sizes, FILLS[place], HATCHES[place], begin)
        begin = [at + size for at, size in zip(begin, sizes, strict=True)]
    rows.labels([1.0] * len(ways), ends)
    return board.finished()


def at_risk(ways: Sequence[Way], found: Sequence[Floats], edges_us: Ints, overlay: Overlay) -> Figure:
    """Principal of which one leg was paid for good and the other was not, over time (US$ million)."""
    board = Board(220)
    used = board.legend(2, _keys(ways))
    board.words(EDGE, used + 4, say("fig.at_risk"), color=GREY)
    millions = [values / 100e6 for values in found]
    high = max((float(values.max(initial=0)) for values in millions), default=0.0)
    ticks = [(tick, plain(tick, 6)) for tick in axis.linear(max(high, 1e-3), 4)]
    left = widest([label for _, label in ticks], SMALL) + 9
    span = float(edges_us[0]), float(edges_us[-1])
    panel = Panel(board, left, used + 26, WIDTH - left - 12, 220 - used - 26 - 42, span, (0, ticks[-1][0]))
    panel.levels(ticks)
    overlay.calendar(panel)
    for place, values in enumerate(millions):
        panel.steps(edges_us, values, COLORS[place], DASHES[place])
    return board.finished()
