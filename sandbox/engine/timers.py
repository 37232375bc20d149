"""Timers that all last equally long, so they fall due in the order in which they were set: rings instead of a heap.

A timer names a payment's slot and the slot's serial when it was set; it is stale once the serial has moved on.
"""

from __future__ import annotations

from sandbox.core.compiled import inlined
from sandbox.core.draws import Int64Array
from sandbox.core.layout import INFINITE, in_flight, scalar


@inlined
def ring_put(rings: Int64Array, scalars: Int64Array, ring: int, due: int, who: int, serial: int) -> None:
    """Set a timer."""
    at = (scalars[scalar.RINGS + 2 * ring] + scalars[scalar.RINGS + 2 * ring + 1]) & (rings.shape[2] - 1)
    rings[ring, 0, at] = due
    rings[ring, 1, at] = who
    rings[ring, 2, at] = serial
    scalars[scalar.RINGS + 2 * ring + 1] += 1


@inlined
def ring_drop(rings: Int64Array, scalars: Int64Array, ring: int) -> None:
    """Forget the first timer."""
    scalars[scalar.RINGS + 2 * ring] = (scalars[scalar.RINGS + 2 * ring] + 1) & (rings.shape[2] - 1)
    scalars[scalar.RINGS + 2 * ring + 1] -= 1


@inlined
def ring_first(rings: Int64Array, scalars: Int64Array, ring: int, slots: Int64Array) -> int:
    """When the first timer that is not stale falls due, or INFINITE; drops stale ones."""
    while scalars[scalar.RINGS + 2 * ring + 1] > 0:
        at = scalars[scalar.RINGS + 2 * ring]
        if slots[rings[ring, 1, at], in_flight.SERIAL] == rings[ring, 2, at]:
            return rings[ring, 0, at]
        ring_drop(rings, scalars, ring)
    return INFINITE


@inlined
def soonest_timer(rings: Int64Array, scalars: Int64Array) -> int:
    """A time before which no timer falls due; stale timers count."""
    soonest = INFINITE
    for ring in range(3):
        if scalars[scalar.RINGS + 2 * ring + 1] > 0:
            soonest = min(soonest, rings[ring, 0, scalars[scalar.RINGS + 2 * ring]])
    return soonest
