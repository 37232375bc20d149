"""Figures of what was refused, of operators' liquidity, of concentration, and of a campaign."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from reports import formats
from reports.figures.canvas import EDGE, SMALL, WIDTH, Board, Key, Panel, Rows, widest
from reports.figures.colors import AMBER, BLUE, FILLS, GREY, HATCHES, INK, RED, SKY
from reports.figures.labels import Labels
from reports.names import OUTCOMES
from reports.reading import Entries
from reports.view import axis
from reports.view.refusals import Refusals
from sandbox.language import N_, _, named

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ENDS: Final = {
    "lowest": N_("lowest"),
    "opening": N_("opening"),
    "closing": N_("closing"),
}


def refusals(found: Refusals, names: Sequence[str]) -> Figure:
    """Refused payments by class of the payer (`names` are their labels), stacked by reason."""
    keys = [
        Key(named(OUTCOMES, reason), FILLS[place % 10], area=True, hatch=HATCHES[place % 10])
        for place, reason in enumerate(found.reasons)
    ]
    totals = [found.of_class(name) for name in found.classes]
    words = [formats.count(total) for total in totals]
    board, used = Board.with_legend(keys, 10 + 25 * len(totals))
    left = widest(names) + 10
    rows = Rows(board, left, used + 6, WIDTH - left - widest(words, SMALL) - 10, max(totals), row=25)
    counts = ([float(found.count.get((name, reason), 0)) for name in found.classes] for reason in found.reasons)
    rows.stacked((each, key.color, key.hatch) for each, key in zip(counts, keys, strict=True))
    rows.names(names)
    rows.labels(totals, words)
    rows.axis(len(totals))
    return board.finished()


def liquidity(operators: Sequence[Entries], labels: Labels, line: float) -> Figure:
    """Each operator's e-CNY as a share of its target: its lowest, opening and closing holding."""
    count = len(operators)
    board = Board(24 + 21 * count + 42)
    looks = {"lowest": ("v", RED, 7.0), "opening": ("|", INK, 11.0), "closing": ("o", BLUE, 5.5)}
    board.legend(2, [Key(_(_ENDS[part]), color, marker=marker) for part, (marker, color, __) in looks.items()])
    names = [labels[row.text("institution")] for row in operators]
    shares = {part: [row.ratio(f"{part}_fen", "target_fen") or 0.0 for row in operators] for part in looks}
    ticks = axis.linear(max(1.0, *(max(values) for values in shares.values())))
    left = widest(names) + 14
    panel = Panel(board, left, 24, WIDTH - left - 20, 21 * count, (0, ticks[-1]), (count, 0))
    panel.columns([(tick, formats.percent(tick)) for tick in ticks])
    panel.column(line)
    middle = panel.to_y(np.arange(count) + 0.5)
    tops = [max(pair) for pair in zip(shares["opening"], shares["closing"], strict=True)]
    for y, low, top, name in zip(middle.tolist(), shares["lowest"], tops, names, strict=True):
        board.line(panel.to_x([low, top]), [y, y], "#9DBFD9", 5, zorder=1)
        board.words(left - 9, y, name, ha="right", va="center")
    for part in ("opening", "closing", "lowest"):
        marker, color, size = looks[part]
        board.spots(panel.to_x(shares[part]), middle, marker, color, size)
    board.words(
        WIDTH - EDGE,
        panel.bottom + 22,
        _("e-CNY held, share of the operator's target"),
        ha="right",
        color=GREY,
        size=SMALL,
    )
    return board.finished()


def shares(banks: Sequence[tuple[str, float]], labels: Labels) -> Figure:
    """Share of settled value by the payer's institution, ranked."""
    board = Board(26 + 21 * len(banks))
    rows = [(labels[name], share) for name, share in banks]
    _bars(
        board,
        2,
        _("share of settled value, payers' side"),
        rows,
        FILLS[0],
        formats.share,
        widest([name for name, __ in rows]) + 10,
    )
    return board.finished()


def campaign(people: Sequence[tuple[str, int]], money: Sequence[tuple[str, int]]) -> Figure:
    """People from registered to claimed to one scale, and where the campaign's money went to another."""
    board = Board(34 + 21 * len(people) + 26 + 21 * len(money))
    left = widest([label for label, __ in (*people, *money)]) + 10
    _bars(board, 2, _("people"), people, SKY, formats.count, left)
    _bars(board, 34 + 21 * len(people), _("the campaign's money"), money, AMBER, formats.money, left)
    return board.finished()


def _bars(
    board: Board,
    top: float,
    title: str,
    bars: Sequence[tuple[str, float]],
    color: str,
    form: Callable[[Any], str],
    left: float,
) -> None:
    values, words = [value for __, value in bars], [form(value) for __, value in bars]
    board.words(left, top, title, color=GREY)
    rows = Rows(board, left, top + 20, WIDTH - left - widest(words, SMALL) - 10, max(values, default=0))
    rows.names([label for label, __ in bars])
    rows.bars(values, color)
    rows.labels(values, words)
    rows.axis(len(bars))
