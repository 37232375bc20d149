"""Draws one after the other from one named stream: for plans that ask for few, of many kinds."""

from __future__ import annotations

import numpy as np

from sandbox.core.clock import CELL_US
from sandbox.core.draws import Int64Array, quantile, stream, words

BITS = 2**31 - 1
AT_ONCE = 64
"""Words made together: asking for one takes longer than making many."""


class RandomStream:
    """The n-th draw is a function of the stream's name and n alone."""

    def __init__(self, seed: int, *names: object) -> None:
        self._key = stream(seed, *names)
        self._drawn = 0
        self._words: list[int] = []
        self._buffer = np.zeros(AT_ONCE, dtype=np.uint64)

    def word(self) -> int:
        """64 uniform bits."""
        place = self._drawn % AT_ONCE
        if place == 0:
            words(self._key, self._drawn, self._buffer)
            self._words = self._buffer.tolist()
        self._drawn += 1
        return self._words[place]

    def below(self, bound: int) -> int:
        """Uniform in 0..bound-1."""
        return (self.word() >> 32) * bound >> 32

    def of(self, table: Int64Array) -> int:
        """From a quantile table."""
        return int(quantile(table.reshape(1, -1), 0, np.uint64(self.word())))

    def by_weight(self, edges: Int64Array) -> int:
        """A number drawn by the cumulative weights `edges` (the last is their sum)."""
        return min(int(np.searchsorted(edges, self._within(0, int(edges[-1])), side="right")), len(edges) - 1)

    def instant(self, cumulative: Int64Array, first_us: int, last_us: int) -> int:
        """An instant in [first_us, last_us) with demand's own density; evenly where there is no demand."""
        low, high = self._reached(cumulative, first_us), self._reached(cumulative, last_us)
        if high <= low:
            return self._within(first_us, last_us)
        position = self._within(low, high)
        cell = int(np.searchsorted(cumulative, position, side="right")) - 1
        start, end = int(cumulative[cell]), int(cumulative[cell + 1])
        at = cell * CELL_US + CELL_US * (position - start) // (end - start)
        return min(max(at, first_us), last_us - 1)

    def _within(self, low: int, high: int) -> int:
        return low + ((high - low) * (self.word() >> 32) >> 32)

    @staticmethod
    def _reached(cumulative: Int64Array, at_us: int) -> int:
        """Demand up to an instant, linear within a cell."""
        cell = min(at_us // CELL_US, len(cumulative) - 2)
        low, high = int(cumulative[cell]), int(cumulative[cell + 1])
        return low + (high - low) * min(at_us - cell * CELL_US, CELL_US) // CELL_US
