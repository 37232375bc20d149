"""Figures of stations: time by stage, the stations ranked, and their queues over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from reports import formats
from reports.figures.canvas import EDGE, SMALL, WIDTH, Board, Key, Panel, Rows, widest
from reports.figures.colors import AMBER, GREY, RED, SKY
from reports.figures.labels import Labels
from reports.figures.overlay import FOOT, Overlay
from reports.names import STAGES
from reports.reading import Entries
from reports.view.queues import Heat, Stage
from sandbox.language import N_, _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_SCALE = ("#FFF3D6", "#FFE0A3", "#F9C46B", "#F0A03C", "#DD7A1B", "#BF5410", "#96340A", "#6B1B05", "#3D0A02")


_MEASURES: Final = {
    "queue_mean": N_("payments waiting, mean in a bin"),
    "utilisation": N_("server time in use, share"),
}


def stages(found: Sequence[Stage]) -> Figure:
    """Mean waiting and service time at each stage, as stacked bars."""
    board = Board(30 + 28 * len(found))
    board.legend(2, [Key(_("waiting"), AMBER, area=True, hatch="///"), Key(_("being served"), SKY, area=True)])
    names = [_(STAGES[stage.name]) for stage in found]
    waits, services = [stage.wait_ms for stage in found], [stage.service_ms for stage in found]
    totals = [wait + service for wait, service in zip(waits, services, strict=True)]
    labels = [formats.milliseconds(total) for total in totals]
    left = widest(names) + 10
    rows = Rows(board, left, 25, WIDTH - left - widest(labels, SMALL) - 10, max(totals), row=28)
    rows.names(names)
    rows.stacked([(waits, AMBER, "///"), (services, SKY, "")])
    rows.labels(totals, labels)
    rows.axis(len(found))
    return board.finished()


def ranked(stations: Sequence[Entries], labels: Labels, line: float) -> Figure:
    """Stations with their mean wait (left) and utilisation (right), the line for utilisation marked."""
    board = Board(28 + 21 * len(stations))
    names = [labels[row.text("station")] for row in stations]
    waits = [row.number("wait_ms_mean") or 0.0 for row in stations]
    busy = [row.number("utilisation") or 0.0 for row in stations]
    left = widest(names) + 10
    half = (WIDTH - left) / 2
    wait_words, busy_words = [formats.milliseconds(wait) for wait in waits], [formats.share(part) for part in busy]
    board.words(left, 2, _("mean wait"), color=GREY)
    board.words(left + half, 2, _("server time in use"), color=GREY)
    by_wait = Rows(board, left, 22, half - widest(wait_words, SMALL) - 14, max(waits))
    by_use = Rows(board, left + half, 22, half - widest(busy_words, SMALL) - 10, 1.0)
    by_wait.names(names)
    by_wait.bars(waits, AMBER, "///")
    by_wait.labels(waits, wait_words)
    by_use.bars(busy, SKY)
    by_use.labels([1.0] * len(busy), busy_words)
    for rows in (by_wait, by_use):
        rows.axis(len(stations))
    x = by_use.to_x(line)
    board.line([x, x], [22, 22 + 21 * len(stations)], RED, 1.1, (0, (5, 2)))
    return board.finished()


def heat(found: Heat, labels: Labels, overlay: Overlay) -> Figure:
    """Stations by time; the darker, the more payments wait (or the more of the servers' time is used)."""
    rows = len(found.stations)
    board = Board(62 + 21 * rows + FOOT)
    names = [labels[name] for name in found.stations]
    left = widest(names) + 10
    high = float(found.values.max())
    word = formats.decimal(high) if found.measure == "queue_mean" else formats.share(high)
    board.words(EDGE, 2, _(_MEASURES[found.measure]), color=GREY)
    _scale(board, left, word)
    span = float(found.bins.edges_us[0]), float(found.bins.edges_us[-1])
    panel = Panel(board, left, 60, WIDTH - left - 12, 21 * rows, span, (rows, 0))
    overlay.calendar(panel)
    overlay.events(panel)
    _cells(panel, found, high)
    panel.levels([(row, "") for row in range(rows + 1)])
    for row, name in enumerate(names):
        board.words(left - 6, 60 + 21 * (row + 0.5), name, ha="right", va="center")
    return board.finished()


def _scale(board: Board, left: float, highest: str) -> None:
    for place, color in enumerate(_SCALE):
        board.boxes([(left + 14 * place, 24, left + 14 * (place + 1), 35)], color)
    board.words(left - 6, 22, "0", ha="right", size=SMALL)
    board.words(left + 14 * len(_SCALE) + 6, 22, highest, size=SMALL)


def _cells(panel: Panel, found: Heat, high: float) -> None:
    """One shape a colour; neighbours in a row that share a colour are one box."""
    if high <= 0:
        return
    shade = np.ceil(found.values / high * len(_SCALE)).astype(int)
    x = panel.to_x(found.bins.edges_us).tolist()
    y = panel.to_y(np.arange(len(found.stations) + 1)).tolist()
    sides: dict[int, list[tuple[float, float, float, float]]] = {}
    for row, line in enumerate(shade.tolist()):
        begin = 0
        for place in range(1, len(line) + 1):
            if place == len(line) or line[place] != line[begin]:
                if line[begin] > 0:
                    sides.setdefault(line[begin], []).append((x[begin], y[row], x[place], y[row + 1]))
                begin = place
    for level, boxes in sorted(sides.items()):
        panel.board.boxes(boxes, _SCALE[level - 1], zorder=0.3)
