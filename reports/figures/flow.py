"""Figures over time: throughput with the share settled, and latency; and the distribution of latency."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from reports import formats, names
from reports.figures.canvas import EDGE, SMALL, WIDTH, Board, Key, Panel, text_width, widest
from reports.figures.colors import BLUE, GREEN, GREY, ORANGE, PALE_BLUE
from reports.figures.overlay import FOOT, Overlay
from reports.view import axis
from reports.view.bins import Floats
from reports.view.flow import Flow, Histogram, Latency
from sandbox.language import N_, _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DASHES = (0, (4, 1.5))
_DOTS = (0, (1.5, 1))
QUANTILES = {"p50": (GREEN, "-", 2.0), "p95": (BLUE, (0, (5, 1.5)), 1.7), "p99": (ORANGE, (0, (1.5, 1)), 1.7)}
RIGHT = 12.0

_RATES: Final = {
    "s": N_("payments per second"),
    "min": N_("payments per minute"),
    "h": N_("payments per hour"),
}


def throughput(flow: Flow, overlay: Overlay, line: float) -> Figure:
    """Payments offered and settled per unit of time; below, the share settled with the line it is held against."""
    board = Board(320)
    edges = flow.bins.edges_us
    used = board.legend(
        2,
        [
            Key(_("offered"), ORANGE, _DASHES),
            Key(_("settled"), BLUE),
            Key(_("answered"), GREEN, _DOTS),
        ],
    )
    board.words(EDGE, used + 4, _(_RATES[flow.unit]), color=GREY)
    ticks = axis.linear(float(max(flow.offered.max(), flow.settled.max())))
    rates = [(tick, formats.decimal(tick)) for tick in ticks]
    shares = _share_ticks(np.concatenate([flow.share, flow.answered]))
    left = widest([label for __, label in (*rates, *shares)], SMALL) + 9
    top = used + 36
    span = float(edges[0]), float(edges[-1])
    upper = Panel(board, left, top, WIDTH - left - RIGHT, 130, span, (0, ticks[-1]))
    upper.levels(rates)
    overlay.events(upper)
    upper.below(edges, flow.settled, PALE_BLUE)
    upper.steps(edges, flow.settled, BLUE)
    upper.steps(edges, flow.offered, ORANGE, _DASHES)
    board.words(EDGE, upper.bottom + 10, _("share of those that ended"), color=GREY)
    room = 0.04 * (1 - shares[0][0])
    lower = Panel(board, left, upper.bottom + 32, upper.width, 56, span, (shares[0][0] - room, 1 + room))
    lower.levels(shares)
    overlay.calendar(lower)
    overlay.events(lower, letters=False)
    if line > shares[0][0]:
        lower.level(line)
    lower.steps(edges, flow.share, BLUE)
    lower.steps(edges, flow.answered, GREEN, _DOTS)
    return board.finished()


def _share_ticks(share: Floats) -> list[tuple[float, str]]:
    known = share[~np.isnan(share)]
    lowest = float(known.min()) if known.size else 0.0
    low = next((low for low in (0.99, 0.9, 0.5) if lowest >= low), 0.0)
    return [(tick, formats.percent(tick)) for tick in (low, (low + 1) / 2, 1.0)]


def latency(found: Latency, overlay: Overlay) -> Figure:
    """Quantiles of the time to settle over time, on a logarithmic scale."""
    board = Board(280)
    edges = found.bins.edges_us
    keys = [Key(_(names.QUANTILES[name]), color, dash) for name, (color, dash, __) in QUANTILES.items()]
    used = board.legend(2, keys)
    board.words(EDGE, used + 4, _("time to settle (logarithmic scale)"), color=GREY)
    low, high = _range(np.concatenate(list(found.quantiles_ms.values())))
    ticks = [(tick, formats.milliseconds(tick)) for tick in axis.logarithmic(low, high)]
    left, top = widest([label for __, label in ticks], SMALL) + 9, used + 36
    span = float(edges[0]), float(edges[-1])
    panel = Panel(board, left, top, WIDTH - left - RIGHT, 280 - top - FOOT, span, (low, high), log_y=True)
    panel.levels(ticks)
    overlay.calendar(panel)
    overlay.events(panel)
    for name, (color, dash, width) in QUANTILES.items():
        panel.steps(edges, found.quantiles_ms[name], color, dash, width)
    return board.finished()


def _range(values: Floats) -> tuple[float, float]:
    """Limits of a logarithmic axis: a little room round the values, and at least half a power of ten."""
    known = values[~np.isnan(values) & (values > 0)]
    if not known.size:
        return 1.0, 1000.0
    return _at_least_threefold(float(known.min()) / 1.15, float(known.max()) * 1.15)


def _at_least_threefold(low: float, high: float) -> tuple[float, float]:
    middle = (low * high) ** 0.5
    return min(low, middle / 1.75), max(high, middle * 1.75)


def distribution(found: Histogram, quantiles_ms: Sequence[tuple[str, float]]) -> Figure:
    """How many settled payments took how long, on a logarithmic axis, with quantiles marked."""
    board = Board(250)
    heights = found.per_doubling
    ticks = [(tick, formats.percent(tick)) for tick in axis.linear(float(heights.max()), 4)]
    board.words(EDGE, 2, _("share of settled payments, per doubling of the time"), color=GREY)
    left = widest([label for __, label in ticks], SMALL) + 9
    ends = _at_least_threefold(found.edges_ms[0], found.edges_ms[-1])
    panel = Panel(board, left, 72, WIDTH - left - RIGHT, 132, ends, (0, ticks[-1][0]), log_x=True)
    panel.levels(ticks)
    panel.below(found.edges_ms, heights, "#8DBBDD")
    panel.steps(found.edges_ms, heights, BLUE, width=1)
    panel.columns([(tick, formats.milliseconds(tick)) for tick in axis.logarithmic(*ends)])
    _mark_quantiles(panel, [(name, value) for name, value in quantiles_ms if ends[0] <= value <= ends[1]])
    board.words(WIDTH - EDGE, 230, _("time to settle (logarithmic scale)"), ha="right", color=GREY, size=SMALL)
    return board.finished()


def _mark_quantiles(panel: Panel, quantiles_ms: Sequence[tuple[str, float]]) -> None:
    """A line for each quantile, its name above it on the lowest row on which it touches no other."""
    ends_of_rows = [-WIDTH] * 3
    for name, value in quantiles_ms:
        color, dash, __ = QUANTILES[name]
        panel.column(value, color, dash, 1.9)
        words = f"{name} {formats.milliseconds(value)}"
        half = text_width(words, SMALL) / 2
        x = min(max(float(panel.to_x(value)), half + EDGE), WIDTH - EDGE - half)
        row = next((row for row, end in enumerate(ends_of_rows) if x - half > end + 6), 2)
        ends_of_rows[row] = x + half
        panel.board.words(x, panel.top - 4 - 15 * row, words, ha="center", va="bottom", color=color, size=SMALL)
