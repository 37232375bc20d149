"""Figures of liquidity on a ledger shared across borders: what was used of each currency, and the queue for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from matplotlib.figure import Figure

from reports import formats
from reports.figures.canvas import AMBER, BLUE, EDGE, GREY, SMALL, WIDTH, Board, Panel, Rows, widest
from reports.figures.overlay import FOOT, Overlay
from reports.text import say
from reports.view import axis
from reports.view.bins import Ints

_HEIGHT: Final = 200.0


def used(names: Sequence[str], shares: Sequence[float]) -> Figure:
    """A bar a currency: the liquidity used as a share of turnover."""
    board = Board(28 + 21 * len(names))
    board.words(EDGE, 2, say("fig.xliq_used"), color=GREY)
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
    board = Board(_HEIGHT)
    board.words(EDGE, 2, say("fig.xliq_waiting"), color=GREY)
    high = axis.linear(float(groups.max(initial=0)), 4)
    ticks = [(tick, formats.count(tick)) for tick in high if tick == int(tick)]
    left = widest([label for _, label in ticks], SMALL) + 9
    span = float(at_us[0]), float(max(at_us[-1], at_us[0] + 1))
    panel = Panel(board, left, 34, WIDTH - left - 12, _HEIGHT - 34 - FOOT, span, (0, high[-1]))
    panel.levels(ticks)
    overlay.calendar(panel)
    overlay.events(panel)
    panel.steps(at_us, groups, BLUE)
    return board.finished()
