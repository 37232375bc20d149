"""Quantities with units: the text an analyst writes, parsed to integers, and back.

A number is read as `sandbox.scenario.numerals` says, whatever unit follows it.

Money becomes int fen, a duration int microseconds, a rate float per day, a share float in 0..1.
In a scenario file (validation context `{"file": True}`) a plain number is refused where a unit matters; from Python,
numbers are taken to be in the stored unit already.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from itertools import pairwise
from typing import Any, Final

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

from sandbox.language import N_, _
from sandbox.scenario.corrections import corrected, with_known_unit
from sandbox.scenario.numerals import NUMBER, folded, has_misplaced_separators, number, odd_character, read

US_PER_DAY: Final = 86_400_000_000
INT64_MAX: Final = 2**63 - 1

_DURATIONS: Final[dict[str, int]] = {
    "us": 1, "µs": 1, "微秒": 1, "ms": 1_000, "毫秒": 1_000,
    "s": 1_000_000, "sec": 1_000_000, "second": 1_000_000, "seconds": 1_000_000, "秒": 1_000_000,
    "min": 60_000_000, "minute": 60_000_000, "minutes": 60_000_000, "分钟": 60_000_000,
    "h": 3_600_000_000, "hour": 3_600_000_000, "hours": 3_600_000_000, "小时": 3_600_000_000,
    "d": US_PER_DAY, "day": US_PER_DAY, "days": US_PER_DAY, "天": US_PER_DAY, "日": US_PER_DAY,
    "week": 7 * US_PER_DAY, "weeks": 7 * US_PER_DAY, "周": 7 * US_PER_DAY,
}  # fmt: skip
_MONEY: Final[dict[str, int]] = {
    "cny": 100, "yuan": 100, "rmb": 100, "元": 100, "fen": 1, "分": 1, "jiao": 10, "角": 10,
    "thousand cny": 100_000, "million cny": 100_000_000, "billion cny": 100_000_000_000,
    "million yuan": 100_000_000, "billion yuan": 100_000_000_000, "万元": 1_000_000, "亿元": 10_000_000_000,
}  # fmt: skip
_DOLLARS: Final[dict[str, int]] = {
    "usd": 100, "thousand usd": 100_000, "million usd": 100_000_000, "billion usd": 100_000_000_000,
    "美元": 100, "万美元": 1_000_000, "亿美元": 10_000_000_000,
}  # fmt: skip
_RATES: Final[dict[str, float]] = {
    "/s": 86_400.0, "per s": 86_400.0, "per second": 86_400.0, "tps": 86_400.0, "/min": 1_440.0, "per minute": 1_440.0,
    "/h": 24.0, "per hour": 24.0, "/day": 1.0, "per day": 1.0, "/d": 1.0, "每秒": 86_400.0, "每天": 1.0,
}  # fmt: skip
_QUANTITY: Final = re.compile(rf"\s*({NUMBER})(?![0-9.,_])\s*(.*?)\s*\Z", re.DOTALL)
_PART: Final = re.compile(rf"\s*{NUMBER}(?![0-9.,_])\s*([^\W\d_]+)")
_LONGEST: Final = 64
_WIDE: Final = Context(prec=120)  # wide enough that no product of a text of 64 characters is rounded


@dataclass(frozen=True)
class Quantity:
    """A kind of quantity, a float in its stored unit.

    Args:
        name: as the schema calls it.
        title: as messages call it.
        units: the size of each unit in the stored one.
        expected: what an error asks for.
        alone: what an error asks for where a number has no unit, with `{number}`; as `expected` if empty.
        usual: the unit that is meant by a number alone; empty where it may be any, so none is guessed.
        completed: units that may be left out after such as `10万` and `2 million`.
        smallest: the smallest amount, if there is one.
    """

    name: str
    title: str
    units: Mapping[str, float]
    expected: str
    alone: str = ""
    usual: str = ""
    completed: tuple[str, ...] = ()
    smallest: str = ""

    def parse(self, value: object, info: ValidationInfo | None = None) -> object:
        """A quantity as it is stored; a number from Python as it is.

        Raises:
            PydanticCustomError: it is none; in its context, what was meant, where that can be seen.

        >>> MONEY.parse("2,000 CNY"), MONEY.parse("1.2 million CNY"), DOLLARS.parse("22 million USD")
        (200000, 120000000, 2200000000)
        >>> DURATION.parse("8 ms"), DURATION.parse("2 h 30 min"), RATE.parse("2 /s"), SHARE.parse("5 %")
        (8000, 9000000000, 172800.0, 0.05)
        """
        in_file = info is not None and bool((info.context or {}).get("file"))
        return value if _is_number(value) and not in_file else self.read(value)

    def read(self, value: object) -> int | float:
        """A quantity written out."""
        if _is_number(value):
            raise self.error("unit_missing", usual=self.usual)
        if not isinstance(value, str) or len(value) > _LONGEST:
            raise self.error("unit")
        try:
            return self.exact(value)
        except PydanticCustomError as error:
            context = dict(error.context or {})
            context["near"] = corrected(value, self.exact) or self._completed(value) or self._with_other_unit(value)
            code = error.type
            if context["near"] is not None and folded(value) != value:
                code, context["odd"] = "odd_character", odd_character(value)
            raise PydanticCustomError(code, error.message_template, context) from None

    def exact(self, words: str) -> int | float:
        """A quantity that is written as it should be."""
        number, unit = self.split(words)
        return float(number) * self.size(unit)

    def split(self, words: str) -> tuple[Decimal, str]:
        """The number and its unit."""
        match = _QUANTITY.match(words)
        number = None if match is None else read(match.group(1))
        if match is None or number is None:
            raise self.error("number_form" if has_misplaced_separators(words) else "unit")
        if re.search(r"\d", match.group(2)):  # a date, a time of day, a fraction: what is left of it is no unit
            raise self.error("unit")
        if not match.group(2) and "" not in self.units:
            raise self.error("unit_missing", usual=self.usual)
        return number, match.group(2)

    def size(self, unit: str) -> float:
        """How much one of a unit is."""
        found = self.units.get(_plain_unit(unit))
        if found is None:
            raise self.error("unit_unknown", unit=unit)
        return found

    def error(self, code: str, **values: object) -> PydanticCustomError:
        """The error of a text that is no such quantity."""
        said = _("expected {expected}", expected=_(self.expected))
        return PydanticCustomError(code, "{said}", {"said": said, "quantity": self.name, **values})

    def _completed(self, words: str) -> str | None:
        for unit in self.completed if "-" not in words else ():  # no sum is below zero: that would be the next mistake
            try:
                self.exact(words.strip() + unit)
            except PydanticCustomError:
                continue
            return words.strip() + unit
        return None

    def _with_other_unit(self, words: str) -> str | None:
        """What was meant by a quantity whose unit is called so elsewhere (`5 块`, `2 hrs`)."""
        better = with_known_unit(words, self.name)
        try:
            return None if better is None or self.exact(better) is None else better
        except PydanticCustomError:
            return None if better is None else corrected(better, self.exact)


class _Whole(Quantity):
    """Whole in its stored unit."""

    def exact(self, words: str) -> int:
        """As that of others, an int of 64 bits."""
        number, unit = self.split(words)
        exact = _WIDE.multiply(number, Decimal(self.size(unit)))
        if abs(exact) > INT64_MAX:
            raise self.error("unit_overflow")
        if exact != int(exact):
            raise self.error("unit_fraction")
        return int(exact)


class _Duration(_Whole):
    """One number with its unit, or several, each with a smaller unit than the one before it, as reports print them."""

    def exact(self, words: str) -> int:
        """As that of others."""
        parts = [(match[0], self.units.get(_plain_unit(match[1]))) for match in _PART.finditer(words)]
        sizes = [size for __, size in parts if size is not None]
        if len(parts) < 2 or len(sizes) < len(parts) or "".join(part for part, __ in parts) != words.rstrip():
            return super().exact(words)
        if any(later >= size for size, later in pairwise(sizes)) or re.search(r"[+-]", words):
            raise self.error("duration_parts")
        total = sum(super(_Duration, self).exact(part) for part, __ in parts)
        if total > INT64_MAX:
            raise self.error("unit_overflow")
        return total


class _Share(Quantity):
    """A plain number is one too, also in a file."""

    def parse(self, value: object, info: ValidationInfo | None = None) -> float:
        """As that of others."""
        return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else self.read(value)

    def exact(self, words: str) -> float:
        """As that of others."""
        number, unit = self.split(words)
        if unit not in self.units:
            raise self.error("unit_unknown", unit=unit)
        return float(number / 100 if unit == "%" else number)


def _plain_unit(unit: str) -> str:
    return " ".join(unit.lower().split())


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


MONEY: Final = _Whole(
    "money", N_("money"), _MONEY, N_("an amount with its unit, such as `2000 CNY`"),
    usual="CNY", completed=(" CNY", "元"), smallest=N_("1 fen"),
)  # fmt: skip
DOLLARS: Final = _Whole(
    "dollars", N_("US dollars"), _DOLLARS, N_("an amount in US dollars, such as `50000 USD`"),
    usual="USD", completed=(" USD", "美元"), smallest=N_("1 cent"),
)  # fmt: skip
DURATION: Final = _Duration(
    "duration", N_("time"), _DURATIONS, N_("a time with its unit, such as `15 s`, `8 ms` or `3 days`"),
    N_("a time with its unit: `{number} s`, `{number} min`, `{number} h` or `{number} days`"), smallest=N_("1 us"),
)  # fmt: skip
RATE: Final = Quantity(
    "rate", N_("a rate"), _RATES, N_("a rate with its unit, such as `33 /s` or `2900000 /day`"),
    N_("a rate with its unit: `{number} /s`, `{number} /min`, `{number} /h` or `{number} /day`"),
)  # fmt: skip
SHARE: Final = _Share("share", N_("a share"), {"%": 0.01, "": 1.0}, N_("a share, such as `5 %` or `0.05`"))
QUANTITIES: Final = {one.name: one for one in (MONEY, DOLLARS, DURATION, RATE, SHARE)}

parse_money, parse_dollars, parse_duration = MONEY.parse, DOLLARS.parse, DURATION.parse
parse_rate, parse_share = RATE.parse, SHARE.parse


def parse_number(value: str) -> int | float:
    """A number without a unit, where it is written as text: int where it is whole.

    >>> parse_number("1,000"), parse_number("0.5")
    (1000, 0.5)
    """
    found = number(value)
    if found is not None:
        return found
    near = corrected(value, number) or _as_number(value)
    odd = near is not None and folded(value) != value
    code = "odd_character" if odd else "number_form" if has_misplaced_separators(value) else "not_a_number"
    raise PydanticCustomError(
        code, "{said}", {"said": _("expected a number"), "near": near, "odd": odd_character(value)}
    )


def _as_number(words: str) -> str | None:
    """`50 %` as the number that it is."""
    plain = with_known_unit(words, "share") or folded(words)
    try:
        return format_number(SHARE.exact(plain)) if plain.endswith("%") else None
    except PydanticCustomError:
        return None


def is_none(value: object) -> bool:
    """Whether somebody wrote that there is no such limit."""
    return value is None or (isinstance(value, str) and value.strip().lower() in ("none", "无"))


def parse_limit(value: object, info: ValidationInfo | None = None) -> object:
    """Parse `2000 CNY`, or `none` (no limit), to int fen or None."""
    return None if is_none(value) else parse_money(value, info)


def parse_patience(value: object, info: ValidationInfo | None = None) -> object:
    """Parse `15 s`, or `none` (endless), to int microseconds or None."""
    return None if is_none(value) else parse_duration(value, info)


def format_money(fen: int | None) -> str:
    """Write int fen as text that `parse_limit` reads back.

    >>> format_money(200_000), format_money(5), format_money(None)
    ('2000 CNY', '0.05 CNY', 'none')
    """
    return "none" if fen is None else _amount(fen, "CNY")


def format_dollars(cents: int) -> str:
    """Write int US cents as text that `parse_dollars` reads back.

    >>> format_dollars(5_000_000), format_dollars(5)
    ('50000 USD', '0.05 USD')
    """
    return _amount(cents, "USD")


def _amount(hundredths: int, unit: str) -> str:
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d} {unit}" if rest else f"{whole} {unit}"


def format_duration(us: int | None) -> str:
    """Write int microseconds as text that `parse_patience` reads back, in the largest unit that divides it.

    >>> format_duration(90_000_000), format_duration(1_500), format_duration(3 * US_PER_DAY)
    ('90 s', '1500 us', '3 days')
    """
    if us is None:
        return "none"
    for unit in ("days", "h", "min", "s", "ms"):
        size = _DURATIONS[unit]
        if us and us % size == 0:
            return "1 day" if us == US_PER_DAY else f"{us // size} {unit}"
    return f"{us} us" if us else "0 s"


def _plain(number: float) -> str:
    """A float as the shortest text that reads back to the same float, whole numbers without `.0`."""
    exact = Decimal(repr(number + 0.0))  # no -0
    return f"{exact.normalize():f}" if abs(exact.adjusted()) < 18 else repr(number)


def format_rate(per_day: float) -> str:
    """Write a rate as text that `parse_rate` reads back to the same float.

    >>> format_rate(172_800.0), format_rate(3.25), format_rate(2_900_000.0)
    ('2 /s', '3.25 /day', '2900000 /day')
    """
    if per_day and per_day % 86_400 == 0:
        return f"{_plain(per_day / 86_400)} /s"
    return f"{_plain(per_day)} /day"


def format_share(share: float) -> str:
    """Write a share as text that `parse_share` reads back to the same float.

    >>> format_share(0.05), format_share(0.9515), format_share(1.0), format_share(1 / 3)
    ('5 %', '95.15 %', '100 %', '33.33333333333333 %')
    """
    percent = Decimal(repr(share)) * 100
    text = f"{percent.normalize():f}" if abs(percent.adjusted()) < 18 else str(percent)
    return f"{text} %"


def format_number(number: float) -> str:
    """Write a number without a unit.

    >>> format_number(1.0), format_number(0.9), format_number(12)
    ('1', '0.9', '12')
    """
    return _plain(float(number)) if isinstance(number, float) else str(number)


PARSERS: Final[dict[str, Callable[[Any], Any]]] = {
    **{name: one.parse for name, one in QUANTITIES.items()},
    "limit": parse_limit,
    "patience": parse_patience,
}
WRITERS: Final[dict[str, Callable[[Any], str]]] = {
    "money": format_money,
    "limit": format_money,
    "dollars": format_dollars,
    "duration": format_duration,
    "patience": format_duration,
    "rate": lambda per_day: format_rate(float(per_day)),
    "share": format_share,
}
"""How a value is read and written, by the unit of its parameter."""
