"""Lines of the short summary on the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sandbox.language import N_, _, plural
from sandbox.visible import plain

_DAY_S: Final = 86_400
_UNITS: Final = ((3_600, 3_600, N_("{count} h")), (120, 60, N_("{count} min")), (1, 1, N_("{count} s")))
"""From how many seconds on, in seconds of this size."""

Money = Callable[[int], str]
"""Shows fen as the rest of the summary does."""


@dataclass(frozen=True)
class Line:
    """What a feature declares of its lines: label and value, out of the whole summary; none for a run without it."""

    lines: Callable[[Mapping[str, Any], Money], Iterator[tuple[str, str]]]


def amounts(found: Mapping[str, Any], money: Money, *names: str) -> dict[str, str]:
    """Sums of a section as they are shown, by the name without its unit."""
    return {name: money(found[f"{name}_fen"]) for name in names}


def share(share: float | None) -> str:
    """A share as a percentage; never rounded up to 100 % or down to 0 %.

    >>> share(0.987), share(0.99999), share(1.0), share(0.00001), share(None)
    ('98.7 %', '>99.9 %', '100 %', '<0.1 %', '-')
    """
    if share is None:
        return "-"
    if 0.9995 <= share < 1:
        return _(">99.9 %")
    if 0 < share < 0.0005:
        return _("<0.1 %")
    return _("{number} %", number=f"{100 * share:.1f}".removesuffix(".0"))


def span(seconds: float) -> str:
    """A length of time in the unit that suits it.

    >>> span(0.0123), span(0.2), span(75), span(3600), span(6 * 86400 + 64800), span(86400), span(3660 * 86400)
    ('12.3 ms', '200 ms', '75 s', '1 h', '6.75 days', '1 day', '3,660 days')
    """
    if seconds >= _DAY_S:
        shown = plain(seconds / _DAY_S)
        return plural("{count} day", "{count} days", 1 if shown == "1" else 2, count=shown)
    for least, size, message in _UNITS:
        if seconds >= least:
            return _(message, count=plain(seconds / size))
    return _("{count} ms", count=plain(seconds * 1e3))
