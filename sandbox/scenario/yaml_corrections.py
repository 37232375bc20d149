"""What somebody may have meant by text that is no YAML, as far as the text itself shows it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from sandbox.language import _
from sandbox.scenario.corrections import without_group_commas
from sandbox.scenario.errors import short
from sandbox.scenario.numerals import folded, odd_character

_MARKS: Final = re.compile("[：，｛｝［］＃＂＇“”‘’－＆＊｜＞]|[^\\S\\n\\t\\r ]")
"""Characters that mean something to YAML when they are plain, and spaces that are none to it."""

_SEMICOLON: Final = re.compile(r"\s*[;；]\s*(?=[\w.'\"]+\s*:)")
"""Between two entries, where a comma belongs."""

_COMMAS: Final = re.compile(r"[^,{}\[\]:]*[0-9](?:\s*,\s*[0-9]+(?![0-9]))+[^,{}\[\]:\n]*")


_MOST_LINES: Final = 8
"""Lines before a mistake that are looked at for its cause."""


class CorrectedLine(NamedTuple):
    """A line with an odd character: how many lines below the first one looked at, which one, the line corrected."""

    number: int
    odd: str
    line: str


def plain_marks(words: str) -> str:
    """A text with the marks that YAML knows in place of those that look like them.

    >>> plain_marks("{wallets：2000，corporates： 5}")
    '{wallets: 2000, corporates: 5}'
    """

    def mark(found: re.Match[str]) -> str:
        char = folded(found[0])
        is_followed = words[found.end() : found.end() + 1].strip() != ""
        return f"{char} " if char in ":," and is_followed else char

    return _MARKS.sub(mark, words)


def first_line_of_text(words: str, last: int) -> int:
    """The line (from 0) on which a text began that goes on to `last`, because it has no colon that would end it."""
    lines = words.splitlines()
    first = last
    while 0 < first < len(lines) and last - first < _MOST_LINES:
        before = lines[first - 1].split(" #")[0]
        if not before.strip() or before.lstrip().startswith(("#", "{", "[")) or re.search(r":(\s|\Z)", before):
            break
        first -= 1
        if before.lstrip().startswith("- "):
            break
    return first


def corrected_line(words: str, first: int, last: int, last_readable: Callable[[str], int]) -> CorrectedLine | None:
    """The line between two (from 0) whose odd marks keep a text from being read; None if none do.

    Args:
        words: the whole text.
        first, last: lines at which reading stopped.
        last_readable: to which line a text can be read.
    """
    lines = words.splitlines(keepends=True)
    for number in range(first, min(last + 1, len(lines))):
        mended = _SEMICOLON.sub(", ", plain_marks(lines[number]))
        if mended == lines[number]:
            continue
        further = last_readable("".join([*lines[:number], mended, *lines[number + 1 :]]))
        if further > last or (number < last and further >= last):
            odd = odd_character("".join(_MARKS.findall(lines[number]))) or "';' (U+003B)"
            return CorrectedLine(number - first, odd, short(mended.strip()))
    return None


def without_colon(words: str, at: int, name: str) -> str:
    """What is wrong with an entry in braces that has no colon.

    Args:
        words: the text from the value before it on.
        at: where in it the entry stands.
        name: the entry.
    """
    number = _COMMAS.match(words)
    if number is not None and number.end() > at:
        written = number[0].strip()
        after = re.findall(r",\s*([0-9]+)", written)
        groups = all(len(one) == 3 for one in after)
        meant = re.sub(r"\s*,\s*(?=[0-9])", "" if groups else ".", written)
        if groups or len(after) == 1:
            return _(
                "in braces a comma ends an entry, so `{written}` is not one number; write `{meant}`",
                written=short(written),
                meant=short(meant),
            )
    mended = plain_marks(name)
    if mended != name:
        return _(
            "{odd} is not the plain character that belongs here; write `{line}`",
            odd=odd_character("".join(_MARKS.findall(name))),
            line=short(mended),
        )
    if ":" in name:
        return _("a space belongs after the colon; write `{line}`", line=short(name.replace(":", ": ", 1)))
    return _("'{key}' has no colon; in braces an entry is `name: value`", key=short(name))


def corrected_list(words: str) -> str | None:
    """The list in brackets that was meant where commas stand inside numbers too; None if they seem not to."""
    if "," not in words or re.search(r"[\[{\"'#]", words):
        return None
    meant = without_group_commas(words, is_unordered=False)
    return None if meant is None else "[" + ", ".join(one.strip() for one in meant.split(",")) + "]"
