"""Dates that are not written as a scenario has them, and what was meant."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Final

from sandbox.scenario.numerals import folded

_DAY: Final = r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?"
_CLOCK: Final = r"(?:(?:[T\s]|(?<=[日号]))\s*(\d{1,2})\s*[:时点]\s*(\d{1,2})?\s*分?(?::(\d{1,2})(?:\.\d+)?)?)?"
_ZONE: Final = r"\s*(?:Z|UTC|[+-]\d{2}:?\d{2})?"
_MOMENT: Final = re.compile(_DAY + _CLOCK + _ZONE, re.ASCII | re.IGNORECASE)
_DAYS: Final = re.compile(_DAY, re.ASCII)


def meant_moment(words: str) -> str | None:
    """The date, or date and time of day, that was meant, as a scenario has it; None if there is none. 24:00 is the
    next day's beginning, and a time zone is left out.

    >>> meant_moment("2026-03-06 24:00"), meant_moment("2026/3/6 8:00"), meant_moment("２０２６年3月6日")
    ('2026-03-07', '2026-03-06 08:00', '2026-03-06')
    >>> meant_moment("2026-02-30"), meant_moment("6.3.2026")
    (None, None)
    """
    found = _MOMENT.fullmatch(folded(words).strip())
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
    ends_day = (hour, minute, second) == (24, 0, 0)
    try:
        at = datetime(year, month, day, 0 if ends_day else hour, minute, second) + timedelta(days=int(ends_day))
    except (ValueError, OverflowError):
        return None
    clock = "" if found[4] is None or ends_day else f" {at:%H:%M:%S}" if second else f" {at:%H:%M}"
    return f"{at:%Y-%m-%d}{clock}"


def meant_days_off(words: str) -> str | None:
    """The day, or the days, that were meant; None if there are none.

    >>> meant_days_off("2026/10/1 - 2026/10/7"), meant_days_off("2026-10-1"), meant_days_off("golden week")
    ('2026-10-01 to 2026-10-07', '2026-10-01', None)
    """
    try:
        days = [date(*map(int, found)) for found in _DAYS.findall(folded(words))]
    except ValueError:
        return None
    if not 1 <= len(days) <= 2 or days != sorted(days):
        return None
    return " to ".join(f"{day:%Y-%m-%d}" for day in days)
