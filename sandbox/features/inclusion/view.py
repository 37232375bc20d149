"""Cohorts as a report shows them: what became of their payments, in shares that add up to all of them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from reports.source import RunData
from reports.view.values import number, rows, whole, words
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
    row: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Its name in words; the scenario's own names as they are."""
        return cohort_name(self.key)


def cohort_name(key: object) -> str:
    """A cohort in words.

    >>> cohort_name("others"), cohort_name("over_60")
    ('in no cohort', 'over 60')
    """
    name = words(key)
    return named(_NAMES, name)


def cohorts(run: RunData) -> list[Cohort]:
    """The worst first, people in no cohort after them, everybody last; rows without payments between."""
    found = [_cohort(row) for row in rows(run.get("inclusion"))]
    last = {OTHERS: 1, EVERYBODY: 2}
    return sorted(found, key=lambda one: (last.get(one.key, 0), 2.0 if one.success is None else one.success))


def _cohort(row: Mapping[str, Any]) -> Cohort:
    success = _share(row.get("success_share"))
    names = ("insufficient_share", "refused_by_limit_share", "unanswered_share")
    known = [_share(row.get(name)) or 0.0 for name in names]
    rest = 0.0 if success is None else max(0.0, 1.0 - success - math.fsum(known))
    # What is left by rounding is no reason.
    shares = dict(zip(REASONS, [*known, rest if rest > 1e-9 else 0.0], strict=True))
    return Cohort(words(row.get("cohort")), whole(row.get("payments")) or 0, success, shares, row)


def _share(value: Any) -> float | None:
    found = number(value)
    return None if found is None else min(1.0, max(0.0, float(found)))
