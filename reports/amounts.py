"""Numbers of a summary as people read them, by what is declared of each: in sentences, as changes, in tables."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from reports import formats
from sandbox.language import _
from sandbox.metric import unit_of

_TINY: Final = 1e-9


def is_share(metric: str) -> bool:
    """Whether a metric is shown in per cent.

    >>> is_share("throughput.success_share"), is_share("segments.fair_share.settled")
    (True, False)
    """
    return unit_of(metric) in ("share", "relative", "points")


def shown(metric: str, value: float | None) -> str:
    """A metric's number with its unit.

    >>> shown("throughput.latency_ms.p99", 190.2), shown("throughput.settled_fen", 1e9)
    ('190 ms', '10 million yuan')
    >>> shown("risk.consumer.insufficient_share", 0.991)
    '99.1 %'
    >>> shown("throughput.settled", 1234.5), shown("a.b", None), shown("cases.wait_us_max", 7.2e9)
    ('1,234', '–', '2 h')
    >>> shown("cases.wait_us_mean", 90e6), shown("cases.wait_us_p95", 6.5e6)
    ('90 s', '6.5 s')
    >>> shown("segments.cards_us.payments", 504.0)
    '504'
    """
    if value is None or not math.isfinite(value):
        return formats.NOTHING
    unit = unit_of(metric)
    if unit == "fen":
        return formats.money(round(value))
    if unit == "usd_cents":
        return formats.dollars(round(value))
    if unit in ("us", "ms", "instant"):
        ms = value if unit == "ms" else value / 1000
        return f"-{formats.milliseconds(-ms)}" if ms < 0 else formats.milliseconds(ms)
    if unit == "points":
        return _("{number} percentage points", number=formats.decimal(100 * value))
    return formats.share(value) if unit in ("share", "relative") else formats.decimal(value)


def shown_change(metric: str, value: float | None, bare: bool = False) -> str:
    """A difference in a metric, with its sign; shares in percentage points, or `bare` of that unit.

    >>> shown_change("risk.consumer.insufficient_share", 0.021), shown_change("throughput.latency_ms.p99", -41.0)
    ('+2.1 percentage points', '-41 ms')
    >>> shown_change("risk.consumer.insufficient_share", -2e-8), shown_change("a.share", 2e-8, bare=True)
    ('above -0.001 percentage points', 'below 0.001')
    """
    if value is None or not math.isfinite(value):
        return formats.NOTHING
    if not is_share(metric):
        return _signed(value, lambda size: shown(metric, size))
    number = _signed(100 * value, formats.decimal)
    return number if bare else _("{number} percentage points", number=number)


def _signed(value: float, form: Callable[[float], str]) -> str:
    """With its sign; what is too small to be shown says on which side of 0 it is."""
    if value and form(abs(value)) == form(_TINY):
        return formats.decimal(math.copysign(_TINY, value))
    return f"{'+' if value > 0 else '-' if value < 0 else ''}{form(abs(value))}"


def cell(path: str, value: float | None) -> str:
    """A number in a table, whose heads say more: money in yuan, without a word.

    Args:
        path: of the entry, or the pattern that it is declared with.
        value: the number, or None.

    >>> cell("stations.*.wait_ms_mean", 12.5), cell("campaigns.*.settled_fen", 120000), cell("campaigns.*.odds", None)
    ('12 ms', '1,200.00', '–')
    """
    unit = unit_of(path)
    if value is None:
        return formats.NOTHING
    if unit == "fen":
        return formats.yuan(int(value))
    return shown(path, value) if unit not in ("count", "yes", "minor") else formats.count(value)
