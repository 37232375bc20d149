"""A summary as chapters read it: with care, and each entry shown by what is declared of it.

What is not of the expected kind counts as absent: a report must not fail over one number that another version of the
simulator, or somebody's hand, wrote otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from string import Formatter
from typing import Any, Final, Self

from reports import formats
from reports.amounts import cell, shown
from sandbox.language import translated
from sandbox.metric import ANY, TEXT, metric, unit_of

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


def share_of(some: Any, whole: Any) -> float | None:
    """One number by another; None where there is none, or the other is not above 0.

    >>> share_of(1, 4), share_of(1, 0), share_of(None, 4)
    (0.25, None, None)
    """
    top, bottom = number(some), number(whole)
    return None if top is None or bottom is None or bottom <= 0 else top / bottom


@dataclass(frozen=True)
class Entries:
    """A section of a summary, or one entry of a list in it. False if there is nothing in it.

    Paths are dotted and begin here.

    Args:
        content: names and values.
        place: the pattern of its path in the summary (`sandbox.metric`); empty for the whole.
    """

    content: Mapping[str, Any]
    place: str = ""

    def __bool__(self) -> bool:
        return bool(self.content)

    def get(self, path: str) -> Any:
        """Whatever stands there, or None.

        >>> Entries({"risk": {"liquidity": {"orders": 3}}}).get("risk.liquidity.orders")
        3
        >>> Entries({}).get("box.exposure_fen") is None
        True
        """
        found: Any = self.content
        for name in path.split("."):
            if not isinstance(found, Mapping):
                return None
            found = found.get(name)
        return found

    def number(self, path: str) -> float | None:
        """A finite number, or None."""
        return number(self.get(path))

    def whole(self, path: str) -> int | None:
        """A whole number, or None."""
        found = self.number(path)
        return None if found is None else int(found)

    def amount(self, path: str) -> int:
        """A whole number, or 0."""
        return self.whole(path) or 0

    def ratio(self, path: str, other: str) -> float | None:
        """One number by another, as `share_of`."""
        return share_of(self.get(path), self.get(other))

    def instant(self, path: str) -> int | None:
        """A time (us) that a calendar can show, or None.

        >>> found = Entries({"now": 5, "before": -1, "never": 10**18})
        >>> [found.instant(name) for name in found.content]
        [5, None, None]
        """
        found = self.whole(path)
        return found if found is not None and 0 <= found <= _LATEST_US else None

    def text(self, path: str) -> str:
        """A text, or a dash."""
        found = self.get(path)
        return found if isinstance(found, str) and found.strip() else formats.NOTHING

    def flag(self, path: str) -> bool:
        """Whether it is true, and not merely something."""
        return self.get(path) is True

    def named(self, path: str) -> Mapping[str, Any]:
        """What stands there by names, which may have dots; nothing if there is no such thing."""
        return _names(self.get(path))

    def section(self, path: str) -> Self:
        """A section; an empty one if there is none."""
        return replace(self, content=self.named(path), place=self._at(path))

    def sections(self, path: str) -> dict[str, Self]:
        """The sections that somebody named, by their names."""
        return {name: self._entry(path, _names(one)) for name, one in self.named(path).items()}

    def rows(self, path: str) -> list[Self]:
        """The entries of a list.

        >>> [one.number("a") for one in Entries({"b": [{"a": 1}, None, 3]}).rows("b")]
        [1]
        """
        found = self.get(path)
        rows = found if isinstance(found, Sequence) else ()
        return [self._entry(path, one) for one in rows if isinstance(one, Mapping)]

    def shown(self, path: str) -> str:
        """An entry in a sentence, in its declared unit.

        >>> Entries({"settled_fen": 10**9, "settled": 1234}, "throughput").shown("settled_fen")
        '10 million yuan'
        """
        at = self.pattern(path)
        return self.text(path) if unit_of(at) == TEXT else shown(at, self.number(path))

    def exact(self, path: str) -> str:
        """Money in a sentence to the fen, where sums must be seen to add up."""
        return formats.whole_money(self.whole(path))

    def says(self, message: str, /, **words: object) -> str:
        """A message, marked by being given here, in the reader's language; what no word is given for is an entry.

        >>> found = Entries({"settled_fen": 120000, "settled": 3}, "throughput")
        >>> found.says("{settled} {what}: {settled_fen}", what="in all")
        '3 in all: 1,200 yuan'
        """
        return _Filled(self).vformat(translated(message), (), words)

    def cell(self, path: str) -> str:
        """An entry in a table, whose heads say more: money in yuan, without a word."""
        at = self.pattern(path)
        return self.text(path) if unit_of(at) == TEXT else cell(at, self.number(path))

    def duration(self, path: str) -> str:
        """A length of time (us), exact to its second unit."""
        return formats.duration(self.instant(path))

    def pattern(self, path: str) -> str:
        """The pattern by which an entry is declared; the entries of a list that go by no name stand for one another."""
        at = self._at(path)
        if metric(at) is None and self.place.endswith(f".{ANY}"):
            return f"{self.place.removesuffix(f'.{ANY}')}.{path}"
        return at

    def _entry(self, path: str, content: Mapping[str, Any]) -> Self:
        return replace(self, content=content, place=f"{self._at(path)}.{ANY}")

    def _at(self, path: str) -> str:
        return f"{self.place}.{path}" if self.place else path


def _names(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


class _Filled(Formatter):
    """Fills the holes of a message: a hole is a word or the path of an entry, and never code."""

    def __init__(self, entries: Entries) -> None:
        self._entries = entries

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, str]:
        """What stands in a hole."""
        return kwargs[field_name] if field_name in kwargs else self._entries.shown(field_name), field_name
