"""How much liquidity a queue of payments used: net debits and their peaks, turnover, length of the queue, gridlocks.

Pools are numbered by the queue that keeps this. Units: minor unit of the pool's currency, us. A *net debit* is what a
pool has paid out less what came in, through this queue alone; its peak is the liquidity that the pool had to bring.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from sandbox.core.draws import Int64Array


@dataclass
class Gridlock:
    """Nothing settled alone although something could settle together, from one look at the queue to another."""

    begin_us: int
    end_us: int
    groups: int
    """Most groups that waited meanwhile."""


@dataclass
class Usage:
    """Filled by the queue as it settles."""

    net_debit: Int64Array = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    peak: Int64Array = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    paid: Int64Array = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    lengths: list[tuple[int, int]] = field(default_factory=list)
    """(us, groups that wait from then on), where it changed."""
    gridlocks: list[Gridlock] = field(default_factory=list)
    delays_us: list[int] = field(default_factory=list)
    """Of settled groups, in order of settlement."""
    worths: list[int] = field(default_factory=list)
    """What each of these counted."""
    offset: int = 0
    """How many of these settled together with others because they could not alone."""
    withdrawn: int = 0

    def widen(self, pools: int) -> None:
        """Make room for at least so many pools."""
        more = pools - self.peak.size
        if more > 0:
            grow = np.zeros(max(more, self.peak.size), dtype=np.int64)
            self.net_debit = np.concatenate([self.net_debit, grow])
            self.peak = np.concatenate([self.peak, grow])
            self.paid = np.concatenate([self.paid, grow])

    def moved(self, payers: Sequence[int], payees: Sequence[int], amounts: Sequence[int]) -> None:
        """Count legs that were written at one instant."""
        for payer, payee, amount in zip(payers, payees, amounts, strict=True):
            self.net_debit[payer] += amount
            self.net_debit[payee] -= amount
            self.paid[payer] += amount
        for payer in payers:
            self.peak[payer] = max(self.peak[payer], self.net_debit[payer])

    def length(self, at_us: int, groups: int) -> None:
        """Note how many groups wait from now on; the last word of an instant counts."""
        if self.lengths and self.lengths[-1][0] == at_us:
            self.lengths.pop()
        if (self.lengths[-1][1] if self.lengths else 0) != groups:
            self.lengths.append((at_us, groups))

    def note_gridlock(self, at_us: int, groups: int, gridlocked: bool, *, was_gridlocked: bool) -> None:
        """Note whether a look at the queue found a gridlock."""
        if was_gridlocked:
            self.gridlocks[-1].end_us = at_us
            self.gridlocks[-1].groups = max(self.gridlocks[-1].groups, groups)
        elif gridlocked:
            self.gridlocks.append(Gridlock(at_us, at_us, groups))

    def delay_us(self, share: float) -> int:
        """The delay that this share of settled groups does not exceed; 0 if none settled."""
        return int(np.quantile(self.delays_us, share, method="higher")) if self.delays_us else 0

    def mean_delay_us(self) -> float:
        """Of settled groups, weighted by what they count; plain where all count nothing."""
        if not self.delays_us:
            return 0.0
        weights = np.array(self.worths, dtype=np.float64)
        return float(np.average(self.delays_us, weights=weights if weights.any() else None))
