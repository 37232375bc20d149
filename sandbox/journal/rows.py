"""A payment as bytes, in one way only: what the journal hashes.

A row is 32-bit little-endian words: a mask, two words of codes, then sixteen fields that take no word if they are zero,
one below 2**32, else two (low first); bits 2k and 2k + 1 of the mask say how many field k takes. So a row of some 200
bytes in memory is about 55 here, and two different payments never have the same bytes. Codes are as in the engine's
columns (`sandbox.core.layout`): `ended.CODES` bits 0-51, above them `ended.TAG` bits 0-9; the label, `ended.TAG` bits
10-17, is the last field. Texts behind codes are the journal's `words`. The latency field is 0 for a payment that the
ledger never answered, else completed - submitted + 1 us.

GROUP rows together are a leaf of the tree: hashing each alone would cost three times as much.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sandbox.core.compiled import compiled, inlined
from sandbox.core.draws import Int64Array
from sandbox.core.layout import Outcome, code, ended, tags

GROUP: Final = 256
"""Payments a leaf. A proof carries the whole leaf, about 14 kB."""
FIELDS: Final = 16
LABEL_FIELD: Final = FIELDS - 1
HEAD: Final = 3
"""Words before the fields."""
MOST_WORDS: Final = HEAD + 2 * FIELDS
CODES_BITS: Final = code.PAYEE_INSTITUTION_SHIFT + 16
CODES_MASK: Final = (1 << CODES_BITS) - 1
TAG_MASK: Final = (1 << tags.LABEL_SHIFT) - 1
"""Source and kind."""
LABEL_MASK: Final = (tags.CLAIM - 1) >> tags.LABEL_SHIFT
LATENCY: Final = ended.ENDED_AT
"""In a decoded row: the latency field (0: no answer, else 1 us more than it took)."""
SKIPPED: Final = ended.PACKET - ended.AMOUNT - 1
"""Columns between the amount and the next field: the codes, which stand before the fields."""
ROWS: Final = 8192
"""Rows written at a time."""

_LOW: Final = (1 << 32) - 1
_AT, _IN_GROUP, _GROUPS = range(3)


@inlined
def put(words: Any, at: int, value: int) -> int:
    """Write one field at word `at`; returns where the next one goes."""
    low, high = value & _LOW, (value >> 32) & _LOW
    words[at], words[at + 1] = low, high
    return at + int(low | high != 0) + int(high != 0)


@compiled
def encode(out: Int64Array, words: npt.NDArray[np.uint32], starts: Int64Array, state: Int64Array) -> None:
    """Write ended payments behind what is there.

    Before each group's first row stands one zero word, whose last byte is the 00 before a leaf; `starts` gets its
    place. `state`: next word, rows of the last group, groups begun.
    """
    at, in_group, groups = state[_AT], state[_IN_GROUP], state[_GROUPS]
    for i in range(out.shape[1]):
        if in_group == 0:
            words[at] = 0
            starts[groups] = at
            at += 1
            groups += 1
        codes, head = out[ended.CODES, i] & CODES_MASK, at
        answered = codes & code.OUTCOME_MASK < Outcome.UNAVAILABLE
        tag = out[ended.TAG, i]
        codes |= (tag & TAG_MASK) << CODES_BITS
        words[head + 1], words[head + 2] = codes & _LOW, codes >> 32
        at, mask = head + HEAD, 0
        for column in range(ended.AMOUNT + 1):
            value = out[column, i]
            if column == LATENCY:
                value = value - out[ended.SUBMITTED_AT, i] + 1 if answered else 0
            end = put(words, at, value)
            mask |= (end - at) << 2 * column
            at = end
        for column in range(ended.PACKET, ended.KEY):
            value = out[column, i]
            if value != 0:  # most of these are
                end = put(words, at, value)
                mask |= (end - at) << 2 * (column - SKIPPED)
                at = end
        label = (tag >> tags.LABEL_SHIFT) & LABEL_MASK
        if label != 0:
            words[at] = label
            at += 1
            mask |= 1 << 2 * LABEL_FIELD
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
        """Write rows `first` to `last - 1` of (ended.ROWS, number), ROWS at most.

        Returns the groups that are full now, each with the 00 of a leaf before it; good until the next call.
        """
        self._move_rest()
        # A piece of the columns always has gaps between its rows, whole columns may not: so it is compiled once.
        encode(out[:, first:last], self._words, self._starts, self._state)
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


class Chunk(NamedTuple):
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

    def add(self, out: Int64Array) -> list[Chunk]:
        """Take more payments (ended.ROWS, number); returns the blocks that are full now."""
        if out.shape[0] != ended.ROWS:
            raise ValueError("these are not the columns of ended payments")
        full, sha256, at, count = [], hashlib.sha256, 0, out.shape[1]
        while at < count:
            step = min(ROWS, count - at, self._block_rows - self._rows)
            self._hashes += [sha256(group).digest() for group in self._leaves.add(out, at, at + step)]
            at, self._rows = at + step, self._rows + step
            if self._rows == self._block_rows:
                full.append(self._taken())
        return full

    def finish(self) -> list[Chunk]:
        """The last block, if it has any rows."""
        if self._rows == 0:
            return []
        self._hashes += [hashlib.sha256(group).digest() for group in self._leaves.rest()]
        return [self._taken()]

    def _taken(self) -> Chunk:
        taken = Chunk(self._rows, self._hashes)
        self._hashes, self._rows = [], 0
        return taken


def decode(data: bytes, most_rows: int = GROUP) -> Int64Array:
    """The rows of a leaf (without its 00 before), as columns (ended.ROWS, number); column LATENCY is that field.

    Raises:
        ValueError: these bytes are no rows, or could be written in fewer words.
    """
    words = np.frombuffer(data, dtype="<u4").tolist() if len(data) % 4 == 0 else None
    if not words:
        raise ValueError("not whole words")
    rows: list[list[int]] = []
    at = 0
    while at < len(words):
        if len(rows) == most_rows or at + HEAD > len(words):
            raise ValueError("not whole rows, or too many")
        row, mask, codes = [0] * ended.ROWS, words[at], words[at + 1] | words[at + 2] << 32
        row[ended.CODES], row[ended.TAG] = codes & CODES_MASK, codes >> CODES_BITS
        at += HEAD
        if row[ended.TAG] > TAG_MASK:
            raise ValueError("bits that no row has")
        for field in range(FIELDS):
            width = mask >> (2 * field) & 3
            if width == 3 or at + width > len(words) or (width and words[at + width - 1] == 0):
                raise ValueError("a field that no row has")
            value = sum(int(words[at + k]) << (32 * k) for k in range(width))
            at += width
            if field < LABEL_FIELD:
                row[field if field <= ended.AMOUNT else field + SKIPPED] = value - (1 << 64) if value >> 63 else value
            elif value > LABEL_MASK:
                raise ValueError("a label that no row has")
            else:
                row[ended.TAG] |= value << tags.LABEL_SHIFT
        rows.append(row)
    return np.array(rows, dtype=np.int64).T
