"""Where ticks go: round values on a linear, a logarithmic and a calendar axis."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from reports import formats

_S = 1_000_000
_STEPS_US = [
    *(n * 1_000 for n in (1, 10, 100)),
    *(n * _S for n in (1, 2, 5, 10, 15, 30)),
    *(n * 60 * _S for n in (1, 2, 5, 10, 15, 30)),
    *(n * 3_600 * _S for n in (1, 2, 3, 6, 12)),
    *(n * formats.US_PER_DAY for n in (1, 2, 3, 5, 7, 14, 28, 56, 91, 182, 365, 730, 1825)),
]


def linear(top: float, at_most: int = 5) -> list[float]:
    """Round ticks from 0 to the first one that is not below `top`.

    >>> linear(87), linear(0.3), linear(0)
    ([0.0, 20.0, 40.0, 60.0, 80.0, 100.0], [0.0, 0.1, 0.2, 0.3], [0.0, 1.0])
    """
    if not math.isfinite(top) or top <= 0:
        return [0.0, 1.0]
    power = 10.0 ** math.floor(math.log10(top / at_most))
    step = next(size * power for size in (1, 2, 2.5, 5, 10, 20) if top / (size * power) <= at_most)
    steps = max(1, math.ceil(top / step - 1e-9))
    return [round(place * step, 12) for place in range(steps + 1)]


def around(low: float, high: float, at_most: int = 6) -> list[float]:
    """Round ticks from one not above `low` to one not below `high`.

    >>> around(-3.2, 7.5), around(96.0, 104.0), around(5.0, 5.0)
    ([-4.0, -2.0, 0.0, 2.0, 4.0, 6.0, 8.0], [96.0, 98.0, 100.0, 102.0, 104.0], [4.0, 4.5, 5.0, 5.5, 6.0])
    """
    if not (math.isfinite(low) and math.isfinite(high)):
        return [0.0, 1.0]
    if high - low <= 1e-12 * max(abs(low), abs(high)):
        room = abs(low) / 5 or 1.0
        low, high = low - room, high + room
    power = 10.0 ** math.floor(math.log10((high - low) / at_most))
    step = next(size * power for size in (1, 2, 2.5, 5, 10, 20) if (high - low) / (size * power) <= at_most)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(place * step, 12) for place in range(first, last + 1)]


def logarithmic(low: float, high: float, at_most: int = 6) -> list[float]:
    """Ticks at 1, 2 and 5 times powers of ten within `low`..`high`, thinned to powers of ten if they are too many.

    >>> logarithmic(90, 1300), logarithmic(1, 1e6)
    ([100.0, 200.0, 500.0, 1000.0], [1.0, 10.0, 100.0, 1000.0, 10000.0, 100000.0, 1000000.0])
    """
    if not 0 < low <= high:
        return []
    powers = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
    for sizes in ((1, 2, 5), (1, 3), (1,)):
        ticks = [float(f"{size}e{power}") for power in powers for size in sizes]
        ticks = [tick for tick in ticks if low <= tick <= high]
        if len(ticks) <= at_most:
            return ticks
    return ticks


def calendar(start: datetime, first_us: int, last_us: int, at_most: int = 7) -> list[tuple[int, str]]:
    """Ticks at round local times between two instants, each with its label; midnights carry the date.

    >>> calendar(datetime(2020, 10, 12, 18), 0, 8 * 3_600_000_000)
    [(0, '18:00'), (7200000000, '20:00'), (14400000000, '22:00'), (21600000000, '13 Oct'), (28800000000, '02:00')]
    """
    span = max(1, last_us - first_us)
    step = next((size for size in _STEPS_US if span / size <= at_most), _STEPS_US[-1])
    midnight = datetime(start.year, start.month, start.day)
    since_midnight = (start - midnight) // timedelta(microseconds=1)
    tick = -(-(first_us + since_midnight) // step) * step - since_midnight
    ticks = []
    while tick <= last_us:
        ticks.append((tick, _label(start + timedelta(microseconds=tick), step)))
        tick += step
    return ticks


def _label(at: datetime, step_us: int) -> str:
    if step_us >= 300 * formats.US_PER_DAY:
        return formats.month(at)
    if step_us >= formats.US_PER_DAY or (at.hour, at.minute, at.second, at.microsecond) == (0, 0, 0, 0):
        return formats.day_and_month(at)
    if step_us >= 60 * _S:
        return f"{at.hour:02d}:{at.minute:02d}"
    seconds = f"{at.hour:02d}:{at.minute:02d}:{at.second:02d}"
    return seconds if step_us >= _S else f"{seconds}.{at.microsecond // 1000:03d}"
