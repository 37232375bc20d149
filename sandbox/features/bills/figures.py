"""Figures of digital bills: what cash costs each tier, and who held and who bears what was not paid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from reports import formats
from reports.figures.canvas import AMBER, PALE_BLUE, SMALL, WIDTH, Board, Key, Rows, widest
from sandbox.features.bills.view import Role, Tier
from sandbox.language import _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ROW: Final = 21.0
_GAP: Final = 10.0


def cost(found: Sequence[Tier], splitting: bool) -> Figure:
    """Two bars a tier: the rate with and without splitting; one if only one was run."""
    both = any(one.other_rate is not None for one in found)
    names = [_("with splitting"), _("without")]
    values = [[one.rate or 0.0 for one in found]]
    if both:
        values.append([one.other_rate or 0.0 for one in found])
    if not splitting:
        names.reverse()
    texts = [[formats.share(value) for value in each] for each in values]
    return _pairs([one.name for one in found], names[: len(values)], values, texts)


def losses(found: Sequence[Role]) -> Figure:
    """Two bars a group: held when not paid, and borne after recourse."""
    values = [[float(one.held_fen) for one in found], [float(one.lost_fen) for one in found]]
    texts = [[formats.money(round(value)) for value in each] for each in values]
    return _pairs([one.name for one in found], [_("held when not paid"), _("borne after recourse")], values, texts)


def _pairs(
    groups: Sequence[str], names: Sequence[str], values: Sequence[Sequence[float]], texts: Sequence[Sequence[str]]
) -> Figure:
    """Bars next to each other, one for each name, in groups below each other."""
    looks = [(PALE_BLUE, ""), (AMBER, "///")][: len(names)]
    keys = [Key(name, color, area=True, hatch=hatch) for name, (color, hatch) in zip(names, looks, strict=True)]
    used = Board(1000).legend(2, keys)
    high = _ROW * len(names) + _GAP
    board = Board(used + 12 + high * len(groups))
    board.legend(2, keys)
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
