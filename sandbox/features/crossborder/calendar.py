"""When a place is open: office hours, weekends and holidays of a jurisdiction, on the scenario's clock (us).

The holidays themselves are the scenario's (`schema/office.py`), whose start is local time of the home zone, eight hours
ahead of UTC.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime
from typing import Final

from sandbox.core.layout import INFINITE
from sandbox.features.crossborder.schema.office import Office, Span
from sandbox.scenario.units import US_PER_DAY


class Hours:
    """Spans of time, in order and apart from each other, in which something is open.

    Attributes:
        opens, closes: begin and end of each (us); open at `opens`, no longer open at `closes`.
    """

    def __init__(self, spans: list[Span]) -> None:
        """Of spans in order of time."""
        self.opens = [first for first, _ in spans]
        self.closes = [last for _, last in spans]
        self._before = [0]
        for first, last in spans:
            self._before.append(self._before[-1] + last - first)

    def is_open(self, at_us: int) -> bool:
        """Is it open then?"""
        place = bisect_right(self.opens, at_us) - 1
        return place >= 0 and at_us < self.closes[place]

    def next_open(self, at_us: int) -> int:
        """The first instant from `at_us` on at which it is open; INFINITE if there is none."""
        place = bisect_right(self.opens, at_us) - 1
        if place >= 0 and at_us < self.closes[place]:
            return at_us
        return self.opens[place + 1] if place + 1 < len(self.opens) else INFINITE

    def next_close(self, at_us: int) -> int:
        """The end of the span that `at_us` is in, or of the next one; INFINITE if there is none."""
        place = bisect_right(self.closes, at_us)
        return self.closes[place] if place < len(self.closes) else INFINITE

    def after(self, at_us: int, work_us: int) -> int:
        """When something is done that takes `work_us` of open time from `at_us` on; INFINITE if never."""
        return self.instant(self.open_us(at_us) + work_us) if work_us else self.next_open(at_us)

    def open_us(self, until_us: int) -> int:
        """How long it has been open by then."""
        place = bisect_right(self.opens, until_us) - 1
        if place < 0:
            return 0
        return self._before[place] + min(until_us, self.closes[place]) - self.opens[place]

    def instant(self, open_us: int) -> int:
        """The first instant by which it has been open for that long; INFINITE if never."""
        place = bisect_right(self._before, open_us) - 1
        if place > 0 and self._before[place] == open_us:
            return self.closes[place - 1]
        if place >= len(self.opens):
            return INFINITE
        return self.opens[place] + open_us - self._before[place]


ALWAYS: Final = Hours([(0, INFINITE)])


def overlap(one: Hours, other: Hours) -> Hours:
    """When both are open."""
    spans, place, turn = [], 0, 0
    while place < len(one.opens) and turn < len(other.opens):
        first = max(one.opens[place], other.opens[turn])
        last = min(one.closes[place], other.closes[turn])
        if first < last:
            spans.append((first, last))
        if one.closes[place] <= other.closes[turn]:
            place += 1
        else:
            turn += 1
    return Hours(spans)


def office_hours(one: Office, start: datetime, until_us: int, cut_off_us: int = 0) -> Hours:
    """Office hours from the start of the run to `until_us`, each day less the time before closing that is cut off."""
    return Hours(list(one.spans(start, until_us, cut_off_us)))


def business_days(one: Office, start: datetime, until_us: int) -> Hours:
    """Whole days, by its own clock, on which it opens."""
    whole = one.model_copy(update={"opens": 0, "closes": US_PER_DAY})
    return office_hours(whole, start, until_us)


def holidays(one: Office, start: datetime, until_us: int) -> Hours:
    """Whole days, by its own clock, on which it would open if they were no holidays."""
    return Hours(list(one.holiday_spans(start, until_us)))
