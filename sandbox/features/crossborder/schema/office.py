"""Schema of places that open and close: office hours in local time, days off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from sandbox.language import N_
from sandbox.scenario.schema.fields import Duration, Model, param
from sandbox.scenario.units import US_PER_DAY

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: Final[tuple[Day, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

LONGEST_CLOSURE: Final = 30
"""Days in a row on which nothing opens; more is a mistake."""
HOME_UTC_OFFSET: Final = 8.0
"""Hours by which the scenario's clock, local time of the home zone, is ahead of UTC."""
US_PER_HOUR: Final = US_PER_DAY // 24

_QUARTER_HOURS: Final = N_("there is no such time zone: hours ahead of UTC come in quarters, such as `5.75`")
_NEVER_OPEN: Final = N_("it stays closed for more than {days} days in a row, so payments would wait for ever")

Span = tuple[int, int]
"""Begin and end of some time (us)."""

CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""ISO 4217."""


def _is_holiday(text: str) -> str:
    first, last = _ends(text)
    if last < first:
        raise PydanticCustomError("bad_holiday", "the last day comes before the first")
    return text


class Office(Model):
    """When somebody is at work."""

    utc_offset: float = param(
        ..., doc="Hours ahead of UTC, in quarters of an hour; the same all year, for summer time is not kept.",
        source="IANA time zones", role="design", ge=-12, le=14,
    )  # fmt: skip
    opens: Duration = param(32_400_000_000, doc="Local time at which banks open.", lt=US_PER_DAY)
    closes: Duration = param(61_200_000_000, doc="Local time at which they close.", gt=0, le=US_PER_DAY)
    weekend: list[Day] = param(default_factory=lambda: ["sat", "sun"], doc="Days of the week off.", max_length=7)
    holidays: list[Annotated[str, AfterValidator(_is_holiday)]] = param(
        default_factory=list,
        doc="Other days off: dates such as `2026-10-01`, or `2026-10-01 to 2026-10-07`.",
        role="design",
        max_length=400,
    )

    def days_off(self) -> set[date]:
        """Holidays, one by one."""
        off: set[date] = set()
        for one in self.holidays:
            first, last = _ends(one)
            off.update(first + timedelta(days=number) for number in range((last - first).days + 1))
        return off

    @property
    def open_for(self) -> int:
        """How long it is open on a day on which it opens (us)."""
        return self.closes - self.opens

    def spans(self, start: datetime, until_us: int, cut_off_us: int = 0) -> Iterator[Span]:
        """When it is open between the start of the run and `until_us`, by the scenario's clock, in order of time; each
        day less the time before closing that is cut off."""
        off = self.days_off()
        for day, begins in self._days(start, until_us):
            if day in off or self._is_weekend(day):
                continue
            first, last = max(0, begins + self.opens), min(until_us, begins + self.closes - cut_off_us)
            if first < last:
                yield first, last

    def holiday_spans(self, start: datetime, until_us: int) -> Iterator[Span]:
        """Its holidays that are not at a weekend, from midnight to midnight of its own clock, in order of time."""
        off = self.days_off()
        for day, begins in self._days(start, until_us):
            first, last = max(0, begins), min(until_us, begins + US_PER_DAY)
            if day in off and not self._is_weekend(day) and first < last:
                yield first, last

    def _days(self, start: datetime, until_us: int) -> Iterator[tuple[date, int]]:
        """Days of the run, each with its local midnight on the scenario's clock (us)."""
        midnight = datetime(start.year, start.month, start.day)
        ahead_us = round((self.utc_offset - HOME_UTC_OFFSET) * US_PER_HOUR)
        start_us = round((start - midnight) / timedelta(microseconds=1))
        for number in range(-1, (start_us + until_us) // US_PER_DAY + 2):
            yield midnight.date() + timedelta(days=number), number * US_PER_DAY - ahead_us - start_us

    def _is_weekend(self, day: date) -> bool:
        return DAYS[day.weekday()] in self.weekend


def _ends(text: str) -> tuple[date, date]:
    first, _, last = text.partition(" to ")
    try:
        one = date.fromisoformat(first.strip())
        other = date.fromisoformat(last.strip()) if last else one
    except ValueError:
        raise PydanticCustomError(
            "bad_holiday", "expected a date such as `2026-10-01`, or `2026-10-01 to 2026-10-07`"
        ) from None
    if (other - one).days > 3_660:
        raise PydanticCustomError("bad_holiday", "expected at most ten years")
    return one, other


def office_problems(one: Office, first: date, days: int) -> Iterator[tuple[str, str, dict[str, object]]]:
    """What cannot be in office hours, in so many days from the first on: field, sentence, values."""
    if 4 * one.utc_offset % 1:
        yield "utc_offset", _QUARTER_HOURS, {}
    if one.closes <= one.opens:
        yield "closes", N_("must be later in the day than `opens`"), {}
    if len(set(one.weekend)) == len(DAYS):
        yield "weekend", _NEVER_OPEN, {"days": LONGEST_CLOSURE}
        return
    off, closed = one.days_off(), 0
    for number in range(days):
        day = first + timedelta(days=number)
        closed = closed + 1 if day in off or DAYS[day.weekday()] in one.weekend else 0
        if closed > LONGEST_CLOSURE:
            yield "holidays", _NEVER_OPEN, {"days": LONGEST_CLOSURE}
            return


def ever_both(one: list[Span], other: list[Span]) -> bool:
    """Is there a time that both lists have, each in order?

    >>> ever_both([(0, 5), (10, 15)], [(5, 9), (14, 20)]), ever_both([(0, 5)], [(5, 9)])
    (True, False)
    """
    place = turn = 0
    while place < len(one) and turn < len(other):
        if max(one[place][0], other[turn][0]) < min(one[place][1], other[turn][1]):
            return True
        if one[place][1] <= other[turn][1]:
            place += 1
        else:
            turn += 1
    return False
