"""What lies over every panel whose horizontal axis is time: its ticks, broken spans and marks of events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from reports import formats
from reports.figures.canvas import EDGE, SMALL, Panel
from reports.figures.colors import GREY, PALE_RED
from reports.view import axis
from reports.view.timeline import Mark
from sandbox.language import _

FOOT = 40.0
"""Room below a panel that `calendar` needs."""


@dataclass(frozen=True)
class Overlay:
    """The simulated calendar, and what is marked on it."""

    start: datetime
    marks: Sequence[Mark] = ()
    spans: Sequence[tuple[int, int]] = ()

    @property
    def without_marks(self) -> Overlay:
        """The same with broken spans alone, for figures that show the events themselves."""
        return Overlay(self.start, (), self.spans)

    def calendar(self, panel: Panel) -> None:
        """Ticks at round local times, and from when the axis counts."""
        first, last = int(panel.x[0]), int(panel.x[1])
        panel.columns([(float(at), label) for at, label in axis.calendar(self.start, first, last)])
        words = _("local time, from {moment}", moment=formats.moment(self.start, first))
        panel.board.words(400 - EDGE, panel.bottom + 22, words, ha="right", color=GREY, size=SMALL)

    def events(self, panel: Panel, letters: bool = True) -> None:
        """Broken spans as shades, other events as dotted lines with letters, moved apart where they would touch."""
        first, last = panel.x
        shades = [(max(begin, first), min(end, last)) for begin, end in self.spans if end >= first and begin <= last]
        sides = [(float(panel.to_x(begin)), panel.top, float(panel.to_x(end)), panel.bottom) for begin, end in shades]
        panel.board.boxes(sides, PALE_RED, zorder=0.1)
        taken = -100.0
        for mark in self.marks:
            if not first <= mark.at_us <= last:
                continue
            panel.column(mark.at_us, GREY, (0, (1, 2)), 1.0)
            if letters:
                taken = max(float(panel.to_x(mark.at_us)), taken + 9)
                panel.board.words(taken, panel.top - 2, mark.letter, ha="center", va="bottom", size=SMALL, color=GREY)
