"""Numbers of an experiment as people read them: with their units, and a comparison as one sentence."""

from __future__ import annotations

import math
from typing import Final

from sandbox.language import N_, _
from sandbox.metric import label, unit_of
from sandbox.stats.intervals import PairedDifference

_FACTORS: Final = {"fen": 0.01, "usd_cents": 0.01, "share": 100.0, "relative": 100.0, "points": 100.0}
"""What a stored number is multiplied with to be shown; numbers with any other unit are shown as they are."""


def number(value: float) -> str:
    """Three digits that mean something.

    >>> number(0.12345), number(41.26), number(1234567.0), number(-0.0), number(5.0)
    ('0.123', '41.3', '1,234,567', '0', '5')
    """
    if not math.isfinite(value):
        return "-"
    size = abs(value)
    if size >= 100:
        return f"{value:,.0f}"
    if size == 0 or float(f"{size:.3g}") == 0:
        return "0"
    return f"{value:.{max(0, 2 - math.floor(math.log10(size)))}f}".rstrip("0").rstrip(".")


def amount(value: float, metric: str, change: bool = False) -> str:
    """A number of a metric with its unit; the change of a share in percentage points.

    >>> amount(41.2, "throughput.latency_ms.p99"), amount(250.0, "throughput.settled_fen")
    ('41.2 ms', '2.5 CNY')
    >>> amount(129.0, "segments.x_ms.settled")
    '129'
    >>> amount(0.02, "campaigns.spring.odds", True)
    '2 percentage points'
    """
    factor, unit = _scale(metric, value)
    if change and unit in ("share", "relative"):
        unit = "points"
    return _(_SHOWN[unit], number=number(value * factor)) if unit in _SHOWN else number(value * factor)


def _scale(metric: str, value: float) -> tuple[float, str]:
    """What numbers of about this size are multiplied with to be shown, and their unit then."""
    unit = unit_of(metric)
    if unit == "us":
        return (1 / 3.6e9, "h") if abs(value) >= 3.6e9 else (1e-6, "s")
    return _FACTORS.get(unit, 1.0), unit


_SHOWN: Final = {
    "ms": N_("{number} ms"),
    "s": N_("{number} s"),
    "h": N_("{number} h"),
    "fen": N_("{number} CNY"),
    "usd_cents": N_("{number} USD"),
    "share": N_("{number} %"),
    "relative": N_("{number} %"),
    "points": N_("{number} percentage points"),
}
"""Units that are said."""


def between(low: float, high: float, metric: str) -> str:
    """An interval; its unit once.

    >>> between(314.0, 347.2, "throughput.latency_ms.p99"), between(1.8e9, 9e9, "cases.wait_us_max")
    ('314 to 347 ms', '0.5 to 2.5 h')
    """
    return _("{low} to {high}", low=number(low * _scale(metric, high)[0]), high=amount(high, metric))


def verdict(metric: str, found: PairedDifference | None) -> str:
    """A comparison as one line; a fall is told with positive numbers."""
    what = label(metric)
    if found is None or found.pairs == 0:
        return _("{what} is missing in one of both policies", what=what)
    if found.identical:
        return _("{what} is the same in every pair of runs", what=what)
    difference = found.difference
    if difference.low is None or difference.high is None:
        return _(
            "{what} differs by {size} in one pair of runs; more replications say how sure that is",
            what=what,
            size=amount(difference.value, metric, True),
        )
    size, low, high = difference.value, difference.low, difference.high
    if difference.contains(0.0):
        message = N_("{what} may be unchanged: {size} with a {level} interval of {low} to {high}")
    elif not found.clear:
        message = N_(
            "{what} seems to change by {size}, {level} interval {low} to {high}; among so many comparisons "
            "that may be due to chance"
        )
    elif size < 0:
        message = N_("{what} falls by {size}, {level} interval {low} to {high}")
        size, low, high = -size, -high, -low
    else:
        message = N_("{what} rises by {size}, {level} interval {low} to {high}")
    factor, __ = _scale(metric, size)
    shown = {"low": number(low * factor), "high": number(high * factor)}
    return _(message, what=what, size=amount(size, metric, True), level=f"{100 * difference.level:g} %", **shown)


def span(seconds: float) -> str:
    """A length of time in words.

    >>> span(41.0), span(600.0), span(86_400.0), span(1e6)
    ('41 s', '10 min', '24 h', '12 days')
    """
    if seconds < 120:
        return _("{count} s", count=max(1, round(seconds)))
    if seconds < 7_200:
        return _("{count} min", count=round(seconds / 60))
    if seconds < 172_800:
        return _("{count} h", count=round(seconds / 3_600))
    return _("{count} days", count=round(seconds / 86_400))
