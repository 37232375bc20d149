"""What is locked on accounts of the shared ledger, and how much of what they hold was ever in use.

A lock moves nothing: it holds part of a balance, so that it can neither be locked nor paid out again. What settles at
one instant is locked by what each account pays more than it gets. Units: minor unit of the account's currency.
Invariant: on no account is more locked than it holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from sandbox.core.draws import Int64Array
from sandbox.core.layout import account
from sandbox.core.ledger import BrokenInvariant, Ledger


@dataclass(frozen=True)
class Locked:
    """Legs that settle together, and what is held on accounts until they do."""

    payers: Int64Array
    payees: Int64Array
    amounts: Int64Array
    held: dict[int, int]
    """By account, what it pays more than it gets."""


@dataclass
class Locks:
    """Locks on all accounts from `first` up to `end`; what a settlement queue takes for its books."""

    ledger: Ledger
    first: int
    end: int
    opening: Int64Array = field(init=False)
    """What each account held when locking began, and holds again whenever balances are set right."""
    peak: Int64Array = field(init=False)
    """The most of it that was ever paid out or locked at once."""
    latest: Locked | None = None
    """What `move` locked last, until somebody takes it."""
    _held: Int64Array = field(init=False)

    def __post_init__(self) -> None:
        self._held, self.peak, self.opening = (np.zeros(self.end - self.first, dtype=np.int64) for _ in range(3))

    def opened(self) -> None:
        """All accounts hold what they start with."""
        self.opening = self.ledger.accounts[self.first : self.end, account.BALANCE].copy()

    def held(self, account: int) -> int:
        """What is locked on an account."""
        return int(self._held[account - self.first])

    def available(self, accounts: Int64Array) -> Int64Array:
        """Balances less what is locked."""
        free: Int64Array = self.ledger.accounts[accounts, account.BALANCE] - self._held[accounts - self.first]
        return free

    def move(self, payers: Int64Array, payees: Int64Array, amounts: Int64Array) -> None:
        """Lock what these legs need. They settle later, together, or not at all."""
        changes: dict[int, int] = {}
        for payer, payee, amount in zip(payers.tolist(), payees.tolist(), amounts.tolist(), strict=True):
            changes[payer] = changes.get(payer, 0) + amount
            changes[payee] = changes.get(payee, 0) - amount
        held = {who: change for who, change in changes.items() if change > 0}
        for who, amount in held.items():
            place = who - self.first
            self._held[place] += amount
            left = int(self.ledger.accounts[who, account.BALANCE]) - int(self._held[place])
            if left < 0:
                raise BrokenInvariant(f"more is locked on account {who} than it holds: {-left}")
            self.peak[place] = max(int(self.peak[place]), int(self.opening[place]) - left)
        self.latest = Locked(payers, payees, amounts, held)

    def taken(self) -> Locked:
        """What was locked last, once."""
        if self.latest is None:
            raise BrokenInvariant("nothing was locked")
        locked, self.latest = self.latest, None
        return locked

    def release(self, locked: Locked) -> None:
        """Return a lock."""
        for who, amount in locked.held.items():
            self._held[who - self.first] -= amount
            if self._held[who - self.first] < 0:
                raise BrokenInvariant(f"more was released on account {who} than was locked")

    def settle(self, locked: Locked) -> None:
        """Return a lock and write all its legs, at one instant."""
        self.release(locked)
        self.ledger.post_together(locked.payers, locked.payees, locked.amounts)
