"""Suppression of repeated alerts: of which account which rule has just been reported, and until when it is not again.

Few accounts are ever reported, so this is a small table of its own: open addressing, linear probing. Whoever writes has
asked `with_room` before, so that it is never more than half full.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from sandbox.core.compiled import compiled, inlined
from sandbox.core.draws import Int64Array

S_KEY: Final = 0
"""Identity and rule, plus 1; 0 where nothing is written."""
S_UNTIL: Final = 1
SUPPRESSED_COLUMNS: Final = 2

MOST_RULES: Final = 16
_SPREAD: Final = 40_503
"""Odd, and small enough that no product overflows."""
_FIRST_ROWS: Final = 1 << 12


def new_table() -> Int64Array:
    """An empty table."""
    return np.zeros((_FIRST_ROWS, SUPPRESSED_COLUMNS), dtype=np.int64)


@inlined
def _place(table: Int64Array, key: int) -> int:
    """Where a key is written, or would be."""
    mask = table.shape[0] - 1
    place = ((key ^ (key >> 4)) * _SPREAD) & mask  # rules lie in the last four bits
    while table[place, S_KEY] != 0 and table[place, S_KEY] != key:
        place = (place + 1) & mask
    return place


@compiled
def suppressed_until(table: Int64Array, who: int, rule: int) -> int:
    """Until when (us) the rule is not reported again for an identity; 0 if it never was."""
    return table[_place(table, who * MOST_RULES + rule + 1), S_UNTIL]


@compiled
def suppress(table: Int64Array, who: int, rule: int, until: int) -> None:
    """Do not report the rule again for an identity before `until` (us)."""
    key = who * MOST_RULES + rule + 1
    place = _place(table, key)
    table[place, S_KEY] = key
    table[place, S_UNTIL] = until


@compiled
def _in_force(table: Int64Array, now: int) -> int:
    count = 0
    for i in range(table.shape[0]):
        count += table[i, S_UNTIL] > now
    return count


@compiled
def _move(table: Int64Array, into: Int64Array, now: int) -> None:
    for i in range(table.shape[0]):
        if table[i, S_UNTIL] > now:
            place = _place(into, table[i, S_KEY])
            into[place, S_KEY] = table[i, S_KEY]
            into[place, S_UNTIL] = table[i, S_UNTIL]


def with_room(table: Int64Array, more: int, now: int) -> Int64Array:
    """A table without what is over, with room for `more` and half as much again."""
    rows, needed = _FIRST_ROWS, 4 * int(_in_force(table, now)) + 2 * more
    while rows < needed:
        rows *= 2
    fresh = np.zeros((rows, SUPPRESSED_COLUMNS), dtype=np.int64)
    _move(table, fresh, now)
    return fresh
