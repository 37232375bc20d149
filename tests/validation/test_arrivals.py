"""When payments come: a Poisson process with the profile's rate, hour by hour; no queue takes part."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from sandbox.core.layout import birth
from sandbox.scenario.load import load
from sandbox.scenario.schema import Profile
from sandbox.validation.measure import batch_estimate, scenario_of
from sandbox.world import build

Floats = npt.NDArray[np.float64]
US_PER_HOUR = 3_600_000_000
FEW = 1e-3
"""A right simulator fails a test at this level once in a thousand seeds."""


def births(scenario: Any, column: int = birth.TIME) -> npt.NDArray[np.int64]:
    """One column of all births of the scenario's only segment."""
    source, _ = build(scenario, scenario.seed).sources  # the other: orders of processes, of which there are none
    buffer, parts = np.zeros((birth.ROWS, 10_000), dtype=np.int64), []
    while count := source.fill(buffer):
        parts.append(buffer[column, :count].copy())
    return np.concatenate(parts)


def kolmogorov_limit(number: int) -> float:
    """The distance that a sample exceeds with probability `FEW` (Kolmogorov's asymptotic law, first term)."""
    return float(np.sqrt(-np.log(FEW / 2) / 2 / number))


def distance_from_exponential(gaps: npt.NDArray[Any], mean: float) -> float:
    """Kolmogorov and Smirnov's distance between gaps and an exponential with this mean."""
    expected = 1.0 - np.exp(-np.sort(gaps) / mean)
    steps = np.arange(len(gaps) + 1) / len(gaps)
    return float(max(np.max(steps[1:] - expected), np.max(expected - steps[:-1])))


@pytest.fixture(scope="module")
def flat_us() -> npt.NDArray[np.int64]:
    """Births at 70 a second for two hours."""
    return births(scenario_of("mm1.yaml", {"duration": "2 h"}))


def test_gaps_are_exponential(flat_us: npt.NDArray[np.int64]) -> None:
    gaps_us = np.diff(flat_us)
    limit = kolmogorov_limit(len(gaps_us))
    assert limit < 0.003
    assert distance_from_exponential(gaps_us, 1e6 / 70) < limit


def test_gaps_do_not_know_each_other(flat_us: npt.NDArray[np.int64]) -> None:
    gaps_us = np.diff(flat_us).astype(np.float64)
    for lag in (1, 2, 10):
        correlation = float(np.corrcoef(gaps_us[:-lag], gaps_us[lag:])[0, 1])
        assert abs(correlation) < 4 / np.sqrt(len(gaps_us))


@pytest.mark.parametrize("window_s", [0.05, 1.0, 10.0])
def test_counts_are_as_even_as_poisson(flat_us: npt.NDArray[np.int64], window_s: float) -> None:
    """Variance of counts over their mean is 1; for n windows it has a standard error of sqrt(2 / n)."""
    windows = int(7_200 / window_s)
    counts = np.bincount((flat_us / (window_s * 1e6)).astype(np.int64), minlength=windows)
    assert abs(counts.mean() - 70 * window_s) < 4 * np.sqrt(70 * window_s / windows)
    assert abs(counts.var(ddof=1) / counts.mean() - 1) < 4 * np.sqrt(2 / windows + 1 / (windows * counts.mean()))


def test_validation_catches_gaps_of_another_kind(flat_us: npt.NDArray[np.int64]) -> None:
    gaps_us = np.diff(flat_us)
    limit = kolmogorov_limit(len(gaps_us))
    assert distance_from_exponential(gaps_us * 0.97, 1e6 / 70) > limit
    # Every second payment put into the middle of its neighbours: the same rate, but too even.
    even_us = flat_us.copy()[: len(flat_us) // 2 * 2 - 1]
    even_us[1::2] = (even_us[:-1:2] + even_us[2::2]) // 2
    assert distance_from_exponential(np.diff(even_us), 1e6 / 70) > limit
    counts = np.bincount(even_us // 50_000)
    assert abs(counts.var(ddof=1) / counts.mean() - 1) > 4 * np.sqrt(2 / len(counts))


# --- the shape of days ------------------------------------------------------------------------------------------------

CITY = """\
title: A fortnight
question: Do payments come by the profile?
start: 2026-03-06
duration: 14 days
population: {wallets: 100, corporates: 0}
demand:
  segments:
    retail: {payments: 100000 /day}
"""


def city(tmp_path: Path, **overrides: str) -> Any:
    file = tmp_path / "city.yaml"
    file.write_text(CITY, encoding="utf-8")
    return load(file, overrides={path.replace("__", "."): value for path, value in overrides.items()}).scenario


def hourly(weights: list[float]) -> Floats:
    """Share of weight by hour when weights stand in the middle of hours and run straight from one to the next."""
    w = np.array(weights)
    return np.asarray((6 * w + np.roll(w, 1) + np.roll(w, -1)) / 8)


def expected_by_hour(profile: Profile, per_weekday: float, weekdays: list[bool]) -> Floats:
    """Mean number of payments in each hour of these days."""
    unit = per_weekday / hourly(profile.weekday).sum()
    return np.concatenate([unit * hourly(profile.weekday if weekday else profile.weekend) for weekday in weekdays])


FRIDAY_ON = [day % 7 not in (1, 2) for day in range(14)]
"""From Friday 6 March 2026: which days are weekdays."""


def chi_square(counts: npt.NDArray[np.int64], expected: Floats) -> float:
    """Away from its mean, in standard deviations, under Poisson counts."""
    square = float(((counts - expected) ** 2 / expected).sum())
    return (square - len(counts)) / float(np.sqrt((2 + 1 / expected).sum()))


@pytest.mark.parametrize("name", ["two_humps", "flat"])
def test_counts_by_hour_follow_the_profile(tmp_path: Path, name: str) -> None:
    scenario = city(tmp_path, demand__segments__retail__profile=name)
    profile = scenario.demand.segments["retail"].profile
    counts = np.bincount(births(scenario) // US_PER_HOUR, minlength=14 * 24)
    assert len(counts) == 14 * 24
    expected = expected_by_hour(profile, 100_000, FRIDAY_ON)
    assert abs(chi_square(counts, expected)) < 4
    if name == "two_humps":
        # The same counts against a profile an hour late, a week a day late, 3 % more payments: all far off.
        assert chi_square(np.roll(counts, 1), expected) > 100
        assert chi_square(np.roll(counts, 24), expected) > 100
        assert chi_square(counts, 1.03 * expected) > 4


def test_a_weekday_has_the_mean_that_the_file_says(tmp_path: Path) -> None:
    counts = np.bincount(births(city(tmp_path)) // (24 * US_PER_HOUR))
    weekdays = counts[np.array(FRIDAY_ON)]
    assert abs(weekdays.mean() - 100_000) < 4 * np.sqrt(100_000 / len(weekdays))
    assert abs(weekdays.mean() - 103_000) > 4 * np.sqrt(100_000 / len(weekdays))


def test_office_hours_are_closed_at_night_and_at_weekends(tmp_path: Path) -> None:
    """Weights run straight between the middles of hours, so the first and last half hours reach over the edge."""
    times_us = births(city(tmp_path, demand__segments__retail__profile="office_hours"))
    hours, days = times_us % (24 * US_PER_HOUR) / US_PER_HOUR, times_us // (24 * US_PER_HOUR)
    assert hours.min() >= 7.5
    assert hours.max() < 18.5
    assert set(np.unique(days)) == {day for day, weekday in enumerate(FRIDAY_ON) if weekday}


@pytest.mark.parametrize("peak_to_mean", [3.9, 6.8])
def test_a_festival_peaks_as_high_as_it_says(tmp_path: Path, peak_to_mean: float) -> None:
    festival = f"[{{at: 34 h, peak_to_mean: {peak_to_mean}}}]"
    scenario = city(
        tmp_path, demand__segments__retail__payments="5000000 /day", duration="2 days", demand__festivals=festival
    )
    times_us = births(scenario)
    day = times_us // (24 * US_PER_HOUR) == 1
    peak = int((times_us // 60_000_000 == 34 * 60).sum())
    # The spike stands at the start of its minute; within it the burst hardly decays.
    found = peak * 1_440 / int(day.sum())
    assert abs(found - peak_to_mean) < 4 * peak_to_mean / np.sqrt(peak)
    assert abs(found - 1.1 * peak_to_mean) > 4 * peak_to_mean / np.sqrt(peak)


@pytest.mark.parametrize("duration", ["1 s", "90 s", "100 s", "1 h"])
def test_demand_stops_at_the_duration(duration: str) -> None:
    scenario = scenario_of("mm1.yaml", {"duration": duration})
    times_us = births(scenario)
    assert times_us.max() < scenario.duration
    assert abs(len(times_us) - 70 * scenario.duration / 1e6) < 4 * np.sqrt(70 * scenario.duration / 1e6)


def test_batch_means_know_their_error() -> None:
    """Of an autoregressive series with a known mean and a known standard error."""
    normal, keep, length = np.random.default_rng(1), 0.9, 200_000
    series, value = np.empty(length), 0.0
    for place, shock in enumerate(normal.standard_normal(length)):
        series[place] = value = keep * value + shock
    exact = 1 / (1 - keep) / np.sqrt(length)
    found = batch_estimate(series)
    assert abs(found.mean) < 4 * exact
    assert 0.7 * exact < found.standard_error < 1.4 * exact
