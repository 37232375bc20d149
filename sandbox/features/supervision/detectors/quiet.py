"""Of which account which rule has just been reported, and until when it stays silent about it.

Few accounts are ever reported, so this is a small table of its own: open addressing, linear probing. Whoever writes has
asked `with_room` before, so that it is never more than half full.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from sandbox.core.compiled import compiled, inlined
from sandbox.core.draws import Int64Array

Q_KEY: Final = 0
"""Identity and rule, plus 1; 0 where nothing is written."""
Q_UNTIL: Final = 1
QUIET_COLUMNS: Final = 2

MOST_RULES: Final = 16
_SPREAD: Final = 40_503
"""Odd, and small enough that no product overflows."""
_FIRST_ROWS: Final = 1 << 12


def new_quiet() -> Int64Array:
    """An empty table."""
    return np.zeros((_FIRST_ROWS, QUIET_COLUMNS), dtype=np.int64)


@inlined
def _place(quiet: Int64Array, key: int) -> int:
    """Where a key is written, or would be."""
    mask = quiet.shape[0] - 1
    place = ((key ^ (key >> 4)) * _SPREAD) & mask  # rules lie in the last four bits
    while quiet[place, Q_KEY] != 0 and quiet[place, Q_KEY] != key:
        place = (place + 1) & mask
    return place


@compiled
def silent_until(quiet: Int64Array, who: int, rule: int) -> int:
    """Until when (us) the rule is not reported again for an identity; 0 if it never was."""
    return quiet[_place(quiet, who * MOST_RULES + rule + 1), Q_UNTIL]


@compiled
def keep_silent(quiet: Int64Array, who: int, rule: int, until: int) -> None:
    """Have the rule stay silent about an identity."""
    key = who * MOST_RULES + rule + 1
    place = _place(quiet, key)
    quiet[place, Q_KEY] = key
    quiet[place, Q_UNTIL] = until


@compiled
def _in_force(quiet: Int64Array, now: int) -> int:
    count = 0
    for i in range(quiet.shape[0]):
        count += quiet[i, Q_UNTIL] > now
    return count


@compiled
def _move(quiet: Int64Array, into: Int64Array, now: int) -> None:
    for i in range(quiet.shape[0]):
        if quiet[i, Q_UNTIL] > now:
            place = _place(into, quiet[i, Q_KEY])
            into[place, Q_KEY] = quiet[i, Q_KEY]
            into[place, Q_UNTIL] = quiet[i, Q_UNTIL]


def with_room(quiet: Int64Array, more: int, now: int) -> Int64Array:
    """A table without what is over, with room for `more` and half as much again."""
    rows, needed = _FIRST_ROWS, 4 * int(_in_force(quiet, now)) + 2 * more
    while rows < needed:
        rows *= 2
    fresh = np.zeros((rows, QUIET_COLUMNS), dtype=np.int64)
    _move(quiet, fresh, now)
    return fresh
