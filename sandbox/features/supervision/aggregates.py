"""Usable but not visible: the operators count, and only counts with noise leave them (differential privacy).

A count is the number of payments between wallets that one institution's customers settled within one period. The noise
is that of the geometric mechanism, for one payment more or less (a person with many payments is
protected less: k payments together at k times epsilon). It is drawn by seed, period and institution, so that a replay
gives the same numbers; who releases real counts must not do so. Noise goes into the summary only, never into a table.

A count is flagged when it is well above what the institution's share of all counts would give in that period.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sandbox.core.draws import Int64Array, stream, two_sided_geometric, under
from sandbox.core.layout import Outcome, code, ended, trait
from sandbox.features.supervision.schema.section import Aggregates
from sandbox.features.supervision.scoring import labels_in
from sandbox.world import World


class NoisyCounts:
    """Counts by period and institution, and what their release shows."""

    def __init__(self, world: World, rules: Aggregates) -> None:
        self._world, self._rules = world, rules
        merchants = world.blocks["merchant"]
        self._shops = (merchants.first, merchants.end)
        periods = world.scenario.duration // rules.every + 2
        self._counts = np.zeros((periods, len(world.institution_names)), dtype=np.int64)
        self._illicit = np.zeros_like(self._counts)

    def take(self, window: Int64Array) -> None:
        """Count a window. How many are illicit is counted beside, for scoring."""
        between = (window[ended.CODES] & code.OUTCOME_MASK) == Outcome.SETTLED
        between &= (window[ended.PAYEE] < self._shops[0]) | (window[ended.PAYEE] >= self._shops[1])
        its = window[:, between]
        period = np.minimum(its[ended.ENDED_AT] // self._rules.every, len(self._counts) - 1)
        cell = period, (its[ended.CODES] >> code.PAYER_INSTITUTION_SHIFT) & trait.INSTITUTION_MASK
        np.add.at(self._counts, cell, 1)
        np.add.at(self._illicit, cell, (labels_in(its) > 0).astype(np.int64))

    def noisy(self) -> Int64Array:
        """The counts as released."""
        key = stream(self._world.seed, "aggregates")
        released = self._counts.copy()
        for period, institution in np.ndindex(released.shape):
            released[period, institution] += two_sided_geometric(under(key, period, institution), self._rules.epsilon)
        return released

    def flagged(self, released: Int64Array) -> Any:
        """Which counts stand out, from what is released alone."""
        seen = np.maximum(released, 0).astype(np.float64)
        total = max(1.0, float(seen.sum()))
        usual = seen.sum(axis=1, keepdims=True) * seen.sum(axis=0, keepdims=True) / total
        return (released >= self._rules.least) & (seen >= self._rules.factor * usual)

    def summary(self) -> dict[str, Any]:
        """What was released, how wrong it is, and how many illicit payments lie in the counts that stand out."""
        released = self.noisy()
        flagged = self.flagged(released)
        inside, illicit = int(self._counts[flagged].sum()), int(self._illicit.sum())
        found = int(self._illicit[flagged].sum())
        return {
            "epsilon": self._rules.epsilon,
            "every_us": self._rules.every,
            "counts": int(released.size),
            "error_mean": float(np.abs(released - self._counts).mean()),
            "error_share": float(np.abs(released - self._counts).sum() / max(1, self._counts.sum())),
            "flagged": int(flagged.sum()),
            "payments_in_flagged": inside,
            "payment_precision": found / inside if inside else None,
            "recall": found / illicit if illicit else None,
        }
