"""What lives with legal moves share: a move that may not be made, money that has moved, shares of sums in whole fen.

A bill and a trade in data follow money; what proves that the money moved is a receipt, and a receipt can be used once.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from sandbox.core.draws import Int64Array

RATE_PARTS: Final = 10**6
"""Rates and shares that touch money are kept in these parts, so that it is integer arithmetic."""


class IllegalMove(ValueError):
    """This may not happen now; the message says why."""


class Receipt(NamedTuple):
    """Money that has moved: the number of a settled payment, or below 0 of a posting outside payments."""

    number: int
    payer: int
    payee: int
    amount_fen: int


def need(holds: bool, otherwise: str) -> None:
    """Refuse a move unless something holds.

    Raises:
        IllegalMove: it does not.
    """
    if not holds:
        raise IllegalMove(otherwise)


def in_parts(rate: float) -> int:
    """A rate or share in whole parts per million.

    >>> in_parts(0.0175)
    17500
    """
    return round(rate * RATE_PARTS)


def share_fen(sum_fen: int, parts: int) -> int:
    """A share of a sum, in parts per million; half a fen and more is rounded up.

    >>> share_fen(1_000, 500), share_fen(1_001, 500_000)
    (1, 501)
    """
    return (2 * sum_fen * parts + RATE_PARTS) // (2 * RATE_PARTS)


def in_proportion(amount_fen: int, weights: Int64Array) -> Int64Array:
    """Whole fen by weight: all of the amount, each share within a fen of its exact value (largest remainders; among
    equal ones the first). Nobody's weight: nothing.

    >>> in_proportion(100, np.array([1, 1, 1])).tolist()
    [34, 33, 33]
    """
    total = int(weights.sum())
    if total == 0:
        return np.zeros(weights.size, dtype=np.int64)
    # Python's integers: amount times weight may exceed 64 bits.
    exact = [divmod(amount_fen * weight, total) for weight in weights.tolist()]
    shares = np.array([whole for whole, _ in exact], dtype=np.int64)
    order = sorted(range(len(exact)), key=lambda place: (-exact[place][1], place))
    shares[order[: amount_fen - int(shares.sum())]] += 1
    return shares
