"""Merkle trees against the definition of RFC 9162, written again as it stands there."""

from __future__ import annotations

import hashlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.journal import merkle
from sandbox.journal.chain import PART_ROWS, parts_of
from sandbox.journal.rows import GROUP


def tree(data: list[bytes]) -> bytes:
    """MTH of section 2.1.1."""
    if not data:
        return hashlib.sha256(b"").digest()
    if len(data) == 1:
        return hashlib.sha256(b"\x00" + data[0]).digest()
    k = 1 << (len(data) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + tree(data[:k]) + tree(data[k:])).digest()


def path(number: int, data: list[bytes]) -> list[bytes]:
    """PATH of section 2.1.3.1."""
    if len(data) == 1:
        return []
    k = 1 << (len(data) - 1).bit_length() - 1
    if number < k:
        return [*path(number, data[:k]), tree(data[k:])]
    return [*path(number - k, data[k:]), tree(data[:k])]


SIZES = [*range(1, 70), 127, 128, 129, 1000]


@pytest.mark.parametrize("size", [0, *SIZES])
def test_root_and_paths_are_those_of_the_definition(size: int) -> None:
    data = [bytes([each % 256, each // 256]) for each in range(size)]
    leaves = [merkle.leaf(each) for each in data]
    root = merkle.root(leaves)
    assert root == tree(data)
    for number in range(0, size, max(1, size // 40)):
        steps = merkle.path(leaves, number)
        assert steps == path(number, data)
        assert merkle.root_by_path(leaves[number], number, size, steps) == root


@pytest.mark.parametrize("size", SIZES)
def test_a_path_is_as_long_as_the_logarithm(size: int) -> None:
    leaves = [merkle.leaf(bytes([each % 256])) for each in range(size)]
    longest = max(len(merkle.path(leaves, number)) for number in range(size))
    assert longest == math.ceil(math.log2(size))


@given(st.integers(2, 40), st.data())
def test_no_other_leaf_place_size_or_step_leads_to_the_root(size: int, data: st.DataObject) -> None:
    leaves = [merkle.leaf(bytes([each])) for each in range(size)]
    number = data.draw(st.integers(0, size - 1))
    steps, root = merkle.path(leaves, number), merkle.root(leaves)
    for other in range(size):
        if other != number:
            assert merkle.root_by_path(leaves[number], other, size, steps) != root
            assert merkle.root_by_path(leaves[other], number, size, steps) != root
    assert merkle.root_by_path(leaves[number], number, size, steps[:-1]) != root
    assert merkle.root_by_path(leaves[number], number, size, [*steps, root]) != root
    wrong = data.draw(st.integers(0, len(steps) - 1))
    flipped = [bytes([step[0] ^ 1]) + step[1:] if at == wrong else step for at, step in enumerate(steps)]
    assert merkle.root_by_path(leaves[number], number, size, flipped) != root


def test_a_node_is_no_leaf() -> None:
    """Two leaves' hashes as the data of one leaf: the tree of one leaf has another root."""
    left, right = merkle.leaf(b"a"), merkle.leaf(b"b")
    assert merkle.root([merkle.leaf(left + right)]) != merkle.root([left, right])


@pytest.mark.parametrize("number", [-1, 3, 100])
def test_a_leaf_that_is_none_has_no_path(number: int) -> None:
    with pytest.raises(ValueError, match="there is no leaf"):
        merkle.path([merkle.EMPTY] * 3, number)
    assert merkle.root_by_path(merkle.EMPTY, number, 3, []) is None


@pytest.mark.parametrize("count", [1, 15, 16, 17, 100, 1024])
def test_the_root_over_parts_is_the_root_over_leaves(count: int) -> None:
    leaves = [merkle.leaf(bytes([each % 256, each // 256])) for each in range(count)]
    parts = parts_of(leaves)
    assert len(parts) == math.ceil(count * GROUP / PART_ROWS)
    assert merkle.root(parts) == merkle.root(leaves)
