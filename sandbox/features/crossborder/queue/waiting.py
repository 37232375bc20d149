"""Groups that wait, as growing columns that compiled code reads: rows are added at the end and marked when they go.

A row's number holds until the next `add`, which may close the gaps.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict, deque
from collections.abc import Mapping, Sequence
from typing import Final, Generic, TypeVar

import numpy as np

from sandbox.core.draws import Int64Array
from sandbox.features.crossborder.queue.offsetting import BySize, Queue

Item = TypeVar("Item")

PRIORITIES: Final = 2


class Waiting(Generic[Item]):
    """The groups of a queue with what they change (`Queue`), in order of submission."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self._rows: dict[int, int] = {}
        self._entries = 0
        self._start = np.zeros(65, dtype=np.int64)
        self._pool = np.zeros(256, dtype=np.int64)
        self._change = np.zeros(256, dtype=np.int64)
        self._by_row = np.zeros((3, 64), dtype=np.int64)
        self._owner = np.zeros(256, dtype=np.int64)
        self._alive = np.zeros(64, dtype=np.bool_)
        self._by_size = np.zeros(0, dtype=np.int64)
        self._paying_out: Counter[tuple[int, int]] = Counter()
        """By priority and pool."""
        self._lines: defaultdict[tuple[int, int], deque[tuple[Item, int]]] = defaultdict(deque)
        """By priority and pool: what it pays for, in order of submission. Who has gone stays until it is the first."""
        self._paying_in: Counter[int] = Counter()
        self._sorted = 0
        """How many entries have been sorted into `_by_size`, those of rows that are gone included."""

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def queue(self) -> Queue:
        """All rows, gone ones too: ask `order` which wait."""
        rows = len(self.items)
        return Queue(self._start[: rows + 1], self._pool[: self._entries], self._change[: self._entries])

    @property
    def worth(self) -> Int64Array:
        """What each row counts."""
        return self._by_row[1, : len(self.items)]

    @property
    def pair(self) -> Int64Array:
        """The two participants of each row as one number, or -1."""
        return self._by_row[2, : len(self.items)]

    def index(self, item: Item) -> int:
        """The row of an item that waits."""
        return self._rows[id(item)]

    def paying_out(self, pool: int, priority: int) -> int:
        """What a pool pays for all who wait with this priority or a higher one."""
        return sum(self._paying_out[one, pool] for one in range(priority + 1))

    def first(self, pool: int) -> float:
        """The amount of the first group that a pool pays for; infinite if it pays for none."""
        for priority in range(PRIORITIES):
            line = self._lines[priority, pool]
            while line and id(line[0][0]) not in self._rows:
                line.popleft()
            if line:
                return line[0][1]
        return math.inf

    def paying_in(self, pool: int) -> int:
        """What all who wait pay into a pool."""
        return self._paying_in[pool]

    def order(self) -> Int64Array:
        """Rows that wait: by priority, then as they came."""
        rows = np.flatnonzero(self._alive[: len(self.items)])
        priorities = self._by_row[0, rows]
        if rows.size and priorities.min() != priorities.max():
            return rows[np.argsort(priorities, kind="stable")]
        return rows

    def by_size(self) -> BySize:
        """Entries of waiting rows that pay out, equal ones as in `order`; sorted anew only where some were added."""
        new = np.arange(self._sorted, self._entries)
        both = np.concatenate([self._by_size, new[self._change[self._sorted : self._entries] < 0]])
        both = both[self._alive[self._owner[both]]]
        sizes, priorities = -self._change[both], self._by_row[0, self._owner[both]]
        if both.size and priorities.min() != priorities.max():
            self._by_size = both[np.lexsort((both, priorities, sizes))]
        else:
            # Sorted but for the last ones, which are later than all of their size.
            self._by_size = both[np.argsort(sizes, kind="stable")]
        self._sorted = self._entries
        return BySize(self._by_size, self._owner)

    def add(self, item: Item, changes: Mapping[int, int], priority: int, worth: int, pair: int) -> None:
        """Put an item at the end."""
        row = len(self.items)
        if row > 64 and row > 2 * len(self._rows):
            self._close_gaps()
            row = len(self.items)
        if row == self._alive.size:
            self._start = np.concatenate([self._start, np.zeros(row, dtype=np.int64)])
            self._by_row = np.concatenate([self._by_row, np.zeros((3, row), dtype=np.int64)], axis=1)
            self._alive = np.concatenate([self._alive, np.zeros(row, dtype=np.bool_)])
        end = self._entries + len(changes)
        while end > self._pool.size:
            self._pool = np.concatenate([self._pool, np.zeros_like(self._pool)])
            self._change = np.concatenate([self._change, np.zeros_like(self._change)])
            self._owner = np.concatenate([self._owner, np.zeros_like(self._owner)])
        self._pool[self._entries : end] = list(changes)
        self._change[self._entries : end] = list(changes.values())
        self._owner[self._entries : end] = row
        self._entries = end
        self._start[row + 1] = end
        self._by_row[:, row] = priority, worth, pair
        self._alive[row] = True
        self.items.append(item)
        self._rows[id(item)] = row
        self._count(row, 1)
        for pool, change in changes.items():
            if change < 0:
                self._lines[priority, pool].append((item, -change))

    def remove(self, rows: Sequence[int]) -> None:
        """Take rows out."""
        for row in rows:
            del self._rows[id(self.items[row])]
            self._count(row, -1)
        self._alive[rows] = False

    def _count(self, row: int, sign: int) -> None:
        priority, entries = int(self._by_row[0, row]), slice(self._start[row], self._start[row + 1])
        for pool, change in zip(self._pool[entries].tolist(), self._change[entries].tolist(), strict=True):
            if change < 0:
                self._paying_out[priority, pool] -= sign * change
            else:
                self._paying_in[pool] += sign * change

    def _close_gaps(self) -> None:
        waiting = np.flatnonzero(self._alive[: len(self.items)])
        sizes = np.diff(self._start[: len(self.items) + 1])
        entries = np.repeat(self._alive[: len(self.items)], sizes)
        self._entries = int(entries.sum())
        self._pool[: self._entries] = self._pool[: entries.size][entries]
        self._change[: self._entries] = self._change[: entries.size][entries]
        self._owner[: self._entries] = np.repeat(np.arange(waiting.size), sizes[waiting])
        self._by_size, self._sorted = self._by_size[:0], 0
        self._start[1 : waiting.size + 1] = np.cumsum(sizes[waiting])
        self._by_row[:, : waiting.size] = self._by_row[:, waiting]
        self.items = [self.items[row] for row in waiting.tolist()]
        self._alive[: waiting.size] = True
        self._alive[waiting.size :] = False
        self._rows = {id(item): row for row, item in enumerate(self.items)}
