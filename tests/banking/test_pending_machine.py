"""A machine that does anything with pending transfers, in any order, and finds no other ending."""

from __future__ import annotations

from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from sandbox.base import pending
from sandbox.base.payouts import pay_out_many
from sandbox.base.pending import (
    ENDINGS,
    OPEN,
    P_AMOUNT,
    P_DECIDED,
    P_ENDING,
    P_EXPIRES,
    P_RESERVED,
    P_RETURNED,
    P_SPENT,
    P_WAITS,
    Pendings,
)
from sandbox.base.postings import Postings
from sandbox.control import Control
from sandbox.core.layout import account, trait
from sandbox.core.ledger import BrokenInvariant
from tests.banking.pending_town import DAY, ESCROWS, balance, world

FEW = (1, 2, 3)
"""Accounts of the machine: few, so that it often pays and freezes the same one."""


class Anything(RuleBasedStateMachine):
    """Open, post, void, reserve, freeze, release, wait: in any order."""

    numbers = Bundle("numbers")

    def __init__(self) -> None:
        super().__init__()
        self.control = world()
        self.pendings = Pendings(self.control)
        self.postings = Postings(self.control)
        self.before = self.control.accounts[:, account.BALANCE].copy()
        self.ended: list[int] = []
        self.known: dict[int, int] = {}
        self.reserved: list[tuple[int, int]] = []
        self.pendings.on_end.append(lambda numbers: self.ended.extend(numbers.tolist()))

    @rule(target=numbers, payer=st.sampled_from(FEW), escrow=st.sampled_from(ESCROWS),
          amount=st.integers(1, 60), lasts=st.none() | st.integers(1, 3 * DAY))  # fmt: skip
    def opens(self, payer: int, escrow: int, amount: int, lasts: int | None) -> int:
        """If the payer has it."""
        if balance(self.control, payer) < amount:
            return -1
        expires = None if lasts is None else self.control.now + lasts
        return self.pendings.hold(payer, amount, escrow=escrow, expires_us=expires)

    @rule(number=numbers, payee=st.sampled_from(FEW), amount=st.none() | st.integers(1, 60))
    def posts(self, number: int, payee: int, amount: int | None) -> None:
        """Refused exactly if it is not open or holds less."""
        good = self.pendings.is_open(number) and (amount is None or amount <= self.pendings.left(number))
        good = good and self.pendings.left(number) > 0
        self._does(good, lambda: self.pendings.post(number, payee, amount))

    @rule(number=numbers)
    def voids(self, number: int) -> None:
        """Refused exactly if it is not open."""
        self._does(self.pendings.is_open(number), lambda: self.pendings.void(number))

    @rule(number=numbers, most=st.integers(1, 60))
    def reserves(self, number: int, most: int) -> None:
        """A payment by the rail begins."""
        amount = min(most, max(1, self.pendings.left(number))) if self.pendings.is_open(number) else most
        good = self.pendings.is_open(number) and amount <= self.pendings.left(number)
        self._does(good, lambda: self.pendings.reserve_many(np.array([number]), np.array([amount])))
        if good:
            self.reserved.append((number, amount))

    @precondition(lambda self: self.reserved)
    @rule(settles=st.booleans(), payee=st.sampled_from(FEW))
    def is_known(self, settles: bool, payee: int) -> None:
        """A payment by the rail has ended."""
        number, amount = self.reserved.pop(0)
        if settles:
            self.control.ledger.post(int(self.pendings.rows[number, 1]), payee, amount)
            self.pendings.capture_many(np.array([number]), np.array([amount]))
        else:
            self.pendings.release_many(np.array([number]), np.array([amount]))

    @rule(account=st.sampled_from(FEW))
    def freezes(self, account: int) -> None:
        """An account, more than once perhaps."""
        self.control.freeze(account)

    @precondition(lambda self: self._frozen())
    @rule(which=st.integers(0, 2))
    def releases(self, which: int) -> None:
        """One of those that are frozen."""
        frozen = self._frozen()
        self.control.release(frozen[which % len(frozen)])

    def _frozen(self) -> list[int]:
        return [one for one in FEW if self.control.accounts[one, account.TRAITS] & trait.FROZEN]

    @rule(number=numbers, lasts=st.none() | st.integers(1, 2 * DAY))
    def postpones(self, number: int, lasts: int | None) -> None:
        """Refused exactly if it is not open."""
        until = None if lasts is None else self.control.now + lasts
        self._does(self.pendings.is_open(number), lambda: self.pendings.postpone_many(np.array([number]), until))

    @rule(lasts=st.integers(1, DAY))
    def waits(self, lasts: int) -> None:
        """Time goes on."""
        self.control.env.run(until=self.control.now + lasts)

    def _does(self, good: bool, act: Any) -> None:
        if good:
            act()
            return
        before = self.pendings.rows.copy(), self.control.accounts.copy()
        with pytest.raises(BrokenInvariant):
            act()
        np.testing.assert_array_equal(self.pendings.rows, before[0])
        np.testing.assert_array_equal(self.control.accounts, before[1])

    @invariant()
    def escrows_hold_what_is_open(self) -> None:
        """To the fen, for each."""
        for escrow in ESCROWS:
            assert self.pendings.open_fen(escrow) == balance(self.control, escrow)
        counted = self.pendings.counts()
        ended = [sum(one[name] for one in counted.values()) for name in ("spent_fen", "returned_fen")]
        assert self.pendings.totals("") == [self.pendings.open_fen(), *ended]

    @invariant()
    def only_what_is_due_to_a_frozen_account_waits(self) -> None:
        """And what is decided and waits for nothing has ended."""
        if not self._frozen():
            assert not self.pendings.rows[:, P_WAITS].any()
        rows = self.pendings.rows
        idle = (rows[:, P_DECIDED] != OPEN) & (rows[:, P_WAITS] + rows[:, P_RESERVED] == 0)
        np.testing.assert_array_equal(rows[:, P_ENDING] != OPEN, idle)

    @invariant()
    def each_ends_once(self) -> None:
        """In one of three ways, all of it accounted for, and never otherwise afterwards."""
        rows = self.pendings.rows
        for number, row in enumerate(rows.tolist()):
            gone = row[P_SPENT] + row[P_RETURNED]
            assert min(row[P_SPENT], row[P_RETURNED], row[P_WAITS], row[P_RESERVED]) >= 0
            if row[P_ENDING] == OPEN:
                assert gone + row[P_WAITS] + row[P_RESERVED] <= row[P_AMOUNT]
                assert row[P_DECIDED] != OPEN or row[P_EXPIRES] >= self.control.now
            else:
                assert (gone, row[P_WAITS], row[P_RESERVED]) == (row[P_AMOUNT], 0, 0)
                assert (row[P_RETURNED] == 0) == (ENDINGS[row[P_ENDING]] == "posted")
                assert self.known.setdefault(number, row[P_ENDING]) == row[P_ENDING]
        assert sorted(self.ended) == sorted(np.flatnonzero(rows[:, P_ENDING] != OPEN).tolist())
        for number in self.ended:
            assert rows[number, P_ENDING] != OPEN

    @invariant()
    def money_is_neither_made_nor_lost(self) -> None:
        """And every balance follows from the postings."""
        self.control.ledger.check()
        found, table = self.before.copy(), self.postings.tables()["postings"]
        np.subtract.at(found, table["payer"], table["amount_fen"])
        np.add.at(found, table["payee"], table["amount_fen"])
        np.testing.assert_array_equal(found, self.control.accounts[:, account.BALANCE])


def posts_twice(control: Control, fund: int, accounts: Any, amounts: Any) -> None:
    """A seeded bug."""
    for _ in range(2):
        pay_out_many(control, fund, accounts, amounts)


def loses_a_fen(control: Control, fund: int, accounts: Any, amounts: Any) -> None:
    """Another."""
    pay_out_many(control, fund, accounts, np.maximum(amounts - 1, 0))


def does_nothing(*_: Any) -> None:
    """What is to happen does not."""


def never_expires(self: Pendings, at_us: int) -> Any:
    """Sleeps on."""
    yield self._control.wait_until(2 * at_us)


def forgets_what_is_under_way(self: Pendings, numbers: Any) -> Any:
    """Counts what is reserved as left."""
    rows = self.rows[numbers]
    return rows[:, P_AMOUNT] - rows[:, P_SPENT] - rows[:, P_RETURNED] - rows[:, P_WAITS]


def forgets_what_waits(self: Pendings, numbers: Any) -> Any:
    """Counts what is due to a frozen account as left."""
    rows = self.rows[numbers]
    return rows[:, P_AMOUNT] - rows[:, P_SPENT] - rows[:, P_RETURNED] - rows[:, P_RESERVED]


def ends_as_decided(self: Pendings, numbers: Any) -> None:
    """Ends though money is under way, and as voided though nothing came back."""
    over = numbers[(self.rows[numbers, P_DECIDED] != OPEN) & (self.rows[numbers, P_ENDING] == OPEN)]
    self.rows[over, P_ENDING] = self.rows[over, P_DECIDED]
    for listener in self.on_end if over.size else ():
        listener(over)


def gives_back_as_spent(self: Pendings, once: Any, sums: Any, column: int) -> None:
    """Books what went back as if it had gone on."""
    self.rows[once, P_SPENT] += sums


BUGS = {
    "pays twice": (pending, "pay_out_many", posts_twice),
    "loses a fen": (pending, "pay_out_many", loses_a_fen),
    "ends again": (Pendings, "_must_be_open", does_nothing),
    "never expires": (Pendings, "_expire", never_expires),
    "drops what waited": (Pendings, "_released", does_nothing),
    "gives back what is under way": (Pendings, "left_of", forgets_what_is_under_way),
    "pays what waits": (Pendings, "left_of", forgets_what_waits),
    "ends too early": (Pendings, "_end", ends_as_decided),
    "never ends": (Pendings, "_end", does_nothing),
    "books wrongly": (Pendings, "_move_on", gives_back_as_spent),
}


@pytest.mark.parametrize("bug", BUGS.values(), ids=BUGS)
def test_the_machine_sees_a_seeded_bug(bug: tuple[Any, str, Any]) -> None:
    few = settings(max_examples=2_000, stateful_step_count=25, deadline=None, phases=[Phase.generate], derandomize=True)
    seen = (AssertionError, BrokenInvariant, pytest.fail.Exception, ExceptionGroup)
    with patch.object(*bug), pytest.raises(seen):
        run_state_machine_as_test(Anything, settings=few)


TestAnything = Anything.TestCase
TestAnything.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)
