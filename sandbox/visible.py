"""Text from outside - titles, names, headers, paths, messages of libraries - as people may be shown it."""

from __future__ import annotations

import re
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
