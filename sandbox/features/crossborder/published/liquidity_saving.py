"""How much liquidity offsetting saves on a day like those of CHAPS.

`python -m sandbox.features.crossborder.published.liquidity_saving [SEED...]` prints the whole curve.

Published: an offsetting algorithm saves about 30 % of the liquidity of plain real-time gross settlement, at delays
from a couple of minutes to over two hours that depend on the algorithm (Liquidity saving in CHAPS, Bank of England,
abstract); in use it saved about 20 % or 4 billion pounds, on 280 billion of turnover a day (Davey and Gray 2014).

Method, as in the study: the same payments in the same order. First each settles at once; the peaks of the banks' net
debits are what plain settlement needs. Then each bank gets a share of its own need, and what does not settle at once
waits; for how long is the answer. `ASSUMPTIONS` says what is fitted and what is assumed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import simpy

from sandbox.control import Process
from sandbox.core.draws import Int64Array, UInt64Array, lognormal_table, sample, stream, uniforms, words
from sandbox.features.crossborder.queue.queueing import NORMAL, URGENT, Leg, Mechanism, SettlementQueue
from sandbox.validation.check import Check, near, unjudged

SEEDS: Final = (1, 2, 3)
BANKS: Final = 16
PAYMENTS: Final = 16_000
MINUTE: Final = 60_000_000
OPEN, LAST, SQUARING, CLOSE = 6 * 60 * MINUTE, 17 * 60 * MINUTE, (17 * 60 + 40) * MINUTE, 18 * 60 * MINUTE
URGENT_SHARE: Final = 10
"""In 100 payments."""
SIGMA: Final = 1.25
MEDIAN: Final = 10_000
SHARES: Final = (90, 80, 70, 60, 50, 40)
"""Liquidity in percent of what plain settlement needs."""
CYCLE: Final = 2 * MINUTE
NEED_OF_TURNOVER: Final = 0.07
"""20 billion of liquidity (4 billion are 20 %) on 280 billion of turnover a day (Davey and Gray 2014; derived)."""
PUBLISHED_SAVING: Final = 0.30
LEAST_DELAY, MOST_DELAY = 2.0, 150.0
"""A couple of minutes to over two hours."""

ASSUMPTIONS: Final = (
    "Published: open from 6:00 to 18:00; banks among themselves may pay after 17:40 (CHAPS Co).\n"
    f"Fitted: the spread of sizes (lognormal, sigma {SIGMA:g}), to a need of about 7 % of turnover, as 20 billion on\n"
    "280 billion (Davey and Gray 2014, derived). Not fitted: everything below 100 % of the need.\n"
    f"Assumed: {BANKS} banks with sizes like 1, 1/2, 1/3 ...; {PAYMENTS:,} payments, evenly from 6:00 to 17:00;\n"
    f"one in {100 // URGENT_SHARE} is urgent and goes first; offsetting every two minutes; at 17:40 who has received\n"
    "lends to who has paid, so that all are square; every bank knows its need and gets the same share of it."
)


class Mode(NamedTuple):
    """A way to settle."""

    name: str
    mechanism: Mechanism


MODES: Final = (
    Mode("queue, none overtakes", Mechanism("none", overtaking=False)),
    Mode("bilateral", Mechanism("bilateral", at_arrival=False, every_us=CYCLE)),
    Mode("multilateral", Mechanism("multilateral", at_arrival=False, every_us=CYCLE)),
)


class Day(NamedTuple):
    """Payments in order of submission."""

    at_us: Int64Array
    payer: Int64Array
    payee: Int64Array
    amount: Int64Array
    urgent: Int64Array


@dataclass
class Accounts:
    """The banks' accounts at the central bank."""

    held: Int64Array

    def available(self, accounts: Int64Array) -> Int64Array:
        """Balances."""
        found: Int64Array = self.held[accounts]
        return found

    def move(self, payers: Int64Array, payees: Int64Array, amounts: Int64Array) -> None:
        """Write legs; below zero is a bug."""
        np.add.at(self.held, payers, -amounts)
        np.add.at(self.held, payees, amounts)
        assert self.held.min() >= 0


class Outcome(NamedTuple):
    """What came of a day: shares of plain settlement's need and of turnover, minutes."""

    given: float
    used: float
    unsettled: float
    mean: float
    """Weighted by value, of all payments."""
    median_queued: float
    p95: float
    queued: float
    """Share of payments that waited."""
    gridlocks: int


def day(seed: int, payments: int = PAYMENTS, sigma: float = SIGMA) -> Day:
    """A day's payments, and the loans with which banks square their accounts."""
    weights = 1 / np.arange(1, BANKS + 1)
    edges = (np.cumsum(weights) / weights.sum() * 2**62).astype(np.uint64)
    payer, payee = (_drawn(seed, side, payments, edges) for side in ("payer", "payee"))
    again = 0
    while np.any(same := payer == payee):
        # Both are drawn anew, so that each bank pays as often as it is paid.
        again += 1
        for side, column in (("payer", payer), ("payee", payee)):
            column[same] = _drawn(seed, f"{side} {again}", payments, edges)[same]
    at_us, amount, urgent = (np.empty(payments, dtype=np.int64) for _ in range(3))
    uniforms(stream(seed, "at"), 0, (LAST - OPEN) // 1_000, at_us)
    at_us = np.sort(OPEN + 1_000 * at_us)
    sample(lognormal_table(MEDIAN, sigma), stream(seed, "amount"), 0, amount)
    uniforms(stream(seed, "urgent"), 0, 100, urgent)
    loans = np.array(_squaring(payer, payee, amount), dtype=np.int64).reshape(-1, 3)
    return Day(
        np.concatenate([at_us, np.full(len(loans), SQUARING)]), np.concatenate([payer, loans[:, 0]]),
        np.concatenate([payee, loans[:, 1]]), np.concatenate([amount, loans[:, 2]]),
        np.concatenate([urgent < URGENT_SHARE, np.ones(len(loans), dtype=np.bool_)]),
    )  # fmt: skip


def _drawn(seed: int, name: str, number: int, edges: UInt64Array) -> Int64Array:
    found = np.empty(number, dtype=np.uint64)
    words(stream(seed, name), 0, found)
    return np.searchsorted(edges[:-1], found >> np.uint64(2), side="right").astype(np.int64)


def _squaring(payer: Int64Array, payee: Int64Array, amount: Int64Array) -> list[tuple[int, int, int]]:
    """Who has received most lends to who has paid most, until all are square."""
    net = np.zeros(BANKS, dtype=np.int64)
    np.add.at(net, payee, amount)
    np.add.at(net, payer, -amount)
    loans = []
    while net.any():
        lender, borrower = int(net.argmax()), int(net.argmin())
        loan = min(int(net[lender]), -int(net[borrower]))
        net[lender] -= loan
        net[borrower] += loan
        loans.append((lender, borrower, loan))
    return loans


def settle(payments: Day, held: Int64Array, mechanism: Mechanism) -> SettlementQueue:
    """Run the day until the close."""
    env, books = simpy.Environment(initial_time=OPEN), Accounts(held.copy())
    queue = SettlementQueue(env, books, mechanism)
    for bank in range(BANKS):
        queue.pool(bank)
    rows = zip(*(column.tolist() for column in payments), strict=True)

    def submit() -> Process:
        for at_us, payer, payee, amount, urgent in rows:
            if at_us > env.now:
                yield env.timeout(at_us - env.now)
            queue.submit([Leg(payer, payee, amount)], URGENT if urgent else NORMAL, worth=amount)

    env.process(submit())
    env.run(CLOSE)
    assert books.held.sum() == held.sum()
    return queue


def need(payments: Day) -> Int64Array:
    """What plain settlement needs of each bank: the peak of its net debit when each payment settles at once."""
    queue = settle(payments, np.full(BANKS, 2**50), Mechanism("none"))
    assert len(queue) == 0
    return queue.usage.peak[:BANKS].copy()


def outcome(payments: Day, needed: Int64Array, share: int, mechanism: Mechanism) -> Outcome:
    """A day with this much liquidity in percent of the need."""
    queue = settle(payments, needed * share // 100, mechanism)
    usage = queue.usage
    delays, worths = np.array(usage.delays_us) / MINUTE, np.array(usage.worths)
    whole = float(payments.amount.sum())
    waiting = whole - float(worths.sum())
    queued = delays > 0
    return Outcome(
        share / 100, float(usage.peak.sum() / needed.sum()), waiting / whole, float(np.average(delays, weights=worths)),
        float(np.median(delays[queued])) if queued.any() else 0.0, float(np.quantile(delays, 0.95)),
        float(queued.mean()), len(usage.gridlocks),
    )  # fmt: skip


def saving_at(outcomes: list[Outcome], minutes: float) -> float:
    """The largest saving (on the grid) with everything settled and a mean delay up to this."""
    fine = [1 - one.given for one in outcomes if one.unsettled == 0 and one.mean <= minutes]
    return max(fine, default=0.0)


def curve(seed: int, mode: Mode, shares: tuple[int, ...] = SHARES) -> list[Outcome]:
    """Delay against liquidity."""
    payments = day(seed)
    needed = need(payments)
    return [outcome(payments, needed, share, mode.mechanism) for share in shares]


def checks(seed: int) -> Iterator[Check]:
    """What plain settlement needs, and what 30 % less costs."""
    payments = day(seed)
    needed, source = need(payments), "Davey and Gray"
    of_turnover = float(needed.sum() / payments.amount.sum())
    yield near("liquidity-saving.need", NEED_OF_TURNOVER, source, 0.15, of_turnover, ".1%", shown="7 %")
    less = round(100 * (1 - PUBLISHED_SAVING))
    plain, _, offset = (outcome(payments, needed, less, mode.mechanism) for mode in MODES)
    study, delays = "Liquidity saving in CHAPS", "2 to 150"
    yield Check("liquidity-saving.unsettled", "", "", 0, 0, offset.unsettled, ".1%")
    yield Check("liquidity-saving.delay", delays, study, LEAST_DELAY, MOST_DELAY, offset.mean, ".1f")
    yield unjudged("liquidity-saving.queued", offset.queued, ".1%")
    yield unjudged("liquidity-saving.plain_queued", plain.queued, ".1%")


def table(seeds: Sequence[int]) -> Iterator[str]:
    """The curve of each mode, means over seeds, a line at a time."""
    days = [day(seed) for seed in seeds]
    needs = [need(one).sum() / one.amount.sum() for one in days]
    yield f"Plain settlement needs {np.mean(needs):.1%} of turnover ({min(needs):.1%} to {max(needs):.1%})"
    yield "| way | liquidity | not settled, by value | waited | mean delay by value | median of those | p95 of all |"
    yield "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    savings = []
    for mode in MODES:
        curves = [curve(seed, mode) for seed in seeds]
        for ones in zip(*curves, strict=True):
            of = {name: float(np.mean([getattr(one, name) for one in ones])) for name in Outcome._fields}
            yield (
                f"| {mode.name} | {of['given']:.0%} | {of['unsettled']:.2%} | {of['queued']:.1%} | {of['mean']:.1f} | "
                f"{of['median_queued']:.1f} | {of['p95']:.1f} |"
            )
        for minutes in (2, 10, 30, 120):
            found = [saving_at(one, minutes) for one in curves]
            savings.append(
                f"{mode.name}, mean delay up to {minutes} min: saves {np.mean(found):.0%} "
                f"({min(found):.0%} to {max(found):.0%})"
            )
    yield from savings


if __name__ == "__main__":
    for line in table([int(word) for word in sys.argv[1:]] or SEEDS):
        print(line, flush=True)
    print(ASSUMPTIONS)
