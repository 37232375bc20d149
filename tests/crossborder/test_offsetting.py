"""Offsetting never overdraws, never splits a group, leaves nothing that could settle alone, and is near the optimum."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.core.compiled import IS_COMPILED
from sandbox.features.crossborder.queue.offsetting import (
    FIT,
    LAST,
    Choice,
    Queue,
    alone,
    bilateral,
    multilateral,
    pairs_of,
    queue_of,
    together,
)
from tests.crossborder.queues import (
    OWNER,
    Ints,
    amounts,
    check,
    fits_alone,
    largest_without_overtaking,
    optimum,
    passes_none,
    queue_from,
    queues,
    worth_of,
)
from tests.effort import ratio

EXAMPLES = 80


def empty(pools: int = 8) -> Ints:
    return np.zeros(pools, dtype=np.int64)


# By hand.


def test_two_who_owe_each_other_need_nothing() -> None:
    queue = queue_from([[(0, 1, 100)], [(1, 0, 100)]])
    assert alone(empty(), queue).number == 0
    assert bilateral(empty(), queue, pairs_of(queue, OWNER)).number == 2
    assert multilateral(empty(), queue).number == 2


def test_a_ring_of_three_needs_all_three() -> None:
    queue = queue_from([[(0, 1, 100)], [(1, 2, 100)], [(2, 0, 100)]])
    assert bilateral(empty(), queue, pairs_of(queue, OWNER)).number == 0
    assert multilateral(empty(), queue).number == 3


def test_a_gridlock_with_a_difference() -> None:
    """1 lacks 10 to pay its 110 out of the 100 that come in: with 9 nothing settles, with 10 both do."""
    queue = queue_from([[(0, 1, 100)], [(1, 0, 110)]])
    for held, settles in ((9, 0), (10, 2)):
        available = empty()
        available[1] = held
        assert multilateral(available, queue).number == settles


def test_money_that_comes_in_is_paid_on() -> None:
    queue = queue_from([[(1, 2, 50)], [(0, 1, 50)]])
    available = empty()
    available[0] = 50
    assert alone(available, queue).taken.tolist() == [True, True]


def test_payment_against_payment_settles_both_or_none() -> None:
    """The yuan are there, the other currency is not; a second trade the other way brings both."""
    there = [(0, 1, 70), (5, 4, 80)]
    back = [(1, 0, 70), (4, 5, 80)]
    available = empty()
    available[0] = 70
    assert alone(available, queue_from([there])).number == 0
    both = queue_from([there, back])
    assert bilateral(available, both, pairs_of(both, OWNER)).number == 2


def test_whom_the_rules_leave_out() -> None:
    """0 lacks 30: the last that it pays is 100, the smallest that covers it is 40."""
    queue = queue_from([[(0, 1, 40)], [(0, 2, 5)], [(0, 3, 100)]])
    available = empty()
    available[0] = 115
    assert multilateral(available, queue, rule=LAST, overtaking=False).taken.tolist() == [True, True, False]
    assert multilateral(available, queue, rule=FIT).taken.tolist() == [False, True, True]


def test_without_overtaking_a_large_payment_holds_up_a_small_one() -> None:
    queue = queue_from([[(0, 1, 60)], [(0, 2, 10)]])
    available = empty()
    available[0] = 20
    assert alone(available, queue).taken.tolist() == [False, True]
    assert alone(available, queue, overtaking=False).number == 0


def test_of_three_participants_none_is_a_pair() -> None:
    queue = queue_from([[(0, 1, 1), (1, 2, 1)], [(0, 1, 1), (5, 4, 1)], [(1, 0, 1)]])
    pair = pairs_of(queue, OWNER)
    assert pair[0] == -1
    assert pair[1] == pair[2] >= 0


# Whatever the queue.


def every_way(available: Ints, queue: Queue, rule: int) -> dict[str, Choice]:
    """All choices of the module by name."""
    pair = pairs_of(queue, OWNER)
    return {
        "alone": alone(available, queue),
        "in order": alone(available, queue, overtaking=False),
        "bilateral": bilateral(available, queue, pair, rule=rule),
        "multilateral": multilateral(available, queue, rule=rule),
        "together": together(available, queue, pair, worth_of(queue), rule=rule),
        "none passes": multilateral(available, queue, rule=rule, overtaking=False),
    }


@settings(max_examples=EXAMPLES, deadline=None)
@given(amounts, queues, st.sampled_from([FIT, LAST]))
def test_every_choice_is_feasible_and_whole(available: Ints, queue: Queue, rule: int) -> None:
    ways = every_way(available, queue, rule)
    for choice in ways.values():
        check(available, queue, choice)
    for name in ("alone", "multilateral", "together"):
        assert fits_alone(ways[name].after, queue, ways[name].taken) == [], name
    for name in ("in order", "none passes"):
        assert passes_none(queue, ways[name].taken), name
    worth = worth_of(queue)
    assert worth[ways["together"].taken].sum() >= worth[ways["multilateral"].taken].sum()


@settings(max_examples=EXAMPLES, deadline=None)
@given(amounts, queues)
def test_without_overtaking_it_is_the_largest_set(available: Ints, queue: Queue) -> None:
    found = multilateral(available, queue, rule=LAST, overtaking=False)
    assert (found.taken == largest_without_overtaking(available, queue)).all()


@settings(max_examples=EXAMPLES, deadline=None)
@given(amounts, queues)
def test_never_more_than_the_optimum(available: Ints, queue: Queue) -> None:
    pytest.importorskip("scipy")
    best, worth = optimum(available, queue), worth_of(queue)
    for name, choice in every_way(available, queue, FIT).items():
        assert worth[choice.taken].sum() <= best, name


@settings(max_examples=EXAMPLES, deadline=None)
@given(amounts, queues)
def test_an_order_says_who_is_asked(available: Ints, queue: Queue) -> None:
    """Asking about some groups in some order is asking about a queue of just these."""
    kept = np.arange(0, queue.start.size - 1, 2)[::-1].copy()
    entries = [slice(int(queue.start[one]), int(queue.start[one + 1])) for one in kept]
    sizes = [0, *np.cumsum([part.stop - part.start for part in entries])]
    smaller = Queue(
        np.array(sizes, dtype=np.int64),
        np.concatenate([queue.pool[part] for part in entries]),
        np.concatenate([queue.change[part] for part in entries]),
    )
    pair, small_pair = pairs_of(queue, OWNER), pairs_of(smaller, OWNER)
    assert (alone(available, queue, kept).taken == alone(available, smaller).taken).all()
    assert (multilateral(available, queue, kept).taken == multilateral(available, smaller).taken).all()
    assert (bilateral(available, queue, pair, kept).taken == bilateral(available, smaller, small_pair).taken).all()


def test_the_checks_see_faults() -> None:
    """One leg of two, a pool below zero, a group left out although it fits: each is seen."""
    queue = queue_from([[(0, 1, 10), (5, 4, 10)], [(0, 1, 5)]])
    available = empty()
    available[0], available[5] = 20, 10
    good = alone(available, queue)
    check(available, queue, good)
    one_leg = good.after.copy()
    one_leg[[4, 5]] = available[[4, 5]]
    with pytest.raises(AssertionError):
        check(available, queue, Choice(good.taken, one_leg))
    with pytest.raises(AssertionError):
        check(available - 10, queue, Choice(good.taken, good.after - 10))
    assert fits_alone(available, queue, np.array([False, False])) == [0, 1]
    assert optimum(available, queue) == 25


# Size.


def among_twenty(payments: int) -> tuple[Ints, Queue, Ints, Ints]:
    """Payments among 20 participants with little liquidity."""
    draws = np.arange(payments, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    payer = (draws >> np.uint64(40)).astype(np.int64) % 20
    payee = (payer + 1 + (draws >> np.uint64(20)).astype(np.int64) % 19) % 20
    amount = 1 + (draws >> np.uint64(8)).astype(np.int64) % 1_000
    queue, available = queue_of(np.arange(payments), payer, payee, amount), np.full(20, 500, dtype=np.int64)
    choice = together(available, queue, pairs_of(queue, np.arange(20)), amount)
    change = np.zeros(20, dtype=np.int64)
    np.add.at(change, payer[choice.taken], -amount[choice.taken])
    np.add.at(change, payee[choice.taken], amount[choice.taken])
    assert (available + change >= 0).all()
    return available, queue, pairs_of(queue, np.arange(20)), amount


def test_eight_times_as_many_take_about_eight_times_as_long() -> None:
    few, many = among_twenty(5_000), among_twenty(40_000)
    if IS_COMPILED:
        assert ratio(lambda: together(*many), lambda: together(*few)) < 25
