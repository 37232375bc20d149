"""Cohorts as a report shows them: what became of their payments, in shares that add up to all of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from reports.reading import Entries
from reports.sections.context import Context
from sandbox.language import N_, named

EVERYBODY: Final = "everybody"
OTHERS: Final = "others"
REASONS: Final = ("no_money", "by_limit", "no_answer", "other_reasons")


_NAMES: Final = {EVERYBODY: N_("everybody"), OTHERS: N_("in no cohort")}


@dataclass(frozen=True)
class Cohort:
    """One row: `shares` are those of payments that failed, by `REASONS`."""

    key: str
    payments: int
    success: float | None
    shares: Mapping[str, float]
    row: Entries

    @property
    def name(self) -> str:
        """Its name in words; the scenario's own names as they are."""
        return cohort_name(self.key)

    def cell(self, path: str) -> str:
        """An entry of its row, in a table."""
        return self.row.cell(path)


def cohort_name(key: str) -> str:
    """A cohort in words.

    >>> cohort_name("others"), cohort_name("over_60")
    ('in no cohort', 'over 60')
    """
    return named(_NAMES, key)


def cohorts(context: Context) -> list[Cohort]:
    """The worst first, people in no cohort after them, everybody last; rows without payments between."""
    found = [_cohort(row) for row in context.rows("inclusion")]
    last = {OTHERS: 1, EVERYBODY: 2}
    return sorted(found, key=lambda one: (last.get(one.key, 0), 2.0 if one.success is None else one.success))


def _cohort(row: Entries) -> Cohort:
    success = _share(row.number("success_share"))
    known = [_share(row.number(f"{name}_share")) or 0.0 for name in ("insufficient", "refused_by_limit", "unanswered")]
    rest = 0.0 if success is None else max(0.0, 1.0 - success - math.fsum(known))
    # What is left by rounding is no reason.
    shares = dict(zip(REASONS, [*known, rest if rest > 1e-9 else 0.0], strict=True))
    return Cohort(row.text("cohort"), row.amount("payments"), success, shares, row)


def _share(value: float | None) -> float | None:
    return None if value is None else min(1.0, max(0.0, float(value)))
