"""Who sees what of a payment: class x amount x viewer ("controllable anonymity").

Whoever watches gets a *view*: time, amount, kind and kinds of wallet of a payment, and of payer and payee either the
account, a pseudonym, or -1. A wallet's pseudonym is always the same and says nothing of the account, so payments under
one pseudonym belong together, but not with those under the account. A view has no column for ground truth, source or
draw key: what a detector does not get, it cannot read.

Money is fen, time is microseconds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np

from sandbox.core.compiled import compiled, inlined
from sandbox.core.draws import Int64Array, stream
from sandbox.core.layout import INFINITE, Outcome, account, code, ended, tags, trait
from sandbox.features.supervision.schema.visibility import VisibleFrom
from sandbox.scenario.schema.fields import WalletClass
from sandbox.world import World
from wallets.classes import CLASS_NAMES

V_ID: Final = 0
V_AT: Final = 1
"""When the payment ended."""
V_AMOUNT: Final = 2
V_KIND: Final = 3
V_PAYER: Final = 4
V_PAYEE: Final = 5
V_PAYER_KIND: Final = 6
"""Class code (`wallets.classes.CLASS_NAMES`), or MERCHANT."""
V_PAYEE_KIND: Final = 7
VIEW_COLUMNS: Final = 8

MERCHANT: Final = 5
NOBODY: Final = -1

LINKED_FROM: Final = 0
"""Payments of this size and above show at least a pseudonym."""
NAMED_FROM: Final = 1
"""Payments of this size and above show the account."""


class ViewRules(NamedTuple):
    """What turns an account into what a viewer sees of it."""

    thresholds: Int64Array
    """(class code, LINKED_FROM or NAMED_FROM): thresholds."""
    accounts: Int64Array
    multiplier: int
    """A wallet's pseudonym is its account times this plus `shift`, modulo the number of accounts; plus that number."""
    shift: int
    merchants_first: int
    merchants_end: int
    purchases_from: int
    """Purchases from merchants below this are not looked at (fen)."""


@inlined
def kind_of(rules: ViewRules, who: int) -> int:
    """The kind of a wallet: its class now, or MERCHANT."""
    if rules.merchants_first <= who < rules.merchants_end:
        return MERCHANT
    return rules.accounts[who, account.TRAITS] & trait.CLASS_MASK


@inlined
def seen_as(rules: ViewRules, account: int, kind: int, amount: int) -> int:
    """The account, its pseudonym, or NOBODY."""
    row = kind if kind < MERCHANT else 0
    if amount >= rules.thresholds[row, NAMED_FROM]:
        return account
    if amount >= rules.thresholds[row, LINKED_FROM]:
        count = rules.accounts.shape[0]
        return count + (account * rules.multiplier + rules.shift) % count
    return NOBODY


@compiled
def see(window: Int64Array, rules: ViewRules, view: Int64Array) -> int:
    """Write what the viewer sees of a window's payments into the first columns of `view`; returns how many.

    Left out is what nobody looks at: what did not settle, small purchases, and payments between two whom the viewer
    cannot tell from others.
    """
    count = 0
    for i in range(window.shape[1]):
        codes, amount, payee = window[ended.CODES, i], window[ended.AMOUNT, i], window[ended.PAYEE, i]
        if (codes & code.OUTCOME_MASK) != Outcome.SETTLED:
            continue
        if amount < rules.purchases_from and rules.merchants_first <= payee < rules.merchants_end:
            continue
        payer = window[ended.PAYER, i]
        payer_kind = (codes >> code.CLASS_SHIFT) & trait.CLASS_MASK
        if payer_kind == 0 and rules.merchants_first <= payer < rules.merchants_end:
            payer_kind = MERCHANT
        payee_kind = kind_of(rules, payee)
        payer, payee = seen_as(rules, payer, payer_kind, amount), seen_as(rules, payee, payee_kind, amount)
        if payer < 0 and payee < 0:
            continue
        view[V_ID, count] = window[ended.ID, i]
        view[V_AT, count] = window[ended.ENDED_AT, i]
        view[V_AMOUNT, count] = amount
        view[V_KIND, count] = (window[ended.TAG, i] >> tags.KIND_SHIFT) & 15
        view[V_PAYER, count] = payer
        view[V_PAYEE, count] = payee
        view[V_PAYER_KIND, count] = payer_kind
        view[V_PAYEE_KIND, count] = payee_kind
        count += 1
    return count


def thresholds_of(by_class: Mapping[WalletClass, VisibleFrom], anonymous_below: int = 0) -> Int64Array:
    """Thresholds by class code; legal persons (code 0) are always named.

    Args:
        by_class: of one viewer, by class.
        anonymous_below: payments of persons below this (fen) are seen as nobody's, whatever the matrix says.
    """
    rows = np.zeros((len(CLASS_NAMES), 2), dtype=np.int64)
    for name, one in by_class.items():
        for column, value in ((LINKED_FROM, one.linked_from), (NAMED_FROM, one.named_from)):
            rows[CLASS_NAMES.index(name), column] = INFINITE if value is None else max(value, anonymous_below)
    return rows


@dataclass(frozen=True)
class Pseudonyms:
    """One pseudonym an account, the same in all views of a run: numbers above the accounts', shuffled by the seed."""

    seed: int
    accounts: int

    @cached_property
    def shift(self) -> int:
        """Where the order begins."""
        return int(stream(self.seed, "pseudonyms", "shift")) % self.accounts

    @cached_property
    def multiplier(self) -> int:
        """A number without a common divisor with the number of accounts."""
        found = int(stream(self.seed, "pseudonyms", "multiplier")) % self.accounts
        while math.gcd(found, self.accounts) != 1:
            found += 1
        return found

    def account_of(self, seen: int) -> int:
        """The account behind what a view shows: what an operator answers to an order.

        >>> one = Pseudonyms(seed=1, accounts=10)
        >>> [one.account_of(10 + (account * one.multiplier + one.shift) % 10) for account in range(10)]
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
        """
        if seen < self.accounts:
            return seen
        return (seen - self.accounts - self.shift) * pow(self.multiplier, -1, self.accounts) % self.accounts


class Viewer:
    """Makes the view of one viewer, a window at a time; purchases below `purchases_from` (fen) are left out."""

    def __init__(self, world: World, thresholds: Int64Array, pseudonyms: Pseudonyms, purchases_from: int = 0) -> None:
        some = bool((thresholds[:, LINKED_FROM] < thresholds[:, NAMED_FROM]).any())
        merchants = world.blocks["merchant"]
        self.rules = ViewRules(
            thresholds,
            world.ledger.accounts,
            pseudonyms.multiplier,
            pseudonyms.shift,
            merchants.first,
            merchants.end,
            purchases_from,
        )
        self.identities = len(world.ledger.accounts) * (2 if some else 1)
        """Accounts and pseudonyms are numbers below this."""
        self._view = np.zeros((VIEW_COLUMNS, 4096), dtype=np.int64)

    def view(self, window: Int64Array) -> Int64Array:
        """The view of a window of ended payments, (VIEW_COLUMNS, number); good until the next call."""
        if window.shape[1] > self._view.shape[1]:
            self._view = np.zeros((VIEW_COLUMNS, 2 * window.shape[1]), dtype=np.int64)
        return self._view[:, : int(see(window, self.rules, self._view))]
