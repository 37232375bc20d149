"""Offsetting read from its definition: every drop looks at all groups. Plain Python, for small queues."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from sandbox.features.crossborder.queue.offsetting import LAST, Choice, Queue
from tests.crossborder.queues import Ints


class Slow:
    """Groups that offset by themselves, in their order."""

    def __init__(self, room: list[int], queue: Queue, order: list[int], rule: int, overtaking: bool) -> None:
        self.room, self.rule, self.overtaking = room, rule, overtaking
        bounds = queue.start.tolist()
        pool, change = queue.pool.tolist(), queue.change.tolist()
        self.groups = [dict(zip(pool[a:b], change[a:b], strict=True)) for a, b in pairwise(bounds)]
        self.order = order
        self.taken: set[int] = set()

    def again(self) -> int:
        """One round; how many settle."""
        before = len(self.taken)
        self._drop()
        while self.overtaking and sum(self._alone(place) for place in self._waiting()):
            pass
        return len(self.taken) - before

    def _waiting(self) -> list[int]:
        return [place for place in range(len(self.order)) if place not in self.taken]

    def _move(self, place: int, sign: int) -> None:
        for pool, change in self.groups[self.order[place]].items():
            self.room[pool] += sign * change

    def _alone(self, place: int) -> bool:
        if any(change < 0 and self.room[pool] + change < 0 for pool, change in self.groups[self.order[place]].items()):
            return False
        self._move(place, 1)
        self.taken.add(place)
        return True

    def _drop(self) -> None:
        tried = self._waiting()
        for place in tried:
            self._move(place, 1)
        short = [pool for pool, left in enumerate(self.room) if left < 0]
        while short:
            pool = short.pop()
            while self.room[pool] < 0:
                drops = [self._worst(pool, tried)]
                tried.remove(drops[0])
                while drops:
                    place = drops.pop()
                    self._move(place, -1)
                    for other, change in self.groups[self.order[place]].items():
                        if change > 0 and self.room[other] < 0 and other != pool and other not in short:
                            short.append(other)
                        if change < 0 and not self.overtaking:
                            for later in sorted((one for one in tried if one > place), reverse=True):
                                if self.groups[self.order[later]].get(other, 0) < 0:
                                    tried.remove(later)
                                    drops.append(later)
        self.taken |= set(tried)

    def _worst(self, pool: int, tried: list[int]) -> int:
        pays = [(-self.groups[self.order[one]].get(pool, 0), one) for one in tried]
        pays = [(size, one) for size, one in pays if size > 0]
        if self.rule == LAST:
            return max(one for _, one in pays)
        covers = [(size, -one) for size, one in pays if size >= -self.room[pool]]
        return -min(covers)[1] if covers else max(pays)[1]


def slowly(available: Ints, queue: Queue, parts: list[list[int]], rule: int, overtaking: bool) -> Choice:
    """What settles of some parts of the queue, each by itself, one after another, round by round."""
    room = np.maximum(available, 0).tolist()
    slow = [Slow(room, queue, part, rule, overtaking) for part in parts]
    while sum(one.again() for one in slow) and (overtaking or len(parts) > 1):
        pass
    taken = np.zeros(queue.start.size - 1, dtype=np.bool_)
    for part, one in zip(parts, slow, strict=True):
        taken[[part[place] for place in one.taken]] = True
    return Choice(taken, np.array(room) + np.minimum(available, 0))
