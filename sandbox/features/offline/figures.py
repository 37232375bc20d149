"""Figures of hard wallets: value under way, time until it settled, and what broken purses cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from reports import formats
from reports.figures.canvas import EDGE, SMALL, WIDTH, Board, Key, Panel, Rows, widest
from reports.figures.colors import BLUE, GREY, ORANGE, PALE_BLUE, PALE_RED, RED
from reports.figures.overlay import FOOT, Overlay
from reports.view import axis
from sandbox.features.offline.names import SPREAD, WAITS
from sandbox.features.offline.view import UnderWay, Waits
from sandbox.language import _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DASHES: Final = (0, (4, 1.5))
ROW: Final = 21.0
_TIMES: Final = (1_000_000, 60_000_000, 3_600_000_000, 86_400_000_000, 864_000_000_000)
"""Ticks of times: a second, a minute, an hour, a day, ten days."""


def value(found: UnderWay, downs: Sequence[tuple[int, int]], overlay: Overlay) -> Figure:
    """Value under way over time; times without a network are shaded."""
    keys = [Key(_("under way"), PALE_BLUE, area=True)]
    if downs:
        keys.append(Key(_("no network somewhere"), PALE_RED, area=True))
    board = Board(222)
    used = board.legend(2, keys)
    ticks = [(tick, formats.yuan(int(tick))) for tick in axis.linear(float(max(1, found.value_fen.max(initial=0))), 4)]
    left = widest([label for __, label in ticks], SMALL) + 9
    board.words(EDGE, used + 4, _("yuan paid offline and not settled"), color=GREY)
    span = float(found.edges_us[0]), float(found.edges_us[-1])
    panel = Panel(board, left, used + 30, WIDTH - left - 12, 222 - used - 30 - FOOT, span, (0, ticks[-1][0]))
    panel.levels(ticks)
    overlay = replace(overlay, spans=list(downs))
    overlay.calendar(panel)
    overlay.events(panel)
    panel.below(found.edges_us, found.value_fen, PALE_BLUE)
    panel.steps(found.edges_us, found.value_fen, BLUE, width=1.3)
    return board.finished()


def times(found: Sequence[Waits]) -> Figure:
    """Share of payments that had settled after a time, on a logarithmic scale."""
    looks = [(BLUE, "-"), (ORANGE, _DASHES)]
    board = Board(206)
    used = board.legend(
        2, [Key(_(WAITS[one.name]), color, dash) for one, (color, dash) in zip(found, looks, strict=False)]
    )
    ticks = [(share / 4, formats.percent(share / 4)) for share in range(5)]
    left = widest([label for __, label in ticks], SMALL) + 9
    low = min(float(one.wait_us[0]) for one in found)
    high = max(float(one.wait_us[-1]) for one in found)
    span = max(1.0, low / 1.5), max(high * 1.2, low * 10)
    panel = Panel(board, left, used + 12, WIDTH - left - 12, 206 - used - 12 - FOOT, span, (0, 1), log_x=True)
    panel.levels(ticks)
    panel.columns([(float(at), formats.duration(at)) for at in _TIMES if span[0] <= at <= span[1]])
    board.words(WIDTH - EDGE, panel.bottom + 22, _("time after the payment"), ha="right", color=GREY, size=SMALL)
    for one, (color, dash) in zip(found, looks, strict=False):
        board.line(panel.to_x(one.wait_us), panel.to_y(one.share), color, 1.8, dash)
    return board.finished()


def losses(lost_fen: int, bound_fen: int, purses: Sequence[int]) -> Figure:
    """What was spent twice in all before the bound of the caps; below, broken purses by how much of theirs it was."""
    keys = [Key(_("bound by the caps"), "white", area=True), Key(_("spent twice"), RED, area=True)]
    board = Board(250)
    used = board.legend(2, keys)
    wide = WIDTH - 2 * EDGE
    total = Rows(board, EDGE, used + 6, wide, float(max(bound_fen, lost_fen)), row=34.0)
    total.bars([float(bound_fen)], "white")
    total.bars([float(lost_fen)], RED)
    of = _("{loss} of {bound} yuan", loss=formats.yuan(lost_fen), bound=formats.yuan(bound_fen))
    board.words(EDGE, used + 44, f"{of} ({formats.share(lost_fen / max(bound_fen, 1))})")
    board.words(EDGE, used + 72, _("number of broken purses, by how much of their bound they spent"), color=GREY)
    names = [_(words) for words in SPREAD.values()]
    shown = [formats.count(count) for count in purses]
    left = widest(names) + 12
    width = wide - left - widest(shown) - 8
    panel = Rows(board, left, used + 88, width, float(max(purses)), row=ROW)
    panel.bars([float(count) for count in purses], BLUE)
    panel.names(names)
    panel.labels([float(count) for count in purses], shown)
    panel.axis(len(names))
    return board.finished()
