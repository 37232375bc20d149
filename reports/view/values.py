"""Values of a summary or of an event's detail, taken with care: what is not of the expected kind counts as absent.

A report must not fail over one number that another version of the simulator, or somebody's hand, wrote otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from reports import formats

_LARGEST: Final = 2**63
_LATEST_US: Final = 10**17
"""About 3,000 years: no calendar has to go further."""


def number(value: Any) -> float | int | None:
    """A finite number, or None.

    >>> number(2), number(True), number("2"), number(float("nan")), number(10**400)
    (2, None, None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return value if -_LARGEST <= value <= _LARGEST and not math.isnan(value) else None


def whole(value: Any) -> int | None:
    """A whole number, or None."""
    found = number(value)
    return None if found is None else int(found)


def instant(value: Any) -> int | None:
    """Microseconds since the start that a calendar can show, or None.

    >>> instant(5), instant(-1), instant(10**18)
    (5, None, None)
    """
    found = whole(value)
    return found if found is not None and 0 <= found <= _LATEST_US else None


def words(value: Any) -> str:
    """A text, or a dash.

    >>> words("ICBC"), words(None), words(["x"])
    ('ICBC', '–', '–')
    """
    return value if isinstance(value, str) and value.strip() else formats.NOTHING


def section(value: Any) -> Mapping[str, Any]:
    """A table of names and values; empty if it is none."""
    return value if isinstance(value, Mapping) else {}


def rows(value: Any) -> list[Mapping[str, Any]]:
    """The tables of a list, everything else left out.

    >>> rows([{"a": 1}, None, 3]), rows("ab"), rows(None)
    ([{'a': 1}], [], [])
    """
    if not isinstance(value, Sequence) or isinstance(value, str):
        return []
    return [one for one in value if isinstance(one, Mapping)]


def share_of(some: Any, whole_: Any) -> float | None:
    """One number by another; None where there is none, or the other is not above 0.

    >>> share_of(1, 4), share_of(1, 0), share_of(None, 4)
    (0.25, None, None)
    """
    top, bottom = number(some), number(whole_)
    return None if top is None or bottom is None or bottom <= 0 else top / bottom
