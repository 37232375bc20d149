"""A payment as bytes, in one way only: what the journal hashes.

A row is 32-bit little-endian words: a mask, three words of codes, then fifteen fields that take no word if they are
zero, one below 2**32, else two (low first); bits 2k and 2k + 1 of the mask say how many field k takes. So a row of some
200 bytes in memory is about 60 here, and two different payments never have the same bytes. Codes are as in the engine's
columns (`sandbox.core.layout`: O_CODES bits 0-51, O_TAG bits 0-17); texts behind them are the journal's `words`. The
latency field is 0 for a payment that the ledger never answered, else completed - submitted + 1 us.

GROUP rows together are a leaf of the tree: hashing each alone would cost three times as much.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sandbox.core.compiled import compiled, part
from sandbox.core.draws import Int64Array
from sandbox.core.layout import (
    C_OUTCOME_MASK,
    C_PAYEE_INSTITUTION_SHIFT,
    INSTITUTION_MASK,
    O_AMOUNT,
    O_CODES,
    O_ENDED,
    O_KEY,
    O_PACKET,
    O_SUBMITTED,
    O_TAG,
    OUT_COLUMNS,
    TAG_CLAIM,
    UNAVAILABLE,
)  # fmt: skip

GROUP: Final = 64
"""Payments a leaf. A proof carries the whole leaf, about 4 kB."""
FIELDS: Final = 15
MOST_WORDS: Final = 4 + 2 * FIELDS
CODES_MASK: Final = (INSTITUTION_MASK << C_PAYEE_INSTITUTION_SHIFT) | ((1 << C_PAYEE_INSTITUTION_SHIFT) - 1)
TAG_MASK: Final = TAG_CLAIM - 1
LATENCY: Final = O_ENDED
"""In a decoded row: the latency field (0: no answer, else 1 us more than it took)."""
SKIPPED: Final = O_PACKET - O_AMOUNT - 1
"""Columns between the amount and the next field: the codes, which stand before the fields."""
ROWS: Final = 4_096
"""Rows written at a time."""

_LOW: Final = (1 << 32) - 1
_AT, _IN_GROUP, _GROUPS = range(3)


@part
def put(words: Any, at: int, value: int) -> int:
    """Write one field at word `at`; returns where the next one goes."""
    low, high = value & _LOW, (value >> 32) & _LOW
    words[at], words[at + 1] = low, high
    return at + int(low | high != 0) + int(high != 0)


@compiled
def encode(
    out: Int64Array, first: int, last: int, words: npt.NDArray[np.uint32], starts: Int64Array, state: Int64Array
) -> None:
    """Write rows `first` to `last - 1` of ended payments behind what is there.

    Before each group's first row stands one zero word, whose last byte is the 00 before a leaf; `starts` gets its
    place. `state`: next word, rows of the last group, groups begun.
    """
    at, in_group, groups = state[_AT], state[_IN_GROUP], state[_GROUPS]
    for i in range(first, last):
        if in_group == 0:
            words[at] = 0
            starts[groups] = at
            at += 1
            groups += 1
        codes, head = out[O_CODES, i] & CODES_MASK, at
        words[head + 1], words[head + 2] = codes & _LOW, codes >> 32
        words[head + 3] = out[O_TAG, i] & TAG_MASK
        answered = codes & C_OUTCOME_MASK < UNAVAILABLE
        at, mask = head + 4, 0
        for column in range(O_AMOUNT + 1):
            value = out[column, i]
            if column == LATENCY:
                value = value - out[O_SUBMITTED, i] + 1 if answered else 0
            end = put(words, at, value)
            mask |= (end - at) << 2 * column
            at = end
        for column in range(O_PACKET, O_KEY):
            end = put(words, at, out[column, i])
            mask |= (end - at) << 2 * (column - SKIPPED)
            at = end
        words[head] = mask
        in_group = (in_group + 1) % GROUP
    state[_AT], state[_IN_GROUP], state[_GROUPS] = at, in_group, groups


class Leaves:
    """Turns payments into leaves, in order; a group may be begun by one call and ended by another."""

    def __init__(self) -> None:
        self._words = np.zeros(ROWS * MOST_WORDS + GROUP * MOST_WORDS + ROWS // GROUP + 4, dtype="<u4")
        self._starts = np.zeros(ROWS // GROUP + 2, dtype=np.int64)
        self._state = np.zeros(3, dtype=np.int64)

    def add(self, out: Int64Array, first: int, last: int) -> list[memoryview]:
        """Write rows `first` to `last - 1` of (OUT_COLUMNS, number), ROWS at most.

        Returns the groups that are full now, each with the 00 of a leaf before it; good until the next call.
        """
        self._move_rest()
        encode(out, first, last, self._words, self._starts, self._state)
        begun = int(self._state[_GROUPS])
        return self._groups(begun if self._state[_IN_GROUP] == 0 else begun - 1)

    def rest(self) -> list[memoryview]:
        """The last group, if it has any rows; then the next row begins a group."""
        self._move_rest()
        groups = self._groups(int(self._state[_GROUPS]))
        self._state[:] = 0
        return groups

    def _groups(self, count: int) -> list[memoryview]:
        data = self._words.view(np.uint8).data
        bounds = [*self._starts[: int(self._state[_GROUPS])].tolist(), int(self._state[_AT])]
        return [data[4 * bounds[k] + 3 : 4 * bounds[k + 1]] for k in range(count)]

    def _move_rest(self) -> None:
        """Bring the unfinished group to the front."""
        at, in_group, begun = (int(value) for value in self._state)
        if begun == 0:
            return
        start = int(self._starts[begun - 1])
        length = at - start if in_group else 0
        self._words[:length] = self._words[start : start + length].copy()
        self._starts[0] = 0
        self._state[:] = length, in_group, 1 if in_group else 0


class Part(NamedTuple):
    """A block's rows hashed."""

    rows: int
    leaves: list[bytes]


class Hasher:
    """Hashes payments, in order, into blocks of so many rows."""

    def __init__(self, block_rows: int) -> None:
        if block_rows % GROUP:
            raise ValueError(f"a block is whole groups of {GROUP}")
        self._block_rows = block_rows
        self._leaves = Leaves()
        self._hashes: list[bytes] = []
        self._rows = 0

    def add(self, out: Int64Array) -> list[Part]:
        """Take more payments (OUT_COLUMNS, number); returns the blocks that are full now."""
        if out.shape[0] != OUT_COLUMNS:
            raise ValueError("these are not the columns of ended payments")
        full, sha256, at, count = [], hashlib.sha256, 0, out.shape[1]
        while at < count:
            step = min(ROWS, count - at, self._block_rows - self._rows)
            self._hashes += [sha256(group).digest() for group in self._leaves.add(out, at, at + step)]
            at, self._rows = at + step, self._rows + step
            if self._rows == self._block_rows:
                full.append(self._taken())
        return full

    def finish(self) -> list[Part]:
        """The last block, if it has any rows."""
        if self._rows == 0:
            return []
        self._hashes += [hashlib.sha256(group).digest() for group in self._leaves.rest()]
        return [self._taken()]

    def _taken(self) -> Part:
        taken = Part(self._rows, self._hashes)
        self._hashes, self._rows = [], 0
        return taken


def decode(data: bytes, most_rows: int = GROUP) -> Int64Array:
    """The rows of a leaf (without its 00 before), as columns (OUT_COLUMNS, number); column LATENCY is that field.

    Raises:
        ValueError: these bytes are no rows, or could be written in fewer words.
    """
    words = np.frombuffer(data, dtype="<u4").tolist() if len(data) % 4 == 0 else None
    if not words:
        raise ValueError("not whole words")
    rows: list[list[int]] = []
    at = 0
    while at < len(words):
        if len(rows) == most_rows or at + 4 > len(words):
            raise ValueError("not whole rows, or too many")
        row, mask = [0] * OUT_COLUMNS, words[at]
        row[O_CODES], row[O_TAG] = words[at + 1] | words[at + 2] << 32, words[at + 3]
        at += 4
        if mask >> (2 * FIELDS) or row[O_CODES] & ~CODES_MASK or row[O_TAG] & ~TAG_MASK:
            raise ValueError("bits that no row has")
        for field in range(FIELDS):
            width = mask >> (2 * field) & 3
            if width == 3 or at + width > len(words) or (width and words[at + width - 1] == 0):
                raise ValueError("a field that no row has")
            value = sum(words[at + k] << (32 * k) for k in range(width))
            row[field if field <= O_AMOUNT else field + SKIPPED] = value - (1 << 64) if value >> 63 else value
            at += width
        rows.append(row)
    return np.array(rows, dtype=np.int64).T
