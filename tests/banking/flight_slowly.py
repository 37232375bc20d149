"""A flight worked out slowly, one person after the other, in plain Python: an independent reading of what the header of
`sandbox/features/flight/component.py` and the schema say. For modelled banks, where nothing but the flight moves money.

Takes traits that are tables of draws from the same streams, by name and number, and nothing else of the program.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cache

from sandbox.core.draws import exponential_table, stream
from sandbox.scenario.schema import Scenario
from sandbox.scenario.units import US_PER_DAY
from tests.oracle.draws import below, mix, quantile

BILLION = 1_000_000_000


@cache
def table_of(mean: float) -> list[int]:
    """Quantiles of an exponential distribution."""
    found: list[int] = exponential_table(mean).tolist()
    return found


@dataclass
class Person:
    """A group of people who are alike."""

    number: int
    bank: int
    people: int
    deposit: int
    contacts: list[int]
    moved: int = 0
    alarmed_at: int | None = None
    by_news: bool = False


@dataclass
class Bank:
    """What a bank has and owes."""

    reserves: int
    may_borrow: int
    borrowed: int = 0
    converted: int = 0
    unmet: int = 0
    breached_at: int | None = None


@dataclass
class Slow:
    """The whole flight; `run` fills the banks' history."""

    scenario: Scenario
    persons: list[Person]
    banks: list[Bank]
    history: list[list[tuple[int, int, int, int]]] = field(default_factory=list)
    """After each step, for each bank: converted, reserves, borrowed, unmet."""

    def key(self, *name: object) -> int:
        return int(stream(self.scenario.seed, "flight", *name))

    def uniform(self, number: int, *name: object) -> int:
        return below(mix(self.key(*name), number), BILLION)

    def exponential(self, number: int, mean: float, *name: object) -> int:
        return quantile(table_of(mean), mix(self.key(*name), number))

    def most(self) -> int:
        flight = self.scenario.flight
        assert flight is not None
        if flight.holding_limit is None:
            return 2**62
        return flight.holding_limit - (0 if self.scenario.rules.waterfall else flight.people.headroom)

    def for_payments(self, one: Person) -> int:
        flight = self.scenario.flight
        assert flight is not None
        if self.uniform(one.number, "user") >= round(flight.people.users * BILLION):
            return 0
        return min(self.exponential(one.number, flight.people.wanted, "wanted"), one.deposit, self.most())

    def by_tiers(self, one: Person, fear: int) -> int:
        flight = self.scenario.flight
        assert flight is not None
        inertia = self.exponential(one.number, round(flight.people.inertia * 1e6), "inertia")
        held = 0
        for tier in flight.tiers:
            if round(tier.rate * 1e6) - round(flight.deposit_rate * 1e6) + fear <= inertia:
                break
            held = min(one.deposit, self.most(), 2**62 if tier.up_to is None else tier.up_to)
        return held

    def wants(self, one: Person, now: int) -> int:
        flight = self.scenario.flight
        assert flight is not None
        ways = flight.people
        wanted = self.for_payments(one)
        if 1 + 1000 * self.exponential(one.number, ways.looks_within / 1000, "looks") <= now:
            wanted = max(wanted, self.by_tiers(one, 0))
        if one.alarmed_at is not None:
            insured = one.deposit <= self.scenario.rules.insured_cap
            wanted = max(wanted, self.by_tiers(one, round(ways.fear * (ways.insured_fear if insured else 1) * 1e6)))
        return wanted * one.people

    def hears(self, one: Person) -> int | None:
        flight = self.scenario.flight
        assert flight is not None
        times = []
        for number, news in enumerate(flight.news):
            concerned = news.bank is None or news.bank == f"bank {one.bank + 1}"
            if concerned and self.uniform(one.number, "news", number) < round(news.reach * BILLION):
                mean = news.within / 1000
                times.append(news.at + 1000 * self.exponential(one.number, mean, "news", number, "delay"))
        return min(times, default=None)

    def alarm(self, now: int, step: int) -> None:
        flight = self.scenario.flight
        assert flight is not None
        stays = (1 - flight.people.contagion) ** (flight.step / US_PER_DAY)
        new = []
        for one in self.persons:
            if one.alarmed_at is not None:
                continue
            heard = self.hears(one)
            if heard is not None and heard <= now:
                new.append((one, True))
                continue
            seen = sum(self.persons[other].alarmed_at is not None for other in one.contacts)
            drawn = below(mix(mix(self.key("contagion"), one.number), step), BILLION)
            if seen and drawn < round((1 - stays**seen) * BILLION):
                new.append((one, False))
        for one, by_news in new:
            one.alarmed_at, one.by_news = now, by_news

    def pay(self, now: int) -> None:
        for number, bank in enumerate(self.banks):
            customers = [one for one in self.persons if one.bank == number]
            asked = [max(0, self.wants(one, now) - one.moved) for one in customers]
            able, total = bank.reserves + bank.may_borrow - bank.borrowed, sum(asked)
            if total > bank.reserves and bank.breached_at is None:
                bank.breached_at = now
            paid_so_far = asked_so_far = 0
            for one, amount in zip(customers, asked, strict=True):
                asked_so_far += amount
                upto = asked_so_far if total <= able else asked_so_far * able // total
                one.moved += upto - paid_so_far
                paid_so_far = upto
            lent = max(0, paid_so_far - bank.reserves)
            bank.borrowed += lent
            bank.reserves += lent - paid_so_far
            bank.converted += paid_so_far
            bank.unmet = total - paid_so_far
        self.history.append([(bank.converted, bank.reserves, bank.borrowed, bank.unmet) for bank in self.banks])

    def run(self) -> None:
        flight = self.scenario.flight
        assert flight is not None
        self.pay(0)
        for step in range(1, math.floor(self.scenario.duration / flight.step) + 1):
            self.alarm(step * flight.step, step)
            self.pay(step * flight.step)
