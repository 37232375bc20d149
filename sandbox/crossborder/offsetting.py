"""Which queued payments can settle at one instant: alone, in pairs of participants, or all together. Pure functions.

A *pool* is what one participant holds of one currency. A *group* is what settles whole or not at all: a payment, or the
legs of a payment against payment in two currencies. Groups come in order of settlement, the first before the others.

Units: the currency's minor unit, int64; amounts stay below 2**62 in sum. Invariant of every function: after what it
takes, no pool that was above zero is below zero, and none that was below zero is lower than before. Nothing is drawn,
and nothing depends on addresses, so the same queue gives the same answer everywhere.

Three ways, each a choice out of n groups that change L pools in all:

- `alone`: one after another, each on what those before it left. Passes of O(L) until one settles nothing.
- `multilateral`: start from all, and while a pool lacks cover drop a group that it pays for; then add back what fits,
  and begin anew with what is left (Bech and Soramaki, Gridlock resolution in interbank payment systems, Bank of Finland
  Discussion Papers 9/2001). Without overtaking no group passes an earlier one of the same pool; with the rule `LAST`
  the answer then is the largest set there is, in O(L). With overtaking the best set is NP-hard to find; a round is O(L)
  and its passes, and for the rule `FIT` O(n) more a dropped group.
- `bilateral`: the same, for each two participants by themselves. `together` is the better of both ways.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sandbox.core.compiled import compiled, rare
from sandbox.core.draws import Int64Array

Int8Array = npt.NDArray[np.int8]

LAST: Final = 0
"""Drop the last group that the pool pays for."""
FIT: Final = 1
"""Drop the smallest group that covers what the pool lacks, else the largest."""

_WAITS: Final = 0
_TAKEN: Final = 1
_TRIED: Final = 2


class Queue(NamedTuple):
    """What groups change: group g changes pool `pool[e]` by `change[e]`, for e from `start[g]` up to `start[g + 1]`.

    A pool occurs once in a group: what it pays less what it gets.
    """

    start: Int64Array
    pool: Int64Array
    change: Int64Array

    @property
    def everything(self) -> Int64Array:
        """All groups in their order."""
        return np.arange(self.start.size - 1)


def queue_of(group: Int64Array, payer: Int64Array, payee: Int64Array, amount: Int64Array) -> Queue:
    """The queue of some legs: `group` says to which group each belongs, from 0 without a gap."""
    groups = int(group.max(initial=-1)) + 1
    pools = int(max(payer.max(initial=0), payee.max(initial=0))) + 1
    keys = np.concatenate([group, group]) * pools + np.concatenate([payer, payee])
    different, place = np.unique(keys, return_inverse=True)
    change = np.zeros(different.size, dtype=np.int64)
    np.add.at(change, place, np.concatenate([-amount, amount]))
    start = np.searchsorted(different, np.arange(groups + 1) * pools)
    return Queue(start.astype(np.int64), different % pools, change)


class Choice(NamedTuple):
    """Who settles, one entry for each group of the order that was asked about, and what the pools have left."""

    taken: npt.NDArray[np.bool_]
    after: Int64Array

    @property
    def number(self) -> int:
        """How many groups settle."""
        return int(self.taken.sum())


def alone(
    available: Int64Array, queue: Queue, order: Int64Array | None = None, *, reserved: Int64Array | None = None,
    bound: Int8Array | None = None, overtaking: bool = True,
) -> Choice:  # fmt: skip
    """What settles one after another, until nothing more does.

    Args:
        available: what each pool may pay out.
        queue, order: the groups that wait, in order of settlement; all if no order is given.
        reserved: what bound groups leave in each pool.
        bound: for each group of the queue 1 if it leaves the reserve, 0 if it may take it (an urgent one).
        overtaking: whether a group may settle before an earlier one of the same pool.
    """
    order = queue.everything if order is None else order
    state = np.zeros(order.size, dtype=np.int8)
    after = available.astype(np.int64)
    reserved = np.zeros(after.size, dtype=np.int64) if reserved is None else reserved
    bound = np.zeros(queue.start.size, dtype=np.int8) if bound is None else bound
    blocked = np.zeros(after.size, dtype=np.int8)
    _one_by_one(after, reserved, bound, *queue, order, state, 0, order.size, blocked, overtaking)
    return Choice(state == _TAKEN, after)


def multilateral(
    available: Int64Array, queue: Queue, order: Int64Array | None = None, *, rule: int = FIT, overtaking: bool = True
) -> Choice:
    """What settles at one instant, all participants together."""
    order = queue.everything if order is None else order
    return _offset(available, queue, order, np.array([0, order.size]), rule, overtaking)


def bilateral(
    available: Int64Array, queue: Queue, pair: Int64Array, order: Int64Array | None = None, *, rule: int = FIT,
    overtaking: bool = True,
) -> Choice:  # fmt: skip
    """What settles at one instant between two participants, for one two after another, the longest waiting first.

    `pair` says for each group of the queue which two it is between; one of three participants or more has -1 and
    waits. See `pairs_of`.
    """
    order = queue.everything if order is None else order
    two = pair[order]
    different, seen, place = np.unique(two, return_index=True, return_inverse=True)
    turn = np.empty(different.size, dtype=np.int64)
    turn[np.argsort(seen, kind="stable")] = np.arange(different.size)
    among = np.argsort(turn[place], kind="stable")
    among = among[two[among] >= 0]
    edges = np.flatnonzero(np.diff(two[among], prepend=-1, append=-1))
    choice = _offset(available, queue, order[among], edges.astype(np.int64), rule, overtaking)
    taken = np.zeros(order.size, dtype=np.bool_)
    taken[among] = choice.taken
    return Choice(taken, choice.after)


def together(
    available: Int64Array, queue: Queue, pair: Int64Array, worth: Int64Array, order: Int64Array | None = None, *,
    rule: int = FIT,
) -> Choice:  # fmt: skip
    """The better by worth of two choices: all together, or first two by two and then all together.

    `worth` says for each group of the queue how much it counts. With little liquidity the second finds more, because a
    pool that lacks cover drags down others only when all start together.
    """
    order = queue.everything if order is None else order
    at_once = multilateral(available, queue, order, rule=rule)
    by_two = bilateral(available, queue, pair, order, rule=rule)
    rest = np.flatnonzero(~by_two.taken)
    then = multilateral(by_two.after, queue, order[rest], rule=rule)
    taken = by_two.taken.copy()
    taken[rest] = then.taken
    if worth[order[taken]].sum() > worth[order[at_once.taken]].sum():
        return Choice(taken, then.after)
    return at_once


def pairs_of(queue: Queue, owner: Int64Array) -> Int64Array:
    """For each group a number of the two participants that it is between, or -1; `owner` is each pool's participant."""
    owners = owner[queue.pool]
    first = np.minimum.reduceat(owners, queue.start[:-1])
    last = np.maximum.reduceat(owners, queue.start[:-1])
    sizes = np.diff(queue.start)
    inside = (owners == np.repeat(first, sizes)) | (owners == np.repeat(last, sizes))
    two = np.logical_and.reduceat(inside, queue.start[:-1])
    return np.where(two, first * (int(owner.max(initial=0)) + 1) + last, -1)


def _offset(
    available: Int64Array, queue: Queue, order: Int64Array, edges: Int64Array, rule: int, overtaking: bool
) -> Choice:
    """Offset the groups of `order` between one edge and the next by themselves, round by round."""
    pools, entries = available.size, queue.pool.size
    room = np.maximum(available, 0)
    state = np.zeros(order.size, dtype=np.int8)
    lists = np.empty((4, max(pools, order.size) + 1), dtype=np.int64)
    items = np.empty((2, entries), dtype=np.int64)
    marks = np.zeros(pools, dtype=np.int8)
    none = np.zeros(queue.start.size, dtype=np.int8)
    zero = np.zeros(pools, dtype=np.int64)
    _rounds(room, *queue, order, state, edges, lists, items, marks, zero, none, rule, overtaking)
    return Choice(state == _TAKEN, room + np.minimum(available, 0))


@compiled
def _rounds(
    room: Int64Array, start: Int64Array, pool: Int64Array, change: Int64Array, order: Int64Array, state: Int8Array,
    edges: Int64Array, lists: Int64Array, items: Int64Array, marks: Int8Array, zero: Int64Array, none: Int8Array,
    rule: int, overtaking: bool,
) -> None:  # fmt: skip
    """Offset between the edges until nothing more settles."""
    settled = 1
    while settled > 0:
        settled = 0
        for part in range(edges.size - 1):
            begin, end = edges[part], edges[part + 1]
            _drop(room, start, pool, change, order, state, begin, end, lists, items, marks, rule, overtaking)
            for i in range(begin, end):
                if state[i] == _TRIED:
                    state[i] = _TAKEN
                    settled += 1
            if overtaking:
                settled += _one_by_one(
                    room, zero, none, start, pool, change, order, state, begin, end, marks, overtaking
                )
        if edges.size == 2 and not overtaking:
            break


@rare
def _one_by_one(
    after: Int64Array, reserved: Int64Array, bound: Int8Array, start: Int64Array, pool: Int64Array, change: Int64Array,
    order: Int64Array, state: Int8Array, begin: int, end: int, blocked: Int8Array, overtaking: bool,
) -> int:  # fmt: skip
    """Take what fits on what is left, in passes until one takes nothing; returns how many."""
    taken = 0
    progress = True
    while progress:
        progress = False
        for p in range(blocked.size):
            blocked[p] = 0
        for i in range(begin, end):
            if state[i] != _WAITS:
                continue
            group = order[i]
            fits = True
            for e in range(start[group], start[group + 1]):
                if change[e] < 0:
                    p = pool[e]
                    least = reserved[p] if bound[group] else 0
                    if after[p] + change[e] < least or (blocked[p] and not overtaking):
                        fits = False
            for e in range(start[group], start[group + 1]):
                if fits:
                    after[pool[e]] += change[e]
                elif change[e] < 0:
                    blocked[pool[e]] = 1
            if fits:
                state[i] = _TAKEN
                progress = True
                taken += 1
    for p in range(blocked.size):
        blocked[p] = 0
    return taken


@rare
def _drop(
    room: Int64Array, start: Int64Array, pool: Int64Array, change: Int64Array, order: Int64Array, state: Int8Array,
    begin: int, end: int, lists: Int64Array, items: Int64Array, marks: Int8Array, rule: int, overtaking: bool,
) -> None:  # fmt: skip
    """Try all that wait at once, and drop groups until no pool lacks cover.

    `lists` holds for each pool where its payments begin in `items` and the end of those not dropped yet, a stack of
    pools that lack cover (marked in `marks`), and a stack of groups that are dropped.
    """
    pools = room.size
    _list_payments(room, start, pool, change, order, state, begin, end, lists, items)
    top = 0
    for p in range(pools):
        if room[p] < 0:
            lists[2, top] = p
            marks[p] = 1
            top += 1
    while top > 0:
        top -= 1
        short = lists[2, top]
        marks[short] = 0
        while room[short] < 0:
            worst = _worst(room, change, state, lists, items, short, rule)
            if worst < 0:
                break
            dropped = 1
            lists[3, 0] = worst
            state[worst] = _WAITS
            while dropped > 0:
                dropped -= 1
                i = lists[3, dropped]
                for e in range(start[order[i]], start[order[i] + 1]):
                    p = pool[e]
                    room[p] -= change[e]
                    if change[e] > 0 and room[p] < 0 and p != short and not marks[p]:
                        lists[2, top] = p
                        marks[p] = 1
                        top += 1
                    if change[e] < 0 and not overtaking:
                        # What comes after it in the same pool may not pass it.
                        while lists[1, p] > lists[0, p] and items[0, lists[1, p] - 1] > i:
                            lists[1, p] -= 1
                            other = items[0, lists[1, p]]
                            if state[other] == _TRIED:
                                state[other] = _WAITS
                                lists[3, dropped] = other
                                dropped += 1


@rare
def _list_payments(
    room: Int64Array, start: Int64Array, pool: Int64Array, change: Int64Array, order: Int64Array, state: Int8Array,
    begin: int, end: int, lists: Int64Array, items: Int64Array,
) -> None:  # fmt: skip
    """Let everything that waits settle, whatever it costs, and list for each pool the groups that it pays for."""
    pools = room.size
    for p in range(pools + 1):
        lists[0, p] = 0
    for i in range(begin, end):
        if state[i] == _WAITS:
            state[i] = _TRIED
            for e in range(start[order[i]], start[order[i] + 1]):
                room[pool[e]] += change[e]
                if change[e] < 0:
                    lists[0, pool[e] + 1] += 1
    for p in range(pools):
        lists[0, p + 1] += lists[0, p]
        lists[1, p] = lists[0, p]
    for i in range(begin, end):
        if state[i] == _TRIED:
            for e in range(start[order[i]], start[order[i] + 1]):
                if change[e] < 0:
                    p = pool[e]
                    items[0, lists[1, p]] = i
                    items[1, lists[1, p]] = e
                    lists[1, p] += 1


@rare
def _worst(
    room: Int64Array, change: Int64Array, state: Int8Array, lists: Int64Array, items: Int64Array, short: int, rule: int
) -> int:
    """Which of the groups that a pool pays for is dropped first; -1 if it pays for none, as no pool with cover can."""
    while lists[1, short] > lists[0, short] and state[items[0, lists[1, short] - 1]] != _TRIED:
        lists[1, short] -= 1
    if lists[1, short] == lists[0, short]:
        return -1
    last = lists[1, short] - 1
    if rule == LAST:
        return int(items[0, last])
    best = last
    for place in range(last - 1, lists[0, short] - 1, -1):
        if state[items[0, place]] != _TRIED:
            continue
        size, smallest = -change[items[1, place]], -change[items[1, best]]
        covers = size >= -room[short]
        if (covers and (size < smallest or smallest < -room[short])) or (
            not covers and smallest < -room[short] and size > smallest
        ):
            best = place
    return int(items[0, best])


__all__ = ["FIT", "LAST", "Choice", "Queue", "alone", "bilateral", "multilateral", "pairs_of", "queue_of", "together"]
