"""The queue of payments: by hand, and in any order of submissions, withdrawals and money that arrives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import simpy
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from sandbox.core.draws import Int64Array
from sandbox.features.crossborder.queue.queueing import (
    NORMAL,
    URGENT,
    Leg,
    Mechanism,
    SettlementQueue,
    Ticket,
)

S = 1_000_000
BANKS = 4
"""Accounts 0 to 3 are the banks' in one currency, 4 to 7 in another."""


@dataclass
class Toy:
    """Balances in a list, and everything that was ever written."""

    held: list[int] = field(default_factory=lambda: [0] * 2 * BANKS)
    written: list[list[Leg]] = field(default_factory=list)

    def available(self, accounts: Int64Array) -> Int64Array:
        return np.array([self.held[account] for account in accounts.tolist()], dtype=np.int64)

    def move(self, payers: Int64Array, payees: Int64Array, amounts: Int64Array) -> None:
        legs = [Leg(*leg) for leg in zip(payers.tolist(), payees.tolist(), amounts.tolist(), strict=True)]
        for payer, payee, amount in legs:
            self.held[payer] -= amount
            self.held[payee] += amount
        self.written.append(legs)


def new(*held: int, **options: Any) -> tuple[simpy.Environment, Toy, SettlementQueue]:
    env, accounts = simpy.Environment(), Toy()
    accounts.held[: len(held)] = held
    return env, accounts, SettlementQueue(env, accounts, Mechanism(**options), owner=lambda account: account % BANKS)


def pay(payer: int, payee: int, amount: int) -> list[Leg]:
    return [Leg(payer, payee, amount)]


def trade(seller: int, buyer: int, amount: int, price: int) -> list[Leg]:
    """Payment against payment."""
    return [Leg(seller, buyer, amount), Leg(buyer + BANKS, seller + BANKS, price)]


# By hand.


def test_what_is_covered_settles_at_once() -> None:
    env, accounts, queue = new(100)
    ticket = queue.submit(pay(0, 1, 100))
    assert ticket.settled.triggered
    assert (accounts.held[0], accounts.held[1], len(queue)) == (0, 100, 0)
    assert env.run(ticket.settled) is ticket
    assert queue.usage.delays_us == [0]


@pytest.mark.parametrize(
    ("mode", "settle"), [("none", [False] * 5), ("bilateral", [True, True] + [False] * 3), ("multilateral", [True] * 5)]
)
def test_what_each_mode_settles(mode: str, settle: list[bool]) -> None:
    """Two that owe each other, and a ring of three, without any money."""
    _, _, queue = new(mode=mode)
    tickets = [queue.submit(pay(*legs)) for legs in ((0, 1, 7), (1, 0, 7), (1, 2, 9), (2, 3, 9), (3, 1, 9))]
    assert [not ticket.waits for ticket in tickets] == settle
    assert len(queue) == settle.count(False)
    assert queue.usage.offset == settle.count(True)


def test_the_cycle_offsets_at_multiples_of_its_length() -> None:
    env, _, queue = new(mode="multilateral", at_arrival=False, every_us=120 * S)
    env.run(50 * S)
    first, second = queue.submit(pay(0, 1, 5)), queue.submit(pay(1, 0, 5))
    assert first.waits
    env.run(200 * S)
    assert (first.settled_us, second.settled_us) == (120 * S, 120 * S)
    assert queue.usage.lengths == [(50 * S, 2), (120 * S, 0)]
    assert [(one.begin_us, one.groups) for one in queue.usage.gridlocks] == [(120 * S, 2)]
    env.run()
    assert env.now == 200 * S, "nothing waits, so no cycle is planned"


def test_money_that_arrives_is_used_when_told() -> None:
    env, accounts, queue = new(mode="none")
    ticket = queue.submit(pay(0, 1, 30))
    env.run(5 * S)
    accounts.held[0] = 30
    queue.retry()
    assert ticket.settled_us == 5 * S
    assert queue.usage.mean_delay_us() == 5 * S


def test_money_that_comes_in_by_a_payment_releases_who_waits() -> None:
    _, _, queue = new(10, mode="none")
    waiting = queue.submit(pay(1, 2, 10))
    assert waiting.waits
    queue.submit(pay(0, 1, 10))
    assert not waiting.waits


def test_a_withdrawn_group_never_settles() -> None:
    _, accounts, queue = new()
    expired = queue.submit(trade(0, 1, 10, 20))
    assert queue.withdraw(expired)
    assert not queue.withdraw(expired)
    accounts.held[:] = [100] * 8
    queue.retry()
    other = queue.submit(trade(0, 1, 1, 2))
    assert expired.settled_us is None
    assert not queue.withdraw(other)
    assert (len(queue), queue.usage.withdrawn) == (0, 1)


def test_without_overtaking_one_waits_behind_the_other_and_a_withdrawal_frees_it() -> None:
    _, _, queue = new(10, mode="none", overtaking=False)
    large, small = queue.submit(pay(0, 1, 50)), queue.submit(pay(0, 1, 5))
    assert small.waits
    queue.withdraw(large)
    assert not small.waits


def test_the_urgent_settle_first() -> None:
    _, accounts, queue = new(mode="none")
    normal, urgent = (queue.submit(pay(0, 1, 30), priority) for priority in (NORMAL, URGENT))
    accounts.held[0] = 30
    queue.retry()
    assert (normal.waits, urgent.waits) == (True, False)


def test_a_gridlock_lasts_from_look_to_look() -> None:
    env, accounts, queue = new(mode="none", every_us=10 * S)
    queue.submit(pay(0, 1, 5)), queue.submit(pay(1, 0, 5))
    assert queue.gridlocked()
    env.run(35 * S)
    accounts.held[0] = 5
    queue.retry()
    env.run(60 * S)
    (one,) = queue.usage.gridlocks
    assert (one.begin_us, one.end_us, one.groups) == (10 * S, 35 * S, 2)


def test_a_deadlock_is_no_gridlock() -> None:
    """1 has nothing to come and nothing to give."""
    env, _, queue = new(mode="none", every_us=10 * S)
    queue.submit(pay(1, 0, 5))
    env.run(60 * S)
    assert not queue.gridlocked()
    assert queue.usage.gridlocks == []


def test_peaks_are_of_what_was_paid_out_before_it_came_in() -> None:
    _, _, queue = new(100, mode="none")
    queue.submit(pay(0, 1, 60)), queue.submit(pay(1, 0, 20)), queue.submit(pay(0, 1, 50)), queue.submit(pay(1, 0, 90))
    pools = [queue.pool(0), queue.pool(1)]
    assert queue.usage.peak[pools].tolist() == [90, 0]
    assert queue.usage.paid[pools].tolist() == [110, 110]
    assert queue.usage.net_debit[pools].tolist() == [0, 0]


@pytest.mark.parametrize("legs", [[], [Leg(0, 0, 5)], [Leg(0, 1, -5)]])
def test_legs_that_cannot_settle_are_refused(legs: list[Leg]) -> None:
    with pytest.raises(ValueError, match="cannot settle"):
        new()[2].submit(legs)


class AnyOrder(RuleBasedStateMachine):
    """Submissions, withdrawals, money and time in any order; `spoil` may damage what the accounts are told to write."""

    spoil: Callable[[list[Leg]], list[Leg]] | None = None

    @initialize(
        mode=st.sampled_from(["none", "bilateral", "multilateral"]), overtaking=st.booleans(), arrival=st.booleans(),
        every=st.sampled_from([None, 10, 60]), held=st.lists(st.integers(0, 30), min_size=8, max_size=8),
    )  # fmt: skip
    def begin(self, mode: str, overtaking: bool, arrival: bool, every: int | None, held: list[int]) -> None:
        self.env, self.accounts, self.queue = new(
            *held, mode=mode, overtaking=overtaking, at_arrival=arrival, every_us=every
        )
        self.brought, self.tickets = list(held), list[Ticket]()
        if self.spoil is not None:
            move, spoil = self.accounts.move, self.spoil

            def damaged(payers: Int64Array, payees: Int64Array, amounts: Int64Array) -> None:
                columns = payers.tolist(), payees.tolist(), amounts.tolist()
                legs = spoil([Leg(*leg) for leg in zip(*columns, strict=True)])
                move(*(np.array(column, dtype=np.int64) for column in zip(*legs, strict=True)))

            self.accounts.move = damaged  # type: ignore[method-assign]

    @rule(
        banks=st.permutations(range(BANKS)), amounts=st.tuples(st.integers(0, 40), st.integers(0, 40)),
        kind=st.sampled_from(["payment", "abroad", "trade"]), priority=st.sampled_from([URGENT, NORMAL]),
    )  # fmt: skip
    def submit(self, banks: list[int], amounts: tuple[int, int], kind: str, priority: int) -> None:
        one, two = banks[:2]
        legs = {
            "payment": pay(one, two, amounts[0]),
            "abroad": pay(one + BANKS, two + BANKS, amounts[0]),
            "trade": trade(one, two, *amounts),
        }[kind]
        self.tickets.append(self.queue.submit(legs, priority, worth=amounts[0]))

    @rule(which=st.integers(0, 1_000))
    def withdraw(self, which: int) -> None:
        if self.tickets:
            ticket = self.tickets[which % len(self.tickets)]
            assert self.queue.withdraw(ticket) == ticket.waits or ticket.withdrawn_us == self.queue.now

    @rule(account=st.integers(0, 7), amount=st.integers(1, 30))
    def money_arrives(self, account: int, amount: int) -> None:
        self.accounts.held[account] += amount
        self.brought[account] += amount
        self.queue.retry()

    @rule(us=st.integers(1, 100))
    def time_passes(self, us: int) -> None:
        self.env.run(self.env.now + us)

    @invariant()
    def no_one_is_below_zero(self) -> None:
        assert min(self.accounts.held) >= 0, self.accounts.held

    @invariant()
    def money_is_kept(self) -> None:
        for first in (0, BANKS):
            assert sum(self.accounts.held[first : first + BANKS]) == sum(self.brought[first : first + BANKS])

    @invariant()
    def all_legs_of_what_settled_were_written_once_and_none_of_the_rest(self) -> None:
        settled = sorted(leg for ticket in self.tickets if ticket.settled_us is not None for leg in ticket.legs)
        assert sorted(leg for legs in self.accounts.written for leg in legs) == settled
        for ticket in self.tickets:
            assert ticket.settled.triggered == (ticket.settled_us is not None)
            assert ticket.settled_us is None or ticket.withdrawn_us is None
        assert len(self.queue) == sum(ticket.waits for ticket in self.tickets)

    @invariant()
    def nothing_waits_that_could_settle_alone(self) -> None:
        queue = self.queue
        if not queue.mechanism.overtaking:
            return
        for ticket in self.tickets:
            assert not (ticket.waits and queue._covered(ticket)), ticket

    @invariant()
    def nothing_waits_that_could_settle_without_overtaking(self) -> None:
        queue, mechanism = self.queue, self.queue.mechanism
        order = queue._waiting.order()
        if mechanism.overtaking or not order.size:
            return
        available = queue._available()
        assert not queue._alone(available, order).number
        if mechanism.at_arrival and mechanism.mode != "none":
            assert not queue._together(available, order).number

    @invariant()
    def the_measures_are_those_of_what_was_written(self) -> None:
        net, peak = [0] * 8, [0] * 8
        for legs in self.accounts.written:
            for payer, payee, amount in legs:
                net[payer] += amount
                net[payee] -= amount
            peak = [max(before, now) for before, now in zip(peak, net, strict=True)]
        usage, pools = self.queue.usage, [self.queue.pool(account) for account in range(8)]
        assert usage.net_debit[pools].tolist() == net
        assert usage.peak[pools].tolist() == peak
        assert (usage.lengths[-1][1] if usage.lengths else 0) == len(self.queue)


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


UNSHRUNK = settings(
    max_examples=60, stateful_step_count=20, deadline=None, database=None, phases=[Phase.generate],
    print_blob=False, report_multiple_bugs=False,
)  # fmt: skip


@pytest.mark.long
def test_five_thousand_steps() -> None:
    run_state_machine_as_test(AnyOrder, settings=settings(UNSHRUNK, max_examples=150, stateful_step_count=80))


def one_leg_less(legs: list[Leg]) -> list[Leg]:
    """Only the first leg of several."""
    return legs[:1] if len(legs) > 1 else legs


def too_much(legs: list[Leg]) -> list[Leg]:
    """A little more than there is."""
    return [leg._replace(amount=leg.amount + 25) for leg in legs]


@pytest.mark.parametrize("fault", [one_leg_less, too_much])
def test_seeded_faults_are_caught(fault: Callable[[list[Leg]], list[Leg]]) -> None:
    class Spoilt(AnyOrder):
        spoil = staticmethod(fault)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(Spoilt, settings=UNSHRUNK)


def test_a_queue_that_does_not_ask_for_cover_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault inside: what is available is taken for more than it is."""
    honest = SettlementQueue._available
    monkeypatch.setattr(SettlementQueue, "_available", lambda self: honest(self) + 10)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(AnyOrder, settings=UNSHRUNK)
