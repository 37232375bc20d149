"""Figures of a data exchange: how long each step takes, and how orders ended."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from reports import formats
from reports.figures.canvas import SMALL, WIDTH, Board, Key, Panel, Rows, widest
from reports.figures.colors import AMBER, BLUE, FILLS, PALE_BLUE, SKY
from reports.figures.labels import Labels
from reports.reading import Entries
from sandbox.features.data_exchange.names import STATES
from sandbox.language import _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ROW: Final = 30.0
_LOOKS: Final = {
    "posted": (PALE_BLUE, ""),
    "voided": (AMBER, "///"),
    "expired": (FILLS[5], "xx"),
    "refused": (FILLS[3], "..."),
    "open": (FILLS[9], ""),
}
_TICKS_US: Final = (
    10_000, 100_000, 1_000_000, 10_000_000, 60_000_000, 600_000_000, 3_600_000_000, 36_000_000_000,
    86_400_000_000, 864_000_000_000,
)  # fmt: skip


def times(names: Sequence[str], found: Sequence[Entries]) -> Figure:
    """A row a step: the dot is the median, the line ends at the 95th percentile; time on a scale by tens."""
    spans = [(one.amount("p50_us"), one.amount("p95_us")) for one in found]
    texts = [formats.duration(middle) for middle, _late in spans]
    left, right = widest(names) + 12, widest(texts, SMALL) + 10
    low = 10 ** math.floor(math.log10(max(1, min(middle for middle, _late in spans))))
    high = max(max(late for _middle, late in spans) * 1.3, low * 10)
    board = Board(12 + _ROW * len(found) + 26)
    panel = Panel(board, left, 6, WIDTH - left - right, _ROW * len(found), (low, high), (len(found), 0), log_x=True)
    inside = [tick for tick in _TICKS_US if low <= tick <= high]
    panel.columns([(tick, formats.duration(tick)) for tick in inside[:: max(1, math.ceil(len(inside) / 4))]])
    for row, span in enumerate(spans):
        y = panel.top + _ROW * (row + 0.5)
        board.line(panel.to_x(span), [y, y], SKY, 4.0)
        board.spots(panel.to_x(span[:1]), [y], "o", BLUE, 7)
        board.words(left - 8, y, names[row], ha="right", va="center")
        board.words(WIDTH - right + 6, y, texts[row], va="center", size=SMALL)
    return board.finished()


def people(found: Sequence[Entries], labels: Labels) -> Figure:
    """A bar a product: what came for people, what of it was paid out, and what that was for one of them."""
    looks = [(_("paid out to wallets"), PALE_BLUE, ""), (_("waiting for the next pay-out"), AMBER, "///")]
    keys = [Key(name, color, area=True, hatch=hatch) for name, color, hatch in looks]
    board, used = Board.with_legend(keys, 14 + _ROW * len(found))
    names = [labels[one.text("product")] for one in found]
    texts = [one.says("half got up to {middle_fen}") if one.whole("pay_outs") else "" for one in found]
    left, right = widest(names) + 10, widest(texts, SMALL) + 12
    highest = float(max(one.amount("came_fen") for one in found))
    rows = Rows(board, left, used + 6, max(WIDTH - left - right, 80), highest, row=_ROW)
    paid, came = ([float(one.amount(name)) for one in found] for name in ("paid_out_fen", "came_fen"))
    waiting = [all_of - part for all_of, part in zip(came, paid, strict=True)]
    rows.stacked((values, color, hatch) for values, (__, color, hatch) in zip((paid, waiting), looks, strict=True))
    rows.names(names)
    rows.labels(came, texts)
    rows.axis(len(found))
    return board.finished()


def endings(found: Sequence[Entries], states: Sequence[str], labels: Labels) -> Figure:
    """A bar a product: its orders by how they ended."""
    keys = [Key(_(STATES[state]), _LOOKS[state][0], area=True, hatch=_LOOKS[state][1]) for state in states]
    board, used = Board.with_legend(keys, 14 + 25 * len(found))
    names, counts = [labels[one.text("product")] for one in found], [one.shown("trades") for one in found]
    left = widest(names) + 10
    highest = max(one.amount("trades") for one in found)
    rows = Rows(board, left, used + 6, WIDTH - left - widest(counts, SMALL) - 12, highest, row=25)
    ends = rows.stacked(([float(one.amount(state)) for one in found], *_LOOKS[state]) for state in states)
    rows.names(names)
    rows.labels(ends, counts)
    rows.axis(len(found))
    return board.finished()
