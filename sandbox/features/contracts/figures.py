"""Figures of programmable money: where each kind's money stands over time, and what customers of courses got."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from reports import formats
from reports.figures.canvas import EDGE, SMALL, WIDTH, Board, Key, Panel, widest
from reports.figures.colors import FILLS, GREY, HATCHES, INK
from reports.figures.labels import Labels
from reports.figures.overlay import FOOT, Overlay
from reports.reading import Entries
from reports.view import axis
from sandbox.features.contracts.names import FATES, KINDS
from sandbox.features.contracts.view import KindTotals
from sandbox.language import N_, _, named

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROW: Final = 84.0
BAR: Final = 34.0
_PARTS: Final = ("spent", "held", "returned")
"""From the bottom up."""
_NAMES: Final = ("spent", "returned", "lost", "held")
_LOOK: Final = {
    name: (FILLS[fill], HATCHES[place]) for place, (name, fill) in enumerate(zip(_NAMES, (0, 1, 5, 3), strict=True))
}


_PART_WORDS: Final = {
    "spent": N_("gone on to payees"),
    "held": N_("held"),
    "returned": N_("gone back"),
}


def totals(found: Sequence[KindTotals], overlay: Overlay) -> Figure:
    """A panel a kind: what went on, what is held and what went back, one on the other."""
    keys = [Key(_(_PART_WORDS[name]), *_key(name)) for name in _PARTS]
    board, used = Board.with_legend(keys, 8 + (ROW + 24) * len(found) + FOOT)
    ticks = [_ticks(one) for one in found]
    left = widest([label for each in ticks for __, label in each], SMALL) + 9
    panel = None
    for number, one in enumerate(found):
        top = used + 8 + (ROW + 24) * number
        board.words(EDGE, top, named(KINDS, one.kind), color=GREY)
        span = float(one.edges_us[0]), float(one.edges_us[-1])
        panel = Panel(board, left, top + 28, WIDTH - left - 12, ROW - 14, span, (0, max(ticks[number][-1][0], 1)))
        panel.levels(ticks[number])
        overlay.events(panel, letters=number == 0)
        _stack(board, panel, one)
    if panel is not None:
        overlay.calendar(panel)
    return board.finished()


def _key(name: str) -> tuple[str, str, bool, str]:
    color, hatch = _LOOK[name]
    return color, "-", True, hatch


def _ticks(one: KindTotals) -> list[tuple[float, str]]:
    top = float(one.opened_fen.max(initial=0))
    return [(tick, formats.money(int(tick))) for tick in axis.linear(max(top, 1.0), 2)]


def _stack(board: Board, panel: Panel, one: KindTotals) -> None:
    """Areas with corners, for money moves at once and not little by little."""
    floor = np.zeros(one.held_fen.size)
    x = np.repeat(panel.to_x(one.edges_us), 2)[1:-1]
    for name in _PARTS:
        roof = floor + getattr(one, f"{name}_fen")
        lower, upper = (np.repeat(panel.to_y(values), 2) for values in (floor, roof))
        color, hatch = _LOOK[name]
        board.shape(np.concatenate([x, x[::-1]]), np.concatenate([upper, lower[::-1]]), color, hatch)
        floor = roof


def courses(found: Sequence[Entries], labels: Labels) -> Figure:
    """A bar a course: what was paid for it, by what became of it."""
    parts = [name for name in FATES if any(one.amount(f"own.{name}_fen") for one in found)]
    looks = dict(zip(FATES, _LOOK.values(), strict=True))
    keys = [Key(_(FATES[name]), looks[name][0], "-", True, looks[name][1]) for name in parts]
    board, used = Board.with_legend(keys, 12 + (BAR + 22) * len(found) + 26)
    most = float(max(one.amount("own.paid_fen") for one in found))
    ticks = [(tick, formats.money(int(tick))) for tick in axis.linear(most, 3)]
    top = used + 12
    panel = Panel(board, EDGE + 2, top, WIDTH - 2 * EDGE - 14, (BAR + 22) * len(found), (0, max(most, 1.0)), (0, 1))
    panel.columns([one for one in ticks if one[0] <= most])
    for number, one in enumerate(found):
        y, at = top + (BAR + 22) * number, 0.0
        lost = one.says("{own.lost_fen} lost") if one.amount("own.lost_fen") else _("nothing lost")
        board.words(EDGE + 2, y + 2, f"{labels[one.text('name')]}: {lost}", color=INK)
        for name in parts:
            value = float(one.amount(f"own.{name}_fen"))
            if value:
                sides = (float(panel.to_x(at)), y + 19, float(panel.to_x(at + value)), y + 17 + BAR)
                board.boxes([sides], looks[name][0], looks[name][1], edgecolor=INK)
            at += value
    return board.finished()
