"""The calendar: midnights, demand over the day, festivals, and births within the duration."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from sandbox.core.clock import CELL_US, CELLS_PER_DAY, UNIT, cumulative_intensity, midnights
from sandbox.core.layout import birth
from sandbox.scenario.schema import Festival, Profile, scenario_from
from sandbox.scenario.units import US_PER_DAY
from sandbox.world import build
from tests.oracle.inputs import read_source

MONDAY = datetime(2026, 3, 2)
HOUR = 3_600_000_000
FLAT = Profile.model_validate("flat")


def rates(start: datetime, duration: int, per_day: float, profile: Profile, *festivals: Festival) -> np.ndarray:  # type: ignore[type-arg]
    """Expected payments of each minute."""
    return np.diff(cumulative_intensity(start, duration, per_day, profile, list(festivals))) / UNIT


@pytest.mark.parametrize(
    ("start", "after_us", "at_us", "day"),
    [
        (MONDAY, 0, US_PER_DAY, 1),
        (MONDAY, US_PER_DAY, 2 * US_PER_DAY, 2),
        (MONDAY, US_PER_DAY - 1, US_PER_DAY, 1),
        (MONDAY + timedelta(hours=18), 0, 6 * HOUR, 1),
        (MONDAY + timedelta(hours=18), 6 * HOUR, 30 * HOUR, 2),
        (MONDAY - timedelta(microseconds=1), 0, 1, 1),
    ],
)
def test_midnights(start: datetime, after_us: int, at_us: int, day: int) -> None:
    assert midnights(start, after_us) == (at_us, day)


def test_a_weekday_has_its_mean_whatever_its_shape() -> None:
    for profile in (Profile(), FLAT, Profile.model_validate("office_hours")):
        assert rates(MONDAY, US_PER_DAY, 1e6, profile).sum() == pytest.approx(1e6, rel=1e-6)


def test_a_weekend_is_relative_to_weekdays() -> None:
    half = Profile(weekday=[2.0] * 24, weekend=[1.0] * 24)
    week = rates(MONDAY, 7 * US_PER_DAY, 1_000.0, half).reshape(7, CELLS_PER_DAY).sum(axis=1)
    assert week == pytest.approx([1_000] * 5 + [500] * 2, rel=1e-6)


def test_hours_are_joined_by_straight_lines() -> None:
    weights = [0.0] * 24
    weights[12] = 1.0
    minutes = rates(MONDAY, US_PER_DAY, 3_600.0, Profile(weekday=weights))
    # A triangle from 11:30 to 13:30 with its top at 12:30.
    assert not minutes[: 11 * 60 + 30].any()
    assert not minutes[13 * 60 + 30 :].any()
    assert minutes[12 * 60 + 29] == pytest.approx(60 * 119 / 120, rel=1e-3)
    assert minutes[12 * 60] == pytest.approx(30 * 61 / 60, rel=1e-3)


def test_a_start_in_mid_day_sees_the_rest_of_that_day() -> None:
    whole = rates(MONDAY, 2 * US_PER_DAY, 1e5, Profile())
    late = rates(MONDAY + timedelta(hours=18), US_PER_DAY, 1e5, Profile())
    assert late == pytest.approx(whole[18 * 60 : 42 * 60], rel=1e-9)


def test_the_last_part_of_a_minute_counts_in_part() -> None:
    cumulative = cumulative_intensity(MONDAY, 90_000_000, 86_400.0, FLAT, [])
    assert cumulative.size == 3
    assert cumulative[-1] / UNIT == pytest.approx(90.0, rel=1e-6)


@pytest.mark.parametrize("peak", [2.0, 3.9, 6.8])
@pytest.mark.parametrize("second", [None, 20 * HOUR])
def test_a_festivals_peak_over_its_days_mean(peak: float, second: int | None) -> None:
    """The minute of the spike is `peak_to_mean` times the mean of its whole calendar day, to one part in a million."""
    spike_us = 2 * US_PER_DAY + HOUR // 2
    festival = Festival(at=spike_us, peak_to_mean=peak, second_rise=second)
    minutes = rates(MONDAY, 4 * US_PER_DAY, 1e7, Profile(), festival)
    spike = spike_us // CELL_US
    day = minutes[2 * CELLS_PER_DAY : 3 * CELLS_PER_DAY]
    assert minutes[spike] / day.mean() == pytest.approx(peak, rel=1e-6)
    if peak > 3:  # a lower spike at night stays below the evening's hump
        assert day.argmax() == spike - 2 * CELLS_PER_DAY
    plain = rates(MONDAY, 4 * US_PER_DAY, 1e7, Profile())
    assert minutes[:spike] == pytest.approx(plain[:spike], rel=1e-9)


@pytest.mark.parametrize("duration", [90_000_000, 60_000_001, 59_999_999, 1_000_000])
def test_births_stay_within_the_duration_to_its_last_microsecond(duration: int) -> None:
    """Also in a last, partial minute, where the rate is that of the minutes before."""
    count = 20_000
    scenario = scenario_from({
        "title": "t", "question": "q", "duration": duration, "start": MONDAY,
        "demand": {"segments": {"retail": {"payments": count * US_PER_DAY / duration, "profile": "flat"}}},
        "campaigns": {"packets": {
            "registered": 500, "winners": 500, "packet": 100, "lasts": duration, "claim_within": duration,
        }},
    })  # fmt: skip
    claims, packets, retail = (read_source(source)[birth.TIME] for source in build(scenario, 1).sources[:-1])
    assert claims.size > 400
    assert packets.size > 400
    for times in (claims, packets, retail):
        assert times.min() >= 0
        assert times.max() < duration
        assert (np.diff(times) >= 0).all()
    # 4 standard errors: of the number, and of those in the last tenth.
    assert abs(retail.size - count) <= 4 * count**0.5
    last = int((retail >= duration - duration // 10).sum())
    assert abs(last - count / 10) <= 4 * (count / 10) ** 0.5 + 1
