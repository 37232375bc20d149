"""Times in stages as rows of bars: the way of applicants through the box, and of one under several regimes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from reports.view.values import instant, rows, words
from sandbox.features.lifecycle.report.names import STAGES
from sandbox.features.lifecycle.report.view import ENDS, Applicant, Period
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


class Spot(NamedTuple):
    """A mark in a row; `look` is a review's decision, or `good` or `bad` for an end."""

    row: int
    at_us: int
    look: str


@dataclass(frozen=True)
class Gantt:
    """Rows from top to bottom: `names` (with whether a name is a heading without bars), bars and spots."""

    names: list[tuple[str, bool]]
    bars: list[Bar]
    spots: list[Spot]
    last_us: int


def look_of(stage: str) -> str:
    """How a stage is drawn.

    >>> [look_of(stage) for stage in ("applied", "small_scale", "suspended", "graduated", "refused")]
    ['waiting', 'test', 'stopped', 'good', 'bad']
    """
    if stage in ENDS:
        return "good" if stage == "graduated" else "bad"
    return "waiting" if stage in _WAITING else "stopped" if stage in _STOPPED else "test"


def ways(applicants: Sequence[Applicant], names: Sequence[str], last_us: int) -> Gantt:
    """A row for each stage of each applicant, in the order in which it came, and one for its reviews.

    Args:
        applicants: at most `APPLICANTS_AT_MOST` of them.
        names: what to call each.
        last_us: the end of the run.
    """
    found = Gantt([], [], [], last_us)
    for one, name in zip(applicants, names, strict=True):
        found.names.append((name, True))
        lasting = [period for period in one.periods if _lasts(period, last_us) or period.stage in ENDS]
        stages = list(dict.fromkeys(period.stage for period in lasting))
        first, ends = len(found.names), list[Spot]()
        found.names.extend((named(STAGES, stage), False) for stage in stages)
        for period in lasting:
            row = first + stages.index(period.stage)
            if _lasts(period, last_us):
                found.bars.append(Bar(row, period.from_us, _until(period.to_us, last_us), look_of(period.stage)))
            if period.stage in ENDS:
                ends.append(Spot(row, min(period.from_us, last_us), look_of(period.stage)))
        if one.reviews:
            found.names.append((_("reviews"), False))
            row = len(found.names) - 1
            found.spots.extend(Spot(row, review.at_us, review.decision) for review in one.reviews)
        found.spots.extend(ends)
    return found


def _lasts(period: Period, last_us: int) -> bool:
    return _until(period.to_us, last_us) > period.from_us


def _until(to_us: int | None, last_us: int) -> int:
    return last_us if to_us is None else min(to_us, last_us)


class Line(NamedTuple):
    """One applicant under one preset, as in the summary."""

    preset: str
    institution: str
    row: Mapping[str, Any]

    def at(self, name: str) -> int | None:
        """An instant of it: `applied_us`, `admitted_us` or `ended_us`."""
        return instant(self.row.get(name))


def lines(regimes: Sequence[Mapping[str, Any]]) -> list[Line]:
    """Every applicant under every preset."""
    return [
        Line(words(regime.get("preset")), words(one.get("institution")), one)
        for regime in regimes
        for one in rows(regime.get("applicants"))
    ]


def side_by_side(found: Sequence[Line], names: Sequence[str], last_us: int) -> Gantt:
    """A row for each line: waiting until let in, the test, and its end."""
    gantt = Gantt([(name, False) for name in names], [], [], last_us)
    for row, one in enumerate(found):
        applied, admitted, ended = (one.at(f"{name}_us") for name in ("applied", "admitted", "ended"))
        end = last_us if ended is None else min(ended, last_us)
        if applied is not None:
            gantt.bars.append(Bar(row, applied, end if admitted is None else min(admitted, end), "waiting"))
        if admitted is not None:
            gantt.bars.append(Bar(row, min(admitted, end), end, "test"))
        if ended is not None:
            gantt.spots.append(Spot(row, end, look_of(words(one.row.get("stage")))))
    return gantt
