"""The compiled part of offsetting: try all groups at once, and drop some until every pool is covered.

A *place* is a group's position in the order of settlement, an *entry* what it changes in one pool
(`offsetting.Queue`). Groups are offset in *parts*, places from one edge up to the next; a part
touches nothing but its own pools, so that many small parts cost no more than one large one.

Units: the currency's minor unit, int64. With L entries a pass is O(L); a drop is O(log L), for entries come sorted by
size and pointers skip what was dropped before (as in union-find, with the paths halved).
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

WAITS: Final = 0
TAKEN: Final = 1
TRIED: Final = 2

# Rows of `Pad.by_pool`: where the pool's payments begin in the lists, their end in `by_place` and in `by_size` less
# what is known to be dropped there, and how far the lists are filled.
P_FIRST, P_END, P_TOP, P_FILL = range(4)
# Rows of `Pad.stacks`: pools that lack cover, groups that are dropped, pools of the part.
SHORT, DROPPED, POOLS = range(3)
# Rows of `Pad.by_size`: the place, the size, and where to look next upwards and downwards if it was dropped.
Z_PLACE, Z_SIZE, Z_UP, Z_DOWN = range(4)

MOST_SWEEPS: Final = 8
"""Times that `any_hope` goes through the queue before it leaves the question to the others."""


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


class Pad(NamedTuple):
    """Scratch space of one offsetting, and what is the same throughout. `sized` are a part's paying entries by size:
    their places and the entries."""

    by_pool: Int64Array
    stacks: Int64Array
    marks: Int8Array
    by_place: Int64Array
    by_size: Int64Array
    sized: Int64Array
    sized_edges: Int64Array
    edges: Int64Array
    """Where the parts begin, and where the last one ends."""


@compiled
def any_hope(room: Int64Array, inflow: Int64Array, queue: Queue, order: Int64Array, hopeless: Int8Array) -> bool:
    """Whether groups are left when those are struck out, again and again, that what the others pay in cannot cover."""
    start, pool, change = queue.start, queue.pool, queue.change
    left = order.size
    for i in range(order.size):
        for e in range(start[order[i]], start[order[i] + 1]):
            if change[e] > 0:
                inflow[pool[e]] += change[e]
    for _ in range(MOST_SWEEPS):
        before = left
        for i in range(order.size):
            if hopeless[i]:
                continue
            group = order[i]
            for e in range(start[group], start[group + 1]):
                if room[pool[e]] + inflow[pool[e]] + min(change[e], 0) < 0:
                    hopeless[i] = 1
            if hopeless[i]:
                left -= 1
                for e in range(start[group], start[group + 1]):
                    inflow[pool[e]] -= max(change[e], 0)
        if left == 0 or left == before:
            break
    return left > 0


@compiled
def by_turns(two: Int64Array, turn: Int64Array, among: Int64Array, edges: Int64Array) -> int:
    """Put places together by `two`, in the order in which each number comes first; returns how many there are.

    `turn` is -1 for every number at first; places whose number is below 0 are left out.
    """
    pairs = 0
    for i in range(two.size):
        if two[i] >= 0:
            if turn[two[i]] < 0:
                turn[two[i]] = pairs
                pairs += 1
            edges[turn[two[i]] + 1] += 1
    for k in range(pairs):
        edges[k + 1] += edges[k]
    for i in range(two.size):
        if two[i] >= 0:
            among[edges[turn[two[i]]]] = i
            edges[turn[two[i]]] += 1
    for k in range(pairs, 0, -1):
        edges[k] = edges[k - 1]
    edges[0] = 0
    return pairs


@compiled
def by_parts(
    by_size: Int64Array, owner: Int64Array, order: Int64Array, edges: Int64Array, place: Int64Array, part: Int64Array,
    sized: Int64Array, sized_edges: Int64Array,
) -> None:  # fmt: skip
    """Share out entries that are sorted by size to the parts, which keeps them sorted; `place` is -1 at first."""
    for k in range(edges.size - 1):
        for i in range(edges[k], edges[k + 1]):
            place[order[i]] = i
            part[i] = k
    for j in range(by_size.size):
        i = place[owner[by_size[j]]]
        if i >= 0:
            sized_edges[part[i] + 1] += 1
    for k in range(edges.size - 1):
        sized_edges[k + 1] += sized_edges[k]
    for j in range(by_size.size):
        i = place[owner[by_size[j]]]
        if i >= 0:
            at = sized_edges[part[i]]
            sized[0, at] = i
            sized[1, at] = by_size[j]
            sized_edges[part[i]] += 1
    for k in range(edges.size - 1, 0, -1):
        sized_edges[k] = sized_edges[k - 1]
    sized_edges[0] = 0


@compiled
def rounds(
    room: Int64Array, queue: Queue, order: Int64Array, state: Int8Array, pad: Pad, rule: int, overtaking: bool
) -> None:
    """Offset between the edges until nothing more settles."""
    settled, edges = 1, pad.edges
    while settled > 0:
        settled = 0
        for part in range(edges.size - 1):
            begin, end = edges[part], edges[part + 1]
            _drop(room, queue, order, state, part, pad, rule, overtaking)
            for i in range(begin, end):
                if state[i] == TRIED:
                    state[i] = TAKEN
                    settled += 1
            if overtaking:
                mine, its = order[begin:end], state[begin:end]
                settled += one_by_one(room, queue, mine, its, pad.marks, overtaking)
        if edges.size == 2 and not overtaking:
            break


@compiled
def one_by_one(
    after: Int64Array, queue: Queue, order: Int64Array, state: Int8Array, blocked: Int8Array, overtaking: bool
) -> int:  # fmt: skip
    """Take what fits on what is left, in passes until one takes nothing; returns how many. `blocked` is 0 at first."""
    start, pool, change = queue.start, queue.pool, queue.change
    taken = 0
    progress = True
    while progress:
        progress = False
        for i in range(order.size):
            if state[i] != WAITS:
                continue
            group = order[i]
            fits = True
            for e in range(start[group], start[group + 1]):
                if change[e] < 0:
                    p = pool[e]
                    if after[p] + change[e] < 0 or (blocked[p] and not overtaking):
                        fits = False
            for e in range(start[group], start[group + 1]):
                if fits:
                    after[pool[e]] += change[e]
                elif change[e] < 0 and not overtaking:
                    blocked[pool[e]] = 1
            if fits:
                state[i] = TAKEN
                progress = True
                taken += 1
        if not overtaking:
            for p in range(blocked.size):
                blocked[p] = 0
    return taken


@rare
def _drop(
    room: Int64Array, queue: Queue, order: Int64Array, state: Int8Array, part: int, pad: Pad, rule: int,
    overtaking: bool,
) -> None:  # fmt: skip
    """Try all that wait in a part at once, and drop groups until no pool lacks cover."""
    start, pool, change = queue.start, queue.pool, queue.change
    in_order, by_pool, marks, by_place = rule == LAST or not overtaking, pad.by_pool, pad.marks, pad.by_place
    shorts, drops = pad.stacks[SHORT], pad.stacks[DROPPED]
    number = _try_all(room, queue, order, state, part, pad, rule, in_order)
    top = 0
    for k in range(number):
        p = pad.stacks[POOLS, k]
        if room[p] < 0:
            shorts[top] = p
            marks[p] = 1
            top += 1
    while top > 0:
        top -= 1
        short = shorts[top]
        marks[short] = 0
        while room[short] < 0:
            worst = _last(state, pad, short) if rule == LAST else _fitting(-room[short], state, pad, short)
            if worst < 0:
                break
            dropped = 1
            drops[0] = worst
            state[worst] = WAITS
            while dropped > 0:
                dropped -= 1
                i = drops[dropped]
                for e in range(start[order[i]], start[order[i] + 1]):
                    p = pool[e]
                    room[p] -= change[e]
                    if change[e] > 0 and room[p] < 0 and p != short and not marks[p]:
                        shorts[top] = p
                        marks[p] = 1
                        top += 1
                    if change[e] < 0 and not overtaking:
                        # What comes after it in the same pool may not pass it.
                        while by_pool[P_END, p] > by_pool[P_FIRST, p] and by_place[by_pool[P_END, p] - 1] > i:
                            by_pool[P_END, p] -= 1
                            other = by_place[by_pool[P_END, p]]
                            if state[other] == TRIED:
                                state[other] = WAITS
                                drops[dropped] = other
                                dropped += 1


@rare
def _try_all(
    room: Int64Array, queue: Queue, order: Int64Array, state: Int8Array, part: int, pad: Pad, rule: int, in_order: bool
) -> int:
    """Let everything that waits in a part settle, whatever it costs, and list for each pool what it pays for.

    Returns how many pools the part has: they stand in `stacks`, in ascending order.
    """
    start, pool, change = queue.start, queue.pool, queue.change
    by_pool, marks, pools = pad.by_pool, pad.marks, pad.stacks[POOLS]
    begin, end = pad.edges[part], pad.edges[part + 1]
    number = 0
    for i in range(begin, end):
        if state[i] == WAITS:
            state[i] = TRIED
            for e in range(start[order[i]], start[order[i] + 1]):
                p = pool[e]
                room[p] += change[e]
                if not marks[p]:
                    marks[p] = 1
                    by_pool[P_FILL, p] = 0
                    pools[number] = p
                    number += 1
                if change[e] < 0:
                    by_pool[P_FILL, p] += 1
    _sort(pools, number, marks)
    first = 0
    for k in range(number):
        p = pools[k]
        marks[p] = 0
        count = by_pool[P_FILL, p]
        by_pool[P_FIRST, p] = first
        by_pool[P_END, p] = first
        by_pool[P_TOP, p] = first
        first += count
    if in_order:
        for i in range(begin, end):
            if state[i] == TRIED:
                for e in range(start[order[i]], start[order[i] + 1]):
                    if change[e] < 0:
                        pad.by_place[by_pool[P_END, pool[e]]] = i
                        by_pool[P_END, pool[e]] += 1
    if rule == FIT:
        by_size = pad.by_size
        for j in range(pad.sized_edges[part], pad.sized_edges[part + 1]):
            i, e = pad.sized[0, j], pad.sized[1, j]
            if state[i] == TRIED:
                at = by_pool[P_TOP, pool[e]]
                by_size[Z_PLACE, at] = i
                by_size[Z_SIZE, at] = -change[e]
                by_size[Z_UP, at] = at + 1
                by_size[Z_DOWN, at] = at - 1
                by_pool[P_TOP, pool[e]] += 1
    return number


@rare
def _sort(pools: Int64Array, number: int, marks: Int8Array) -> None:
    """Sort the first `number` of these pools, all of which are marked."""
    if number * number > marks.size:
        at = 0
        for p in range(marks.size):
            if marks[p]:
                pools[at] = p
                at += 1
        return
    for k in range(1, number):
        p, at = pools[k], k
        while at > 0 and pools[at - 1] > p:
            pools[at] = pools[at - 1]
            at -= 1
        pools[at] = p


@rare
def _last(state: Int8Array, pad: Pad, short: int) -> int:
    """The last of the groups that a pool pays for; -1 if it pays for none, as no pool with cover can."""
    first, end = pad.by_pool[P_FIRST, short], pad.by_pool[P_END, short]
    while end > first and state[pad.by_place[end - 1]] != TRIED:
        end -= 1
    pad.by_pool[P_END, short] = end
    return int(pad.by_place[end - 1]) if end > first else -1


@rare
def _fitting(lack: int, state: Int8Array, pad: Pad, short: int) -> int:
    """The smallest of the groups that a pool pays for that covers what it lacks, else the largest; of equal ones the
    last. -1 if it pays for none."""
    first, top = pad.by_pool[P_FIRST, short], pad.by_pool[P_TOP, short]
    place, size = pad.by_size[Z_PLACE], pad.by_size[Z_SIZE]
    while top > first and state[place[top - 1]] != TRIED:
        top -= 1
    pad.by_pool[P_TOP, short] = top
    if top == first:
        return -1
    if size[top - 1] <= lack:
        return int(place[top - 1])
    found = _tried(_beyond(size, first, top, lack - 1), state, place, pad.by_size[Z_UP])
    return int(place[_tried(_beyond(size, found, top, size[found]) - 1, state, place, pad.by_size[Z_DOWN])])


@rare
def _beyond(size: Int64Array, low: int, high: int, most: int) -> int:
    """The first from `low` on whose size is above `most`; sizes ascend up to `high`."""
    while low < high:
        middle = (low + high) // 2
        if size[middle] > most:
            high = middle
        else:
            low = middle + 1
    return low


@rare
def _tried(at: int, state: Int8Array, place: Int64Array, following: Int64Array) -> int:
    """From `at` on along `following` the first group that is not dropped; there is one."""
    while state[place[at]] != TRIED:
        ahead = following[at]
        if state[place[ahead]] != TRIED:
            following[at] = following[ahead]
        at = ahead
    return at
