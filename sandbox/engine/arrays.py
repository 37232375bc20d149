"""The rail's arrays: what they are, how they are made, and how they grow."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from sandbox.core.draws import Int64Array
from sandbox.core.layout import birth, ended, in_flight, scalar
from sandbox.world import World

BIRTHS: Final = 4_104
"""Births a source makes at a time. No power of two, so that columns do not share the same lines of the cache."""
OUT: Final = 131_080
FIRST_SLOTS: Final = 4_096


class Rail(NamedTuple):
    """The rail's arrays, in the order in which `advance` takes them (`layout` names their columns).

    `slots`, `heap` and `rings` may be replaced by larger copies between calls; the length of `rings` is a power of two.
    """

    slots: Int64Array
    heap: Int64Array
    """(slots, 2): time, slot."""
    rings: Int64Array
    """(3 rings, 3 columns, length): due time, slot or account, serial."""
    stations: Int64Array
    tables: Int64Array
    births: Int64Array
    """(sources, birth.ROWS, length)."""
    sources: Int64Array
    """(sources, 3): next birth, number in the buffer, 1 if nothing follows."""
    out: Int64Array
    """(ended.ROWS, length)."""
    accounts: Int64Array
    rules: Int64Array
    box_spent: Int64Array
    """(accounts, or 1 if no participant cap can hold): value settled inside the box, by payer."""
    scalars: Int64Array


def new_rail(world: World, slots: int = FIRST_SLOTS, births: int = BIRTHS, out: int = OUT) -> Rail:
    """Empty arrays for a run; `slots` is a power of two and grows as needed."""
    return Rail(
        slots=_chained(np.zeros((slots, in_flight.COLUMNS), dtype=np.int64), 0),
        heap=np.zeros((slots, 2), dtype=np.int64),
        rings=np.zeros((3, 3, slots), dtype=np.int64),
        stations=world.stations,
        tables=world.tables,
        births=np.zeros((max(1, len(world.sources)), birth.ROWS, births), dtype=np.int64),
        sources=np.zeros((len(world.sources), 3), dtype=np.int64),
        out=np.zeros((ended.ROWS, out), dtype=np.int64),
        accounts=world.ledger.accounts,
        rules=world.rules,
        box_spent=world.box_spent,
        scalars=world.scalars,
    )


def _chained(slots: Int64Array, first: int) -> Int64Array:
    """Make the slots from `first` on a chain of free ones."""
    slots[first:, in_flight.NEXT] = np.arange(first + 1, len(slots) + 1)
    slots[-1, in_flight.NEXT] = -1
    return slots


def grown(rail: Rail) -> Rail:
    """The same rail with room for twice as many payments in flight and timers."""
    scalars, old, size = rail.scalars, rail.slots.shape[0], rail.rings.shape[2]
    slots = _chained(np.concatenate([rail.slots, np.zeros_like(rail.slots)]), old)
    slots[-1, in_flight.NEXT] = scalars[scalar.FREE_SLOT]
    scalars[scalar.FREE_SLOT] = old
    rings = np.zeros((3, 3, 2 * size), dtype=np.int64)
    for ring in range(3):
        rings[ring, :, :size] = np.roll(rail.rings[ring], -int(scalars[scalar.RINGS + 2 * ring]), axis=1)
        scalars[scalar.RINGS + 2 * ring] = 0
    return rail._replace(slots=slots, heap=np.concatenate([rail.heap, np.zeros_like(rail.heap)]), rings=rings)
