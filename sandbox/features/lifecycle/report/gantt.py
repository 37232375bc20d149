"""Times in stages as rows of bars: the path of applicants through the box, and of one under several regimes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from reports.reading import Entries
from sandbox.features.lifecycle.report.names import STAGES
from sandbox.features.lifecycle.report.view import ENDS, periods, reviews
from sandbox.language import _, named

APPLICANTS_AT_MOST: Final = 4
LINES_AT_MOST: Final = 12
_WAITING: Final = ("applied", "public_comment")
_STOPPED: Final = ("remediating", "suspended")


class Bar(NamedTuple):
    """A time in a row; `look` is `waiting`, `test`, `stopped`, `good` or `bad`."""

    row: int
    from_us: int
    to_us: int
    look: str


class Mark(NamedTuple):
    """A mark in a row; `look` is a review's decision, or `good` or `bad` for an end."""

    row: int
    at_us: int
    look: str


@dataclass(frozen=True)
class Gantt:
    """Rows from top to bottom: `names` (with whether a name is a heading without bars), bars and marks."""

    names: list[tuple[str, bool]]
    bars: list[Bar]
    marks: list[Mark]
    last_us: int


def look_of(stage: str) -> str:
    """How a stage is drawn.

    >>> [look_of(stage) for stage in ("applied", "small_scale", "suspended", "graduated", "refused")]
    ['waiting', 'test', 'stopped', 'good', 'bad']
    """
    if stage in ENDS:
        return "good" if stage == "graduated" else "bad"
    return "waiting" if stage in _WAITING else "stopped" if stage in _STOPPED else "test"


def paths(applicants: Sequence[Entries], names: Sequence[str], last_us: int) -> Gantt:
    """A row for each stage of each applicant, in the order in which it came, and one for its reviews.

    Args:
        applicants: at most `APPLICANTS_AT_MOST` of them.
        names: what to call each.
        last_us: the end of the run.
    """
    found = Gantt([], [], [], last_us)
    for one, name in zip(applicants, names, strict=True):
        found.names.append((name, True))
        times = [(two.text("stage"), two.amount("from_us"), _until(two, last_us)) for two in periods(one)]
        lasting = [(stage, begin, end) for stage, begin, end in times if end > begin or stage in ENDS]
        stages = list(dict.fromkeys(stage for stage, _begin, _end in lasting))
        first, ends = len(found.names), list[Mark]()
        found.names.extend((named(STAGES, stage), False) for stage in stages)
        for stage, begin, end in lasting:
            row = first + stages.index(stage)
            if end > begin:
                found.bars.append(Bar(row, begin, end, look_of(stage)))
            if stage in ENDS:
                ends.append(Mark(row, min(begin, last_us), look_of(stage)))
        if reviews(one):
            found.names.append((_("reviews"), False))
            row = len(found.names) - 1
            found.marks.extend(Mark(row, each.amount("at_us"), each.text("decision")) for each in reviews(one))
        found.marks.extend(ends)
    return found


def _until(period: Entries, last_us: int) -> int:
    to_us = period.instant("to_us")
    return last_us if to_us is None else min(to_us, last_us)


class Line(NamedTuple):
    """One applicant under one preset."""

    preset: str
    row: Entries

    @property
    def institution(self) -> str:
        """The applicant."""
        return self.row.text("institution")


def lines(regimes: Sequence[Entries]) -> list[Line]:
    """Every applicant under every preset."""
    return [Line(regime.text("preset"), one) for regime in regimes for one in regime.rows("applicants")]


def side_by_side(found: Sequence[Line], names: Sequence[str], last_us: int) -> Gantt:
    """A row for each line: waiting until let in, the test, and its end."""
    gantt = Gantt([(name, False) for name in names], [], [], last_us)
    for row, one in enumerate(found):
        applied, admitted, ended = (one.row.instant(f"{name}_us") for name in ("applied", "admitted", "ended"))
        end = last_us if ended is None else min(ended, last_us)
        if applied is not None:
            gantt.bars.append(Bar(row, applied, end if admitted is None else min(admitted, end), "waiting"))
        if admitted is not None:
            gantt.bars.append(Bar(row, min(admitted, end), end, "test"))
        if ended is not None:
            gantt.marks.append(Mark(row, end, look_of(one.row.text("stage"))))
    return gantt
