"""What is dropped, in which order, is what the definition says; a queue is left alone only where it has to be."""

from __future__ import annotations

from collections.abc import Callable

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
    possible,
    queue_of,
)
from sandbox.features.crossborder.queue.waiting import Waiting
from tests.crossborder.offset_slowly import slowly
from tests.crossborder.queues import OWNER, POOLS, Ints, amounts, legs_of_group, queue_from, queues
from tests.effort import ratio

many = st.lists(legs_of_group(), min_size=1, max_size=24).map(queue_from)


def same(one: Choice, other: Choice) -> None:
    assert one.taken.tolist() == other.taken.tolist()
    assert one.after.tolist() == other.after.tolist()


@settings(max_examples=300)
@given(available=amounts, queue=many, rule=st.sampled_from([FIT, LAST]), overtaking=st.booleans())
def test_all_together_as_by_definition(available: Ints, queue: Queue, rule: int, overtaking: bool) -> None:
    slow = slowly(available, queue, [queue.everything.tolist()], rule, overtaking)
    same(multilateral(available, queue, rule=rule, overtaking=overtaking), slow)


@settings(max_examples=300)
@given(available=amounts, queue=many, rule=st.sampled_from([FIT, LAST]), overtaking=st.booleans())
def test_two_by_two_as_by_definition(available: Ints, queue: Queue, rule: int, overtaking: bool) -> None:
    pair = pairs_of(queue, OWNER)
    parts: dict[int, list[int]] = {}
    for group, two in enumerate(pair.tolist()):
        if two >= 0:
            parts.setdefault(two, []).append(group)
    slow = slowly(available, queue, list(parts.values()), rule, overtaking)
    same(bilateral(available, queue, pair, rule=rule, overtaking=overtaking), slow)


@given(available=amounts, queue=queues)
def test_where_nothing_is_possible_no_set_of_groups_can_settle(available: Ints, queue: Queue) -> None:
    number = queue.start.size - 1
    room = np.maximum(available, 0)
    change = np.zeros((number, POOLS), dtype=np.int64)
    np.add.at(change, (np.repeat(queue.everything, np.diff(queue.start)), queue.pool), queue.change)
    sets = (np.arange(1, 2**number)[:, None] >> np.arange(number)) & 1
    some = bool(((room + sets @ change) >= 0).all(axis=1).any())
    if some:
        assert possible(available, queue)
    elif not possible(available, queue):
        assert alone(available, queue).number == multilateral(available, queue).number == 0


@pytest.mark.skipif(not IS_COMPILED, reason="times of compiled code")
def test_eight_times_as_many_that_one_bank_cannot_pay_take_about_eight_times_as_long() -> None:
    """All are dropped one after another; who looks at all of them for each drop takes 64 times as long."""

    def offset(number: int) -> Callable[[], None]:
        zero = np.zeros(number, dtype=np.int64)
        queue = queue_of(np.arange(number), zero, zero + 1, 1 + np.arange(number) * 7_919 % 10_007)

        def once() -> None:
            assert multilateral(np.zeros(2, dtype=np.int64), queue).number == 0

        return once

    assert ratio(offset(80_000), offset(10_000)) < 30


def test_what_only_waits_for_others_that_cannot_settle_is_impossible() -> None:
    """Each would be covered if the one before it settled, and the first never can."""
    chain = queue_from([[(0, 1, 10)], [(1, 2, 10)], [(2, 3, 10)]])
    nothing = np.zeros(POOLS, dtype=np.int64)
    assert not possible(nothing, chain)
    assert possible(np.array([10, *[0] * (POOLS - 1)]), chain)
    assert possible(nothing, queue_from([[(0, 1, 10)], [(1, 2, 10)], [(2, 0, 10)]]))


@given(steps=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 4), st.integers(0, 99)), max_size=200))
def test_what_waits_is_sorted_by_size_whatever_comes_and_goes(steps: list[tuple[int, int, int]]) -> None:
    waiting = Waiting[list[int]]()
    for priority, size, goes in steps:
        for _ in range(3):
            waiting.add([], {0: -size, 1: size}, priority, 0, 0)
        order = waiting.order()
        waiting.remove([int(order[goes % order.size])])
        entries, owner = waiting.by_size()
        order, queue = waiting.order(), waiting.queue
        sizes = (-queue.change[queue.start[order]]).tolist()
        paid = [(size, place) for place, size in enumerate(sizes) if size]
        place = {row: place for place, row in enumerate(order.tolist())}
        assert [(int(-queue.change[e]), place[int(owner[e])]) for e in entries] == sorted(paid)
