"""People who work off what comes in, one thing at a time: a queue, some who serve, working hours.

Times are whole microseconds since the scenario's start. The people are a `simpy.Resource`; what waits is kept in a
heap, so that an order other than first come stays cheap with any backlog.
"""

from __future__ import annotations

import heapq
from collections.abc import Generator
from datetime import date, datetime, timedelta
from typing import Any, Final

import numpy as np
import simpy

from sandbox.core.draws import Int64Array, sample
from sandbox.features.supervision.schema.cases import Hours
from sandbox.scenario.units import US_PER_DAY

ROUND_THE_CLOCK: Final = 2**62
"""When a shift without hours ends."""
_FRIDAY: Final = 4


def shift(hours: Hours | None, start: datetime, at_us: int) -> tuple[bool, int]:
    """Whether people are at work at an instant, and when that changes next (us).

    >>> monday = datetime(2026, 3, 2)
    >>> shift(Hours(opens=9, closes=17), monday, 8), shift(Hours(opens=9, closes=17), monday, 9)
    ((False, 9), (True, 17))
    >>> shift(Hours(opens=9, closes=17), monday, 4 * US_PER_DAY + 17)[1] - 7 * US_PER_DAY  # Friday evening: on Monday
    9
    """
    if hours is None:
        return True, ROUND_THE_CLOCK
    midnight = datetime.combine(start.date(), datetime.min.time())
    since = (start - midnight) // timedelta(microseconds=1)
    day, of_day = divmod(at_us + since, US_PER_DAY)
    if _works(hours, start.date() + timedelta(days=day)):
        if of_day < hours.opens:
            return False, at_us + hours.opens - of_day
        if of_day < hours.closes:
            return True, at_us + hours.closes - of_day
    ahead = next(one for one in range(1, 9) if _works(hours, start.date() + timedelta(days=day + one)))
    return False, at_us - of_day + ahead * US_PER_DAY + hours.opens


def _works(hours: Hours, day: date) -> bool:
    return hours.weekends or day.weekday() <= _FRIDAY


def drawn(table: Int64Array, key: np.uint64, number: int) -> int:
    """Draw number `number` of a table's distribution from a stream, at least 1 (us)."""
    out = np.zeros(1, dtype=np.int64)
    with np.errstate(over="ignore"):
        sample(table, key, number, out)
    return max(1, int(out[0]))


class Staff:
    """Several people and what waits for them. What is begun within working hours is finished."""

    def __init__(self, env: simpy.Environment, people: int, hours: Hours | None, start: datetime) -> None:
        self._env = env
        self._people = simpy.Resource(env, people)
        self._hours, self._start = hours, start
        self._at_work = shift(hours, start, 0)[0]
        self._waiting: list[tuple[int, int, int, simpy.Event]] = []
        self._came = 0
        self._since = 0
        self._queue_area = self._busy_area = self._duty_area = 0
        self.waits: list[int] = []
        """Wait of everything begun so far, in the order in which it was begun (us)."""
        self.most_waiting = 0
        if hours is not None:
            env.process(self._shifts())

    @property
    def waiting(self) -> int:
        """How much waits now."""
        return len(self._waiting)

    @property
    def in_hand(self) -> int:
        """How much is being worked on now."""
        return int(self._people.count)

    def work(self, takes_us: int, priority: int = 0) -> Generator[simpy.Event, Any, int]:
        """Wait for somebody (lowest priority first, then who came first), be worked on for `takes_us`; the wait."""
        self._count()
        asked_us, turn = int(self._env.now), self._env.event()
        heapq.heappush(self._waiting, (priority, self._came, asked_us, turn))
        self._came += 1
        self._begin()
        self.most_waiting = max(self.most_waiting, len(self._waiting))
        hand: simpy.resources.resource.Request = yield turn
        waited_us = int(self._env.now) - asked_us
        yield self._env.timeout(takes_us)
        self._count()
        self._people.release(hand)
        self._begin()
        return waited_us

    def queue_mean(self) -> float:
        """Mean number waiting so far."""
        self._count()
        return self._queue_area / self._since if self._since else 0.0

    def utilisation(self) -> float | None:
        """Time worked over time on duty so far (over 1 where people stay on to finish); None before any duty."""
        self._count()
        return self._busy_area / self._duty_area if self._duty_area else None

    def _begin(self) -> None:
        while self._at_work and self._waiting and self._people.count < self._people.capacity:
            _, _, asked_us, turn = heapq.heappop(self._waiting)
            self.waits.append(int(self._env.now) - asked_us)
            turn.succeed(self._people.request())

    def _count(self) -> None:
        """Bring the areas up to now, before anything changes."""
        now = int(self._env.now)
        lasted = now - self._since
        self._queue_area += len(self._waiting) * lasted
        self._busy_area += self._people.count * lasted
        self._duty_area += int(self._people.capacity) * lasted * self._at_work
        self._since = now

    def _shifts(self) -> Generator[simpy.Event, Any, None]:
        while True:
            now = int(self._env.now)
            at_work, until = shift(self._hours, self._start, now)
            self._count()
            self._at_work = at_work
            self._begin()
            yield self._env.timeout(until - now)
