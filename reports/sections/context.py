"""What every chapter needs: the run, its events, and small helpers for common sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from reports.reading import Entries
from reports.source import RunData
from reports.view.timeline import Timeline, broken_spans, timeline
from sandbox.entries import Entry, entries

if TYPE_CHECKING:
    from reports.figures.overlay import Overlay

STATIONS_AT_MOST = 12


@dataclass(frozen=True)
class Context:
    """A run with what several chapters derive from it."""

    run: RunData

    @cached_property
    def found(self) -> dict[str, Entry]:
        """The entries of the summary by path."""
        return entries(self.run.summary)

    @cached_property
    def timeline(self) -> Timeline:
        """Marks and rows of events."""
        return timeline(self.run)

    @cached_property
    def spans(self) -> list[tuple[int, int]]:
        """Spans in which something was broken."""
        return broken_spans(self.run)

    @property
    def overlay(self) -> Overlay:
        """What lies over every figure of time; asked for only when a figure is drawn."""
        from reports.figures.overlay import Overlay

        return Overlay(self.start, self.timeline.marks, self.spans)

    @property
    def start(self) -> datetime:
        """Local start."""
        return self.run.start

    @property
    def has_series(self) -> bool:
        """Whether there is any bin."""
        return len(self.run.series.get("at_us", ())) > 0

    def section(self, path: str) -> Entries:
        """A section of the summary; an empty one if there is none."""
        return self.run.entries.section(path)

    def rows(self, path: str) -> list[Entries]:
        """The entries of a list of the summary."""
        return self.run.entries.rows(path)
