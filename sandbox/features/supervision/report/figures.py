"""Figures of supervision: the funnel, what was found, reports against their clocks, the backlog, who sees what."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from reports import formats
from reports.figures.canvas import EDGE, SMALL, WIDTH, Board, Key, Panel, Rows, text_width, widest
from reports.figures.colors import BLUE, FILLS, GREEN, GREY, INK, ORANGE, PALE_BLUE, RED, SKY
from reports.figures.overlay import FOOT, Overlay
from reports.view import axis
from sandbox.features.supervision.report.names import STEPS, VIEWERS
from sandbox.features.supervision.report.view import Backlog, DetectorScore, IncidentReport, PatternScore, Point, Step
from sandbox.language import N_, _, named

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ROW: Final = 21.0
BAND: Final = (0.02, 0.10)
"""Precision of alerts: 90 to 98 % of them are false (trade literature on alerts 2024-2026)."""

_SEEN: Final = {
    "named": N_("named"),
    "pseudonym": N_("a pseudonym"),
    "unseen": N_("nothing"),
}
_REPORTS: Final = {
    "in_time": N_("filed in time"),
    "late": N_("filed late"),
    "overdue": N_("due, and not there"),
}


def funnel(steps: Sequence[Step]) -> Figure:
    """A bar a step on a logarithmic scale, with its number."""
    names = [_(STEPS[step.name]) for step in steps]
    board = Board(ROW * len(steps) + 46)
    left = widest(names) + 12
    top = max(10.0, *(float(step.number) for step in steps))
    decades = int(np.ceil(np.log10(top)))
    room = max(text_width(formats.count(step.number), SMALL) for step in steps) + 8
    panel = Panel(board, left, 4, WIDTH - left - EDGE - room, ROW * len(steps), (1, 10**decades), (0, 1), log_x=True)
    every = 2 if decades > 4 else 1
    panel.columns([(10.0**power, formats.count(10**power)) for power in range(0, decades + 1, every)])
    rows = Rows(board, left, 4, panel.width, 1)
    rows.names(names)
    sides = []
    for number, step in enumerate(steps):
        right, middle = float(panel.to_x(max(1, step.number))), rows.place(number)
        if step.number > 1:
            sides.append((left, middle - 6.5, right, middle + 6.5))
        elif step.number:
            board.line([left] * 2, [middle - 6.5, middle + 6.5], FILLS[0], 3)
        board.words(right + 5, middle, formats.count(step.number), va="center", size=SMALL)
    board.boxes(sides, FILLS[0], edgecolor=INK)
    rows.axis(len(steps))
    board.words(WIDTH - EDGE, panel.bottom + 22, _("number (logarithmic scale)"), ha="right", color=GREY, size=SMALL)
    return board.finished()


def patterns(scores: Sequence[PatternScore], names: Sequence[str]) -> Figure:
    """Share of each pattern's payments that was found, beside it the counts and the time until it was noticed."""
    keys = [Key(_("payments found"), FILLS[0], area=True), Key(_("value found"), ORANGE, marker="D")]
    board, used = Board.with_legend(keys, 26 + ROW * len(scores) + 22)
    counts = [_("{found} of {all}", found=one.found, all=one.payments) for one in scores]
    times = [formats.NOTHING if one.time_us is None else formats.milliseconds(one.time_us / 1000) for one in scores]
    heads = _("found"), _("after (median)")
    wide = [widest([head, *texts], SMALL) for head, texts in zip(heads, (counts, times), strict=True)]
    left, top = widest(names) + 12, used + 22
    panel = Panel(board, left, top, WIDTH - left - math.fsum(wide) - 30, ROW * len(scores), (0, 1), (0, 1))
    panel.columns([(tick, formats.percent(tick)) for tick in (0, 0.5, 1)])
    rows = Rows(board, left, top, panel.width, 1)
    rows.names(names)
    rows.bars([one.recall for one in scores], FILLS[0])
    first, second = panel.right + 12 + wide[0], WIDTH - EDGE
    for right, texts in ((first, [heads[0], *counts]), (second, [heads[1], *times])):
        board.words(right, top - 4, texts[0], ha="right", va="bottom", color=GREY, size=SMALL)
        for number, text in enumerate(texts[1:]):
            board.words(right, rows.place(number), text, ha="right", va="center", size=SMALL)
    shares = [(float(panel.to_x(one.value_share)), rows.place(n)) for n, one in enumerate(scores) if one.value_share]
    board.spots([x for x, __ in shares], [y for __, y in shares], "D", ORANGE, 4.5)
    rows.axis(len(scores))
    return board.finished()


def detectors(rules: Sequence[DetectorScore], names: Sequence[str]) -> Figure:
    """Precision of each detector and of all together against the published band."""
    keys = [
        Key(_("of its alerts, right"), FILLS[0], area=True),
        Key(
            _("published: {low} to {high}", low=formats.percent(BAND[0]), high=formats.percent(BAND[1])),
            PALE_BLUE,
            area=True,
        ),
    ]
    board, used = Board.with_legend(keys, 6 + ROW * len(rules) + 24)
    texts = [_("{found} of {all}", found=formats.count(one.true), all=formats.count(one.alerts)) for one in rules]
    left = widest(names) + 12
    panel = Panel(
        board, left, used + 6, WIDTH - left - widest(texts, SMALL) - 12, ROW * len(rules), (0, 1), (0, 1)
    )  # fmt: skip
    low, high = (float(panel.to_x(value)) for value in BAND)
    board.boxes([(low, panel.top, high, panel.bottom)], PALE_BLUE, zorder=0.1)
    panel.columns([(tick, formats.percent(tick)) for tick in (0, 0.5, 1)])
    rows = Rows(board, left, panel.top, panel.width, 1)
    rows.names(names)
    shares = [one.precision or 0.0 for one in rules]
    rows.bars(shares, FILLS[0])
    for number, text in enumerate(texts):
        board.words(WIDTH - EDGE, rows.place(number), text, ha="right", va="center", size=SMALL)
    rows.axis(len(rules))
    return board.finished()


def frontier(points: Sequence[Point]) -> Figure:
    """What nobody can attribute against what is found, a point a watcher; counts with noise as another kind."""
    views, counts = ([one for one in points if (one.way == "view") is kind] for kind in (True, False))
    keys = [Key(_("eyes that see less"), BLUE, marker="o")]
    keys += [Key(_("counts with noise"), ORANGE, marker="^")] if counts else []
    board, used = Board.with_legend(keys, 32 + 200 + FOOT)
    board.words(EDGE, used + 4, _("criminal payments found"), color=GREY, size=SMALL)
    ticks = axis.linear(max(0.01, *(one.recall for one in points)))
    least = min(one.hidden for one in points)
    low = np.floor(10 * min(least, 0.9)) / 10
    labels = [_below(one) for one in views]
    panel = Panel(
        board, 44, used + 32, WIDTH - 50 - widest(labels, SMALL) - 8, 200, (float(low), 1.0), (0.0, float(ticks[-1]))
    )  # fmt: skip
    panel.levels([(tick, formats.percent(tick)) for tick in ticks])
    panel.columns([(float(tick), formats.percent(round(float(tick), 2))) for tick in np.linspace(low, 1, 5)])
    x, y = (panel.to_x([one.hidden for one in views]), panel.to_y([one.recall for one in views]))
    board.line(x, y, BLUE, 1.3, (0, (4, 3)))
    board.spots(x, y, "o", BLUE, 6)
    if counts:
        board.spots(
            panel.to_x([one.hidden for one in counts]), panel.to_y([one.recall for one in counts]), "^", ORANGE, 8
        )  # fmt: skip
    taken = -100.0
    for across, down, label in zip(x.tolist(), y.tolist(), labels, strict=True):
        taken = max(down - 4, taken + 12)
        beside = [one for one, at in zip(x.tolist(), y.tolist(), strict=True) if abs(at - taken) < 10 and one >= across]
        board.words(max(beside, default=across) + 8, taken, label, va="center", size=SMALL)
    board.words(WIDTH - EDGE, panel.bottom + 22, _("payments nobody can attribute"), ha="right", color=GREY, size=SMALL)
    return board.finished()


def _below(point: Point) -> str:
    return _("below {amount}", amount=formats.money(point.below_fen)) if point.below_fen else _("as it is")


def viewers(found: Sequence[tuple[str, tuple[float, float, float]]]) -> Figure:
    """What each viewer knows of who paid, as shares of all payments."""
    looks = (("named", FILLS[0], ""), ("pseudonym", SKY, "///"), ("unseen", "#EDEDED", ""))
    keys = [Key(_(_SEEN[name]), color, area=True, hatch=hatch) for name, color, hatch in looks]
    board, used = Board.with_legend(keys, 6 + 26 * len(found) + 24)
    names = [named(VIEWERS, name) for name, __ in found]
    left = widest(names) + 12
    panel = Panel(board, left, used + 6, WIDTH - left - 18, 26.0 * len(found), (0, 1), (0, 1))
    panel.columns([(tick, formats.percent(tick)) for tick in (0, 0.25, 0.5, 0.75, 1)])
    rows = Rows(board, left, panel.top, panel.width, 1, row=26)
    rows.names(names)
    rows.stacked(([one[place] for __, one in found], color, hatch) for place, (__, color, hatch) in enumerate(looks))
    rows.axis(len(found))
    return board.finished()


def clocks(reports: Sequence[IncidentReport], names: Sequence[str], end_us: int) -> Figure:
    """Each report of an incident: the time it took as a share of its clock; beyond three, at the edge."""
    looks = {"in_time": ("o", BLUE), "late": ("X", RED), "overdue": (">", RED)}
    keys = [Key(_(_REPORTS[name]), color, marker=marker) for name, (marker, color) in looks.items()]
    board, used = Board.with_legend(keys, 6 + ROW * len(reports) + 42)
    left = widest(names) + 12
    ticks = [0, 1, 2, 3] if any(one.used(end_us) > 1.2 for one in reports) else [0, 0.5, 1]
    most = max(1.2, float(ticks[-1]))
    panel = Panel(board, left, used + 6, WIDTH - left - 16, ROW * len(reports), (0, most), (0, 1))
    panel.columns([(tick, formats.percent(tick)) for tick in ticks])
    panel.column(1.0)
    rows = Rows(board, left, panel.top, panel.width, most)
    rows.names(names)
    for number, one in enumerate(reports):
        look = "overdue" if one.filed_us is None else "late" if one.late_us else "in_time"
        marker, color = looks[look]
        across = min(most, max(0.0, one.used(end_us)))
        board.line([left, rows.to_x(across)], [rows.place(number)] * 2, "#9DBFD9", 4, zorder=1)
        board.spots([rows.to_x(across)], [rows.place(number)], marker, color, 7)
    rows.axis(len(reports))
    board.words(WIDTH - EDGE, panel.bottom + 22, _("share of the time allowed"), ha="right", color=GREY, size=SMALL)
    return board.finished()


def backlog(found: Backlog, overlay: Overlay) -> Figure:
    """Alerts raised and decided so far, and between them those that nobody has decided yet."""
    keys = [
        Key(_("raised"), BLUE), Key(_("decided"), GREEN, "--"),
        Key(_("not yet decided"), PALE_BLUE, area=True),
    ]  # fmt: skip
    board, used = Board.with_legend(keys, 20 + 150 + FOOT)
    ticks = axis.linear(max(1, int(found.raised[-1])))
    ends = (float(found.edges_us[0]), float(found.edges_us[-1]))
    panel = Panel(board, 48, used + 20, WIDTH - 64, 150, ends, (0, float(ticks[-1])))
    panel.levels([(tick, formats.count(tick)) for tick in ticks])
    x = np.repeat(panel.to_x(found.edges_us), 2)[1:-1]
    upper, lower = (np.repeat(panel.to_y(one), 2) for one in (found.raised, found.decided))
    board.area(np.concatenate([x, x[::-1]]), np.concatenate([upper, lower[::-1]]), PALE_BLUE)
    overlay.calendar(panel)
    overlay.events(panel)
    panel.steps(found.edges_us, found.raised, BLUE)
    panel.steps(found.edges_us, found.decided, GREEN, (0, (5, 2)))
    return board.finished()
