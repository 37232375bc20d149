"""The rules once more, as plainly as can be: every payment is compared with all before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from sandbox.core.draws import Int64Array
from sandbox.features.supervision import visibility as v
from sandbox.features.supervision.monitor import bands
from sandbox.features.supervision.schema.detectors import Detectors

ABROAD = 15
"""A kind of payment that crosses a border, in these tests."""


class P(NamedTuple):
    """A payment as seen: people have kind 1 to 4, companies 0, shops 5; -1 is nobody."""

    at: int
    payer: int
    payee: int
    amount: int
    payer_kind: int = 2
    payee_kind: int = 2
    kind: int = 0
    settled: bool = True


class Found(NamedTuple):
    """A finding: who and when, by which rule."""

    rule: str
    who: int
    at: int


def view_of(payments: Sequence[P], purchases_from: int = 0) -> Int64Array:
    """The payments as a view, without those that nobody looks at; ids are 100, 101, ..."""
    shown = [(100 + i, one) for i, one in enumerate(payments) if worth(one, purchases_from)]
    view = np.zeros((v.VIEW_COLUMNS, len(shown)), dtype=np.int64)
    columns = (v.V_AT, v.V_PAYER, v.V_PAYEE, v.V_AMOUNT, v.V_PAYER_KIND, v.V_PAYEE_KIND, v.V_KIND)
    for i, (number, one) in enumerate(shown):
        view[v.V_ID, i] = number
        view[list(columns), i] = one[: len(columns)]
    return view


def person(kind: int) -> bool:
    return 1 <= kind <= 4


def alike(a: int, b: int, share: float) -> bool:
    permille = round(1000 * share)
    return a * permille <= b * 1000 and b * permille <= a * 1000


def worth(one: P, purchases_from: int) -> bool:
    return one.settled and not (one.payee_kind == 5 and one.amount < purchases_from) and max(one[1:3]) >= 0


class Naive:
    """Looks at payments one by one."""

    def __init__(self, rules: Detectors) -> None:
        self.rules = rules
        self.bands = [tuple(band) for band in bands(rules).tolist()]
        self.seen: list[P] = []
        self.suppressed: dict[tuple[str, int], int] = {}
        self.last: dict[int, int] = {}
        self.woke: dict[int, int] = {}
        self.found: list[Found] = []

    def look(self, payments: Sequence[P]) -> list[Found]:
        for one in payments:
            if worth(one, self.rules.purchases_from):
                for who in (one.payer, one.payee):
                    if who >= 0:
                        if one.at - self.last.get(who, -1) >= self.rules.dormant_then_active.silence:
                            self.woke[who] = one.at
                        self.last[who] = one.at
                self.seen.append(one)
                self.found += [
                    Found(rule, who, one.at)
                    for rule in sorted(Detectors.model_fields)
                    if rule != "purchases_from" and getattr(self.rules, rule).enabled
                    for who in self.ask(rule, one)
                ]
        return self.found

    def ask(self, rule: str, one: P) -> Iterator[int]:
        for who in getattr(self, rule)(one, getattr(self.rules, rule)):
            if who >= 0 and one.at >= self.suppressed.get((rule, who), 0):
                self.suppressed[rule, who] = one.at + getattr(self.rules, rule).quiet
                yield who

    def outs(self, who: int, since: int) -> list[P]:
        return [one for one in self.seen if one.payer == who >= 0 and one.at >= since]

    def ins(self, who: int, since: int) -> list[P]:
        return [one for one in self.seen if one.payee == who >= 0 and one.at >= since]

    def structuring(self, one, rule):
        for low, high in self.bands:
            if low <= one.amount < high:
                for who, all_of in ((one.payer, self.outs), (one.payee, self.ins)):
                    its = [each for each in all_of(who, one.at - rule.window) if low <= each.amount < high]
                    if len(its) >= rule.payments:
                        yield who
                return

    def velocity(self, one, rule):
        its = self.outs(one.payer, one.at - rule.window)
        if person(one.payer_kind) and len(its) >= rule.payments and sum(p.amount for p in its) >= rule.amount:
            yield one.payer

    def fan_in(self, one, rule):
        its = [p for p in self.ins(one.payee, one.at - rule.window) if person(p.payer_kind) and p.payer >= 0]
        many = len({p.payer for p in its}) >= rule.counterparties
        if person(one.payee_kind) and one in its and many and sum(p.amount for p in its) >= rule.amount:
            yield one.payee

    def fan_out(self, one, rule):
        its = [p for p in self.outs(one.payer, one.at - rule.window) if person(p.payee_kind) and p.payee >= 0]
        many = len({p.payee for p in its}) >= rule.counterparties
        if person(one.payer_kind) and one in its and many and sum(p.amount for p in its) >= rule.amount:
            yield one.payer

    def merchant_refunds(self, one, rule):
        its = [p for p in self.outs(one.payer, one.at - rule.window) if person(p.payee_kind)]
        if (
            one.payer_kind == 5
            and one in its
            and len(its) >= rule.payments
            and sum(p.amount for p in its) >= rule.amount
        ):
            yield one.payer

    def merchant_collection(self, one, rule):
        its = [p for p in self.ins(one.payee, one.at - rule.window) if person(p.payer_kind) and p.payer >= 0]
        many = len({p.payer for p in its}) >= rule.counterparties
        if one.payee_kind == 5 and one in its and many and sum(p.amount for p in its) >= rule.amount:
            yield one.payee

    def cross_border_splitting(self, one, rule):
        its = [
            p
            for p in self.ins(one.payee, one.at - rule.window)
            if p.kind == ABROAD and person(p.payer_kind) and p.payer >= 0
        ]
        many = len({p.payer for p in its}) >= rule.people
        if one in its and many and sum(p.amount for p in its) >= rule.amount:
            yield one.payee

    def dormant_then_active(self, one, rule):
        woke = self.woke.get(one.payer)
        if woke is None or woke < one.at - rule.window or not person(one.payer_kind):
            return
        its = self.outs(one.payer, woke)
        if len(its) >= rule.payments and sum(p.amount for p in its) >= rule.amount:
            yield one.payer

    def pass_through(self, one, rule):
        its = self.ins(one.payer, one.at - rule.window)
        received = sum(p.amount for p in its)
        if one.payer_kind == 0 or not its or received < rule.amount:
            return
        sent = sum(p.amount for p in self.outs(one.payer, its[0].at))
        if alike(received, sent, rule.share):
            yield one.payer

    def cycle(self, one, rule):
        def back(place: int, through: list[int], hops: int) -> bool:
            """Whether money that `through[-1]` sent in the payment at `place` came, in the end, from the payee."""
            here = self.seen[place]
            for before in range(place):
                it = self.seen[before]
                if it.payee != here.payer or it.payer < 0 or it.at < one.at - rule.window:
                    continue
                if not alike(it.amount, here.amount, rule.share):
                    continue
                if it.payer == one.payee:
                    if hops + 1 >= rule.least_hops:
                        return True
                elif it.payer not in through and hops + 1 < rule.most_hops:
                    further = back(before, [*through, it.payer], hops + 1)
                    if further:
                        return True
            return False

        if one.payer >= 0 and one.amount >= rule.amount and back(len(self.seen) - 1, [one.payer], 1):
            yield one.payee

    def scatter_gather(self, one, rule):
        since = one.at - rule.window
        if not person(one.payee_kind) or one.payer < 0:
            return
        sources = self.sources(len(self.seen) - 1, since, rule.share)
        for source in sources - {one.payee}:
            between, amount = set(), 0
            for place in range(len(self.seen) - 1, -1, -1):
                it = self.seen[place]
                if it.payee != one.payee or it.at < since or it.payer in between or it.payer in (-1, source):
                    continue
                if source in self.sources(place, since, rule.share):
                    between.add(it.payer)
                    amount += it.amount
            if len(between) >= rule.between and amount >= rule.amount:
                yield one.payee
                return

    def sources(self, place: int, since: int, share: float) -> set[int]:
        """Who had paid the payer of a payment before it, in an amount like it."""
        here = self.seen[place]
        return {
            it.payer
            for it in self.seen[:place]
            if it.payee == here.payer >= 0 and it.payer >= 0 and it.at >= since and alike(it.amount, here.amount, share)
        }
