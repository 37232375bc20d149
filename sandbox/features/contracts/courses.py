"""Courses paid beforehand: each lesson draws its part out of the escrow, and the rest goes back if there are no more.

Without escrow the school has the whole price from the start. Who withdraws is then paid back by the school, as long as
it has not failed; when it fails, what was paid for lessons not given is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from sandbox.core.draws import Int64Array
from sandbox.features.contracts.active import ActiveContract
from sandbox.features.contracts.schema import Course
from sandbox.features.contracts.service import NOBODY, ContractService
from sandbox.market.population import PARTS, chosen


class CourseContract(ActiveContract):
    """One course as its schools sell it. Items are customers."""

    def __init__(self, service: ContractService, number: int, course: Course) -> None:
        super().__init__(service, number)
        self.course = course
        count, seed, blocks = course.customers, self.control.world.seed, self.control.world.blocks
        wanted = self.shops_of([course.category] if course.category else [])
        self.schools = chosen(seed, f"{self.name}/schools", blocks["merchant"], course.schools, wanted)
        self.customers = chosen(seed, f"{self.name}/customers", blocks["personal"], count)
        self.school = self.draws.below("school", count, max(1, self.schools.size))
        self.failed = np.zeros(self.schools.size, dtype=np.bool_)
        self.pending = np.full(count, NOBODY, dtype=np.int64)
        self.paid_fen = np.zeros(count, dtype=np.int64)
        self.given = np.zeros(count, dtype=np.int64)
        """Lessons that took place."""
        self.back_fen = np.zeros(count, dtype=np.int64)
        """Paid back by the school itself."""
        self.over = np.zeros(count, dtype=np.bool_)
        """Withdrawn, or the school has failed."""
        self.hit = np.zeros(count, dtype=np.bool_)
        """The school failed when there were lessons to come, or before it paid back who had withdrawn."""

    def start(self) -> None:
        """Sales and the failure."""
        course, count = self.course, self.course.customers
        if not self.schools.size:
            self.service.count_refused(self.number, "no_school", count)
            return
        times = self.draws.evenly("buys", count, course.starts, course.sold_within)
        self.service.at_step_start(times, self._buy, np.arange(count))
        if course.fails > 0:
            self.service.at_step_end(np.array([course.fails_at]), self._fail, np.zeros(1, dtype=np.int64))

    def _merchant(self, items: Int64Array) -> Int64Array:
        return self.schools[self.school[items]]

    def _buy(self, items: Int64Array, times: Int64Array) -> None:
        shut = self.failed[self.school[items]]
        self.service.count_refused(self.number, "school_failed", int(np.count_nonzero(shut)))
        items, times = items[~shut], times[~shut]
        payees = self.escrow if self.course.escrow else self._merchant(items)
        self.service.pay(
            self.number, items, times, self.customers[items], payees, self.course.price,
            keys=self.draws.keys("price", self.course.customers)[items], kind="retail", settled=self._bought,
        )  # fmt: skip

    def _bought(self, items: Int64Array, ended_us: Int64Array) -> None:
        course, service = self.course, self.service
        self.paid_fen[items] = course.price
        if course.escrow:
            self.pending[items] = service.open(
                self.number, self.customers[items], self.paid_fen[items], escrow=self.escrow,
                holders=self.customers[items], payees=self._merchant(items), expires_us=ended_us + course.lasts,
            )  # fmt: skip
        late = self.failed[self.school[items]]
        self._end(items[late])
        service.at_step_end((ended_us + course.first_lesson)[~late], self._lesson, items[~late])
        leave = self.draws.has("leaves", course.customers, course.withdraw)[items] & ~late
        when = self.draws.parts("leaves/at", course.customers)[items[leave]] * (course.lasts / PARTS)
        service.at_step_end(ended_us[leave] + when.astype(np.int64), self._withdraw, items[leave])

    def _lesson(self, items: Int64Array, times: Int64Array) -> None:
        """A lesson takes place and draws its part, so that all parts together are the price."""
        goes_on = ~self.over[items] & ~self.failed[self.school[items]]
        if self.course.escrow:
            goes_on &= self.service.in_time(self.pending[items], times)
        items, times = items[goes_on], times[goes_on]
        price, lessons = self.course.price, self.course.lessons
        parts = price * (self.given[items] + 1) // lessons - price * self.given[items] // lessons
        self.given[items] += 1
        if self.course.escrow:
            self.pendings.post_many(self.pending[items], self._merchant(items), parts, reason="lessons")
        more = self.given[items] < lessons
        self.service.at_step_end(times[more] + self.course.every, self._lesson, items[more])

    def _withdraw(self, items: Int64Array, times: Int64Array) -> None:
        """Customers who withdraw, unless the course is over."""
        at_school = ~self.over[items] & (self.given[items] < self.course.lessons)
        items, times = items[at_school], times[at_school]
        if self.course.escrow:
            items = items[self.service.in_time(self.pending[items], times)]
            self.pendings.void_many(self.pending[items], reason="withdrawn")
        else:
            refunds = self.paid_fen[items] - self._delivered(items)
            now = np.full(items.size, self.control.now)
            self.service.pay(
                self.number, items, now, self._merchant(items), self.customers[items], refunds,
                keys=self.draws.keys("refund", self.course.customers)[items], kind="retail", settled=self._refunded,
            )  # fmt: skip
        self.over[items] = True

    def _refunded(self, items: Int64Array, ended_us: Int64Array) -> None:
        del ended_us
        self.back_fen[items] = self.paid_fen[items] - self._delivered(items)

    def _fail(self, items: Int64Array, times: Int64Array) -> None:
        """Some schools fail, all at once."""
        del items
        count = round(self.course.fails * self.schools.size)
        self.failed[np.argsort(self.draws.parts("fails", self.schools.size), kind="stable")[:count]] = True
        customers = np.flatnonzero(self.failed[self.school] & (self.paid_fen > 0) & ~self.over)
        customers = customers[self.given[customers] < self.course.lessons]
        if self.course.escrow:
            customers = customers[self.service.in_time(self.pending[customers], times)]
        self.control.record("contract", "merchants_failed", self.name, schools=count, customers=int(customers.size))
        self._end(customers)

    def _end(self, items: Int64Array) -> None:
        """The school of these customers is no more."""
        self.over[items] = True
        self.hit[items] = True
        if self.course.escrow:
            self.pendings.void_many(self.pending[items], reason="merchant_failed")

    def _delivered(self, items: Int64Array) -> Int64Array:
        """What the lessons given are worth (fen)."""
        return np.asarray(self.course.price * self.given[items] // self.course.lessons)

    def summary(self) -> Mapping[str, Any]:
        """What customers paid, got, got back, and lost."""
        everybody = np.arange(self.course.customers)
        delivered = np.where(self.paid_fen > 0, self._delivered(everybody), 0)
        back, held = self.back_fen.copy(), np.zeros(everybody.size, dtype=np.int64)
        have = self.pending != NOBODY
        back[have] += self.pendings.returned_of(self.pending[have])
        held[have] = self.pendings.held_of(self.pending[have])
        # Lessons given to a school that is frozen are still held.
        undelivered = np.maximum(self.paid_fen - delivered - back - held, 0)
        hit = self.hit | (self.failed[self.school] & self.over & (undelivered > 0))
        return {
            "escrow": self.course.escrow,
            "schools": int(self.schools.size),
            "schools_failed": int(np.count_nonzero(self.failed)),
            "customers": int(np.count_nonzero(self.paid_fen)),
            "paid_fen": int(self.paid_fen.sum()),
            "delivered_fen": int(delivered.sum()),
            "given_back_fen": int(back.sum()),
            "customers_hit": int(np.count_nonzero(hit)),
            "saved_fen": int(back[hit].sum()),
            "lost_fen": int(undelivered[hit].sum()),
            "customers_losing": int(np.count_nonzero(undelivered[hit])),
            "owed_fen": int(undelivered[~hit].sum() + held.sum()),
        }
