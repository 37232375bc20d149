"""Purpose-bound vouchers: given out by a government account, good at some merchants and hours, taken back at the end.

An attempt to use one is looked at in this order: its holder is frozen, the merchant's category, its area, the hour,
whether anything is left. Only then is it a payment, out of the escrow to the merchant, under the rules of all payments
but for the limits of the holder's class: what is spent is the government's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from sandbox.core.clock import time_of_day_us
from sandbox.core.draws import Int64Array
from sandbox.features.contracts.accounts import office_of
from sandbox.features.contracts.active import ActiveContract
from sandbox.features.contracts.schema import DAY, HOUR, Contracts, Subsidy
from sandbox.features.contracts.service import NOBODY, ContractService, rounds
from sandbox.market.population import Traits, chosen
from sandbox.market.sources import ticket_table
from sandbox.scenario.schema import Profile

PURPOSES: Final = ("category", "area", "hour")
"""Why a voucher does not pay for what it is not meant for."""


def areas_of(contracts: Contracts, seed: int, merchants: int) -> Int64Array:
    """Number of the area of each merchant, in the order of `contracts.areas`; 0 without areas."""
    if not contracts.areas:
        return np.zeros(merchants, dtype=np.int64)
    return Traits(seed, 0, merchants).by_share("merchant/area", list(contracts.areas.values()))


def _within(profile: Profile, from_hour: int, to_hour: int) -> Profile:
    """The shape of a day between two hours; flat where nothing would be left of it."""
    hours = [float(from_hour <= hour < to_hour) for hour in range(24)]
    weekday, weekend = (
        [weight * on for weight, on in zip(weights, hours, strict=True)]
        for weights in (profile.weekday, profile.weekend)
    )
    return Profile(weekday=weekday if max(weekday) > 1e-6 else hours, weekend=weekend)


class SubsidyContract(ActiveContract):
    """One subsidy. Items of the schedule are purchases; `holder` says whose."""

    def __init__(self, service: ContractService, number: int, subsidy: Subsidy) -> None:
        super().__init__(service, number)
        self.subsidy, world = subsidy, self.control.world
        self.treasury = office_of(world.ledger, service.terms, self.name)
        people, shops = world.blocks["personal"], world.blocks["merchant"]
        numbers = [world.cohorts[name] for name in subsidy.cohorts]
        allowed = np.flatnonzero(np.isin(world.cohort_of, numbers)) if numbers else None
        self.holders = chosen(world.seed, f"{self.name}/holders", people, subsidy.vouchers, allowed)
        self.pending = np.full(self.holders.size, NOBODY, dtype=np.int64)
        self._first_shop = shops.first
        self.in_category = np.isin(np.arange(shops.count), self.shops_of(subsidy.categories))
        names, area = list(service.terms.areas), areas_of(service.terms, world.seed, shops.count)
        self.in_area = np.isin(area, [names.index(one) for one in subsidy.areas]) if subsidy.areas else area >= 0
        self._midnight = time_of_day_us(self.scenario.start)
        self._plan()
        self.used = np.zeros(self.holders.size, dtype=np.bool_)
        self.attempts = 0

    def _plan(self) -> None:
        """Who takes the voucher out when, where and for how much."""
        one, draws, shops = self.subsidy, self.draws, self.control.world.blocks["merchant"].count
        # To the end of the run, however long the voucher lasts: who wants to buy what when depends on no lever.
        rest = max(0, self.service.until - one.starts)
        each = draws.poisson("purchases", self.holders.size, one.purchases * rest / DAY)
        self.holder = np.repeat(np.arange(self.holders.size), each)
        count = self.holder.size
        anywhere = np.arange(shops)
        meant = np.flatnonzero(self.in_category & self.in_area)
        to_the_point = draws.has("on_purpose", count, one.on_purpose) & (meant.size > 0)
        times = [
            draws.by_profile("at", count, one.starts, max(1, rest), profile)
            for profile in (_within(one.profile, one.from_hour, one.to_hour), one.profile)
        ]
        # Vouchers are given out at the end of the step in which the subsidy starts.
        given_out = int(self.service.step_ends(np.array([one.starts]))[0])
        self.times = np.maximum(np.where(to_the_point, *times), given_out)
        self.deadline = given_out + one.lasts
        shop = draws.merchants("shop/any", count, anywhere)
        if meant.size:
            shop = np.where(to_the_point, draws.merchants("shop", count, meant), shop)
        self.shop = shop
        self.wanted_fen = draws.out_of("ticket", count, ticket_table(one.ticket))
        self.paid_fen = np.zeros(count, dtype=np.int64)
        self.keys = draws.keys("purchase", count)

    def start(self) -> None:
        """Giving out, and purchases."""
        if self.holders.size < self.subsidy.vouchers:
            self.service.count_refused(self.number, "nobody_eligible", self.subsidy.vouchers - self.holders.size)
        self.service.at_step_end(np.array([self.subsidy.starts]), self._give_out, np.zeros(1, dtype=np.int64))
        good = np.flatnonzero(self.times <= self.deadline)
        self.attempts = int(np.count_nonzero(self.times[good] < self.service.until))
        self.service.at_step_start(self.times[good], self._use, good)

    def _give_out(self, items: Int64Array, times: Int64Array) -> None:
        del items, times
        count = self.holders.size
        self.pending[:] = self.service.open(
            self.number, np.full(count, self.treasury), np.full(count, self.subsidy.amount), escrow=self.escrow,
            holders=self.holders, expires_us=self.deadline, moved=False,
        )  # fmt: skip

    def _use(self, items: Int64Array, times: Int64Array) -> None:
        """Attempts, in order of time; of one voucher one after the other."""
        order = np.lexsort((items, times))
        items, times = items[order], times[order]
        hour = (times + self._midnight) % DAY // HOUR
        shop, holders = self.shop[items], self.holders[self.holder[items]]
        out_of_hours = (hour < self.subsidy.from_hour) | (hour >= self.subsidy.to_hour)
        wrong = [
            ("not_given_out", self.pending[self.holder[items]] == NOBODY),
            ("frozen", self.frozen(holders)),
            *zip(PURPOSES, (~self.in_category[shop], ~self.in_area[shop], out_of_hours), strict=True),
        ]
        good = np.ones(items.size, dtype=np.bool_)
        for reason, bad in wrong:
            self._refuse(reason, items[good & bad])
            good &= ~bad
        items, times = items[good], times[good]
        for turn in rounds(self.holder[items]):
            self._pay(items[turn], times[turn])

    def _refuse(self, reason: str, items: Int64Array) -> None:
        numbers = self.pending[self.holder[items]]
        self.service.count_refused(self.number, reason, int(np.count_nonzero(numbers == NOBODY)))
        self.service.count_refused_uses(self.number, reason, numbers[numbers != NOBODY])

    def _pay(self, items: Int64Array, times: Int64Array) -> None:
        numbers = self.pending[self.holder[items]]
        is_open = self.service.is_open(numbers)
        amounts = np.where(is_open, np.minimum(self.pendings.left_of(numbers), self.wanted_fen[items]), 0)
        some = amounts > 0
        self._refuse("nothing_left", items[~some])
        items, times, numbers, amounts = items[some], times[some], numbers[some], amounts[some]
        self.pendings.reserve_many(numbers, amounts)
        self.paid_fen[items] = amounts
        self.service.pay(
            self.number, items, times, self.escrow, self._first_shop + self.shop[items], amounts, keys=self.keys[items],
            kind="retail", settled=self._paid, refused=self._not_paid,
        )  # fmt: skip

    def _paid(self, items: Int64Array, ended_us: Int64Array) -> None:
        del ended_us
        self.pendings.capture_many(self.pending[self.holder[items]], self.paid_fen[items], reason="spent")
        self.used[self.holder[items]] = True

    def _not_paid(self, items: Int64Array) -> None:
        numbers = self.pending[self.holder[items]]
        self.pendings.release_many(numbers, self.paid_fen[items])
        self.paid_fen[items] = 0
        self.service.refusals.update(numbers.tolist())

    def summary(self) -> Mapping[str, Any]:
        """How well the purpose was met."""
        refused = self.service.refused
        outside = {reason: refused[self.number, reason] for reason in PURPOSES}
        settled = self.paid_fen[self.paid_fen > 0]
        return {
            "holders": int(self.holders.size),
            "users": int(np.count_nonzero(self.used)),
            "attempts": self.attempts,
            "purchases": int(settled.size),
            "spent_fen": int(settled.sum()),
            "refused_outside": outside,
            "merchants": int(np.count_nonzero(self.in_category & self.in_area)),
        }
