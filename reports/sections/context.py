"""What every chapter needs: the run, its events, and small helpers for common sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from reports import formats
from reports.figures.labels import Labels
from reports.source import RunData
from reports.text import say
from reports.view.timeline import Timeline, broken_spans, timeline
from reports.view.values import number

if TYPE_CHECKING:
    from reports.figures.overlay import Overlay

STATIONS_AT_MOST = 12


@dataclass(frozen=True)
class Context:
    """A run with what several chapters derive from it."""

    run: RunData

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

    def number(self, path: str) -> float | None:
        """A number of the summary, or None."""
        return number(self.run.get(path))

    def whole(self, path: str) -> int | None:
        """A whole number of the summary, or None."""
        value = number(self.run.get(path))
        return None if value is None else int(value)

    def latency_ms(self, name: str) -> float | None:
        """A quantile of the time to settle."""
        return self.number(f"throughput.latency_ms.{name}")


def explained(labels: Labels) -> tuple[str, ...]:
    """Sentences that say which name a label stands for."""
    return tuple(say("page.name", label=label, name=name) for label, name in labels.explained)


def cells(row: Mapping[str, Any], names: Sequence[str]) -> tuple[str, ...]:
    """Cells of a row: money in yuan where the name ends in `_fen`, times in ms, shares, else whole numbers."""
    return tuple(cell(name, row.get(name)) for name in names)


def cell(name: str, value: Any) -> str:
    """One number in the form that its name asks for."""
    known = number(value)
    if name.endswith("_fen"):
        return formats.yuan(None if known is None else int(known))
    if "_ms" in name:
        return formats.milliseconds(known)
    if name.endswith("share") or name in ("utilisation", "odds"):
        return formats.share(known)
    if name.endswith("_mean"):
        return formats.decimal(known)
    return formats.count(known)


def times(key: str, number: int | None) -> str:
    """`1 payment` or `62,788 payments`."""
    return say(f"{key}_one") if number == 1 else say(f"{key}_many", n=formats.count(number))
