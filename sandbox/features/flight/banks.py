"""What each bank has to pay with when depositors leave: reserves first, then central-bank funding against collateral,
then nothing.

Reserves stand in the ledger; here are the columns that it does not hold. Amounts are fen.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sandbox.core.draws import Int64Array
from sandbox.features.flight.depositors import PARTS, lognormal_factors
from sandbox.features.flight.schema import FlightBanks


def pro_rata(asked: Int64Array, left: int) -> Int64Array:
    """Pay what is left to those who ask, in proportion; whole where it is enough, and to the fen where it is not.

    >>> pro_rata(np.array([30, 10, 20]), 33).tolist(), pro_rata(np.array([3, 4]), 9).tolist()
    ([16, 6, 11], [3, 4])
    """
    total = int(asked.sum())
    if total <= left:
        return asked.copy()
    so_far = [0]
    for one in asked.tolist():
        so_far.append(so_far[-1] + one)
    # Python's integers: a product of two sums of money is more than 64 bits.
    edges = [upto * left // total for upto in so_far]
    steps = np.array(edges, dtype=np.int64)
    return np.asarray(steps[1:] - steps[:-1])


def sum_by_group(groups: Int64Array, amounts: Int64Array, count: int) -> Int64Array:
    """Sum of the amounts of each group 0..count-1, in integers."""
    found = np.zeros(count, dtype=np.int64)
    np.add.at(found, groups, amounts)
    return found


def rationed(groups: Int64Array, asked: Int64Array, left: Int64Array, counts: Int64Array | None = None) -> Int64Array:
    """What each of those who ask gets if its group has no more than `left`.

    Args:
        groups: of each who asks.
        asked: by each.
        left: by group.
        counts: what of each request the group must find; all of it when left out. A request that the group need not
            find is met in full.
    """
    needed = asked if counts is None else counts
    short = np.flatnonzero(sum_by_group(groups, needed, left.size) > left)
    paid = asked.copy()
    for group in short:
        those = np.flatnonzero((groups == group) & (needed > 0))
        paid[those] = pro_rata(asked[those], int(left[group]))
    return paid


@dataclass
class BankPositions:
    """Columns, one entry a bank."""

    deposits: Int64Array
    """At the start."""
    buffer: Int64Array
    """Reserves at the start."""
    funding_most: Int64Array
    """What the central bank lends at most: collateral less haircut."""
    funding: Int64Array = field(init=False)
    converted: Int64Array = field(init=False)
    drained: Int64Array = field(init=False)
    """What left the bank for good: all that was converted, or less where the bank itself owes the wallets."""
    breached_at: Int64Array = field(init=False)
    """When reserves first did not suffice (us), or -1."""
    exhausted_at: Int64Array = field(init=False)
    """When funding did not suffice either, and customers had to wait, or -1."""

    def __post_init__(self) -> None:
        none = np.zeros_like(self.deposits)
        self.funding, self.converted, self.drained = none.copy(), none.copy(), none.copy()
        self.breached_at, self.exhausted_at = none - 1, none - 1


def opening_positions(banks: FlightBanks, deposits: Int64Array, seed: int) -> BankPositions:
    """Buffers as drawn shares of the deposits, funding as a set share."""
    factors = lognormal_factors(seed, "buffer", deposits.size, banks.buffer_sigma)
    shares = np.array([round(min(1.0, banks.buffer * factor) * PARTS) for factor in factors], dtype=np.int64)
    lent = round(banks.collateral * (1.0 - banks.haircut) * PARTS)
    return BankPositions(
        deposits, times_parts(deposits, shares), times_parts(deposits, np.full(deposits.size, lent, dtype=np.int64))
    )


def times_parts(amounts: Int64Array, parts: Int64Array) -> Int64Array:
    """Amounts times shares given in PARTS, rounded down, exactly."""
    whole, rest = amounts // PARTS, amounts % PARTS
    return np.asarray(whole * parts + rest * parts // PARTS)
