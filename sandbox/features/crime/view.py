"""What single columns tell of crime: areas under the curve, and why those above the line are there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from reports.source import RunData
from sandbox.features.crime.leakage import COLUMNS, EVERYTHING, Leakage

LINE: Final = 0.75
"""Above it a column needs a reason (docs/crime.md)."""
FEWEST: Final = 150
"""With fewer payments an area says little: instances are few, and their payments alike."""


class Assessed(NamedTuple):
    """How well one column tells one pattern (or `all`) apart; `why` is `about`, `few`, `below` (the line) or `open`."""

    pattern: str
    column: str
    payments: int
    area: float
    leak: Leakage
    why: str


def inherent_columns(run: RunData) -> Mapping[str, frozenset[str]]:
    """By pattern, the columns inherent in it (`about` in the summary)."""
    found = {}
    for row in run.entries.rows("crime.patterns"):
        columns = row.get("about")
        named = frozenset(one for one in columns if isinstance(one, str)) if isinstance(columns, list) else frozenset()
        found[row.text("pattern")] = named
    return found


def assess(run: RunData, leaks: Sequence[Leakage]) -> list[Assessed]:
    """Every column against every pattern, in the order of the columns."""
    known = inherent_columns(run)
    every = frozenset(column for columns in known.values() for column in columns)
    found = []
    for one in leaks:
        area = max(one.auc, one.auc_same_kind)
        columns = every if one.label == EVERYTHING else known.get(one.label, frozenset())
        why = "about" if one.column in columns else "few" if one.payments < FEWEST else "open"
        found.append(Assessed(one.label, one.column, one.payments, area, one, why if area > LINE else "below"))
    return sorted(found, key=lambda one: (COLUMNS.index(one.column), one.pattern != EVERYTHING, one.pattern))
