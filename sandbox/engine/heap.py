"""A 4-ary heap of (time, payment) in one array of two columns: at equal times the lowest payment id comes first.

Each payment in flight has at most one entry, so the heap is never larger than the table of slots.
"""

from __future__ import annotations

from sandbox.core.compiled import inlined
from sandbox.core.draws import Int64Array
from sandbox.core.layout import in_flight


@inlined
def before(time: int, slot: int, other_time: int, other_slot: int, slots: Int64Array) -> bool:
    """Whether (time, slot) comes before the other."""
    if time != other_time:
        return time < other_time
    return slots[slot, in_flight.ID] < slots[other_slot, in_flight.ID]


@inlined
def push(heap: Int64Array, size: int, time: int, slot: int, slots: Int64Array) -> None:
    """Add an entry to a heap of `size` entries."""
    at = size
    while at > 0:
        up = (at - 1) >> 2
        if not before(time, slot, heap[up, 0], heap[up, 1], slots):
            break
        heap[at, 0] = heap[up, 0]
        heap[at, 1] = heap[up, 1]
        at = up
    heap[at, 0] = time
    heap[at, 1] = slot


@inlined
def replace_first(heap: Int64Array, size: int, time: int, slot: int, slots: Int64Array) -> None:
    """Put another entry in the place of the first one of a heap of `size` entries."""
    at = 0
    while True:
        best = 4 * at + 1
        if best >= size:
            break
        end = min(best + 4, size)
        for other in range(best + 1, end):
            if before(heap[other, 0], heap[other, 1], heap[best, 0], heap[best, 1], slots):
                best = other
        if not before(heap[best, 0], heap[best, 1], time, slot, slots):
            break
        heap[at, 0] = heap[best, 0]
        heap[at, 1] = heap[best, 1]
        at = best
    heap[at, 0] = time
    heap[at, 1] = slot


@inlined
def pop(heap: Int64Array, size: int, slots: Int64Array) -> None:
    """Remove the first entry of a heap of `size` entries."""
    if size > 1:
        replace_first(heap, size - 1, heap[size - 1, 0], heap[size - 1, 1], slots)
