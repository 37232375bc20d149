"""Pending transfers: each ending by hand, and a machine that does anything in any order and finds no other ending."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest
import simpy
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

from sandbox.banking import pending
from sandbox.banking.payouts import pay_out_many
from sandbox.banking.pending import (
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
from sandbox.banking.postings import Postings
from sandbox.control import Control, EventLog
from sandbox.core.layout import (
    BALANCE,
    FROZEN,
    INFINITE,
    L_BALANCE,
    META,
    R_LIMITS,
    RULE_COLUMNS,
    S_FUNDING,
    SCALARS,
    STATION_COLUMNS,
)
from sandbox.core.ledger import BrokenInvariant, Ledger

PEOPLE = range(1, 6)
BANK = 6
ESCROWS = (7, 8)
CAP = 500
FEW = (1, 2, 3)
"""Accounts of the machine: few, so that it often pays and freezes the same one."""
DAY = 1_000


def world() -> Control:
    """Five wallets of class IV that hold 300 fen each and may hold 500, a bank, two escrows; no rail."""
    ledger = Ledger()
    ledger.open(Ledger.ISSUER, 1, lambda n: "central bank")
    ledger.open("wallet", len(PEOPLE), lambda n: f"wallet {n}")
    ledger.open("institution", 1, lambda n: "bank")
    ledger.open("contract_escrow", 2, lambda n: f"escrow {n}")
    ledger.seal()
    ledger.accounts[PEOPLE, META] = 4
    rules = np.zeros(RULE_COLUMNS, dtype=np.int64)
    rules[R_LIMITS:] = INFINITE
    rules[R_LIMITS + 4 * 4 + L_BALANCE] = CAP
    stations = np.zeros((1, STATION_COLUMNS), dtype=np.int64)
    stations[0, S_FUNDING] = BANK
    env = simpy.Environment()
    scalars = np.zeros(SCALARS, dtype=np.int64)
    town: Any = SimpleNamespace(ledger=ledger, rules=rules, stations=stations, scalars=scalars)
    machine: Any = SimpleNamespace()
    control = Control(env, town, EventLog(), machine, env.event())
    ledger.post(0, np.array(PEOPLE), np.full(len(PEOPLE), 300))
    return control


def balance(control: Control, account: int) -> int:
    """What an account holds."""
    return int(control.accounts[account, BALANCE])


def ending(pendings: Pendings, number: int) -> tuple[str, int, int]:
    """How one ended, what was spent of it and what went back."""
    row = pendings.rows[number]
    return ENDINGS[row[P_ENDING]], int(row[P_SPENT]), int(row[P_RETURNED])


def test_posted_in_parts() -> None:
    control = world()
    pendings, told = Pendings(control), []
    pendings.on_end.append(lambda numbers: told.append(numbers.tolist()))
    one = pendings.hold(1, 250, escrow=7, what="course")
    assert (balance(control, 1), balance(control, 7)) == (50, 250)
    pendings.post(one, 2, 100, reason="lesson")
    assert ending(pendings, one) == ("open", 100, 0)
    pendings.post(one, 3)
    assert ending(pendings, one) == ("posted", 250, 0)
    assert (balance(control, 2), balance(control, 3), balance(control, 7)) == (400, 450, 0)
    assert told == [[one]]
    assert pendings.counts("course")["posted"] == {
        "count": 1, "amount_fen": 250, "spent_fen": 250, "returned_fen": 0
    }  # fmt: skip


def test_voided_with_a_part_spent() -> None:
    control = world()
    pendings = Pendings(control)
    one = pendings.hold(1, 250, escrow=7)
    pendings.post(one, 2, 99)
    pendings.void(one, reason="withdrawn")
    assert ending(pendings, one) == ("voided", 99, 151)
    assert (balance(control, 1), balance(control, 7)) == (201, 0)
    assert pendings.table()["reason"] == ["withdrawn"]


def test_expired_at_its_microsecond() -> None:
    control = world()
    pendings = Pendings(control)
    later, sooner, never = (pendings.hold(1, 50, escrow=7, expires_us=at) for at in (2 * DAY, DAY, None))
    control.env.run(until=DAY)
    assert ending(pendings, sooner)[0] == "open"
    control.env.run(until=DAY + 1)
    assert (ending(pendings, sooner), ending(pendings, later)) == (("expired", 0, 50), ("open", 0, 0))
    control.env.run(until=10 * DAY)
    assert ending(pendings, later) == ("expired", 0, 50)
    assert ending(pendings, never) == ("open", 0, 0)
    assert pendings.open_fen(7) == balance(control, 7) == 50
    ended = pendings.table()["ended_at_us"]
    assert ended == [2 * DAY, DAY, None]


@pytest.mark.parametrize("planned_first", [True, False])
@pytest.mark.parametrize("act", ["post", "void"])
def test_what_is_said_at_the_instant_of_expiry_is_in_time(planned_first: bool, act: str) -> None:
    """Whichever of the two was planned first, and however often alarms were set anew before."""
    control = world()
    pendings = Pendings(control)

    def says() -> Any:
        if not planned_first:
            yield control.wait_until(2 * DAY + 1)
        yield control.wait_until(3 * DAY)
        one = pendings.left_of(np.array([number]))
        assert one.tolist() == [50]
        pendings.post(number, 2) if act == "post" else pendings.void(number)

    control.env.process(says())
    control.env.run(until=1)
    for lasts in (2 * DAY, DAY):
        pendings.hold(1, 50, escrow=7, expires_us=lasts)
    number = pendings.hold(1, 50, escrow=7, expires_us=3 * DAY)
    control.env.run(until=4 * DAY)
    assert ending(pendings, number)[0] == ("posted" if act == "post" else "voided")
    assert [ending(pendings, one)[0] for one in (0, 1)] == ["expired", "expired"]


def test_a_reason_is_that_of_the_ending() -> None:
    """None while it is open; what it was spent on if nothing came back, though its time was over meanwhile."""
    control = world()
    pendings = Pendings(control)
    one, other = (pendings.hold(1, 50, escrow=7, expires_us=DAY) for _ in range(2))
    pendings.post(other, 2, 10, reason="lessons")
    pendings.reserve_many(np.array([one]), np.array([50]))
    assert pendings.table()["reason"] == [None, None]
    control.env.run(until=DAY + 1)
    control.ledger.post(7, 2, 50)
    pendings.taken_many(np.array([one]), np.array([50]), reason="spent")
    assert [ending(pendings, number)[0] for number in (one, other)] == ["posted", "expired"]
    assert pendings.table()["reason"] == ["spent", "expired"]


def test_no_second_ending() -> None:
    control = world()
    pendings = Pendings(control)
    posted, voided, expired = (pendings.hold(1, 50, escrow=7, expires_us=DAY) for _ in range(3))
    pendings.post(posted, 2)
    pendings.void(voided)
    control.env.run(until=DAY + 1)
    for number in (posted, voided, expired):
        before = pendings.rows.copy(), control.accounts.copy()
        for act in (
            lambda number=number: pendings.post(number, 2, 1),
            lambda number=number: pendings.void(number),
            lambda number=number: pendings.reserve_many(np.array([number]), np.array([1])),
        ):
            with pytest.raises(BrokenInvariant):
                act()
        np.testing.assert_array_equal(pendings.rows, before[0])
        np.testing.assert_array_equal(control.accounts, before[1])


@pytest.mark.parametrize("amount", [0, -1, 51])
def test_no_more_than_it_holds_and_not_less_than_a_fen(amount: int) -> None:
    control = world()
    pendings = Pendings(control)
    one = pendings.hold(1, 50, escrow=7)
    with pytest.raises(BrokenInvariant, match="more than it holds, or nothing"):
        pendings.post(one, 2, amount)
    with pytest.raises(BrokenInvariant):
        pendings.post_many(np.array([one, one]), np.array([2, 3]), np.array([30, 30]))
    with pytest.raises(BrokenInvariant, match="twice"):
        pendings.void_many(np.array([one, one]))
    assert ending(pendings, one) == ("open", 0, 0)


def test_a_frozen_account_waits_until_its_release() -> None:
    control = world()
    pendings = Pendings(control)
    paid, back = (pendings.hold(1, 50, escrow=7, expires_us=DAY) for _ in range(2))
    control.freeze(2)
    control.freeze(1)
    pendings.post(paid, 2)
    control.env.run(until=DAY + 1)
    assert ending(pendings, paid) == ending(pendings, back) == ("open", 0, 0)
    assert not pendings.is_open(paid)
    assert pendings.open_fen() == balance(control, 7) == 100
    control.release(2)
    control.release(1)
    assert ending(pendings, paid) == ("posted", 50, 0)
    assert ending(pendings, back) == ("expired", 0, 50)
    assert balance(control, 7) == 0


def test_what_a_wallet_may_not_hold_goes_to_its_bank() -> None:
    control = world()
    pendings = Pendings(control)
    one, other = pendings.hold(1, 250, escrow=7), pendings.hold(3, 30, escrow=7)
    pendings.post_many(np.array([one, other]), np.array([2, 2]), np.array([250, 30]))
    assert (balance(control, 2), balance(control, BANK)) == (CAP, 80)


def test_what_is_reserved_ends_when_it_is_known() -> None:
    control = world()
    pendings = Pendings(control)
    one = pendings.hold(1, 100, escrow=7, expires_us=DAY)
    pendings.reserve_many(np.array([one]), np.array([40]))
    control.env.run(until=DAY + 1)
    assert ending(pendings, one) == ("open", 0, 60)
    pendings.left_over_many(np.array([one]), np.array([15]))
    control.ledger.post(7, 2, 25)
    pendings.taken_many(np.array([one]), np.array([25]))
    assert ending(pendings, one) == ("expired", 25, 75)
    assert balance(control, 7) == 0


def test_one_pays_many_at_once_and_may_be_postponed() -> None:
    control = world()
    pendings = Pendings(control)
    pool = pendings.hold(1, 100, escrow=7, expires_us=DAY, what="pool")
    pendings.post_many(np.array([pool] * 3), np.array([2, 3, 2]), np.array([20, 30, 10]))
    pendings.postpone_many(np.array([pool]), 3 * DAY)
    control.env.run(until=3 * DAY)
    assert ending(pendings, pool) == ("open", 60, 0)
    assert pendings.stands("pool") == [40, 60, 0]
    control.env.run(until=3 * DAY + 1)
    assert ending(pendings, pool) == ("expired", 60, 40)
    assert pendings.stands("pool") == [0, 60, 40]
    assert [balance(control, one) for one in (1, 2, 3)] == [240, 330, 330]


class Anything(RuleBasedStateMachine):
    """Open, post, void, reserve, freeze, release, wait: in any order."""

    numbers = Bundle("numbers")

    def __init__(self) -> None:
        super().__init__()
        self.control = world()
        self.pendings = Pendings(self.control)
        self.postings = Postings(self.control)
        self.before = self.control.accounts[:, BALANCE].copy()
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
            self.pendings.taken_many(np.array([number]), np.array([amount]))
        else:
            self.pendings.left_over_many(np.array([number]), np.array([amount]))

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
        return [one for one in FEW if self.control.accounts[one, META] & FROZEN]

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
        assert self.pendings.stands("") == [self.pendings.open_fen(), *ended]

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
        np.testing.assert_array_equal(found, self.control.accounts[:, BALANCE])


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
    few = settings(max_examples=200, stateful_step_count=25, deadline=None, phases=[Phase.generate], derandomize=True)
    seen = (AssertionError, BrokenInvariant, pytest.fail.Exception, ExceptionGroup)
    with patch.object(*bug), pytest.raises(seen):
        run_state_machine_as_test(Anything, settings=few)


TestAnything = Anything.TestCase
TestAnything.settings = settings(max_examples=25, stateful_step_count=40, deadline=None)
