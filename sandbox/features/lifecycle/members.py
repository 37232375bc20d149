"""Who is inside: customers whom the test was offered and who chose to take part, and the merchants that take part.

Entry is voluntary: a customer joins if the test was disclosed to it (a draw of its own against the stage's
`offered_to`) and it opts in (`rules.box.participants`). Who joins early stays first as the offer grows.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sandbox.base.days import redeem_from
from sandbox.control import Control
from sandbox.core.draws import Int64Array
from sandbox.core.layout import account, trait
from sandbox.market.population import PARTS, Traits


class Joined(NamedTuple):
    """What came of an offer: to how many it was disclosed, how many are inside now, how many of them are new, and how
    many would be but for the cap."""

    offered: int
    participants: int
    new: int
    waiting: int


class Redeemed(NamedTuple):
    """What participants got back: how many, how much; and what the applicant's participants still hold, all of it in
    so many frozen wallets."""

    participants: int
    amount_fen: int
    left_fen: int
    frozen: int = 0


class Members:
    """The IN_BOX bits of a box with a plan. Outside a test nobody has one."""

    def __init__(self, control: Control, institutions: list[int]) -> None:
        world = control.world
        self._control = control
        people, firms, shops = (world.blocks[name] for name in ("personal", "corporate", "merchant"))
        rows = np.concatenate([np.arange(people.first, people.end), np.arange(firms.first, firms.end)])
        draws = np.concatenate(
            [
                Traits(world.seed, 0, people.count).draw("wallet/box/offer"),
                Traits(world.seed, 0, firms.count).draw("corporate/box/offer"),
            ]
        )
        meta = control.accounts[rows, account.TRAITS]
        theirs = (meta >> trait.INSTITUTION_SHIFT) & trait.INSTITUTION_MASK
        self._customers: list[Int64Array] = []
        self._draws: list[Int64Array] = []
        self._willing: list[npt.NDArray[np.bool_]] = []
        for institution in institutions:
            own = np.flatnonzero(theirs == institution)
            order = own[np.argsort(draws[own], kind="stable")]
            self._customers.append(rows[order])
            self._draws.append(draws[order])
            self._willing.append(meta[order] & trait.IN_BOX != 0)
        self.shops = shops.first + np.flatnonzero(control.accounts[shops.rows, account.TRAITS] & trait.IN_BOX)
        """The merchants that take part: inside while anybody is."""
        self._owed: list[set[int]] = [set() for _ in institutions]
        """Who was frozen when the test ended, and has not got its money back."""
        self._inside: list[Int64Array] = [np.zeros(0, dtype=np.int64) for _ in institutions]
        self.moved_us = np.zeros(len(control.accounts), dtype=np.int64)
        """When an account last came in or went out."""
        control.accounts[:, account.TRAITS] &= ~trait.IN_BOX

    def members(self, number: int) -> Int64Array:
        """Customers of an applicant who have joined, in the order in which they did."""
        return self._inside[number]

    def join(self, number: int, offered_to: float, most: int | None) -> Joined:
        """Disclose the test to a share of an applicant's customers; at most `most` of those who want to may join."""
        offered = int(np.searchsorted(self._draws[number], round(offered_to * PARTS), side="left"))
        wanting = self._customers[number][:offered][self._willing[number][:offered]]
        inside = wanting[:most]
        before = self._inside[number]
        if inside.size < before.size:
            inside = before  # nobody is put out again
        new = inside[before.size :]
        self._inside[number] = inside
        self.admit(new)
        return Joined(offered, inside.size, new.size, max(0, wanting.size - inside.size))

    def admit(self, accounts: Int64Array) -> None:
        """From now on these are inside."""
        self._move(accounts[self._control.accounts[accounts, account.TRAITS] & trait.IN_BOX == 0], trait.IN_BOX)

    def release(self, accounts: Int64Array) -> None:
        """From now on these are outside."""
        self._move(accounts[self._control.accounts[accounts, account.TRAITS] & trait.IN_BOX != 0], 0)

    def _move(self, accounts: Int64Array, bit: int) -> None:
        self._control.accounts[accounts, account.TRAITS] = (
            self._control.accounts[accounts, account.TRAITS] & ~trait.IN_BOX | bit
        )
        self.moved_us[accounts] = self._control.now

    def redeem(self, number: int) -> Redeemed:
        """Every customer who joined gives all its e-CNY back to its operator for bank money, to the fen.

        Who is frozen keeps it until the freeze ends, and gives it back then (`redeem_after_freeze`).
        """
        rows = self._inside[number]
        self._owed[number].update(rows[self._control.accounts[rows, account.TRAITS] & trait.FROZEN != 0].tolist())
        return self._redeem(number, rows)

    def redeem_after_freeze(self, account: int) -> tuple[int, Redeemed] | None:
        """A freeze is over: if its account is still owed money, which applicant pays it, and what it gets."""
        for number, owed in enumerate(self._owed):
            if account in owed:
                owed.remove(account)
                return number, self._redeem(number, np.array([account], dtype=np.int64))
        return None

    def _redeem(self, number: int, rows: Int64Array) -> Redeemed:
        balances = self._control.accounts[:, account.BALANCE]
        held = balances[rows] > 0
        total = redeem_from(self._control, rows, balances[rows].copy()) if rows.size else 0
        owed = sorted(self._owed[number])
        left = int(balances[rows[~np.isin(rows, owed)]].sum() + balances[owed].sum())
        return Redeemed(int((held & (balances[rows] == 0)).sum()), total, left, len(owed))
