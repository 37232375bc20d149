"""Large-value reports: single payments or a calendar day's sum of one account, money in and money out apart.

PBoC Order 2016 No. 3 names four thresholds: cash, legal persons, natural persons at home, natural persons across the
border. An operator reports its own customers, whose wallets it knows whatever their class. Here the exchange between
deposits and e-CNY within a payment (just-in-time top-up, what is passed on into the linked account) is cash; companies
and merchants are legal persons. A report is due once a day, account, direction and threshold: at the payment that
reaches it.

Money is fen, time is microseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np

from sandbox.core.clock import time_of_day_us
from sandbox.core.compiled import compiled, part
from sandbox.core.draws import Int64Array
from sandbox.core.layout import (
    C_OUTCOME_MASK,
    INFINITE,
    O_AMOUNT,
    O_CODES,
    O_ENDED,
    O_ID,
    O_PAYEE,
    O_PAYER,
    O_REDEEMED,
    O_TAG,
    O_TOP_UP,
    SETTLED,
    TAG_KIND_SHIFT,
)  # fmt: skip
from sandbox.core.prefetch import prefetch
from sandbox.oversight.alert import MOST_PAYMENT_IDS
from sandbox.scenario.schema.supervision import LargeValue
from sandbox.scenario.units import US_PER_DAY
from sandbox.world import World

RULES: Final = ("cash", "legal_persons", "natural_persons", "cross_border")
CASH, LEGAL, NATURAL, ABROAD = range(4)
DIRECTIONS: Final = ("out", "in")

# Columns of an account's day: four for payments, then the same four for cash; one line of the cache.
Y_DAY: Final = 0
"""The day plus 1 (from bit 2); bit 0 and 1: money out, money in is reported."""
Y_AMOUNT: Final = 1
"""Sum out, then sum in."""
Y_COUNTS: Final = 3
"""Payments out; payments in from bit 32."""
CASH_COLUMN: Final = 4
DAY_COLUMNS: Final = 8

# Columns of a report that is due.
(U_ACCOUNT, U_RULE, U_DIRECTION, U_AT, U_AMOUNT, U_PAYMENTS, U_ID, U_DAY) = range(8)
DUE_COLUMNS: Final = 8

AHEAD: Final = 24
"""Rows are fetched so many payments before they are needed."""
LISTED_ROWS: Final = 7
LISTED_SHARE: Final = 100
"""A report lists payments of at least the least threshold's 1/LISTED_SHARE; its sum counts all."""


class Day(NamedTuple):
    """The arrays of a day's sums."""

    days: Int64Array
    """(account, DAY_COLUMNS)."""
    abroad: Int64Array
    """The same of payments across the border, which people report apart; one row if there are none."""
    people_first: int
    people_end: int
    thresholds: Int64Array
    kinds: Int64Array
    """1 for kinds of payment that cross a border."""
    due: Int64Array
    listed: Int64Array
    """Payments of a window that a report may list: rows id, time, payer, payee, cash out and in, across the border."""
    listed_from: int


@part
def _reach(
    day: Day, count: int, rule: int, direction: int, who: int, amount: int, payments: int, today: int, at: int,
    payment: int,
) -> int:  # fmt: skip
    """Note a report that is due; returns how many are."""
    day.due[count, U_ACCOUNT] = who
    day.due[count, U_RULE] = rule
    day.due[count, U_DIRECTION] = direction
    day.due[count, U_AT] = at
    day.due[count, U_AMOUNT] = amount
    day.due[count, U_PAYMENTS] = payments
    day.due[count, U_ID] = payment
    day.due[count, U_DAY] = today
    return count + 1


@part
def _add(
    day: Day, sums: Int64Array, first: int, count: int, rule: int, direction: int, who: int, today: int, amount: int,
    at: int, payment: int,
) -> int:  # fmt: skip
    """Add one side of a payment to an account's day, in the columns from `first` on; returns the reports due."""
    if sums[who, first + Y_DAY] >> 2 != today + 1:
        sums[who, first + Y_DAY] = (today + 1) << 2
        sums[who, first + Y_AMOUNT] = 0
        sums[who, first + Y_AMOUNT + 1] = 0
        sums[who, first + Y_COUNTS] = 0
    sums[who, first + Y_AMOUNT + direction] += amount
    sums[who, first + Y_COUNTS] += 1 << (32 * direction)
    total = sums[who, first + Y_AMOUNT + direction]
    if total >= day.thresholds[rule] and (sums[who, first + Y_DAY] >> direction) & 1 == 0:
        sums[who, first + Y_DAY] |= 1 << direction
        payments = (sums[who, first + Y_COUNTS] >> (32 * direction)) & 0xFFFFFFFF
        count = _reach(day, count, rule, direction, who, total, payments, today, at, payment)
    return count


@part
def _list(day: Day, window: Int64Array, i: int, listed: int, abroad: bool) -> int:
    """Keep a payment that a report may list; returns how many are kept."""
    day.listed[0, listed] = window[O_ID, i]
    day.listed[1, listed] = window[O_ENDED, i]
    day.listed[2, listed] = window[O_PAYER, i]
    day.listed[3, listed] = window[O_PAYEE, i]
    day.listed[4, listed] = window[O_TOP_UP, i]
    day.listed[5, listed] = window[O_REDEEMED, i]
    day.listed[6, listed] = 1 if abroad else 0
    return listed + 1


@compiled
def tally(day: Day, window: Int64Array, first: int, since_midnight: int) -> tuple[int, int, int]:
    """Add the settled payments of a window from number `first` on. Returns at which it stopped (the end, or where there
    is no more room in `due`), how many reports are due, and how many payments are listed."""
    count, listed, last = 0, 0, window.shape[1]
    for i in range(first, last):
        if i + AHEAD < last:
            prefetch(day.days, window[O_PAYER, i + AHEAD])
            prefetch(day.days, window[O_PAYEE, i + AHEAD])
        if (window[O_CODES, i] & C_OUTCOME_MASK) != SETTLED:
            continue
        if count + 4 > day.due.shape[0]:
            return i, count, listed
        at, amount, payment = window[O_ENDED, i], window[O_AMOUNT, i], window[O_ID, i]
        today = (at + since_midnight) // US_PER_DAY
        abroad = day.kinds[(window[O_TAG, i] >> TAG_KIND_SHIFT) & 15] == 1
        if amount >= day.listed_from or window[O_TOP_UP, i] >= day.listed_from:
            listed = _list(day, window, i, listed, abroad)
        for direction in range(2):
            who = window[O_PAYER, i] if direction == 0 else window[O_PAYEE, i]
            cash = window[O_TOP_UP, i] if direction == 0 else window[O_REDEEMED, i]
            rule = NATURAL if day.people_first <= who < day.people_end else LEGAL
            if rule == NATURAL and abroad:
                count = _add(day, day.abroad, 0, count, ABROAD, direction, who, today, amount, at, payment)
            else:
                count = _add(day, day.days, 0, count, rule, direction, who, today, amount, at, payment)
            if cash > 0:
                count = _add(day, day.days, CASH_COLUMN, count, CASH, direction, who, today, cash, at, payment)
    return last, count, listed


class Due(NamedTuple):
    """A large-value report that is due."""

    account: int
    rule: str
    direction: str
    at_us: int
    amount_fen: int
    payments: int
    payment_ids: tuple[int, ...]
    day: int


class LargeValueReports:
    """Finds the reports that are due, a window of ended payments at a time."""

    def __init__(self, world: World, rules: LargeValue, kinds: Int64Array) -> None:
        given = (rules.cash, rules.legal_persons, rules.natural_persons, rules.cross_border)
        thresholds = np.array([INFINITE if one is None else max(1, one) for one in given], dtype=np.int64)
        accounts, people = world.ledger.accounts, world.blocks["personal"]
        self._day = Day(
            days=np.zeros((len(accounts), DAY_COLUMNS), dtype=np.int64),
            abroad=np.zeros((len(accounts) if kinds.any() else 1, DAY_COLUMNS), dtype=np.int64),
            people_first=people.first,
            people_end=people.end,
            thresholds=thresholds,
            kinds=kinds,
            due=np.zeros((1024, DUE_COLUMNS), dtype=np.int64),
            listed=np.zeros((LISTED_ROWS, 0), dtype=np.int64),
            listed_from=max(1, int(thresholds.min()) // LISTED_SHARE),
        )
        self._since_midnight = time_of_day_us(world.scenario.start)
        self._today = 0
        self._listed: list[Int64Array] = []
        """What was listed today, a window each."""

    def take(self, window: Int64Array) -> list[Due]:
        """Add a window's payments; returns the reports that became due, in order."""
        if window.shape[1] == 0:
            return []
        self._begin_day((int(window[O_ENDED, 0]) + self._since_midnight) // US_PER_DAY)
        found: list[Due] = []
        at, last = 0, window.shape[1]
        if last > self._day.listed.shape[1]:
            self._day = self._day._replace(listed=np.zeros((LISTED_ROWS, 2 * last), dtype=np.int64))
        while at < last:
            at, count, listed = tally(self._day, window, at, self._since_midnight)
            if listed:
                self._listed.append(self._day.listed[:, :listed].copy())
            found += [self._due(row) for row in self._day.due[:count].tolist()]
        return found

    def _begin_day(self, today: int) -> None:
        """Let go of payments of the days before."""
        if today != self._today:
            began = today * US_PER_DAY - self._since_midnight
            self._listed = [one for one in self._listed if one[1, -1] >= began]
            self._today = today

    def _due(self, row: list[int]) -> Due:
        account, rule, direction, at, amount, payments, payment, day = row
        began = day * US_PER_DAY - self._since_midnight
        ids: list[int] = []
        for one in reversed(self._listed):
            its = (one[2 + direction] == account) & (one[1] >= began) & (one[1] <= at)
            its &= one[4 + direction] > 0 if rule == CASH else (one[-1] == 1) == (rule == ABROAD)
            ids = one[0][its].tolist() + ids
            if len(ids) > MOST_PAYMENT_IDS:
                break
        if payment not in ids:
            ids.append(payment)
        ids = ids[: ids.index(payment) + 1][-MOST_PAYMENT_IDS:]
        return Due(account, RULES[rule], DIRECTIONS[direction], at, amount, payments, tuple(ids), day)


def figures(due: Due, thresholds: LargeValue) -> Mapping[str, object]:
    """The numbers that a report rests on."""
    return {
        "direction": due.direction, "day": due.day, "sum_fen": due.amount_fen,
        "threshold_fen": getattr(thresholds, due.rule),
    }  # fmt: skip


__all__ = ["RULES", "Due", "LargeValueReports", "figures"]
