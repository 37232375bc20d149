"""Paths of parameters, as text and as tuples, and the nearest valid name.

`faults[0].starts` is `("faults", 0, "starts")`; a name with other characters than letters, digits, `_`, `+` and `-`
stands in single quotes: `institutions.'Bank of X'.share`.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Final

from sandbox.scenario.numerals import folded

Path = tuple[str | int, ...]

ANY: Final = "\0any"
"""The step `*` of a pattern: any one name or index. No name can be this text."""

_PLAIN: Final = re.compile(r"[\w+-]+\Z")
_STEP: Final = re.compile(r"\[(?P<index>\d{1,9})\]|(?P<dot>\.)?(?:'(?P<quoted>(?:[^']|'')*)'|(?P<plain>\*|[\w+-]+))")


def format_path(path: Path) -> str:
    """Write a path.

    >>> format_path(("faults", 0, "starts")), format_path(("institutions", "Bank of X", "share"))
    ('faults[0].starts', "institutions.'Bank of X'.share")
    """
    parts: list[str] = []
    for step in path:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        else:
            name = "*" if step == ANY else step if _PLAIN.match(step) else "'" + step.replace("'", "''") + "'"
            parts.append(f".{name}" if parts else name)
    return "".join(parts)


def parse_path(words: str, with_any: bool = False) -> Path | None:
    """Read a path, or a pattern with `*` for any one name or index; None if the text is none.

    >>> parse_path("faults[0].starts"), parse_path("institutions.'Bank of X'.share"), parse_path("a..b")
    (('faults', 0, 'starts'), ('institutions', 'Bank of X', 'share'), None)
    """
    steps: list[str | int] = []
    position = 0
    while position < len(words):
        match = _STEP.match(words, position)
        if match is None:
            return None
        index, quoted = match.group("index"), match.group("quoted")
        is_first = not steps
        if index is not None:
            if is_first:
                return None
            steps.append(int(index))
        else:
            if is_first == bool(match.group("dot")):
                return None
            plain = match.group("plain")
            if plain == "*" and not with_any:
                return None
            steps.append(quoted.replace("''", "'") if quoted is not None else ANY if plain == "*" else plain)
        position = match.end()
    return tuple(steps) or None


def nearest(name: object, valid: Iterable[object], likeness: float = 0.6) -> str | None:
    """The valid name that is most like `name`, case, width and blanks aside; None if none is so much alike (0..1).

    >>> nearest("ｗallet_limit ", ["wallet_limits", "box"]), nearest("zzz", ["wallet_limits"])
    ('wallet_limits', None)
    """
    by_folded = {str(one).casefold(): str(one) for one in valid}
    close = difflib.get_close_matches(folded(str(name)[:100]).strip().casefold(), by_folded, n=1, cutoff=likeness)
    return by_folded[close[0]] if close else None
