"""Weighted choice among numbered things, in constant time and in integers (Walker's alias method, Vose 1991)."""

from __future__ import annotations

import numpy as np

from sandbox.core.compiled import allocating, compiled, inlined
from sandbox.core.draws import Int64Array, below, mix

WHOLE = 2**32
"""Thresholds are parts of this."""


@allocating
def _fill(weights: Int64Array, total: int, alias: Int64Array) -> None:
    """Vose's two stacks; weights are integers, so there is no rounding to repair at the end."""
    count = weights.size
    small = np.empty(count, dtype=np.int64)
    large = np.empty(count, dtype=np.int64)
    smalls, larges = 0, 0
    left = weights * count
    for i in range(count):
        if left[i] < total:
            small[smalls] = i
            smalls += 1
        else:
            large[larges] = i
            larges += 1
    while smalls > 0 and larges > 0:
        smalls -= 1
        poor = small[smalls]
        rich = large[larges - 1]
        alias[poor, 0] = np.int64(np.float64(left[poor]) / np.float64(total) * WHOLE)
        alias[poor, 1] = rich
        left[rich] -= total - left[poor]
        if left[rich] < total:
            larges -= 1
            small[smalls] = rich
            smalls += 1
    while larges > 0:
        larges -= 1
        alias[large[larges], 0] = WHOLE
        alias[large[larges], 1] = large[larges]
    while smalls > 0:
        smalls -= 1
        alias[small[smalls], 0] = WHOLE
        alias[small[smalls], 1] = small[smalls]


def alias_table(weights: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Int64Array:
    """(count, 2): threshold and alias of each number, for `choose`. Weights must not be negative nor all zero."""
    # Integers that, times the count, stay below 2**62.
    top = 2.0 ** min(52, 61 - int(weights.size).bit_length() * 2)
    whole = np.maximum(np.rint(weights / weights.max() * top), 0).astype(np.int64)
    alias = np.zeros((weights.size, 2), dtype=np.int64)
    _fill(whole, int(whole.sum()), alias)
    return alias


@inlined
def choose(alias: Int64Array, key: np.uint64, purpose: int) -> int:
    """A number drawn by weight; uses the draws `purpose` and `purpose + 1` of `key`."""
    column = below(mix(key, purpose), alias.shape[0])
    if below(mix(key, purpose + 1), WHOLE - 1) < alias[column, 0]:
        return column
    return alias[column, 1]


@compiled
def choose_many(alias: Int64Array, key: np.uint64, out: Int64Array) -> None:
    """Fill `out` with numbers drawn by weight, each with a draw of its own of the stream `key`."""
    for i in range(out.size):
        out[i] = choose(alias, mix(key, i), 0)
