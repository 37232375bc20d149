"""The calendar: which local day and year an instant falls on, and demand's intensity over time.

Time is int microseconds since the scenario's start; the start is a local date and time without daylight saving (China
has none). Intensity is cumulative on a grid of one-minute cells, in integer units of 2**-28 expected payments.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import numpy as np
import numpy.typing as npt

from sandbox.core.compiled import inlined
from sandbox.core.draws import Int64Array
from sandbox.scenario.schema import Festival, Profile
from sandbox.scenario.units import US_PER_DAY

CELL_US: Final = 60_000_000
CELLS_PER_DAY: Final = US_PER_DAY // CELL_US
UNIT: Final = 2**28
"""One expected payment."""

FloatArray = npt.NDArray[np.float64]


def time_of_day_us(start: datetime) -> int:
    """Microseconds from midnight to the start."""
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    return (start - midnight) // timedelta(microseconds=1)


def midnights(start: datetime, after_us: int = 0) -> tuple[int, int]:
    """The first midnight after `after_us`: when (us) and its day number, counted from the day of the start (0)."""
    offset = time_of_day_us(start)
    day = (after_us + offset) // US_PER_DAY + 1
    return day * US_PER_DAY - offset, day


def _minutes_of_day(hourly: list[float]) -> FloatArray:
    """Hourly weights as 1,440 minutes, linear between the middles of the hours, around the clock."""
    middles = np.arange(-1, 25) * 60.0 + 30.0
    weights = np.array([hourly[-1], *hourly, hourly[0]])
    return np.interp(np.arange(CELLS_PER_DAY) + 0.5, middles, weights)


def _burst(cells_from_spike: FloatArray, festival: Festival) -> FloatArray:
    """Shape of a festival burst around its spike: 1 at the spike."""
    decay = festival.decay / CELL_US
    shape = np.where(cells_from_spike >= 0, np.exp(-np.maximum(cells_from_spike, 0) / decay), 0.0)
    if festival.second_rise is not None:
        away = np.abs(cells_from_spike - festival.second_rise // CELL_US)
        shape += festival.second_height * np.exp(-away / decay)
    return np.asarray(shape, dtype=np.float64)


def cumulative_intensity(
    start: datetime, duration_us: int, per_day: float, profile: Profile, festivals: list[Festival]
) -> Int64Array:
    """Expected payments up to each minute since the start (units of `UNIT`); length cells + 1, the last cell cut to
    the duration.

    `per_day` is the mean of an ordinary weekday. A festival adds a burst whose highest minute is `peak_to_mean` times
    the mean of its calendar day.
    """
    cells = -(-duration_us // CELL_US)
    first = time_of_day_us(start) // CELL_US
    # Whole calendar days around the run, so that a festival's mean is that of its whole day.
    days = (first + cells) // CELLS_PER_DAY + 1
    weekday, weekend = _minutes_of_day(profile.weekday), _minutes_of_day(profile.weekend)
    rates = np.concatenate(
        [weekend if (start + timedelta(days=day)).weekday() >= 5 else weekday for day in range(days)]
    ) * (per_day / CELLS_PER_DAY / float(np.mean(weekday)))
    for festival in festivals:
        spike = (time_of_day_us(start) + festival.at) // CELL_US
        if spike >= rates.size:
            continue
        day = slice(spike // CELLS_PER_DAY * CELLS_PER_DAY, (spike // CELLS_PER_DAY + 1) * CELLS_PER_DAY)
        shape = _burst(np.arange(rates.size, dtype=np.float64) - spike, festival)
        wanted = festival.peak_to_mean * float(np.mean(rates[day])) - float(rates[spike])
        height = wanted / (1.0 - festival.peak_to_mean * float(np.mean(shape[day])))
        rates = rates + max(height, 0.0) * shape
    run = np.rint(rates[first : first + cells] * UNIT).astype(np.int64)
    last_us = duration_us - (cells - 1) * CELL_US
    run[-1] = int(run[-1]) * last_us // CELL_US
    return np.concatenate([np.zeros(1, dtype=np.int64), np.cumsum(run)])


@inlined
def invert(cumulative: Int64Array, cell: int, position: int, until: int) -> int:
    """The instant within `cell` at which the cumulative intensity reaches `position`; the last cell ends at `until`."""
    low = cumulative[cell]
    share = np.float64(position - low) / np.float64(cumulative[cell + 1] - low)
    return cell * CELL_US + np.int64(share * min(CELL_US, until - cell * CELL_US))  # type: ignore[return-value]
