"""Numbers and times as the standard writes them: exact decimals, local times with their distance from UTC."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from sandbox.features.crossborder.currencies import minor_digits

RATE_DIGITS: Final = 11
RATE_DECIMALS: Final = 10
"""A rate of the standard has at most so many digits, and so many after the point."""


def amount(fen: int, currency: str) -> Decimal:
    """Minor units as an amount, with as many decimals as the currency has.

    >>> amount(5, "CNY"), amount(1234, "JPY"), amount(1234, "KWD")
    (Decimal('0.05'), Decimal('1234'), Decimal('1.234'))
    """
    digits = minor_digits(currency)
    if not digits:
        return Decimal(fen)
    text = f"{fen:0{digits + 1}d}"
    return Decimal(f"{text[:-digits]}.{text[-digits:]}")


def rate(value: float) -> Decimal:
    """A rate as exact as the standard can hold it.

    >>> rate(0.14084507042253522), rate(2211.5), rate(1 / 3 * 1e5)
    (Decimal('0.1408450704'), Decimal('2211.5'), Decimal('33333.333333'))
    """
    exact = Decimal(repr(value))
    before = max(0, exact.adjusted() + 1)
    decimals = min(RATE_DECIMALS, RATE_DIGITS - before)
    short = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)
    text = f"{short:f}"
    return Decimal(text.rstrip("0").rstrip(".") if "." in text else text)


class Clock:
    """The scenario's clock.

    Args:
        start: local time at home when the scenario starts.
        home_min: how many minutes home is ahead of UTC.
    """

    def __init__(self, start: datetime, home_min: int) -> None:
        self._start = start.replace(tzinfo=timezone(timedelta(minutes=home_min)))

    def local(self, at_us: int, offset_min: int) -> datetime:
        """An instant in the local time of a place that is so many minutes ahead of UTC."""
        return (self._start + timedelta(microseconds=at_us)).astimezone(timezone(timedelta(minutes=offset_min)))

    def stamp(self, at_us: int, offset_min: int) -> str:
        """The same as the standard writes it, to the millisecond.

        >>> Clock(datetime(2026, 1, 1), 480).stamp(1_500_000, 0)
        '2025-12-31T16:00:01.500+00:00'
        """
        return self.local(at_us, offset_min).isoformat(timespec="milliseconds")

    def day(self, at_us: int, offset_min: int) -> str:
        """Its date."""
        return self.local(at_us, offset_min).date().isoformat()
