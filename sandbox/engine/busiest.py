"""The busiest ten minutes of a run: how many payments were submitted in them, and how those fared that ended in them.

Windows are whole bins of the series, from the start, at least ten minutes long together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from sandbox.core.draws import Int64Array

WINDOW_US: Final = 600_000_000
_PER_CENT: Final = (50, 99)


class _Window(NamedTuple):
    at_us: int
    lasts_us: int
    submitted: int
    ended: int
    settled: int
    latencies_us: list[int] | None


class Busiest:
    """The window in which most payments were submitted, the first of those with as many."""

    def __init__(self, bin_us: int) -> None:
        self._bin_us = bin_us
        self._bins = -(-WINDOW_US // bin_us)
        self._most: _Window | None = None
        self._began, self._in_window = 0, 0
        self._counts = np.zeros(3, dtype=np.int64)
        self._latencies: list[Int64Array] = []

    def add(self, at_us: int, submitted: int, ended: int, settled: int, latencies: Sequence[Int64Array]) -> None:
        """Note the bin that began at `at_us`; latencies (us) are those of what settled in it."""
        if self._in_window == 0:
            self._began = at_us
        self._counts += submitted, ended, settled
        self._latencies += latencies
        self._in_window += 1
        if self._in_window == self._bins:
            self._close()

    def _close(self) -> None:
        submitted, ended, settled = (int(count) for count in self._counts)
        if submitted and (self._most is None or submitted > self._most.submitted):
            lasts = self._in_window * self._bin_us
            self._most = _Window(
                self._began, lasts, submitted, ended, settled, nearest_rank(self._latencies, _PER_CENT)
            )
        self._counts[:], self._latencies, self._in_window = 0, [], 0

    def summary(self) -> dict[str, Any] | None:
        """What the window was like; None if nothing was ever submitted. No bin is added after it."""
        if self._in_window:
            self._close()
        if self._most is None:
            return None
        most = self._most
        return {
            "at_us": most.at_us,
            "lasts_us": most.lasts_us,
            "submitted": most.submitted,
            "ended": most.ended,
            "settled": most.settled,
            "success_share": most.settled / most.ended if most.ended else None,
            "latency_ms": {
                f"p{rank}": None if most.latencies_us is None else most.latencies_us[place] / 1000
                for place, rank in enumerate(_PER_CENT)
            },
        }


def nearest_rank(latencies: Sequence[Int64Array], per_cents: Sequence[int]) -> list[int] | None:
    """Quantiles of all latencies together, by nearest rank; None of nothing.

    >>> nearest_rank([np.array([3, 1]), np.array([2])], (50, 100)), nearest_rank([], (50,))
    ([2, 3], None)
    """
    values = np.concatenate(latencies) if latencies else np.zeros(0, dtype=np.int64)
    if not values.size:
        return None
    ranks = [-(-values.size * per_cent // 100) - 1 for per_cent in per_cents]
    values.partition(ranks)
    return [int(values[rank]) for rank in ranks]
