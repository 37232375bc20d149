"""Analysts: a queue as theory says, working hours, and orders of work worked out on paper."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.core.draws import exponential_table, sample, stream
from sandbox.features.supervision.schema.cases import HOUR, MINUTE, Hours
from sandbox.features.supervision.staff import Staff, shift
from sandbox.scenario.units import US_PER_DAY
from sandbox.validation.measure import batch_estimate
from sandbox.validation.theory import mean_queue_length, offered_load, wait_mmc_s

MONDAY = datetime(2026, 3, 2)
S = 1_000_000
OFFICE = Hours()


def comes(staff: Staff, env: simpy.Environment, plan: list[tuple[int, int, int]]) -> dict[int, int]:
    """Things that come at (us), take (us) and have a priority; when each is done, by its place in the plan."""
    done: dict[int, int] = {}

    def one(place: int, at_us: int, takes_us: int, priority: int):  # type: ignore[no-untyped-def]
        yield env.timeout(at_us)
        yield from staff.work(takes_us, priority)
        done[place] = int(env.now)

    for place, (at_us, takes_us, priority) in enumerate(plan):
        env.process(one(place, at_us, takes_us, priority))
    return done


@pytest.fixture(scope="module")
def busy() -> tuple[Staff, int]:
    """Three analysts, half an hour an alert, 4.5 alerts an hour: a load of 0.75 each, for 60,000 alerts."""
    count, mean_gap, mean_time = 60_000, HOUR / 4.5, 30 * MINUTE
    gaps, times = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    with np.errstate(over="ignore"):
        sample(exponential_table(mean_gap), stream(1, "gaps"), 0, gaps)
        sample(exponential_table(mean_time), stream(1, "times"), 0, times)
    env = simpy.Environment()
    staff = Staff(env, 3, None, MONDAY)

    def source():  # type: ignore[no-untyped-def]
        for gap, time in zip(gaps.tolist(), times.tolist(), strict=True):
            yield env.timeout(gap)
            env.process(staff.work(time))

    env.process(source())
    end = int(gaps.sum())
    env.run(until=end)
    return staff, end


def test_waits_are_those_of_erlang(busy: tuple[Staff, int]) -> None:
    staff, _ = busy
    found = batch_estimate(np.array(staff.waits)[6_000:] / S)
    exact = wait_mmc_s(4.5 / 3_600, 1_800, 3)
    assert found.agrees(exact, sharp=0.05), (found, exact)
    assert not found.agrees(wait_mmc_s(4.5 / 3_600, 1_800, 4), sharp=1), "with four analysts nobody waits so long"
    assert not found.agrees(wait_mmc_s(4.5 / 3_600, 1_900, 3), sharp=1), "5 % slower would be seen"


def test_queue_and_utilisation_follow_from_the_waits(busy: tuple[Staff, int]) -> None:
    staff, end_us = busy
    # Little 1961, of this very run: the queue's mean is the rate of arrivals times their mean wait.
    rate = len(staff.waits) / (end_us / S)
    assert staff.queue_mean() == pytest.approx(mean_queue_length(rate, float(np.mean(staff.waits)) / S), rel=0.01)
    utilisation = staff.utilisation()
    assert utilisation == pytest.approx(offered_load(4.5 / 3_600, 1_800) / 3, rel=0.02)


def test_two_people_and_four_things() -> None:
    env = simpy.Environment()
    staff = Staff(env, 2, None, MONDAY)
    done = comes(staff, env, [(0, 10, 0), (0, 4, 0), (1, 3, 0), (1, 3, -5)])
    env.run(until=20)
    # The fourth is worked on before the third, which came first: 4 to 7, then 7 to 10.
    assert done == {0: 10, 1: 4, 3: 7, 2: 10}
    assert staff.waits == [0, 0, 3, 6]
    assert staff.most_waiting == 2
    assert staff.queue_mean() == (2 * 3 + 1 * 3) / 20
    assert staff.utilisation() == (10 + 4 + 3 + 3) / (2 * 20)


def test_at_night_nothing_is_begun_and_what_is_begun_is_finished() -> None:
    env = simpy.Environment()
    staff = Staff(env, 1, OFFICE, MONDAY)
    just_before = 17 * HOUR - 1
    done = comes(staff, env, [(8 * HOUR, HOUR, 0), (just_before, 2 * HOUR, 0), (17 * HOUR, HOUR, 0)])
    env.run(until=2 * US_PER_DAY)
    assert done == {0: 10 * HOUR, 1: just_before + 2 * HOUR, 2: US_PER_DAY + 10 * HOUR}
    assert staff.utilisation() == (4 * HOUR) / (16 * HOUR)


def test_over_the_weekend_the_backlog_grows() -> None:
    env = simpy.Environment()
    staff = Staff(env, 2, OFFICE, datetime(2026, 3, 6, 16, 59, 59))  # a Friday
    comes(staff, env, [(hour * HOUR + S, HOUR, 0) for hour in range(48)])
    env.run(until=2 * US_PER_DAY)
    assert (staff.waiting, staff.in_hand, staff.waits) == (48, 0, [])


@given(
    opens=st.integers(0, 23), length=st.integers(1, 24), weekends=st.booleans(),
    begins=st.integers(0, 7 * 24 * 60), minutes=st.integers(0, 20 * 24 * 60),
)  # fmt: skip
@settings(max_examples=200)
def test_a_shift_is_what_the_clock_on_the_wall_says(
    opens: int, length: int, weekends: bool, begins: int, minutes: int
) -> None:
    """Against the plainest reading, minute by minute."""
    hours = Hours(opens=opens * HOUR, closes=min(24, opens + length) * HOUR, weekends=weekends)
    start = MONDAY + timedelta(minutes=begins)

    def open_at(minute: int) -> bool:
        now = start + timedelta(minutes=minute)
        return (weekends or now.isoweekday() <= 5) and opens * 60 <= now.hour * 60 + now.minute < hours.closes // MINUTE

    at_work, until_us = shift(hours, start, minutes * MINUTE)
    assert at_work is open_at(minutes)
    changes, rest = divmod(until_us, MINUTE)
    assert rest == 0
    assert changes > minutes
    assert all(open_at(one) is at_work for one in range(minutes, changes, 7))
    # At midnight a shift that goes on is asked about again, so the state may be the same there.
    assert open_at(changes) is not at_work or (hours.closes == US_PER_DAY and opens == 0)
