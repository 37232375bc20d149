"""How cohorts of people fare beside everybody: refusals, success, time and cost of the payments they want to make.

Counts payments by the payer's cohort as they end. Latencies go into buckets a sixteenth of an octave wide, so the 95 %
quantile is right within 5 %. Money is fen, time microseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from sandbox.control import Columns, Component, Control, Simulated
from sandbox.core.draws import Int64Array
from sandbox.core.layout import Outcome, account, code, ended, trait
from sandbox.core.ratio import share
from sandbox.scenario.schema.world import COHORT_NAMES, Cohort

FEWEST: Final = 100
"""Payments below which a cohort is not called the worst: chance would choose it. ASSUMED."""

LIMITS: Final = (Outcome.SINGLE_LIMIT, Outcome.DAILY_LIMIT, Outcome.ANNUAL_LIMIT, Outcome.BALANCE_CAP)
LOST: Final = (Outcome.UNAVAILABLE, Outcome.TIMED_OUT)

STEPS: Final = 16
EDGES: Final = np.unique(np.rint(2.0 ** (np.arange(40 * STEPS) / STEPS)).astype(np.int64))
"""Lower edges of the buckets of latency (us)."""

US_PER_MS: Final = 1000.0


class Inclusion(Component):
    """Tallies by cohort; rows of its arrays: 0 people in no cohort, then the cohorts."""

    def __init__(self, control: Control, cohorts: Mapping[str, Cohort]) -> None:
        world = control.world
        self._control, self._people, self._cohort_of = control, world.blocks["personal"], world.cohort_of
        self._cohorts, self._rows = cohorts, len(world.cohorts) + 1
        self._names = [COHORT_NAMES[0], *world.cohorts]
        self._wallets = np.bincount(world.cohort_of, minlength=self._rows)
        shape = (self._rows, len(Outcome))
        self.counts, self.values = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        self._latencies = np.zeros((self._rows, EDGES.size + 1), dtype=np.int64)
        sums = np.zeros((4, self._rows), dtype=np.int64)
        self._latency_us, self._attempts, self._top_ups, self._top_up_fen = sums

    def start(self) -> None:
        """Listen to payments."""
        self._control.listen(self._take)

    def _take(self, window: Int64Array) -> None:
        payer = window[ended.PAYER] - self._people.first
        mine = window[:, (payer >= 0) & (payer < self._people.count)]
        cohort = self._cohort_of[mine[ended.PAYER] - self._people.first].astype(np.int64)
        codes, top_up = mine[ended.CODES], mine[ended.TOP_UP]
        outcome = codes & code.OUTCOME_MASK
        cell = cohort * len(Outcome) + outcome
        _count(self.counts.reshape(-1), cell)
        np.add.at(self.values.reshape(-1), cell, mine[ended.AMOUNT])
        np.add.at(self._attempts, cohort, (codes >> code.ATTEMPT_SHIFT) & code.ATTEMPT_MASK)
        _count(self._top_ups, cohort[top_up > 0])
        np.add.at(self._top_up_fen, cohort, top_up)
        settled = outcome == Outcome.SETTLED
        latency, whose = (mine[ended.ENDED_AT] - mine[ended.SUBMITTED_AT])[settled], cohort[settled]
        np.add.at(self._latency_us, whose, latency)
        bucket = np.searchsorted(EDGES, latency, side="right")
        _count(self._latencies.reshape(-1), whose * (EDGES.size + 1) + bucket)

    def tables(self) -> Mapping[str, Columns]:
        """`cohorts`: which wallet is in which."""
        names = np.array(self._names, dtype=object)
        inside = np.flatnonzero(self._cohort_of)
        return {"cohorts": {"account": self._people.first + inside, "cohort": names[self._cohort_of[inside]].tolist()}}

    def summary(self) -> Mapping[str, Any]:
        """`inclusion`: a row each cohort, people in none, and everybody; and `risk.inclusion`."""
        rows = [self._row(name, [number]) for number, name in enumerate(self._names)]
        whole = self._row(COHORT_NAMES[1], list(range(self._rows)))
        for row in rows:
            row["success_gap"] = _less(row["success_share"], whole["success_share"])
        table = [*rows[1:], *(rows[:1] if self._wallets[0] else []), {**whole, "success_gap": 0.0}]
        return {"inclusion": table, "risk": {"inclusion": _risk(rows[1:], whole)}}

    def _row(self, name: str, rows: list[int]) -> dict[str, Any]:
        """One line of the table, of these rows of the tallies together."""
        counts, values = self.counts[rows].sum(axis=0), self.values[rows].sum(axis=0)
        payments, settled, settled_fen = int(counts.sum()), int(counts[Outcome.SETTLED]), int(values[Outcome.SETTLED])
        wallets = int(self._wallets[rows].sum())
        accounts = self._control.accounts[self._people.rows]
        mine = accounts[np.isin(self._cohort_of, rows)]
        moved_up = (mine[:, account.TRAITS] & trait.CLASS_MASK) != (
            (mine[:, account.TRAITS] >> trait.FIRST_CLASS_SHIFT) & trait.CLASS_MASK
        )
        top_up_fen, cost_fen = int(self._top_up_fen[rows].sum()), self._cost_fen(rows)
        return {
            "cohort": name,
            "wallets": wallets,
            "wallets_share": share(wallets, self._people.count),
            "payments": payments,
            "payments_per_wallet": share(payments, wallets),
            "settled": settled,
            "settled_fen": settled_fen,
            "success_share": share(settled, payments),
            "refused_by_limit_share": share(int(counts[list(LIMITS)].sum()), payments),
            "insufficient_share": share(int(counts[Outcome.INSUFFICIENT_BALANCE]), payments),
            "unanswered_share": share(int(counts[list(LOST)].sum()), payments),
            "refused_value_share": share(int(values.sum()) - settled_fen, int(values.sum())),
            "latency_ms_mean": share(int(self._latency_us[rows].sum()) / US_PER_MS, settled),
            "latency_ms_p95": self._p95_ms(rows),
            "attempts_mean": share(int(self._attempts[rows].sum()), payments),
            "top_ups": int(self._top_ups[rows].sum()),
            "top_up_fen": top_up_fen,
            "cost_fen": cost_fen,
            "cost_share": share(cost_fen, settled_fen),
            "balance_mean_fen": share(int(mine[:, account.BALANCE].sum()), wallets),
            "upgraded": int(np.count_nonzero(moved_up)),
        }

    def _cost_fen(self, rows: list[int]) -> int:
        """What cards and accounts charged for top-ups, rounded to the fen by cohort."""
        cohorts = list(self._cohorts.values())
        return sum(round(cohorts[row - 1].top_up_cost * int(self._top_up_fen[row])) for row in rows if row)

    def _p95_ms(self, rows: list[int]) -> float | None:
        buckets = np.cumsum(self._latencies[rows].sum(axis=0))
        if not buckets[-1]:
            return None
        number = int(np.searchsorted(buckets, np.ceil(0.95 * buckets[-1])))
        low, high = (int(EDGES[min(max(one, 0), EDGES.size - 1)]) for one in (number - 1, number))
        return (low + high) / 2 / US_PER_MS


def _risk(cohorts: list[dict[str, Any]], whole: dict[str, Any]) -> dict[str, Any]:
    """The cohort whose payments succeed least, and how many payments that rests on."""
    judged = [row for row in cohorts if row["payments"] >= FEWEST]
    worst = min(judged, key=lambda row: row["success_share"], default=None)
    return {
        "success_share": whole["success_share"],
        "payments": whole["payments"],
        "worst_cohort": None if worst is None else worst["cohort"],
        "worst_success_share": None if worst is None else worst["success_share"],
        "worst_payments": None if worst is None else worst["payments"],
        "success_gap": None if worst is None else worst["success_gap"],
        "cohorts_judged": len(judged),
        "fewest_payments": FEWEST,
    }


def _count(counters: Int64Array, cells: Int64Array) -> None:
    """Count each cell once for each time that it is named."""
    counters += np.bincount(cells, minlength=counters.size)


def _less(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one - other


SIMULATED: Final = Simulated(Inclusion)
