"""The one reading of a number that somebody typed, and what they may have meant by one that is none.

Accepted: an optional sign, digits 0 to 9, a decimal point, an exponent (`1.5e6`). Digits before the point may stand in
groups of three, all with commas or all with underscores (`1,000,000` or `1_000_000`), the first of one to three digits
and not 0. Nothing else is: `1,5` may be one and a half or fifteen, so it is refused and not guessed at.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from decimal import Context, Decimal
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
_FARTHEST: Final = 1_000
"""No number of a scenario has so many digits before or after its point; what is beyond stays beyond every bound."""

_EXACT: Final = Context(prec=2 * _FARTHEST)

_ALIKE: Final = str.maketrans("٫٬−‐‑‒–—﹣＋﹪٪。﹐﹕“”‘’￥、【】", ".,-------+%%.,:\"\"''¥,[]")
_TIMES: Final = {
    "万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000, "千": 1_000, "百万": 1_000_000,
    "k": 1_000, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000,
}  # fmt: skip


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
    if last + len(digits) > _FARTHEST:
        digits, last = "1", _FARTHEST
    elif last < -_FARTHEST:
        digits, last = "1", -_FARTHEST
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


def misplaced(words: str) -> bool:
    """Whether a text that is no number has marks between digits that would make it one elsewhere."""
    return any(char.isdigit() for char in words) and (bool(set(words) & set(",_'")) or words.count(".") > 1)


def meant(words: str, is_right: Callable[[str], object]) -> str | None:
    """What somebody may have meant by a text with a number in it: the first of the usual slips that is right.

    Args:
        words: what they wrote.
        is_right: raises ValueError or gives None for a text that is not right.

    >>> meant("1,5 h", lambda words: read(words.removesuffix("h")))
    '1.5 h'
    """
    for one in _slips(" ".join(folded(words).split())):
        if one == words:
            continue
        try:
            if is_right(one) is not None:
                return one
        except ValueError:
            continue
    return None


def _slips(words: str) -> Iterator[str]:
    yield words
    point, comma, underscore = ".", ",", "_"
    if re.match(r"[+-]?\d{1,3}(\.\d{3})+,\d", words):  # 1.000,5 as in German
        yield words.replace(point, "").replace(comma, point)
    if re.match(r"[+-]?\d{1,3}([ '’]\d{3})+(?!\d)", words):  # 1 000 as in French, 1'000 as in Switzerland
        yield re.sub(r"(?<=\d)[ '’](?=\d{3}(?!\d))", comma, words)
    if words.count(point) > 1:
        yield words.replace(point, comma)
    # A comma before three digits more may stand for either, so nothing is offered where it is no group.
    if not re.match(r"[+-]?(\d{4,}|\d+,\d{3},\d{1,2}),\d{3}(?!\d)", words):
        yield re.sub(r",(?=\d+(?!\d|,))", point, words, count=0 if words.count(comma) == 1 else 1)
        yield re.sub(r",(\d+)(?=\D*\Z)", r".\1", words)
    yield words.replace(underscore, "")
    for name, times in _TIMES.items():
        at = words.lower().find(name)
        size, after = read(words[: max(0, at)]), words[at + len(name) :]
        if size is not None and not re.match(r"[A-Za-z0-9]", after):
            yield f"{_EXACT.multiply(size, Decimal(times)).normalize(_EXACT):f}{after}"
    clock = re.fullmatch(r"(\d{1,3}):(\d{2}):(\d{2})", words)  # without seconds it may be of hours or of minutes
    if clock is not None:
        named = zip(map(int, clock.groups()), ("h", "min", "s"), strict=True)
        yield " ".join(f"{count} {unit}" for count, unit in named if count) or "0 s"
    spelt = _SPELT.match(words)
    if spelt is not None:
        plainly = "0.5" if spelt[2] == "半" else str(_spelt_out(spelt[2]))
        yield f"{plainly} %" if spelt[1] else f"{plainly} {words[spelt.end() :].strip()}".strip()
    counted = re.fullmatch(r"(.*\d)\s*[个個人户戶家笔筆次台]", words)
    if counted is not None:
        yield counted[1]
    money = re.fullmatch(r"(US\$|\$|USD|CNY|RMB|¥)\s*(.*\d.*)", words, re.IGNORECASE)
    if money is not None:
        yield f"{money[2]} {'USD' if money[1].upper() in ('US$', '$', 'USD') else 'CNY'}"


_DIGITS: Final = dict(zip("零〇一二两三四五六七八九", (0, 0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_TENS: Final = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
_SPELT: Final = re.compile(rf"(百分之)?(半(?=.)|[{''.join((*_DIGITS, *_TENS))}]+)")


def _spelt_out(words: str) -> int:
    """A number in Chinese characters.

    >>> _spelt_out("六十"), _spelt_out("两千零五"), _spelt_out("十二万"), _spelt_out("一百")
    (60, 2005, 120000, 100)
    """
    whole, part, digit = 0, 0, 0
    for char in words:
        if char in _DIGITS:
            digit = _DIGITS[char]
        elif _TENS[char] < 10_000:
            part, digit = part + (digit or 1) * _TENS[char], 0
        else:
            whole, part, digit = (whole + part + digit) * _TENS[char], 0, 0
    return whole + part + digit


_GROUP: Final = re.compile(r"[0-9]{3}(?![0-9])")
_BEGINS: Final = re.compile(r"(?:.*[^0-9.eE_])?([0-9]{1,3})\Z", re.DOTALL)


def grouped(words: str, is_unordered: bool = True) -> str | None:
    """The list that was meant where commas seem to stand inside numbers as well as between them; None if they do not.

    `100,200,400` is three numbers and `50,100` two; but `1,000,2,000` has a group that no number begins with, and in
    `1,500, 2,600` only some commas have a space. `1,500,2,600` rises and falls: that is odd in a list of values to
    try, though not in every list (`is_unordered` false: it is no reason).

    >>> grouped("1,000,2,000"), grouped("1,500 CNY, 2,600 CNY"), grouped("50,100,200"), grouped("8, 4")
    ('1000,2000', '1500 CNY, 2600 CNY', None, None)
    """
    pieces = words.split(",")
    joined = [pieces[0]]
    doubted = certain = False
    for one in pieces[1:]:
        before = _BEGINS.fullmatch(joined[-1].lstrip(" +-"))
        if before is not None and _GROUP.match(one) and (one[0] == "0" or len(before[1]) < 3):
            certain |= one[0] == "0"
            doubted = True
            joined[-1] += one
        else:
            joined.append(one)
    if not doubted:
        return None
    sizes = [read(found[0]) if (found := re.match(NUMBER, one.strip())) else None for one in pieces]
    known = [size for size in sizes if size is not None]
    rises_and_falls = known not in (sorted(set(known)), sorted(set(known), reverse=True))
    is_odd = certain or any(one.startswith(" ") for one in pieces) or (is_unordered and rises_and_falls)
    return ",".join(joined) if is_odd else None
