"""The one reading of a number that somebody typed.

Accepted: an optional sign, digits 0 to 9, a decimal point, an exponent (`1.5e6`). Digits before the point may stand in
groups of three, all with commas or all with underscores (`1,000,000` or `1_000_000`), the first of one to three digits
and not 0. Nothing else is: `1,5` may be one and a half or fifteen, so it is refused and not guessed at.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

NUMBER: Final = (
    r"[+-]?(?:(?:[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+|(?:_[0-9]{3})+)|[0-9]+)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
)
"""A number; what follows it must be seen not to go on with it."""

MOST_DIGITS: Final = 40
"""Digits of a whole number; no bound of a scenario is so far off."""

_NUMBER: Final = re.compile(
    r"(?P<sign>[+-]?)(?P<whole>(?:[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+|(?:_[0-9]{3})+)|[0-9]+)(?=[.eE]|\Z)|(?=\.[0-9]))"
    r"(?:\.(?P<fraction>[0-9]*))?(?:[eE](?P<exponent>[+-]?[0-9]+))?"
)
MOST_DIGITS_AROUND_POINT: Final = 1_000
"""No number of a scenario has so many digits before or after its point; what is beyond stays beyond every bound."""

_ALIKE: Final = str.maketrans("٫٬−‐‑‒–—﹣＋﹪٪。﹐﹕“”‘’￥、【】", ".,-------+%%.,:\"\"''¥,[]")


def parts(words: str) -> tuple[bool, str, str, int] | None:
    """Whether a number is below zero, its digits before and after the point, and its exponent; None if it is none.

    >>> parts("-1,000.50e2"), parts("1,5"), parts("e5"), parts("٣")
    ((True, '1000', '50', 2), None, None, None)
    """
    match = _NUMBER.fullmatch(words)
    if match is None:
        return None
    sign, whole, fraction, exponent = match.group("sign", "whole", "fraction", "exponent")
    # An exponent of thousands of digits is not even worth turning into a number.
    times = 0 if exponent is None else max(-10_000, min(10_000, int(exponent[:6])))
    return sign == "-", whole.replace(",", "").replace("_", ""), fraction or "", times


def read(words: str) -> Decimal | None:
    """A number, exactly; None if it is none. Beyond 1,000 digits only its size is kept.

    >>> read("1,000.5"), read("2e3"), read("1,00")
    (Decimal('1000.5'), Decimal('2E+3'), None)
    """
    found = parts(words.strip())
    if found is None:
        return None
    below, whole, fraction, exponent = found
    digits = (whole + fraction).lstrip("0") or "0"
    last = exponent - len(fraction)
    if digits == "0":
        return Decimal(0)
    if last + len(digits) > MOST_DIGITS_AROUND_POINT:
        digits, last = "1", MOST_DIGITS_AROUND_POINT
    elif last < -MOST_DIGITS_AROUND_POINT:
        digits, last = "1", -MOST_DIGITS_AROUND_POINT
    return Decimal((int(below), tuple(map(int, digits)), last))


def number(words: str) -> float | int | None:
    """A number without a unit: int where it is whole and of at most 40 digits, else float; None if it is none.

    >>> number("1,000"), number("2.5"), number("1e3"), number("1e999"), number("x")
    (1000, 2.5, 1000, inf, None)
    """
    found = read(words)
    if found is None:
        return None
    is_whole = found.adjusted() < MOST_DIGITS and found == found.to_integral_value()
    return int(found) if is_whole else float(found)


def folded(words: str) -> str:
    """Text with plain ASCII characters in place of those that only look like them: full-width letters and signs, other
    scripts' digits, odd spaces and dashes; invisible characters are left out.

    >>> folded("１，０００ ％"), folded("٣ s"), folded("wallets：")
    ('1,000 %', '3 s', 'wallets:')
    """
    return words if words.isascii() else "".join(map(_folded, words))


def _folded(char: str) -> str:
    if char.isascii():
        return char
    if "\uff01" <= char <= "\uff5e":
        return chr(ord(char) - 0xFEE0)
    category = unicodedata.category(char)
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category in ("Cf", "Zs"):
        return "" if category == "Cf" else " "
    alike = unicodedata.normalize("NFKC", char)
    return alike if alike.isascii() and category in ("Nl", "Sm") else char.translate(_ALIKE)


def odd_character(words: str) -> str:
    """The first character that `folded` would replace, by sight and by number; empty if there is none.

    >>> odd_character("5％"), odd_character("5 %")
    ("'％' (U+FF05)", '')
    """
    char = next((char for char in words if _folded(char) != char), None)
    if char is None:
        return ""
    return f"'{char}' (U+{ord(char):04X})" if char.isprintable() else f"U+{ord(char):04X}"


def has_misplaced_separators(words: str) -> bool:
    """Whether a text that is no number has marks between digits that would make it one elsewhere."""
    return any(char.isdigit() for char in words) and (bool(set(words) & set(",_'")) or words.count(".") > 1)
