"""A payment as bytes: against a second writing of the rule, there and back, and whatever way it comes in."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.core.draws import Int64Array
from sandbox.core.layout import Outcome, ended
from sandbox.journal import merkle
from sandbox.journal.rows import GROUP, LATENCY, ROWS, Hasher, Leaves, decode

WORD, LONG = (1 << 32) - 1, (1 << 64) - 1
HASHED = [ended.ID, ended.SUBMITTED_AT, ended.AMOUNT, *range(3, 5), *range(ended.PACKET, ended.KEY)]


def written(row: list[int]) -> bytes:
    """One payment by the rule, without haste."""
    codes, tag = row[ended.CODES] & (1 << 52) - 1, row[ended.TAG] & (1 << 18) - 1
    latency = 0 if codes & 15 >= Outcome.UNAVAILABLE else row[ended.ENDED_AT] - row[ended.SUBMITTED_AT] + 1
    fields = [row[ended.ID], row[ended.SUBMITTED_AT], latency, *row[3:6], *row[8:17]]
    fields.append(tag >> 10)
    mask, body = 0, b""
    for place, value in enumerate(fields):
        value &= LONG
        width = 0 if value == 0 else 1 if value <= WORD else 2
        mask |= width << 2 * place
        body += struct.pack("<Q", value)[: 4 * width]
    return struct.pack("<II", mask, codes & WORD) + struct.pack("<I", codes >> 32 | (tag & 1023) << 20) + body


def payments(count: int, seed: int = 1) -> Int64Array:
    """Payments of all sizes, with much that no run has."""
    rng = np.random.default_rng(seed)
    out = rng.integers(0, 1 << rng.integers(1, 62, (ended.ROWS, 1)), (ended.ROWS, count), dtype=np.int64)
    out[ended.PACKET : ended.KEY] *= rng.integers(0, 2, (ended.KEY - ended.PACKET, count))
    out[ended.ENDED_AT] = out[ended.SUBMITTED_AT] + rng.integers(0, 1 << 40, count)
    return out


def groups(out: Int64Array, steps: list[int] | None = None) -> list[bytes]:
    """All groups, taken in so many rows at a time."""
    leaves, found, at = Leaves(), [], 0
    for step in steps or [ROWS] * (out.shape[1] // ROWS + 1):
        end = min(at + step, out.shape[1])
        found += [bytes(group) for group in leaves.add(out, at, end)]
        at = end
    assert at == out.shape[1]
    return found + [bytes(group) for group in leaves.rest()]


def test_rows_are_written_by_the_rule() -> None:
    out = payments(1_000)
    expected = [written(row) for row in out.T.tolist()]
    leaves = [b"\0" + b"".join(expected[at : at + GROUP]) for at in range(0, 1_000, GROUP)]
    assert groups(out) == leaves


@given(st.lists(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=ended.ROWS, max_size=ended.ROWS), max_size=5))
def test_any_numbers_are_written_by_the_rule(rows: list[list[int]]) -> None:
    if not rows:
        return
    assert groups(np.array(rows, dtype=np.int64).T.copy()) == [b"\0" + b"".join(map(written, rows))]


def test_rows_come_back_as_they_were() -> None:
    out = payments(GROUP)
    back = decode(groups(out)[0][1:])
    assert np.array_equal(back[HASHED], out[HASHED])
    assert np.array_equal(back[ended.CODES], out[ended.CODES] & (1 << 52) - 1)
    assert np.array_equal(back[ended.TAG], out[ended.TAG] & (1 << 18) - 1)
    answered = out[ended.CODES] & 15 < Outcome.UNAVAILABLE
    assert np.array_equal(back[LATENCY], np.where(answered, out[ended.ENDED_AT] - out[ended.SUBMITTED_AT] + 1, 0))


@given(st.integers(0, GROUP - 1), st.sampled_from(HASHED), st.integers(0, 62))
@settings(max_examples=60)
def test_one_bit_anywhere_changes_the_leaf(row: int, column: int, bit: int) -> None:
    out = payments(GROUP)
    before = groups(out)
    out[column, row] ^= 1 << bit
    assert groups(out) != before


@pytest.mark.parametrize("column", [ended.CODES, ended.TAG])
def test_one_bit_of_the_codes_changes_the_leaf(column: int) -> None:
    out = payments(GROUP)
    before, bits = groups(out), 52 if column == ended.CODES else 18
    for bit in range(bits):
        out[column, 7] ^= 1 << bit
        assert groups(out) != before, bit
        out[column, 7] ^= 1 << bit


def test_the_key_of_draws_and_the_box_of_each_side_are_not_hashed() -> None:
    """They are not in the table, so nobody could hash them again."""
    out = payments(GROUP)
    before = groups(out)
    out[ended.KEY] ^= 1
    out[ended.CODES] ^= 3 << 52
    assert groups(out) == before


@given(st.lists(st.integers(0, 200), min_size=1, max_size=20))
@settings(max_examples=40)
def test_it_matters_not_in_what_pieces_payments_come(steps: list[int]) -> None:
    out = payments(sum(steps))
    assert groups(out, steps) == groups(out)


@pytest.mark.parametrize("count", [0, 1, 255, 256, 257, 511, 512, 513, 1300])
def test_blocks_are_whole_but_for_the_last(count: int) -> None:
    out = payments(count)
    whole = [merkle.leaf(group[1:]) for group in groups(out)]
    for pieces in ([count], [1] * count, [100] * (count // 100) + [count % 100]):
        hasher, found, at = Hasher(512), [], 0
        for piece in pieces:
            found += hasher.add(out[:, at : at + piece])
            at += piece
        found += hasher.finish()
        assert [part.rows for part in found] == [512] * (count // 512) + ([count % 512] if count % 512 else [])
        assert [leaf for part in found for leaf in part.leaves] == whole


def test_a_block_of_split_groups_is_refused() -> None:
    with pytest.raises(ValueError, match="whole groups"):
        Hasher(100)
    with pytest.raises(ValueError, match="columns"):
        Hasher(GROUP).add(np.zeros((3, 5), dtype=np.int64))


GOOD = groups(payments(3))[0][1:]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0",
        GOOD[:-1],
        GOOD[:-4],
        GOOD[:8],
        GOOD + b"\0\0\0\0",
        struct.pack("<III", 0, 0, 1 << 30),
        struct.pack("<III", 3, 0, 0) + bytes(12),
        struct.pack("<IIII", 1, 0, 0, 0),
        struct.pack("<IIIII", 2, 0, 0, 7, 0),
        struct.pack("<IIII", 1 << 30, 0, 0, 256),
        struct.pack("<IIIII", 2 << 30, 0, 0, 0, 1),
        bytes(12) * (GROUP + 1),
    ],
)
def test_what_is_no_leaf_or_could_be_shorter_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"row|words"):
        decode(data)


@given(st.binary(max_size=400))
def test_any_bytes_are_rows_in_one_way_or_refused(data: bytes) -> None:
    try:
        columns = decode(data)
    except ValueError:
        return
    columns = columns.copy()
    late = columns[LATENCY] != 0
    again = b""
    for row, answered in zip(columns.T.tolist(), late, strict=True):
        row[ended.ENDED_AT] = row[ended.SUBMITTED_AT] + row[LATENCY] - 1
        if answered == (row[ended.CODES] & 15 < Outcome.UNAVAILABLE):
            again += written(row)
        else:
            return  # a row that no run writes: refused when it is read from a table
    assert again == data
