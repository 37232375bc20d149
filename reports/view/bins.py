"""Coarser bins of time, by exact aggregation: sums of counts, highest values, means of time averages.

A line with thousands of points is unreadable and slow to draw. Bins are folded into groups of a round number of bins,
so that a figure has at most a few hundred points, and what it shows can still be said exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

AT_MOST = 300
_GROUPS = (1, 2, 3, 5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 240, 360, 720, 1440)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Bins:
    """Groups of bins: `count` groups of `step_us` from `first_us`; `index` is the group of each row."""

    first_us: int
    step_us: int
    count: int
    index: Ints

    @property
    def edges_us(self) -> Ints:
        """The `count + 1` edges of the groups."""
        return self.first_us + self.step_us * np.arange(self.count + 1, dtype=np.int64)

    def sum(self, column: npt.ArrayLike) -> Ints:
        """Sum of a count by group; 0 where a group has no row."""
        total = np.zeros(self.count, dtype=np.int64)
        np.add.at(total, self.index, np.asarray(column, dtype=np.int64))
        return total

    def highest(self, column: npt.ArrayLike) -> Floats:
        """Highest value by group, missing ones left out; NaN where there is none."""
        highest = np.full(self.count, -np.inf)
        values = np.asarray(column, dtype=np.float64)
        known = ~np.isnan(values)
        np.maximum.at(highest, self.index[known], values[known])
        return np.where(np.isneginf(highest), np.nan, highest)


def fold(at_us: npt.ArrayLike, bin_us: int, at_most: int = AT_MOST, span_us: tuple[int, int] | None = None) -> Bins:
    """Group bins that start at `at_us` so that at most `at_most` groups cover them.

    Args:
        at_us: start of each row's bin; rows may be missing or repeat (several stations).
        bin_us: length of a bin.
        at_most: most groups.
        span_us: first and last start of a bin to cover; taken from the rows if left out.

    >>> fold([0, 60, 120, 300], 60, at_most=3).edges_us.tolist()
    [0, 120, 240, 360]
    """
    starts = np.asarray(at_us, dtype=np.int64)
    if span_us is None:
        if not starts.size:
            return Bins(0, bin_us, 0, starts)
        span_us = int(starts.min()), int(starts.max())
    first, last = span_us
    whole = (last - first) // bin_us + 1
    needed = -(-whole // at_most)
    group = next((size for size in _GROUPS if size >= needed), needed)
    step = group * bin_us
    return Bins(first, step, -(-whole // group), (starts - first) // step)


def ratio(part: npt.ArrayLike, whole: npt.ArrayLike) -> Floats:
    """Part by whole; NaN where the whole is 0.

    >>> ratio([1, 0], [2, 0]).tolist()
    [0.5, nan]
    """
    top, bottom = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    share = np.full(top.shape, np.nan)
    np.divide(top, bottom, out=share, where=bottom > 0)
    return share


def longest_run(flags: npt.ArrayLike) -> tuple[int, int]:
    """Length and first place of the longest run of true values; (0, 0) if there is none.

    >>> longest_run([True, False, True, True])
    (2, 2)
    """
    best, best_at, length = 0, 0, 0
    values: Any = np.asarray(flags, dtype=bool).tolist()
    for place, flag in enumerate(values):
        length = length + 1 if flag else 0
        if length > best:
            best, best_at = length, place - length + 1
    return best, best_at
