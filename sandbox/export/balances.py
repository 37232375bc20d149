"""Running balances out of a run's tables: what each account held before and after each movement, to the fen."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sandbox.export.lines import Ints


class Held(NamedTuple):
    """Balances (fen) just before and just after each change."""

    before: Ints
    after: Ints


class Balances:
    """What every account holds, moved on batch by batch.

    Args:
        opening: balances at the start, by account (fen).
    """

    def __init__(self, opening: Ints) -> None:
        self.now = opening.copy()

    def apply(self, accounts: Ints, changes: Ints) -> Held:
        """Apply changes in the order given; each is seen by the ones after it.

        >>> Balances(np.array([10, 0])).apply(np.array([0, 1, 0]), np.array([-4, 4, -6])).before.tolist()
        [10, 0, 6]
        """
        order = np.argsort(accounts, kind="stable")
        sorted_accounts, sorted_changes = accounts[order], changes[order]
        sums = np.cumsum(sorted_changes)
        first = np.ones(accounts.size, dtype=np.bool_)
        first[1:] = sorted_accounts[1:] != sorted_accounts[:-1]
        starts = np.flatnonzero(first)
        earlier = np.repeat(sums[starts] - sorted_changes[starts], np.diff(np.append(starts, accounts.size)))
        after = np.empty(accounts.size, dtype=np.int64)
        after[order] = self.now[sorted_accounts] + sums - earlier
        np.add.at(self.now, accounts, changes)
        return Held(after - changes, after)
