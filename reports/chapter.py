"""What features add to a report."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from reports.document import Finding, Section
from reports.sections.context import Context
from sandbox.feature import declared
from sandbox.metric import Metric

Risk = Callable[[Context], list[Finding]]
"""The findings of one kind of risk."""


@dataclass(frozen=True)
class Chapter:
    """What a feature declares of its place in a report. All are called for every run; of one without the feature they
    say nothing.

    Args:
        section: the chapter.
        headline: a sentence or two for the first screen.
        risks: what is at risk, by the section of the summary's `risk` that tells it.
        derived: numbers with a threshold that the chapter works out from several entries.
        titles: what these kinds of risk are called, unless another chapter says so.
        abroad: whether some of the run's payments are made abroad; those of the rail are then said to be at home.
        box: whether it tells how the run's box fared; other chapters are then silent about it.
        answers: entries of the summary, or patterns of such, that answer a question about it, the best first; of a
            scenario that does not say itself which do.
    """

    section: Callable[[Context], tuple[Section, ...]]
    headline: Callable[[Context], str | None]
    risks: Mapping[str, Risk] = field(default_factory=dict, hash=False)
    derived: tuple[Metric, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict, hash=False)
    abroad: Callable[[Context], bool] = lambda context: False
    box: Callable[[Context], bool] = lambda context: False
    answers: tuple[str, ...] = ()


def tells_of_box(context: Context) -> bool:
    """Whether the box of the run has a chapter of its own."""
    return any(chapter.box(context) for __, chapter in declared(Chapter))
