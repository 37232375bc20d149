"""The rail's heap against the standard library's."""

from __future__ import annotations

import heapq

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sandbox.core.compiled import compiled
from sandbox.core.draws import Int64Array
from sandbox.core.layout import in_flight
from sandbox.engine.heap import pop, push, replace_first

PUSH, POP, REPLACE = 0, 1, 2
SLOTS = 24


@compiled
def work(moves: Int64Array, heap: Int64Array, slots: Int64Array, firsts: Int64Array) -> int:
    """Do the moves (what, time, slot); writes down what was first before each. Returns the heap's size at the end."""
    size = 0
    for number in range(moves.shape[0]):
        if size > 0:
            firsts[number, 0] = heap[0, 0]
            firsts[number, 1] = heap[0, 1]
        if moves[number, 0] == PUSH:
            push(heap, size, moves[number, 1], moves[number, 2], slots)
            size += 1
        elif moves[number, 0] == POP:
            pop(heap, size, slots)
            size -= 1
        else:
            replace_first(heap, size, moves[number, 1], moves[number, 2], slots)
    return size


@given(
    st.permutations(range(100, 100 + SLOTS)),
    st.lists(st.tuples(st.sampled_from([PUSH, PUSH, PUSH, POP, REPLACE]), st.integers(0, 6)), max_size=80),
)
def test_the_lowest_time_comes_first_and_at_a_tie_the_lowest_payment(
    numbers: list[int], wanted: list[tuple[int, int]]
) -> None:
    slots = np.zeros((SLOTS, in_flight.COLUMNS), dtype=np.int64)
    slots[:, in_flight.ID] = numbers
    free, entries = list(range(SLOTS)), []
    moves, firsts = [], []
    for what, time in wanted:
        if (what == PUSH and not free) or (what != PUSH and not entries):
            continue
        firsts.append(entries[0] if entries else None)
        slot = free.pop() if what == PUSH else entries[0][2]
        moves.append((what, time, slot))
        if what != PUSH:
            heapq.heappop(entries)
        if what == POP:
            free.append(slot)
        else:
            heapq.heappush(entries, (time, numbers[slot], slot))
    found = np.full((len(moves), 2), -1, dtype=np.int64)
    size = work(
        np.array(moves, dtype=np.int64).reshape(-1, 3), np.zeros((SLOTS, 2), dtype=np.int64), slots, found
    )  # fmt: skip
    assert size == len(entries)
    for (time, slot), first in zip(found.tolist(), firsts, strict=True):
        assert (time, slot) == ((-1, -1) if first is None else (first[0], first[2]))
