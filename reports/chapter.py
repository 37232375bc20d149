"""What features add to a report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from reports.document import Finding, Section
from reports.sections.context import Context
from reports.thresholds import LINES, Line
from sandbox.feature import declared

Find = Callable[..., list[Finding]]
"""Makes a finding as all risks have them: key of its words, number, the number as shown, the line it is held against
(a name of `lines`, or None), and what fills its words; none where there is no number."""


Risk = Callable[[Context, Find], list[Finding]]
"""The findings of one kind of risk."""


@dataclass(frozen=True)
class Chapter:
    """What a feature declares of its place in a report. All are called for every run; of one without the feature they
    say nothing.

    Args:
        section: the chapter.
        headline: a sentence or two for the first screen.
        risks: what is at risk, by the section of the summary's `risk` that tells it.
        lines: against which risks are held, by name.
        abroad: whether some of the run's payments are made abroad; those of the rail are then said to be at home.
    """

    section: Callable[[Context], tuple[Section, ...]]
    headline: Callable[[Context], str | None]
    risks: Mapping[str, Risk] = field(default_factory=dict, hash=False)
    lines: Mapping[str, Line] = field(default_factory=dict, hash=False)
    abroad: Callable[[Context], bool] = lambda context: False


def lines() -> dict[str, Line]:
    """Every line that a figure is held against."""
    return {**LINES, **{name: line for _, one in declared(Chapter) for name, line in one.lines.items()}}
