"""Control events: which are marked on the figures, over which spans something was broken, and the rows of the table."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from string import ascii_uppercase

import numpy as np

from reports import formats
from reports.source import Event, RunData
from reports.view.details import WORDS, plain
from reports.view.events import Events
from sandbox.feature import declared
from sandbox.language import _

MARKS_AT_MOST = 12
ROWS_AT_MOST = 60
_FAULT_ENDS = "fault_ended"
_FOUND = ("holding_fen", "target_fen")
# What a reader must not miss comes first; what happens every day comes last.
_WEIGHT = {"fault": 0, "bank": 1, "regulator": 1, "campaign": 2, "central_bank": 3, "institution": 3, "calendar": 4}


@dataclass(frozen=True)
class Mark:
    """An instant on a time axis; `letter` is its name on the figures and in the table."""

    at_us: int
    letter: str
    actor: str


@dataclass(frozen=True)
class Row:
    """A row of the table of events: `count` alike events from `at_us` to `last_us`."""

    at_us: int
    last_us: int
    letter: str
    actor: str
    event: str
    subject: str
    detail: str
    count: int


@dataclass(frozen=True)
class Timeline:
    """Marks and rows, in order of time; `left_out` is how many events have no row."""

    marks: list[Mark]
    rows: list[Row]
    left_out: int


def timeline(run: RunData) -> Timeline:
    """Choose marks and rows.

    Events of one actor and name that come more often than `_each_alone` says are gathered into one row, without a mark.
    """
    groups: dict[tuple[str, str], list[Event]] = {}
    for event in run.events:
        groups.setdefault((event.actor, event.event), []).append(event)
    single: list[list[Event]] = []
    gathered: list[list[Event]] = []
    for events in groups.values():
        (single if len(events) <= _each_alone(events[0]) else gathered).append(events)
    alone = sorted((event for events in single for event in events), key=lambda event: (_weight(event), event.at_us))
    shown = alone[:ROWS_AT_MOST]
    marked = sorted((event for event in shown if _has_mark(event, run)), key=lambda one: (_weight(one), one.at_us))
    marked = sorted(marked[:MARKS_AT_MOST], key=lambda event: event.at_us)
    letters = {id(event): ascii_uppercase[place] for place, event in enumerate(marked)}
    place_of = {id(event): place for place, event in enumerate(run.events)}
    in_order = sorted([*([event] for event in shown), *gathered], key=lambda events: place_of[id(events[0])])
    rows = [_row(events, letters.get(id(events[0]), "")) for events in in_order]
    marks = [Mark(event.at_us, letters[id(event)], event.actor) for event in marked]
    return Timeline(marks, rows, len(alone) - len(shown))


def _has_mark(event: Event, run: RunData) -> bool:
    """Whether an event may have a letter: what follows the end of the run (a roll-out) is on no figure."""
    ends = run.entries.instant("scenario.duration_us")
    inside = ends is None or event.at_us <= ends
    unmarked = any(event.event in one.unmarked for __, one in declared(Events))
    return event.actor != "calendar" and not unmarked and inside


def _each_alone(event: Event) -> int:
    if any(event.event in one.many for __, one in declared(Events)):
        return 6
    return {"fault": 40, "regulator": 40, "calendar": 2}.get(event.actor, 6)


def _weight(event: Event) -> int:
    return _WEIGHT.get(event.actor, 3)


def _row(events: list[Event], letter: str) -> Row:
    first, last = events[0], events[-1]
    subjects = sorted({event.subject for event in events if event.subject})
    subject = formats.listed(subjects[:3])
    if len(subjects) > 3:
        subject = _("{subjects}, … ({count})", subjects=subject, count=str(len(subjects)))
    words = _words(first) if len(events) == 1 else plain(_totals(events))
    return Row(first.at_us, last.at_us, letter, first.actor, first.event, subject, words, len(events))


def _words(event: Event) -> str:
    """The detail of an event, in the words of its own kind if it has them."""
    for details in (WORDS, *(one.details for __, one in declared(Events))):
        if event.detail and event.event in details:
            return details[event.event](event)
    return plain(event.detail)


def broken_spans(run: RunData, subjects: Container[str] | None = None) -> list[tuple[int, int]]:
    """Spans between the start and the end of each fault; one that never ends lasts to the end of the series.

    With `subjects`, of faults of these alone.
    """
    open_since: dict[tuple[str, object], list[int]] = {}
    spans = []
    for event in run.events:
        if event.actor != "fault" or (subjects is not None and event.subject not in subjects):
            continue
        key = event.subject, event.detail.get("kind")
        if event.event == _FAULT_ENDS or event.event.endswith("_recovered"):
            begun = open_since.get(key)
            spans.append((begun.pop(0) if begun else 0, event.at_us))
        else:
            open_since.setdefault(key, []).append(event.at_us)
    at_us = np.asarray(run.series.get("at_us", ()), dtype=np.int64)
    last = int(at_us[-1]) + run.bin_us if len(at_us) else 0
    spans += [(begun, max(last, begun)) for left in open_since.values() for begun in left]
    return sorted(spans)


def _totals(events: list[Event]) -> dict[str, object]:
    """Sums of the money and complaints of alike events; what they found (a holding, a target) does not add up."""
    names = [name for name in events[0].detail if _adds_up(name)]
    found = {name: [event.detail.get(name) for event in events] for name in names}
    return {name: sum([value for value in values if isinstance(value, int)]) for name, values in found.items()}


def _adds_up(name: str) -> bool:
    return (name.endswith("_fen") and name not in _FOUND) or name == "complaints"
