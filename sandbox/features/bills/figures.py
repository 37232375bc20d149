"""Figures of digital bills: what cash costs each tier, and who held and who bears what was not paid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from reports import formats
from reports.figures.canvas import SMALL, WIDTH, Board, Key, Rows, widest
from reports.figures.colors import AMBER, PALE_BLUE
from sandbox.language import _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ROW: Final = 21.0
_GAP: Final = 10.0


def cost(tiers: Sequence[str], rates: Sequence[Sequence[float]], splitting: bool) -> Figure:
    """Two bars a tier: the rate with and without splitting, first the way that the run has; one if only it was run."""
    names = [_("with splitting"), _("without")]
    if not splitting:
        names.reverse()
    return _pairs(tiers, names[: len(rates)], rates, [[formats.share(rate) for rate in each] for each in rates])


def losses(roles: Sequence[str], sums: Sequence[Sequence[float]]) -> Figure:
    """Two bars a group: held when not paid, and borne after recourse (fen)."""
    texts = [[formats.money(round(value)) for value in each] for each in sums]
    return _pairs(roles, [_("held when not paid"), _("borne after recourse")], sums, texts)


def _pairs(
    groups: Sequence[str], names: Sequence[str], values: Sequence[Sequence[float]], texts: Sequence[Sequence[str]]
) -> Figure:
    """Bars next to each other, one for each name, in groups below each other."""
    looks = [(PALE_BLUE, ""), (AMBER, "///")][: len(names)]
    keys = [Key(name, color, area=True, hatch=hatch) for name, (color, hatch) in zip(names, looks, strict=True)]
    high = _ROW * len(names) + _GAP
    board, used = Board.with_legend(keys, 12 + high * len(groups))
    left = widest(groups) + 12
    right = widest([text for each in texts for text in each], SMALL) + 14
    highest = max((value for each in values for value in each), default=0.0)
    for place, group in enumerate(groups):
        top = used + 8 + high * place
        rows = Rows(board, left, top, WIDTH - left - right, highest, row=_ROW)
        for line, (color, hatch) in enumerate(looks):
            bars = [0.0] * len(names)
            bars[line] = values[line][place]
            rows.bars(bars, color, hatch)
        rows.labels([each[place] for each in values], [each[place] for each in texts])
        rows.axis(len(names))
        board.words(left - 7, top + _ROW * len(names) / 2, group, ha="right", va="center")
    return board.finished()
