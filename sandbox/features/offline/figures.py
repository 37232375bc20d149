"""Offline payments over time, and figures of them: value under way, time until it settled, what broken purses cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from reports import formats
from reports.figures.canvas import EDGE, SMALL, WIDTH, Board, Key, Panel, Rows, widest
from reports.figures.colors import BLUE, GREY, ORANGE, PALE_BLUE, PALE_RED, RED
from reports.figures.overlay import FOOT, Overlay
from reports.source import RunData
from reports.view import axis
from reports.view.bins import Floats, Ints
from sandbox.features.offline.names import SPREAD, WAITS
from sandbox.language import _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMNS: Final = ("made_at_us", "settled_at_us", "amount_fen", "hops", "outcome")
STEPS: Final = 400
"""Of the figure over time, at most; each is so many bins of the series."""

_SECOND: Final = 1_000_000.0
"""What took less is shown as this: a logarithmic scale has no 0."""


@dataclass(frozen=True)
class UnderWay:
    """Value that was paid offline and not settled yet (fen), step by step; `edges_us` has one more."""

    edges_us: Ints
    value_fen: Ints


@dataclass(frozen=True)
class Waits:
    """Time until payments settled (us), shortest first, and the share of them that had settled by then."""

    name: str
    wait_us: Floats
    share: Floats

    def until(self, share: float) -> int:
        """By when a share of them had settled (us)."""
        return int(self.wait_us[min(len(self.wait_us) - 1, int(share * len(self.wait_us)))])


def under_way(run: RunData) -> UnderWay | None:
    """What was under way in each step; None without the table or without a payment in it."""
    table = run.table("offline", COLUMNS)
    if not len(table.get("made_at_us", ())):
        return None
    made, amounts = np.asarray(table["made_at_us"], dtype=np.int64), np.asarray(table["amount_fen"], dtype=np.int64)
    settled = np.asarray(table["settled_at_us"], dtype=np.float64)
    honest = np.asarray(table["outcome"], dtype=object)
    counted = np.isin(honest, ("settled", "double_spend", "open", "lost"))
    made, amounts, settled = made[counted], amounts[counted], settled[counted]
    last = max(run.bin_us, int(np.nanmax([made.max(initial=0), np.nanmax(settled, initial=0)])))
    step = run.bin_us * -(-last // (run.bin_us * STEPS))
    edges = np.arange(0, last + step, step, dtype=np.int64)
    begun = np.histogram(made, edges, weights=amounts)[0]
    done = np.isfinite(settled)
    ended = np.histogram(settled[done], edges, weights=amounts[done])[0]
    return UnderWay(edges, np.cumsum(begun - ended).astype(np.int64))


def waits(run: RunData) -> list[Waits]:
    """Time until payments settled, by hops: one, and more where there are any."""
    table = run.table("offline", COLUMNS)
    if not len(table.get("made_at_us", ())):
        return []
    settled = np.asarray(table["settled_at_us"], dtype=np.float64)
    wait = np.maximum(settled - np.asarray(table["made_at_us"], dtype=np.float64), _SECOND)
    hops = np.asarray(table["hops"], dtype=np.int64)
    found = []
    for name, mine in (("one_hop", hops == 1), ("more_hops", hops > 1)):
        some = np.sort(wait[mine & np.isfinite(settled)])
        if some.size:
            found.append(Waits(name, some, np.arange(1, some.size + 1) / some.size))
    return found


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
