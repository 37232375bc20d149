"""Numbers of a summary as people read them, by what is declared of each: in sentences, as changes, in tables."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from reports import formats
from reports.view.values import number
from sandbox.language import _
from sandbox.metric import unit_of


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
    if unit in ("us", "ms"):
        ms = value / 1000 if unit == "us" else value
        return f"-{formats.milliseconds(-ms)}" if ms < 0 else formats.milliseconds(ms)
    if unit == "points":
        return f"{formats.decimal(100 * value)} {_('percentage points')}"
    return formats.share(value) if unit in ("share", "relative") else formats.decimal(value)


def shown_change(metric: str, value: float | None) -> str:
    """A difference in a metric, with its sign; shares in percentage points.

    >>> shown_change("risk.consumer.insufficient_share", 0.021), shown_change("throughput.latency_ms.p99", -41.0)
    ('+2.1 percentage points', '-41 ms')
    >>> shown_change("risk.consumer.insufficient_share", -2e-8), shown_change("risk.consumer.insufficient_share", 2e-8)
    ('above -0.001 percentage points', 'below 0.001 percentage points')
    """
    if value is None or not math.isfinite(value):
        return formats.NOTHING
    sign = "+" if value > 0 else "-" if value < 0 else ""
    if is_share(metric):
        return f"{_signed(sign, formats.decimal(100 * abs(value)))} {_('percentage points')}"
    return _signed(sign, shown(metric, abs(value)))


def _signed(sign: str, size: str) -> str:
    """`below 0.001` with a minus is `above -0.001`."""
    number = size.removeprefix("below ")
    return f"{sign}{size}" if number == size else f"above -{number}" if sign == "-" else size


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


def cells(place: str, row: Mapping[str, Any], names: Iterable[str]) -> tuple[str, ...]:
    """Several numbers of one entry of a list, or of one section, in a table.

    >>> cells("box", {"inside_payments": 1234, "exposure_fen": 500}, ("inside_payments", "exposure_fen"))
    ('1,234', '5.00')
    """
    return tuple(cell(f"{place}.{name}", number(row.get(name))) for name in names)
