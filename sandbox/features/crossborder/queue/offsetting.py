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
  and its passes, and for the rule `FIT` O(log n) more a dropped group, once groups are sorted by size.
- `bilateral`: the same, for each two participants by themselves. `together` is the better of both ways.

`possible` is a test in O(L) that spares all of them where nothing can settle.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sandbox.core.draws import Int64Array
from sandbox.features.crossborder.queue.dropping import (
    FIT,
    LAST,
    TAKEN,
    Pad,
    Queue,
    any_hope,
    by_parts,
    by_turns,
    one_by_one,
    rounds,
)


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


class BySize(NamedTuple):
    """Entries of a queue that pay out, from the smallest to the largest, equal ones in order of settlement.

    There may be more than a choice is about. `owner` says for every entry of the queue whose it is.
    """

    entries: Int64Array
    owner: Int64Array


class Choice(NamedTuple):
    """Who settles, one entry for each group of the order that was asked about, and what the pools have left."""

    taken: npt.NDArray[np.bool_]
    after: Int64Array

    @property
    def number(self) -> int:
        """How many groups settle."""
        return int(self.taken.sum())


def alone(
    available: Int64Array, queue: Queue, order: Int64Array | None = None, *, overtaking: bool = True
) -> Choice:  # fmt: skip
    """What settles one after another, until nothing more does.

    Args:
        available: what each pool may pay out.
        queue, order: the groups that wait, in order of settlement; all if no order is given.
        overtaking: whether a group may settle before an earlier one of the same pool.
    """
    order = queue.everything if order is None else order
    state = np.zeros(order.size, dtype=np.int8)
    after = available.astype(np.int64)
    blocked = np.zeros(after.size, dtype=np.int8)
    one_by_one(after, queue, order, state, blocked, overtaking)
    return Choice(state == TAKEN, after)


def possible(available: Int64Array, queue: Queue, order: Int64Array | None = None) -> bool:
    """Whether anything might settle, in whatever way; False only where nothing can.

    A group cannot if a pool that it pays from lacks cover even when all others that might settle have paid into it.
    """
    order = queue.everything if order is None else order
    hopeless = np.zeros(order.size, dtype=np.int8)
    return bool(any_hope(np.maximum(available, 0), np.zeros_like(available), queue, order, hopeless))


def multilateral(
    available: Int64Array, queue: Queue, order: Int64Array | None = None, *, rule: int = FIT, overtaking: bool = True,
    by_size: BySize | None = None,
) -> Choice:  # fmt: skip
    """What settles at one instant, all participants together. Who has the groups sorted `by_size` saves the time."""
    order = queue.everything if order is None else order
    return _offset(available, queue, order, np.array([0, order.size]), rule, overtaking, by_size)


def bilateral(
    available: Int64Array, queue: Queue, pair: Int64Array, order: Int64Array | None = None, *, rule: int = FIT,
    overtaking: bool = True, by_size: BySize | None = None,
) -> Choice:  # fmt: skip
    """What settles at one instant between two participants, for one two after another, the longest waiting first.

    `pair` says for each group of the queue which two it is between, as a small number; one of three participants or
    more has -1 and waits. See `pairs_of`.
    """
    order = queue.everything if order is None else order
    two = pair[order]
    among, edges = np.empty(order.size, dtype=np.int64), np.zeros(order.size + 1, dtype=np.int64)
    turn = np.full(int(two.max(initial=0)) + 1, -1, dtype=np.int64)
    pairs = int(by_turns(two, turn, among, edges))
    edges = edges[: pairs + 1]
    among = among[: edges[-1]]
    choice = _offset(available, queue, order[among], edges, rule, overtaking, by_size)
    taken = np.zeros(order.size, dtype=np.bool_)
    taken[among] = choice.taken
    return Choice(taken, choice.after)


def together(
    available: Int64Array, queue: Queue, pair: Int64Array, worth: Int64Array, order: Int64Array | None = None, *,
    rule: int = FIT, by_size: BySize | None = None,
) -> Choice:  # fmt: skip
    """The better by worth of two choices: all together, or first two by two and then all together.

    `worth` says for each group of the queue how much it counts. With little liquidity the second finds more, because a
    pool that lacks cover drags down others only when all start together.
    """
    order = queue.everything if order is None else order
    at_once = multilateral(available, queue, order, rule=rule, by_size=by_size)
    by_two = bilateral(available, queue, pair, order, rule=rule, by_size=by_size)
    if not by_two.number:
        return at_once
    rest = np.flatnonzero(~by_two.taken)
    then = multilateral(by_two.after, queue, order[rest], rule=rule, by_size=by_size)
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
    available: Int64Array, queue: Queue, order: Int64Array, edges: Int64Array, rule: int, overtaking: bool,
    by_size: BySize | None,
) -> Choice:  # fmt: skip
    """Offset the groups of `order` between one edge and the next by themselves, round by round."""
    pools, number = available.size, order.size
    room = np.maximum(available, 0)
    state = np.zeros(number, dtype=np.int8)
    entries = queue.pool.size
    pad = Pad(
        by_pool=np.zeros((4, pools), dtype=np.int64),
        stacks=np.empty((3, max(pools, number) + 1), dtype=np.int64),
        marks=np.zeros(pools, dtype=np.int8),
        by_place=np.empty(entries, dtype=np.int64),
        by_size=np.empty((4, entries), dtype=np.int64),
        sized=np.empty((2, entries if rule == FIT else 0), dtype=np.int64),
        sized_edges=np.zeros(edges.size, dtype=np.int64),
        edges=edges,
    )
    if rule == FIT:
        by_size = _sorted_by_size(queue, order) if by_size is None else by_size
        place, part = np.full(queue.start.size, -1, dtype=np.int64), np.empty(number, dtype=np.int64)
        by_parts(*by_size, order, edges, place, part, pad.sized, pad.sized_edges)
    rounds(room, queue, order, state, pad, rule, overtaking)
    return Choice(state == TAKEN, room + np.minimum(available, 0))


def _sorted_by_size(queue: Queue, order: Int64Array) -> BySize:
    owner, place = np.repeat(queue.everything, np.diff(queue.start)), np.full(queue.start.size, -1, dtype=np.int64)
    place[order] = np.arange(order.size)
    paying = np.flatnonzero((queue.change < 0) & (place[owner] >= 0))
    return BySize(paying[np.lexsort((place[owner[paying]], -queue.change[paying]))], owner)


__all__ = [
    "FIT", "LAST", "BySize", "Choice", "Queue", "alone", "bilateral", "multilateral", "pairs_of", "possible",
    "queue_of", "together",
]  # fmt: skip
