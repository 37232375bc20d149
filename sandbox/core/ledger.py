"""Double-entry ledger: with the rail's `posting`, the only code that may change a balance.

Accounts are rows of one array (`layout`), grouped in blocks of one kind and currency. Units: fen or the currency's
minor unit. Invariants: closing = opening - debits + credits for each account; balances sum to zero per currency; only
issuers are below zero. An invariant that does not hold raises `BrokenInvariant` and ends the run.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from sandbox.core.draws import Int64Array
from sandbox.core.layout import account

WINDOW: Final = 131_072
"""Accounts worked on at a time."""


class BrokenInvariant(RuntimeError):
    """A bug of ours, not of the scenario: something that must always hold did not."""


@dataclass(frozen=True)
class Block:
    """Accounts `first` to `first + count - 1`: one kind, one currency."""

    kind: str
    currency: str
    first: int
    count: int
    name: Callable[[int], str]
    """Owner's name by number within the block."""

    @property
    def end(self) -> int:
        """One past the last account."""
        return self.first + self.count

    @property
    def rows(self) -> slice:
        """The block as a slice of the accounts."""
        return slice(self.first, self.end)

    def windows(self) -> Iterator[tuple[int, int]]:
        """First and one past the last account of pieces small enough to work on without much memory."""
        for first in range(self.first, self.end, WINDOW):
            yield first, min(first + WINDOW, self.end)


class Ledger:
    """All accounts. Open blocks first, then `seal`, then post."""

    ISSUER = "central_bank"

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.accounts: Int64Array = np.zeros((0, account.COLUMNS), dtype=np.int64)
        # By number of the block: where it ends, its currency's number, whether it issues.
        self._ends: Int64Array = np.zeros(0, dtype=np.int64)
        self._currencies: Int64Array = np.zeros(0, dtype=np.int64)
        self._issuing = np.zeros(0, dtype=np.bool_)
        self.on_post: list[Callable[[Int64Array, Int64Array, Int64Array], None]] = []
        """Called after each posting with payers, payees and amounts (arrays of one number or of one length)."""

    def open(self, kind: str, count: int, name: Callable[[int], str], currency: str = "CNY") -> Block:
        """Add a block of accounts; only before `seal`."""
        if self.accounts.size:
            raise BrokenInvariant("blocks are opened before the ledger is sealed")
        first = self.blocks[-1].end if self.blocks else 0
        block = Block(kind, currency, first, count, name)
        self.blocks.append(block)
        return block

    def seal(self) -> None:
        """Make the rows, all zero."""
        self.accounts = np.zeros((self.blocks[-1].end, account.COLUMNS), dtype=np.int64)
        names = list(dict.fromkeys(block.currency for block in self.blocks))
        self._ends = np.array([block.end for block in self.blocks])
        self._currencies = np.array([names.index(block.currency) for block in self.blocks])
        self._issuing = np.array([block.kind == self.ISSUER for block in self.blocks])

    def block(self, kind: str, currency: str = "CNY") -> Block:
        """The block of this kind and currency."""
        return next(block for block in self.blocks if block.kind == kind and block.currency == currency)

    def post(self, payer: int | Int64Array, payee: int | Int64Array, amount_fen: int | Int64Array) -> None:
        """Move money, whole or not at all; either side may be one account or an array without repeats.

        Raises BrokenInvariant if an amount is negative, if an account that does not issue would fall below zero, or
        if the currencies differ. Whoever calls has checked what the world can refuse.
        """
        if isinstance(payer, int) and isinstance(payee, int) and isinstance(amount_fen, int):
            self._post_one(payer, payee, amount_fen)
            return
        payers, payees, amounts = (
            np.atleast_1d(np.asarray(part, dtype=np.int64)) for part in (payer, payee, amount_fen)
        )
        if amounts.size == 0 or not np.any(amounts):
            return
        if np.any(amounts < 0):
            raise BrokenInvariant(f"a negative amount was posted: {int(amounts.min())} fen")
        total = int(amounts.sum())
        currencies = self._currencies_of(payers) | self._currencies_of(payees)
        if len(currencies) > 1:
            raise BrokenInvariant(f"one posting touches {' and '.join(sorted(currencies))}")
        debits = total if payers.size == 1 else amounts
        left = self.accounts[payers, account.BALANCE] - debits
        if np.any((left < 0) & ~self._issues(payers)):
            worst = int(payers[np.argmin(left)])
            raise BrokenInvariant(f"account {worst} would fall below zero: {int(left.min())} fen")
        credits = total if payees.size == 1 else amounts
        self.accounts[payers, account.BALANCE] -= debits
        self.accounts[payers, account.DEBITS] += debits
        self.accounts[payees, account.BALANCE] += credits
        self.accounts[payees, account.CREDITS] += credits
        for listener in self.on_post:
            listener(payers, payees, amounts)

    def _post_one(self, payer: int, payee: int, amount_fen: int) -> None:
        """`post` between two accounts, ten times as fast."""
        if amount_fen == 0:
            return
        if amount_fen < 0:
            raise BrokenInvariant(f"a negative amount was posted: {amount_fen} fen")
        block, other = self._block_of(payer), self._block_of(payee)
        if block.currency != other.currency:
            raise BrokenInvariant(f"one posting touches {' and '.join(sorted((block.currency, other.currency)))}")
        accounts = self.accounts
        left = int(accounts[payer, account.BALANCE]) - amount_fen
        if left < 0 and block.kind != self.ISSUER:
            raise BrokenInvariant(f"account {payer} would fall below zero: {left} fen")
        accounts[payer, account.BALANCE] = left
        accounts[payer, account.DEBITS] += amount_fen
        accounts[payee, account.BALANCE] += amount_fen
        accounts[payee, account.CREDITS] += amount_fen
        if self.on_post:
            payers, payees, amounts = (np.array([one], dtype=np.int64) for one in (payer, payee, amount_fen))
            for listener in self.on_post:
                listener(payers, payees, amounts)

    def post_together(self, payers: Int64Array, payees: Int64Array, amounts_fen: Int64Array) -> None:
        """Move money along many legs at one instant, all or none: what comes in by one leg may go out by another.

        Accounts may repeat, and legs may be in different currencies. Raises BrokenInvariant as `post` does, where an
        account that pays more than it gets would end below zero.
        """
        payers, payees, amounts = (np.asarray(part, dtype=np.int64) for part in (payers, payees, amounts_fen))
        if not amounts.any():
            return
        if amounts.min() < 0:
            raise BrokenInvariant(f"a negative amount was posted: {int(amounts.min())} fen")
        sides = np.concatenate([payers, payees])
        blocks = self._blocks_of(sides)
        currencies = self._currencies[blocks]
        if (currencies[: amounts.size] != currencies[amounts.size :]).any():
            raise BrokenInvariant("a leg of one posting pays in one currency and arrives in another")
        balances = self.accounts[:, account.BALANCE]
        before = balances[sides]
        np.add.at(balances, sides, np.concatenate([-amounts, amounts]))
        left = balances[sides]
        short = (left < 0) & (left < before) & ~self._issuing[blocks]
        if short.any():
            balances[sides] = before
            raise BrokenInvariant(f"account {int(sides[short][0])} would fall below zero: {int(left[short][0])} fen")
        np.add.at(self.accounts[:, account.DEBITS], payers, amounts)
        np.add.at(self.accounts[:, account.CREDITS], payees, amounts)
        for listener in self.on_post:
            listener(payers, payees, amounts)

    def opening_fen(self) -> Int64Array:
        """Balance of every account at the start."""
        return np.asarray(
            self.accounts[:, account.BALANCE] + self.accounts[:, account.DEBITS] - self.accounts[:, account.CREDITS]
        )

    def totals(self) -> dict[str, dict[str, int]]:
        """By currency: issued (by issuers, as a positive number), held by everyone else, and their difference."""
        totals: dict[str, dict[str, int]] = {}
        for block in self.blocks:
            of_currency = totals.setdefault(block.currency, {"issued_fen": 0, "held_fen": 0, "sum_fen": 0})
            held = int(self.accounts[block.rows, account.BALANCE].sum())
            of_currency["sum_fen"] += held
            if block.kind == self.ISSUER:
                of_currency["issued_fen"] -= held
            else:
                of_currency["held_fen"] += held
        return totals

    def check(self) -> None:
        """Raise BrokenInvariant unless every currency sums to zero and only issuers are below zero."""
        for currency, total in self.totals().items():
            if total["sum_fen"] != 0:
                raise BrokenInvariant(f"{currency} accounts sum to {total['sum_fen']} fen, not to zero")
        for block in self.blocks:
            if block.kind != self.ISSUER and block.count and int(self.accounts[block.rows, account.BALANCE].min()) < 0:
                raise BrokenInvariant(f"an account of kind {block.kind} is below zero")

    def _block_of(self, account: int) -> Block:
        return self.blocks[bisect_right(self.blocks, account, key=lambda block: block.end)]

    def _blocks_of(self, accounts: Int64Array) -> Int64Array:
        return self._ends.searchsorted(accounts, side="right")

    def _currencies_of(self, accounts: Int64Array) -> set[str]:
        return {self.blocks[int(number)].currency for number in np.unique(self._blocks_of(accounts))}

    def _issues(self, accounts: Int64Array) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        issues: np.ndarray[tuple[int], np.dtype[np.bool_]] = self._issuing[self._blocks_of(accounts)]
        return issues
