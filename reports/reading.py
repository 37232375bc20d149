"""A summary as chapters read it: with care, and each entry shown by what is declared of it.

What is not of the expected kind counts as absent: a report must not fail over one number that another version of the
simulator, or somebody's hand, wrote otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from reports import formats
from reports.amounts import cell, shown
from reports.view import values
from sandbox.metric import ANY, TEXT, metric, unit_of


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
        return values.number(self.get(path))

    def whole(self, path: str) -> int | None:
        """A whole number, or None."""
        return values.whole(self.get(path))

    def amount(self, path: str) -> int:
        """A whole number, or 0."""
        return self.whole(path) or 0

    def ratio(self, path: str, other: str) -> float | None:
        """One number by another; None where there is none, or the other is not above 0."""
        return values.share_of(self.get(path), self.get(other))

    def instant(self, path: str) -> int | None:
        """A time (us) that a calendar can show, or None."""
        return values.instant(self.get(path))

    def text(self, path: str) -> str:
        """A text, or a dash."""
        return values.words(self.get(path))

    def flag(self, path: str) -> bool:
        """Whether it is true, and not merely something."""
        return self.get(path) is True

    def section(self, path: str) -> Entries:
        """A section; an empty one if there is none."""
        return Entries(values.section(self.get(path)), self._at(path))

    def sections(self, path: str) -> dict[str, Entries]:
        """The sections that somebody named, by their names."""
        found = values.section(self.get(path))
        return {name: Entries(values.section(one), f"{self._at(path)}.{ANY}") for name, one in found.items()}

    def rows(self, path: str) -> list[Entries]:
        """The entries of a list.

        >>> [one.number("a") for one in Entries({"b": [{"a": 1}, None, 3]}).rows("b")]
        [1]
        """
        return [Entries(one, f"{self._at(path)}.{ANY}") for one in values.rows(self.get(path))]

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

    def said(self, *paths: str) -> dict[str, str]:
        """Entries in a sentence, by their own names without the unit of money, for a message to be filled with.

        >>> Entries({"settled_fen": 120000, "settled": 3}, "throughput").said("settled_fen", "payments")
        {'settled': '1,200 yuan', 'payments': '–'}
        """
        return {path.rpartition(".")[2].removesuffix("_fen"): self.shown(path) for path in paths}

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

    def _at(self, path: str) -> str:
        return f"{self.place}.{path}" if self.place else path
