"""Schema of places that open and close: office hours in local time, days off."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Final, Literal

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from sandbox.scenario.schema.fields import Duration, Model, param
from sandbox.scenario.units import US_PER_DAY

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
DAYS: Final[tuple[Day, ...]] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

LONGEST_CLOSURE: Final = 30
"""Days in a row on which nothing opens; more is a mistake."""

CurrencyCode = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
"""ISO 4217."""


class Office(Model):
    """When somebody is at work."""

    utc_offset: float = param(..., doc="Hours ahead of UTC.", source="IANA time zones", role="design", ge=-12, le=14)
    opens: Duration = param(32_400_000_000, doc="Local time at which banks open.", lt=US_PER_DAY)
    closes: Duration = param(61_200_000_000, doc="Local time at which they close.", gt=0, le=US_PER_DAY)
    weekend: list[Day] = param(default_factory=lambda: ["sat", "sun"], doc="Days of the week off.", max_length=7)
    holidays: list[str] = param(
        default_factory=list,
        doc="Other days off: dates such as `2026-10-01`, or `2026-10-01 to 2026-10-07`.",
        role="design",
        max_length=400,
    )

    @field_validator("holidays")
    @classmethod
    def _are_dates(cls, value: list[str]) -> list[str]:
        for one in value:
            first, last = _ends(one)
            if last < first:
                raise PydanticCustomError("bad_holiday", "the last day comes before the first")
        return value

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
    """What cannot be in office hours, in so many days from the first on: field, sentence of `sandbox.text`, values."""
    if one.closes <= one.opens:
        yield "closes", "closes_early", {}
    if len(set(one.weekend)) == len(DAYS):
        yield "weekend", "never_open", {"days": LONGEST_CLOSURE}
        return
    off, closed = one.days_off(), 0
    for number in range(days):
        day = first + timedelta(days=number)
        closed = closed + 1 if day in off or DAYS[day.weekday()] in one.weekend else 0
        if closed > LONGEST_CLOSURE:
            yield "holidays", "never_open", {"days": LONGEST_CLOSURE}
            return


__all__ = ["DAYS", "LONGEST_CLOSURE", "CurrencyCode", "Day", "Office", "office_problems"]
