"""What was refused and why, by class of the payer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reports import formats
from reports.source import RunData
from sandbox.tables import REFUSALS

CLASSES = ("I", "II", "III", "IV", "corporate")


@dataclass(frozen=True)
class Refusals:
    """Counts and values by class and reason; only classes and reasons that occur, in the usual order."""

    classes: list[str]
    reasons: list[str]
    count: dict[tuple[str, str], int]
    value_fen: dict[tuple[str, str], int]

    def column(self, name: str) -> Callable[[str], str]:
        """How many were refused of one class, by reason, as shown."""
        return lambda reason: formats.count(self.count.get((name, reason), 0))

    def of_class(self, name: str) -> int:
        """Refused payments of one class."""
        return sum(self.count.get((name, reason), 0) for reason in self.reasons)

    def of_reason(self, reason: str) -> tuple[int, int]:
        """Refused payments for one reason, and their value in fen."""
        return (
            sum(self.count.get((name, reason), 0) for name in self.classes),
            sum(self.value_fen.get((name, reason), 0) for name in self.classes),
        )


def refusals(run: RunData) -> Refusals:
    """The list of refusals as a table of class by reason."""
    count: dict[tuple[str, str], int] = {}
    value: dict[tuple[str, str], int] = {}
    for row in run.entries.rows("refusals"):
        number = row.amount("count")
        if number:
            key = row.text("payer_class"), row.text("outcome")
            count[key] = count.get(key, 0) + number
            value[key] = value.get(key, 0) + row.amount("value_fen")
    return Refusals(
        _in_order({name for name, _ in count}, CLASSES),
        _in_order({reason for _, reason in count}, REFUSALS),
        count,
        value,
    )


def _in_order(found: set[str], usual: tuple[str, ...]) -> list[str]:
    return [name for name in usual if name in found] + sorted(found - set(usual))
