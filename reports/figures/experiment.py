"""Figures of many runs: means with intervals, bars with whiskers, curves with bands, a front, a ramp to the knee.

Names stand above their row and numbers at its end, so that long names of parameters fit on a phone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reports.figures.canvas import EDGE, SMALL, WIDTH, Board, Key, Panel, text_width, widest
from reports.figures.colors import AMBER, BLUE, GREEN, GREY, INK, ORANGE, PALE_BLUE, PALE_RED, RED, SKY
from reports.view import axis
from sandbox.language import _
from sandbox.visible import plain

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROW = 36.0
INSET = 10.0
FOOT = 24.0
RIGHT = 12.0
MOST_ROWS = 16
"""A figure shows so many; its table has all."""
LINES = ((BLUE, "-"), (ORANGE, (0, (4, 1.5))), (GREEN, (0, (1.5, 1))), (RED, (0, (6, 1.5, 1.5, 1.5))))

Show = Callable[[float], str]


@dataclass(frozen=True)
class Mark:
    """A number with its interval, ends None where there is none."""

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    text: str = ""


@dataclass(frozen=True)
class Pair:
    """A parameter's two ends in a tornado."""

    name: str
    low: Mark
    high: Mark
    text: str = ""


@dataclass(frozen=True)
class Curve:
    """Means over places, with a band."""

    name: str
    at: tuple[float, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Spot:
    """A choice in a plane of two numbers."""

    x: Mark
    y: Mark
    on_front: bool
    label: str


@dataclass(frozen=True)
class Ramp:
    """What a ramp showed, lightest load first."""

    loads: tuple[float, ...]
    p99_ms: tuple[Mark | None, ...]
    stations: tuple[tuple[str, tuple[float, ...]], ...]
    bound_ms: float | None
    holds: float | None
    fails: float | None
    planned: float | None


def _reach(marks: Sequence[Mark], *more: float) -> tuple[float, float]:
    known = [end for one in marks for end in (one.value, one.low, one.high) if end is not None]
    return min([*known, *more], default=0.0), max([*known, *more], default=1.0)


def _rows(board: Board, top: float, count: int, ends: tuple[float, float], show: Show) -> Panel:
    """A panel with a row for each of `count`, its scale below and a line at 0."""
    ticks = axis.around(*ends)
    panel = Panel(board, INSET, top, WIDTH - INSET - RIGHT, ROW * count, (ticks[0], ticks[-1]), (0, 1))
    while len(ticks) > 2 and (widest([show(tick) for tick in ticks], SMALL) + 10) * len(ticks) > panel.width + 20:
        # Every second one, 0 among them.
        ticks = ticks[ticks.index(0.0) % 2 if 0.0 in ticks else 0 :: 2]
    panel.columns([(tick, show(tick)) for tick in ticks])
    if ticks[0] <= 0 <= ticks[-1]:
        panel.column(0.0, INK, "-", 0.9)
    return panel


def _interval(panel: Panel, mark: Mark, y: float, color: str = INK, width: float = 1.6, cap: float = 4.0) -> None:
    """A line from low to high with caps."""
    if mark.low is None or mark.high is None:
        return
    low, high = float(panel.to_x(mark.low)), float(panel.to_x(mark.high))
    x = [low, high, np.nan, low, low, np.nan, high, high]
    panel.board.line(x, [y, y, np.nan, y - cap, y + cap, np.nan, y - cap, y + cap], color, width, zorder=4)


def _heading(board: Board, y: float, name: str, text: str) -> None:
    """A row's name and number, on white, so that no line runs through them."""
    for left, width in (
        (EDGE, text_width(name, SMALL)),
        (WIDTH - EDGE - text_width(text, SMALL), text_width(text, SMALL)),
    ):
        if width:
            board.boxes([(left - 2, y + 1, left + width + 2, y + 15)], "white", zorder=3)
    board.words(EDGE, y + 1, name, size=SMALL)
    board.words(WIDTH - EDGE, y + 1, text, ha="right", size=SMALL, color=GREY)


def differences(marks: Sequence[Mark], show: Show) -> Figure:
    """A dot at each mean and a bar for its interval, against a line at 0."""
    board = Board(ROW * len(marks) + FOOT + 4)
    panel = _rows(board, 2, len(marks), _reach(marks, 0.0), show)
    for number, mark in enumerate(marks):
        y = panel.top + ROW * number
        _heading(board, y, mark.name, mark.text)
        crosses = mark.low is None or mark.high is None or mark.low <= 0 <= mark.high
        color = GREY if crosses else BLUE
        _interval(panel, mark, y + 25, color, 2.6)
        board.spots([float(panel.to_x(mark.value))], [y + 25], "o", color, 5)
    return board.finished()


def bars(marks: Sequence[Mark], show: Show, dots: Sequence[Mark] = ()) -> Figure:
    """Bars from 0 with whiskers; dots with whiskers of their own below, where there are any."""
    keys = [Key(_("with others"), SKY, area=True), Key(_("alone"), INK, marker="o")] if dots else []
    board = Board(ROW * len(marks) + FOOT + 4 + (18 if keys else 0))
    used = board.legend(2, keys) if keys else 0.0
    panel = _rows(board, 2 + used, len(marks), _reach([*marks, *dots], 0.0), show)
    zero = float(panel.to_x(0.0))
    for number, mark in enumerate(marks):
        y = panel.top + ROW * number
        _heading(board, y, mark.name, mark.text)
        end = float(panel.to_x(mark.value))
        if abs(end - zero) > 0.3:
            board.boxes([(min(zero, end), y + 17, max(zero, end), y + 32)], SKY, edgecolor=INK)
        _interval(panel, mark, y + (21 if dots else 24.5))
        if dots:
            _interval(panel, dots[number], y + 28.5, cap=2.5)
            board.spots([float(panel.to_x(dots[number].value))], [y + 28.5], "o", INK, 4)
    return board.finished()


def tornado(pairs: Sequence[Pair], show: Show) -> Figure:
    """Two bars a parameter, from the scenario as it stands to either end of its range, with whiskers."""
    board = Board(ROW * len(pairs) + FOOT + 4 + 18)
    used = board.legend(
        2,
        [Key(_("low end"), AMBER, area=True, hatch="///"), Key(_("high end"), SKY, area=True)],
    )
    marks = [end for pair in pairs for end in (pair.low, pair.high)]
    panel = _rows(board, 2 + used, len(pairs), _reach(marks, 0.0), show)
    zero = float(panel.to_x(0.0))
    for number, pair in enumerate(pairs):
        y = panel.top + ROW * number
        _heading(board, y, pair.name, pair.text)
        for mark, place, color, hatch in ((pair.low, 16.0, AMBER, "///"), (pair.high, 25.0, SKY, "")):
            end = float(panel.to_x(mark.value))
            if abs(end - zero) > 0.3:
                side = (min(zero, end), y + place, max(zero, end), y + place + 8.5)
                board.boxes([side], color, hatch, edgecolor=INK)
            _interval(panel, mark, y + place + 4.2, cap=3.0)
    return board.finished()


def curves(
    found: Sequence[Curve], places: Sequence[tuple[float, str]], show: Show, what: str, lever: str, unit: float = 1.0
) -> Figure:
    """Means as lines with their intervals as bands; `places` are values along the x axis. Ticks are round in `unit`."""
    board = Board(280)
    used = 0.0
    if len(found) > 1:
        used = board.legend(2, [Key(one.name, *LINES[at % len(LINES)]) for at, one in enumerate(found)])
    board.words(EDGE, used + 4, what, color=GREY, size=SMALL)
    low, high = _reach([mark for one in found for mark in one.marks])
    ticks = [tick * unit for tick in axis.around(low / unit, high / unit)]
    left = widest([show(tick) for tick in ticks], SMALL) + 9
    top = used + 26
    low, high = places[0][0], places[-1][0]
    room = 0.04 * ((high - low) or 1.0)
    panel = Panel(
        board, left, top, WIDTH - left - RIGHT, 280 - top - 42, (low - room, high + room), (ticks[0], ticks[-1])
    )
    panel.levels([(tick, show(tick)) for tick in ticks])
    panel.columns(_sparse(panel, places))
    board.words(WIDTH - EDGE, 266, lever, ha="right", color=GREY, size=SMALL)
    for number, one in enumerate(found):
        color, dash = LINES[number % len(LINES)]
        # Side by side, so that intervals of several lines can be told apart.
        x = panel.to_x(one.at) + 5.0 * (number - (len(found) - 1) / 2)
        ends = [(mark.low, mark.high) for mark in one.marks]
        if len(found) == 1 and all(end is not None for pair in ends for end in pair):
            lows, highs = (panel.to_y([pair[side] for pair in ends]) for side in (0, 1))  # type: ignore[arg-type]
            board.area(np.concatenate([x, x[::-1]]), np.concatenate([lows, highs[::-1]]), PALE_BLUE)
        board.line(x, panel.to_y([mark.value for mark in one.marks]), color, 1.8, dash)
        for place, mark in zip(x, one.marks, strict=True):
            _upright(panel, float(place), mark, color)
    return board.finished()


def _upright(panel: Panel, x: float, mark: Mark, color: str) -> None:
    """A mark with its interval, upright."""
    y = float(panel.to_y(mark.value))
    panel.board.spots([x], [y], "o", color, 4)
    if mark.low is not None and mark.high is not None:
        low, high = float(panel.to_y(mark.low)), float(panel.to_y(mark.high))
        xs = [x, x, np.nan, x - 3, x + 3, np.nan, x - 3, x + 3]
        panel.board.line(xs, [low, high, np.nan, low, low, np.nan, high, high], color, 1.3, zorder=4)


def _sparse(panel: Panel, places: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
    """Those labels that leave one another room, the first and the last among them."""
    kept: list[tuple[float, str]] = []
    for at, label in places:
        half = widest([label], SMALL) / 2
        x = float(panel.to_x(at))
        if kept:
            before = float(panel.to_x(kept[-1][0])) + widest([kept[-1][1]], SMALL) / 2
            if x - half < before + 6:
                continue
        kept.append((at, label))
    return kept


def front(spots: Sequence[Spot], show: tuple[Show, Show], names: tuple[str, str]) -> Figure:
    """Choices in a plane of two numbers, with crosses for intervals; those that nothing beats, if any, are joined."""
    board = Board(320)
    keys = [Key(_("on the front"), BLUE, marker="o"), Key(_("other choices"), GREY, marker="x")]
    used = board.legend(2, keys if any(one.on_front for one in spots) else [])
    board.words(EDGE, used + 4, names[1], color=GREY, size=SMALL)
    x_ticks, y_ticks = (axis.around(*_reach([getattr(one, side) for one in spots])) for side in ("x", "y"))
    left = widest([show[1](tick) for tick in y_ticks], SMALL) + 9
    top = used + 26
    panel = Panel(
        board, left, top, WIDTH - left - RIGHT, 320 - top - 42, (x_ticks[0], x_ticks[-1]), (y_ticks[0], y_ticks[-1])
    )
    panel.levels([(tick, show[1](tick)) for tick in y_ticks])
    panel.columns(_sparse(panel, [(tick, show[0](tick)) for tick in x_ticks]))
    board.words(WIDTH - EDGE, 306, names[0], ha="right", color=GREY, size=SMALL)
    joined = sorted((one for one in spots if one.on_front), key=lambda one: one.x.value)
    board.line(panel.to_x([one.x.value for one in joined]), panel.to_y([one.y.value for one in joined]), PALE_BLUE, 3.0)
    places: dict[tuple[int, int], list[tuple[float, float, Spot]]] = {}
    for one in spots:
        color = BLUE if one.on_front else GREY
        x, y = float(panel.to_x(one.x.value)), float(panel.to_y(one.y.value))
        _interval(panel, one.x, y, color, 1.0, 2.5)
        _upright(panel, x, Mark("", one.y.value, one.y.low, one.y.high), color)
        board.spots([x], [y], "o" if one.on_front else "x", color, 6)
        places.setdefault((round(x / 8), round(y / 8)), []).append((x, y, one))
    for together in places.values():
        x, y, __ = together[0]
        color = BLUE if any(one.on_front for __, __, one in together) else GREY
        label = ", ".join(one.label for __, __, one in together[:4]) + (" …" if len(together) > 4 else "")
        ha = "right" if x + 8 + text_width(label, SMALL) > WIDTH - EDGE else "left"
        board.words(x + (6 if ha == "left" else -6), y - 4, label, ha=ha, va="bottom", size=SMALL, color=color)
    return board.finished()


def ramp(found: Ramp, show_ms: Show, show_share: Show) -> Figure:
    """Latency over load with its bound; below, how busy stations are; the strip between the bracket's ends shaded."""
    board = Board(340)
    board.words(EDGE, 2, _("99 of 100 settle within (logarithmic scale)"), color=GREY, size=SMALL)
    known = [_positive(mark) for mark in found.p99_ms if mark is not None]
    extra = [found.bound_ms] if found.bound_ms else []
    low, high = _reach(known, *extra)
    ends = (max(low, 1e-3) / 1.3, max(high, 1e-3) * 1.3)
    ticks = [(tick, show_ms(tick)) for tick in axis.logarithmic(*ends)]
    shares = [(tick, show_share(tick)) for tick in (0.0, 0.5, 1.0)]
    left = widest([label for __, label in (*ticks, *shares)], SMALL) + 9
    span = (found.loads[0] / 1.08, found.loads[-1] * 1.08)
    upper = Panel(board, left, 24, WIDTH - left - RIGHT, 120, span, ends, log_x=True, log_y=True)
    keys = [Key(name, *LINES[at % len(LINES)]) for at, (name, __) in enumerate(found.stations)]
    board.words(EDGE, upper.bottom + 10, _("server time in use, busiest bin"), color=GREY, size=SMALL)
    used = board.legend(upper.bottom + 28, keys)
    lower = Panel(
        board, left, upper.bottom + 34 + used, upper.width, 340 - upper.bottom - 34 - used - 42, span, (0, 1.04),
        log_x=True,
    )  # fmt: skip
    for panel in (upper, lower):
        _knee(panel, found)
    upper.levels(ticks)
    lower.levels(shares)
    lower.columns(_sparse(lower, [(load, f"{plain(load)}×") for load in axis.logarithmic(*span, at_most=9)]))
    board.words(WIDTH - EDGE, 326, _("load, multiple of the scenario's own"), ha="right", color=GREY, size=SMALL)
    if found.bound_ms:
        upper.level(found.bound_ms)
    known_at = [(load, mark) for load, mark in zip(found.loads, found.p99_ms, strict=True) if mark is not None]
    board.line(
        upper.to_x([load for load, __ in known_at]), upper.to_y([mark.value for __, mark in known_at]), BLUE, 1.6
    )
    for load, mark in known_at:
        _upright(upper, float(upper.to_x(load)), _positive(mark), BLUE)
    for number, (__, busy) in enumerate(found.stations):
        color, dash = LINES[number % len(LINES)]
        board.line(lower.to_x(found.loads), lower.to_y(busy), color, 1.8, dash)
    return board.finished()


def _positive(mark: Mark) -> Mark:
    """An interval on a logarithmic axis ends above 0; one that reaches down to it goes out of sight."""
    low = None if mark.low is None else max(mark.low, mark.value / 3)
    return Mark(mark.name, mark.value, low, mark.high)


def _knee(panel: Panel, found: Ramp) -> None:
    """The strip that holds the knee, and the planned load."""
    if found.holds is not None and found.fails is not None:
        left, right = float(panel.to_x(found.holds)), float(panel.to_x(found.fails))
        middle, half = (left + right) / 2, max((right - left) / 2, 2.0)
        panel.board.boxes([(middle - half, panel.top, middle + half, panel.bottom)], PALE_RED, zorder=0.1)
    if found.planned is not None:
        panel.column(found.planned, GREY)
