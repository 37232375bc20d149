"""Office hours against a walk over the local clock, ten minutes at a time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.core.layout import INFINITE
from sandbox.features.crossborder.calendar import ALWAYS, Hours, office_hours, overlap
from sandbox.features.crossborder.schema import office as schema
from sandbox.features.crossborder.schema.office import DAYS, HOME_UTC_OFFSET, Office, ever_both

MINUTE = 60_000_000
HOUR, DAY = 60 * MINUTE, 1440 * MINUTE
START = datetime(2026, 2, 27, 7, 30)
TICK = 10 * MINUTE
"""All hours here are whole multiples of it."""
SPAN = 9 * 144
"""Ticks walked over: two weekends."""

OFFICES = st.builds(
    lambda offset, opens, lasts, weekend, holidays: Office(
        utc_offset=offset, opens=f"{opens} min", closes=f"{min(opens + lasts, 1440)} min", weekend=weekend,
        holidays=holidays,
    ),
    st.sampled_from([-12, -5, 0, 3, 5.5, 8, 9.5, 14]),
    st.integers(0, 1400).map(lambda one: one // 10 * 10),
    st.integers(10, 1440).map(lambda one: one // 10 * 10),
    st.sampled_from([["sat", "sun"], ["fri", "sat"], [], ["sun"]]),
    st.sampled_from([[], ["2026-03-02"], ["2026-02-28 to 2026-03-03"], ["2026-03-04", "2026-03-06"]]),
)  # fmt: skip


def ticks(one, cut_off=0):
    """For each tick of the run whether the office is open, as somebody there would say who looks at the wall."""
    off = set()
    for text in one.holidays:
        first, _, last = text.partition(" to ")
        day = datetime.fromisoformat(first)
        while day <= datetime.fromisoformat(last or first):
            off.add(day.date())
            day += timedelta(days=1)
    found = []
    for tick in range(SPAN):
        local = START + timedelta(minutes=10 * tick) + timedelta(hours=one.utc_offset - HOME_UTC_OFFSET)
        clock = (local.hour * 60 + local.minute) * MINUTE
        works = DAYS[local.weekday()] not in one.weekend and local.date() not in off
        found.append(works and one.opens <= clock < one.closes - cut_off)
    return found


def walk(is_open, at, work):
    """The tick at which work of so many open ticks is done that begins at tick `at`, or None."""
    if work == 0:
        return next((tick for tick in range(at, SPAN) if is_open[tick]), None)
    for tick in range(at, SPAN):
        work -= is_open[tick]
        if work == 0:
            return tick + 1
    return None


@settings(max_examples=60, deadline=None)
@given(office=OFFICES, cut_off=st.sampled_from([0, 10, 60]), at=st.integers(0, SPAN - 1), work=st.integers(0, 300))
def test_hours_are_those_of_a_minute_walk(office, cut_off, at, work):
    hours, walked = office_hours(office, START, SPAN * TICK, cut_off * MINUTE), ticks(office, cut_off * MINUTE)
    check(hours, walked, at, work)


def check(hours, walked, at, work):
    for tick in (at, *range(0, SPAN, 11)):
        assert hours.is_open(tick * TICK) == walked[tick]
    opens = walk(walked, at, 0)
    assert hours.next_open(at * TICK) == (INFINITE if opens is None else opens * TICK)
    ends = (tick + 1 for tick in range(at, SPAN) if walked[tick] and (tick + 1 == SPAN or not walked[tick + 1]))
    closes = next(ends, None)
    # Days that touch at midnight are one to the walk and two to the calendar.
    if closes is not None and hours.next_close(at * TICK) != closes * TICK:
        assert hours.next_close(at * TICK) in hours.opens
    assert hours.open_us(at * TICK) == sum(walked[:at]) * TICK
    done = walk(walked, at, work)
    assert hours.after(at * TICK, work * TICK) == (INFINITE if done is None else done * TICK)


@settings(max_examples=40, deadline=None)
@given(one=OFFICES, other=OFFICES, at=st.integers(0, SPAN - 1), work=st.integers(0, 90))
def test_the_overlap_is_when_both_are_open(one, other, at, work):
    both = overlap(*(office_hours(office, START, SPAN * TICK) for office in (one, other)))
    check(both, [left and right for left, right in zip(ticks(one), ticks(other), strict=True)], at, work)
    for until in (SPAN * TICK, TICK * at):
        spans = [list(office.spans(START, until)) for office in (one, other)]
        assert ever_both(*spans) == bool(overlap(*map(Hours, spans)).opens)


def test_never_open_and_always_open():
    never = Hours([])
    assert (never.next_open(5), never.after(5, 1), never.open_us(5)) == (INFINITE, INFINITE, 0)
    assert ALWAYS.after(7, 5) == 12


def test_a_cut_off_that_comes_late_is_caught(monkeypatch):
    office = Office(utc_offset=8)
    spans = Office.spans

    def late(self, start, until_us, cut_off_us):
        for first, last in spans(self, start, until_us, cut_off_us):
            yield first, last + TICK

    monkeypatch.setattr(Office, "spans", late)
    hours = office_hours(office, START, SPAN * TICK, HOUR)
    with pytest.raises(AssertionError):
        check(hours, ticks(office, HOUR), 0, 60)


def test_a_week_that_begins_on_another_day_is_caught(monkeypatch):
    monkeypatch.setattr(schema, "DAYS", DAYS[1:] + DAYS[:1])
    hours = office_hours(Office(utc_offset=8), START, SPAN * TICK)
    with pytest.raises(AssertionError):
        check(hours, ticks(Office(utc_offset=8)), 0, 60)
