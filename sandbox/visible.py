"""Text from outside - titles, names, headers, paths, messages of libraries - as people may be shown it; and numbers."""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Final

_SPACES: Final = frozenset(" \u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B))))
_NO_WIDTH: Final = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\U000e0100-\U000e01ef]")
"""Characters that Unicode calls letters or marks and that show nothing."""


def visible(words: object, keep: str = "") -> str:
    """Text from outside as people may be shown it: one line, and nothing in it that steers a terminal or hides.

    Controls, separators of lines, characters that turn the direction of writing, of no width, unassigned or half ones
    are escaped as in Python; those in `keep` stay.

    >>> print(visible("a\\nb \\x1b[2J \\u202e \\u200b \\u2028 \\udc80 \\u7f57\\u6e56"))
    a\\nb \\x1b[2J \\u202e \\u200b \\u2028 \\udc80 \u7f57\u6e56
    """
    given = str(words)
    if given.isprintable() and not _NO_WIDTH.search(given):
        return given
    return "".join(char if is_shown(char) or char in keep else escaped(char) for char in given)


def is_shown(char: str) -> bool:
    """Whether a character is seen where it stands and moves nothing else."""
    return (char.isprintable() or char in _SPACES) and not _NO_WIDTH.match(char)


def escaped(char: str) -> str:
    """A character as Python and YAML write it."""
    return char.encode("unicode_escape").decode("ascii")


_LONG_FRACTION: Final = re.compile(r"(?<![\w.])\d{1,4}\.\d{5,}(?![\w.])")


def few_digits(value: str) -> str:
    """A value as people read it: fractions of more than four digits are rounded to four that count.

    >>> few_digits("44.07713498622589 %"), few_digits("2000.5 CNY"), few_digits("[0.3333333, 0.0000012345]")
    ('44.08 %', '2000.5 CNY', '[0.3333, 0.000001234]')
    """
    return _LONG_FRACTION.sub(lambda found: plain(float(found[0]), 4).replace(",", ""), value)


def plain(value: float, digits: int = 3) -> str:
    """A number with so many digits that count, written out: people read no exponents.

    >>> plain(0.00001234), plain(999.9), plain(1234567.0), plain(-0.5), plain(1e12, 2)
    ('0.0000123', '1,000', '1,230,000', '-0.5', '1,000,000,000,000')
    """
    if not math.isfinite(value):
        return "-"
    words = f"{Decimal(f'{value:.{digits}g}'):,f}"
    return words.rstrip("0").rstrip(".") if "." in words else words
