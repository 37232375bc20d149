"""Quantities with units: the text an analyst writes, parsed to integers, and back.

A number is read as `sandbox.scenario.numerals` says, whatever unit follows it.

Money becomes int fen, a duration int microseconds, a rate float per day, a share float in 0..1.
In a scenario file (validation context `{"file": True}`) a plain number is refused where a unit matters; from Python,
numbers are taken to be in the stored unit already.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Context, Decimal
from itertools import pairwise
from typing import Any, Final

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

from sandbox.language import N_, _
from sandbox.scenario.corrections import corrected, with_known_unit
from sandbox.scenario.numerals import NUMBER, folded, has_misplaced_separators, number, odd_character, read

FEN_PER_YUAN: Final = 100
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


MONEY_EXPECTED: Final = N_("an amount with its unit, such as `2000 CNY`")
DOLLARS_EXPECTED: Final = N_("an amount in US dollars, such as `50000 USD`")
DURATION_EXPECTED: Final = N_("a time with its unit, such as `15 s`, `8 ms` or `3 days`")
RATE_EXPECTED: Final = N_("a rate with its unit, such as `33 /s` or `2900000 /day`")
SHARE_EXPECTED: Final = N_("a share, such as `5 %` or `0.05`")
_USUAL_UNIT: Final = {"money": "CNY", "dollars": "USD"}
"""What is meant by a number alone; a time or a rate may be in any unit, so none is guessed."""
_WIDE: Final = Context(prec=120)  # wide enough that no product of a text of 64 characters is rounded

_Reader = Callable[[str], int | float]


def _fail(code: str, kind: str, expected: str, **values: object) -> PydanticCustomError:
    said = _("expected {expected}", expected=_(expected))
    return PydanticCustomError(code, "{said}", {"said": said, "quantity": kind, **values})


def _read(value: object, kind: str, expected: str, reader: _Reader) -> int | float:
    """A quantity written out, or an error that tells what was meant, where that can be seen."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        raise _fail("unit_missing", kind, expected, usual=_USUAL_UNIT.get(kind))
    if not isinstance(value, str) or len(value) > _LONGEST:
        raise _fail("unit", kind, expected)
    try:
        return reader(value)
    except PydanticCustomError as error:
        context = dict(error.context or {})
        context["near"] = (
            corrected(value, reader) or _with_currency(value, kind, reader) or _with_other_unit(value, kind, reader)
        )
        if context["near"] is not None and folded(value) != value:
            context["odd"] = odd_character(value)
            raise PydanticCustomError("odd_character", error.message_template, context) from None
        raise PydanticCustomError(error.type, error.message_template, context) from None


def _with_other_unit(words: str, kind: str, reader: _Reader) -> str | None:
    """What was meant by a quantity whose unit is called so elsewhere (`5 块`, `2 hrs`)."""
    better = with_known_unit(words, kind)
    try:
        return None if better is None or reader(better) is None else better
    except PydanticCustomError:
        return None if better is None else corrected(better, reader)


def _with_currency(words: str, kind: str, reader: _Reader) -> str | None:
    """`10万` and `2 million` as amounts in the currency that belongs there."""
    currencies = {"money": (" CNY", "元"), "dollars": (" USD", "美元")}.get(kind, ())
    for currency in currencies if "-" not in words else ():  # no sum is below zero: that would be the next mistake
        try:
            reader(words.strip() + currency)
        except PydanticCustomError:
            continue
        return words.strip() + currency
    return None


def _split(words: str, kind: str, expected: str) -> tuple[Decimal, str]:
    match = _QUANTITY.match(words)
    number = None if match is None else read(match.group(1))
    if match is None or number is None:
        raise _fail("number_form" if has_misplaced_separators(words) else "unit", kind, expected)
    if re.search(r"\d", match.group(2)):  # a date, a time of day, a fraction: what is left of it is no unit
        raise _fail("unit", kind, expected)
    if not match.group(2) and kind != "share":
        raise _fail("unit_missing", kind, expected, usual=_USUAL_UNIT.get(kind))
    return number, match.group(2)


def _plain_unit(unit: str) -> str:
    return " ".join(unit.lower().split())


def _from_python(value: object, info: ValidationInfo | None) -> bool:
    in_file = info is not None and bool((info.context or {}).get("file"))
    return not in_file and isinstance(value, (int, float)) and not isinstance(value, bool)


def _whole(number: Decimal, per_unit: int, kind: str, expected: str) -> int:
    exact = _WIDE.multiply(number, Decimal(per_unit))
    if abs(exact) > INT64_MAX:
        raise _fail("unit_overflow", kind, expected)
    if exact != int(exact):
        raise _fail("unit_fraction", kind, expected)
    return int(exact)


def _whole_of(units: dict[str, int], kind: str, expected: str) -> _Reader:
    """The reader of a quantity whose stored unit is a whole number."""

    def read_whole(words: str) -> int:
        number, unit = _split(words, kind, expected)
        per_unit = units.get(_plain_unit(unit))
        if per_unit is None:
            raise _fail("unit_unknown", kind, expected, unit=unit)
        return _whole(number, per_unit, kind, expected)

    return read_whole


_read_money: Final = _whole_of(_MONEY, "money", MONEY_EXPECTED)
_read_dollars: Final = _whole_of(_DOLLARS, "dollars", DOLLARS_EXPECTED)
_read_one_duration: Final = _whole_of(_DURATIONS, "duration", DURATION_EXPECTED)


def _read_duration(words: str) -> int | float:
    """One number with its unit, or several, each with a smaller unit than the one before it, as reports print them."""
    parts = [(match[0], _DURATIONS.get(_plain_unit(match[1]))) for match in _PART.finditer(words)]
    sizes = [size for __, size in parts if size is not None]
    if len(parts) < 2 or len(sizes) < len(parts) or "".join(part for part, __ in parts) != words.rstrip():
        return _read_one_duration(words)
    if any(later >= size for size, later in pairwise(sizes)) or re.search(r"[+-]", words):
        raise _fail("duration_parts", "duration", DURATION_EXPECTED)
    total = sum(int(_read_one_duration(part)) for part, __ in parts)
    if total > INT64_MAX:
        raise _fail("unit_overflow", "duration", DURATION_EXPECTED)
    return total


def _read_rate(words: str) -> float:
    number, unit = _split(words, "rate", RATE_EXPECTED)
    per_day = _RATES.get(_plain_unit(unit))
    if per_day is None:
        raise _fail("unit_unknown", "rate", RATE_EXPECTED, unit=unit)
    return float(number) * per_day


def _read_share(words: str) -> float:
    number, unit = _split(words, "share", SHARE_EXPECTED)
    if unit not in ("%", ""):
        raise _fail("unit_unknown", "share", SHARE_EXPECTED, unit=unit)
    return float(number / 100 if unit == "%" else number)


def parse_money(value: object, info: ValidationInfo | None = None) -> object:
    """Parse `2000 CNY` to int fen.

    >>> parse_money("2,000 CNY"), parse_money("0.5 yuan"), parse_money("3 fen"), parse_money("1.2 million CNY")
    (200000, 50, 3, 120000000)
    """
    return value if _from_python(value, info) else _read(value, "money", MONEY_EXPECTED, _read_money)


def parse_dollars(value: object, info: ValidationInfo | None = None) -> object:
    """Parse `50000 USD` to int US cents.

    >>> parse_dollars("50,000 USD"), parse_dollars("22 million USD")
    (5000000, 2200000000)
    """
    return value if _from_python(value, info) else _read(value, "dollars", DOLLARS_EXPECTED, _read_dollars)


def parse_duration(value: object, info: ValidationInfo | None = None) -> object:
    """Parse `15 s`, or `1 day 4 h`, to int microseconds.

    >>> parse_duration("8 ms"), parse_duration("1.5 h"), parse_duration("5 分钟"), parse_duration("2 h 30 min")
    (8000, 5400000000, 300000000, 9000000000)
    """
    return value if _from_python(value, info) else _read(value, "duration", DURATION_EXPECTED, _read_duration)


def parse_rate(value: object, info: ValidationInfo | None = None) -> object:
    """Parse `33 /s` to float per day.

    >>> parse_rate("2 /s"), parse_rate("3.25 per day")
    (172800.0, 3.25)
    """
    return value if _from_python(value, info) else _read(value, "rate", RATE_EXPECTED, _read_rate)


def parse_share(value: object) -> object:
    """Parse `5 %` or `0.05` to a float in 0..1.

    >>> parse_share("5 %"), parse_share(0.25)
    (0.05, 0.25)
    """
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    return _read(value, "share", SHARE_EXPECTED, _read_share)


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
        return format_number(_read_share(plain)) if plain.endswith("%") else None
    except PydanticCustomError:
        return None


def is_none(value: object) -> bool:
    """Whether somebody wrote that there is no such limit."""
    return value is None or (isinstance(value, str) and value.strip().lower() in ("none", "无"))


def parse_limit(value: object, info: ValidationInfo | None = None) -> object:
    """Parse `2000 CNY`, or `none` (no limit), to int fen or None."""
    if is_none(value):
        return None
    return parse_money(value, info)


def parse_patience(value: object, info: ValidationInfo | None = None) -> object:
    """Parse `15 s`, or `none` (endless), to int microseconds or None."""
    if is_none(value):
        return None
    return parse_duration(value, info)


def format_money(fen: int | None) -> str:
    """Write int fen as text that `parse_limit` reads back.

    >>> format_money(200_000), format_money(5), format_money(None)
    ('2000 CNY', '0.05 CNY', 'none')
    """
    if fen is None:
        return "none"
    return _amount(fen, "CNY")


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


WRITERS: Final[dict[str, Callable[[Any], str]]] = {
    "money": format_money,
    "limit": format_money,
    "dollars": format_dollars,
    "duration": format_duration,
    "patience": format_duration,
    "rate": lambda per_day: format_rate(float(per_day)),
    "share": format_share,
}
"""How a value is written, by the unit of its parameter."""
