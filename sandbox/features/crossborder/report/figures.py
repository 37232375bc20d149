"""Figures of payments across borders: how soon they are credited, what they cost, how much principal is at risk; what
crosses a border by day, and how much of the annual quota people have used; liquidity and the queue for it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from reports import formats
from reports.figures.canvas import EDGE, SMALL, WIDTH, Board, Key, Panel, Rows, widest
from reports.figures.colors import AMBER, BLUE, FILLS, GREY, HATCHES, INK, ORANGE, RED, SKY
from reports.figures.overlay import FOOT, Overlay
from reports.view import axis
from reports.view.bins import Floats, Ints
from sandbox.features.crossborder.report.names import PARTS
from sandbox.features.crossborder.report.view import POINTS, Arrangement, Flow, credited_by
from sandbox.language import _
from sandbox.visible import plain

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLORS: Final = (BLUE, ORANGE)
DASHES: Final[tuple[Any, ...]] = ("-", (0, (4, 1.5)))
MARKERS: Final = ("o", "^")
SECOND: Final = 1_000_000.0
HOUR: Final = 3_600 * SECOND
DAY: Final = 24 * HOUR
ROW: Final = 24.0
_PANEL: Final = 84.0
_GAP: Final = 30.0
_QUEUE_HEIGHT: Final = 200.0
_CENTS_A_MILLION: Final = 100_000_000.0
_FAR: Final = 15
"""How many times the least cost the highest is before a scale of ratios shows them better."""
_TICKS: Final = (SECOND, 10 * SECOND, 60 * SECOND, 600 * SECOND, HOUR, 6 * HOUR, DAY, 7 * DAY)


def _keys(arrangements: Sequence[Arrangement]) -> list[Key]:
    return [Key(one.title, COLORS[place], DASHES[place]) for place, one in enumerate(arrangements)]


def times(arrangements: Sequence[Arrangement], hour_line: float) -> Figure:
    """Share of payments credited within a time (log scale); targets at an hour and a day."""
    board = Board(270)
    used = board.legend(2, [*_keys(arrangements), Key(_("target"), RED, marker="D")])
    board.words(EDGE, used + 4, _("share of payments credited within"), color=GREY)
    ticks = [(share, formats.percent(share)) for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    left = widest([label for __, label in ticks], SMALL) + 9
    slowest = max((float(one.took_us[-1]) for one in arrangements if one.took_us.size), default=DAY)
    span = SECOND, max(2 * DAY, min(slowest * 1.2, 30 * DAY))
    panel = Panel(board, left, used + 26, WIDTH - left - 14, 270 - used - 26 - 40, span, (0, 1.02), log_x=True)
    panel.levels(ticks)
    panel.columns([(tick, formats.duration(round(tick))) for tick in _TICKS if span[0] <= tick <= span[1]])
    at = np.geomspace(*span, POINTS)
    for place, arrangement in enumerate(arrangements):
        board.line(panel.to_x(at), panel.to_y(credited_by(arrangement, at)), COLORS[place], 2.0, DASHES[place])
    board.spots(panel.to_x([HOUR, DAY]), panel.to_y([hour_line, 1.0]), "D", RED, 6)
    board.words(WIDTH - EDGE, 270 - 14, _("time from sending to credit"), ha="right", color=GREY, size=SMALL)
    return board.finished()


def costs(names: Sequence[str], found: Sequence[Sequence[float | None]], arrangements: Sequence[Arrangement],
          lines: Sequence[float | None]) -> Figure:  # fmt: skip
    """Mean cost: a mark for each arrangement, in log scale where they lie far apart; a red bar for a row's target."""
    keys = [Key(one.title, COLORS[place], marker=MARKERS[place]) for place, one in enumerate(arrangements)]
    keys += [Key(_("target"), RED, marker="|")] if any(lines) else []
    board, used = Board.with_legend(keys, 12 + ROW * len(names) + 36)
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
    board.words(WIDTH - EDGE, panel.bottom + 20, _("cost, share of what was sent"), ha="right", color=GREY, size=SMALL)
    return board.finished()


def where(arrangements: Sequence[Arrangement], found: Sequence[dict[str, float]]) -> Figure:
    """A bar an arrangement: the mean time to credit by what it went into, each part as a share of the whole."""
    names = list(found[0])
    keys = [Key(_(PARTS[name]), FILLS[place], area=True, hatch=HATCHES[place]) for place, name in enumerate(names)]
    board, used = Board.with_legend(keys, 14 + 30 * len(arrangements))
    totals = [math.fsum(one.values()) for one in found]
    ends = [formats.milliseconds(total / 1000) for total in totals]
    shown = [one.title for one in arrangements]
    left = widest(shown) + 12
    rows = Rows(board, left, used + 8, WIDTH - left - widest(ends, SMALL) - 12, 1.0, row=30.0)
    rows.names(shown)
    sizes = ([one[name] / total if total else 0.0 for one, total in zip(found, totals, strict=True)] for name in names)
    rows.stacked(zip(sizes, FILLS, HATCHES, strict=False))
    rows.labels([1.0] * len(arrangements), ends)
    return board.finished()


def at_risk(arrangements: Sequence[Arrangement], found: Sequence[Floats], edges_us: Ints, overlay: Overlay) -> Figure:
    """Principal of which one leg was paid for good and the other was not, over time (US$ million)."""
    board = Board(220)
    used = board.legend(2, _keys(arrangements))
    board.words(EDGE, used + 4, _("principal at risk, US$ million"), color=GREY)
    millions = [values / _CENTS_A_MILLION for values in found]
    high = max((float(values.max(initial=0)) for values in millions), default=0.0)
    ticks = [(tick, plain(tick, 6)) for tick in axis.linear(max(high, 1e-3), 4)]
    left = widest([label for __, label in ticks], SMALL) + 9
    span = float(edges_us[0]), float(edges_us[-1])
    panel = Panel(board, left, used + 26, WIDTH - left - 12, 220 - used - 26 - 42, span, (0, ticks[-1][0]))
    panel.levels(ticks)
    overlay.calendar(panel)
    for place, values in enumerate(millions):
        panel.steps(edges_us, values, COLORS[place], DASHES[place])
    return board.finished()


# --- capital controls -------------------------------------------------------------------------------------------------


def flows(found: Sequence[Flow], midnight: datetime) -> Figure:
    """One jurisdiction: a panel an arrangement with what came in (up) and went out (down) by day; below, the position.

    Args:
        midnight: when the first day begins.
    """
    keys = [
        Key(_("came in"), SKY, area=True),
        Key(_("went out"), AMBER, area=True, hatch="///"),
    ]
    board, used = Board.with_legend(keys, (len(found) + 1) * (_PANEL + _GAP) + (42 if len(found) > 1 else 20))
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
    for arrangement, ups, downs in zip(found, into, out, strict=True):
        board.words(
            EDGE, top - 20, _("{arrangement}, US$ million a day", arrangement=arrangement.arrangement.title), color=GREY
        )
        panel = Panel(board, left, top, WIDTH - left - 12, _PANEL, ends, (daily[0], daily[-1]))
        panel.levels([(tick, plain(tick, 6)) for tick in daily])
        _bars(panel, ups, SKY, "")
        _bars(panel, -downs, AMBER, "///")
        _zero(panel)
        top += _PANEL + _GAP
    board.words(EDGE, top - 20, _("position since the start, US$ million"), color=GREY)
    panel = Panel(board, left, top, WIDTH - left - 12, _PANEL, ends, (stood[0], stood[-1]))
    panel.levels([(tick, plain(tick, 6)) for tick in stood])
    ticks = axis.calendar(midnight, 0, days * formats.US_PER_DAY)
    panel.columns([(at / formats.US_PER_DAY, label) for at, label in ticks])
    _zero(panel)
    for place, values in enumerate(position):
        panel.steps(np.arange(days + 1), values, COLORS[place], DASHES[place])
    if len(found) > 1:
        board.legend(panel.bottom + 24, [
            Key(one.arrangement.title, COLORS[place], DASHES[place]) for place, one in enumerate(found)
        ])  # fmt: skip
    return board.finished()


def quota(bands: Sequence[str], sides: Sequence[tuple[str, Sequence[int]]]) -> Figure:
    """People by how much of the annual quota they have used: a row a band, a bar a side."""
    looks = ((SKY, ""), (AMBER, "///"))
    keys = [Key(name, *looks[place][:1], area=True, hatch=looks[place][1]) for place, (name, __) in enumerate(sides)]
    row = 17.0 * len(sides) + 6
    board, used = Board.with_legend(keys, 30 + row * len(bands))
    board.words(EDGE, used + 2, _("people, by share of the annual quota used"), color=GREY)
    counts = [[formats.count(one) for one in people] for __, people in sides]
    left = widest(bands, SMALL) + 12
    highest = float(max(max(people) for __, people in sides))
    room = WIDTH - left - widest([one for texts in counts for one in texts], SMALL) - 12
    for number, band in enumerate(bands):
        top = used + 24 + row * number
        board.words(left - 6, top + row / 2, band, ha="right", va="center", size=SMALL)
        for place, (__, people) in enumerate(sides):
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


# --- liquidity on the shared ledger -----------------------------------------------------------------------------------


def used(names: Sequence[str], shares: Sequence[float]) -> Figure:
    """A bar a currency: the liquidity used as a share of turnover."""
    board = Board(28 + 21 * len(names))
    board.words(EDGE, 2, _("liquidity used, share of turnover"), color=GREY)
    labels = [formats.share(share) for share in shares]
    left = widest(names) + 12
    rows = Rows(board, left, 24, WIDTH - left - widest(labels, SMALL) - 12, max(shares))
    rows.names(names)
    rows.bars(shares, AMBER)
    rows.labels(shares, labels)
    rows.axis(len(names))
    return board.finished()


def waiting(at_us: Ints, groups: Ints, overlay: Overlay) -> Figure:
    """How many payments waited, from each time to the next; one time more than numbers."""
    board = Board(_QUEUE_HEIGHT)
    board.words(EDGE, 2, _("payments waiting for liquidity"), color=GREY)
    high = axis.linear(float(groups.max(initial=0)), 4)
    ticks = [(tick, formats.count(tick)) for tick in high if tick == int(tick)]
    left = widest([label for __, label in ticks], SMALL) + 9
    span = float(at_us[0]), float(max(at_us[-1], at_us[0] + 1))
    panel = Panel(board, left, 34, WIDTH - left - 12, _QUEUE_HEIGHT - 34 - FOOT, span, (0, high[-1]))
    panel.levels(ticks)
    overlay.calendar(panel)
    overlay.events(panel)
    panel.steps(at_us, groups, BLUE)
    return board.finished()
