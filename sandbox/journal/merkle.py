"""Merkle trees as RFC 9162, section 2.1 (and RFC 6962 before it) defines them, over SHA-256.

A leaf is hashed with the byte 00 before it, two children with 01, so no node can pass for a leaf. A tree is split at
the largest power of two below its size; pairing neighbours level by level, an odd last one passed up as it is, gives
that very tree. A path has at most ceil(log2(leaves)) hashes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

HASH_BYTES: Final = 32
EMPTY: Final = hashlib.sha256(b"").digest()
"""The root of a tree without leaves."""


def leaf(data: bytes) -> bytes:
    """Hash of a leaf."""
    return hashlib.sha256(b"\0" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Hash of two children."""
    return hashlib.sha256(b"\1" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over hashes of leaves, or over roots of whole subtrees of one size (the last one may be smaller).

    >>> a, b, c = leaf(b"a"), leaf(b"b"), leaf(b"c")
    >>> root([a, b, c]) == node(node(a, b), c)
    True
    """
    level = list(leaves)
    while len(level) > 1:
        level = _above(level)
    return level[0] if level else EMPTY


def path(leaves: Sequence[bytes], number: int) -> list[bytes]:
    """The hashes that lead from a leaf to the root, from below."""
    if not 0 <= number < len(leaves):
        raise ValueError(f"there is no leaf {number} among {len(leaves)}")
    level, found = list(leaves), []
    while len(level) > 1:
        if number ^ 1 < len(level):
            found.append(level[number ^ 1])
        level, number = _above(level), number // 2
    return found


def root_by_path(hashed: bytes, number: int, size: int, steps: Sequence[bytes]) -> bytes | None:
    """The root to which a path leads from leaf `number` of `size`; None if no tree of that size has such a path.

    RFC 9162, section 2.1.3.2.
    """
    if not 0 <= number < size:
        return None
    last, found = size - 1, hashed
    for step in steps:
        if last == 0:
            return None
        if number & 1 or number == last:
            found = node(step, found)
            while number & 1 == 0 and number != 0:
                number, last = number >> 1, last >> 1
        else:
            found = node(found, step)
        number, last = number >> 1, last >> 1
    return found if last == 0 else None


def _above(level: list[bytes]) -> list[bytes]:
    sha256 = hashlib.sha256
    pairs = [sha256(b"\1" + level[k] + level[k + 1]).digest() for k in range(0, len(level) - 1, 2)]
    return pairs + level[-1:] if len(level) % 2 else pairs
