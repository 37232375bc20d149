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
from sandbox.core.compiled import compiled, inlined
from sandbox.core.draws import Int64Array
from sandbox.core.layout import INFINITE, Outcome, code, ended, tags
from sandbox.core.prefetch import prefetch
from sandbox.features.supervision.alert import MOST_PAYMENT_IDS
from sandbox.features.supervision.schema.section import LargeValue
from sandbox.scenario.units import US_PER_DAY
from sandbox.world import World

RULES: Final = ("cash", "legal_persons", "natural_persons", "cross_border")
CASH, LEGAL, NATURAL, ABROAD = range(4)
DIRECTIONS: Final = ("out", "in")

# Columns of an account's day.
Y_OUT: Final = 0
"""Money out, then money in; then the same of cash."""
Y_CASH_OUT: Final = 2
DAY_COLUMNS: Final = 4
ABROAD_COLUMNS: Final = 2
DONE: Final = -1
"""In place of a sum: it is reported for today, or nobody asks for it."""
WORD_BITS: Final = 62
"""A sum below its threshold, and above it how many payments it is of, as many bits as are left (and no more than fit
in)."""

# Columns of a report that is due.
(U_ACCOUNT, U_RULE, U_DIRECTION, U_AT, U_AMOUNT, U_PAYMENTS, U_ID) = range(7)
DUE_COLUMNS: Final = 7

AHEAD: Final = 24
"""Rows are fetched so many payments before they are needed."""
LISTED_ROWS: Final = 7
LISTED_SHARE: Final = 100
"""A report lists payments of at least the least threshold's 1/LISTED_SHARE; its sum counts all."""


class DaySums(NamedTuple):
    """The arrays of a day's sums."""

    days: Int64Array
    """(account, DAY_COLUMNS): half a line of the cache."""
    abroad: Int64Array
    """(account, ABROAD_COLUMNS): payments across the border, which people report apart; one row if there are none."""
    people_first: int
    people_end: int
    thresholds: Int64Array
    """By rule: the threshold, and the bits that a sum below it takes."""
    kinds: Int64Array
    """1 for kinds of payment that cross a border."""
    due: Int64Array
    listed: Int64Array
    """Payments of a window that a report may list: rows id, time, payer, payee, cash out and in, across the border."""
    listed_from: int


@inlined
def _add(
    day: DaySums, sums: Int64Array, column: int, count: int, rule: int, window: Int64Array, i: int, amount: int
) -> int:
    """Add one side of payment `i` to a sum of today, and note the report that may be due; returns how many are."""
    direction = column & 1
    who = window[ended.PAYEE, i] if direction == 1 else window[ended.PAYER, i]
    word, threshold, bits = sums[who, column], day.thresholds[rule, 0], day.thresholds[rule, 1]
    if word == DONE:
        return count
    total, payments = (word & ((1 << bits) - 1)) + amount, (word >> bits) + 1
    if total < threshold:
        if payments >> (WORD_BITS - bits) == 0:
            word += 1 << bits
        sums[who, column] = word + amount
        return count
    sums[who, column] = DONE
    day.due[count, U_ACCOUNT] = who
    day.due[count, U_RULE] = rule
    day.due[count, U_DIRECTION] = direction
    day.due[count, U_AT] = window[ended.ENDED_AT, i]
    day.due[count, U_AMOUNT] = total
    day.due[count, U_PAYMENTS] = payments
    day.due[count, U_ID] = window[ended.ID, i]
    return count + 1


@inlined
def _list(day: DaySums, window: Int64Array, i: int, listed: int, abroad: bool) -> int:
    """Keep a payment that a report may list; returns how many are kept."""
    day.listed[0, listed] = window[ended.ID, i]
    day.listed[1, listed] = window[ended.ENDED_AT, i]
    day.listed[2, listed] = window[ended.PAYER, i]
    day.listed[3, listed] = window[ended.PAYEE, i]
    day.listed[4, listed] = window[ended.TOP_UP, i]
    day.listed[5, listed] = window[ended.REDEEMED, i]
    day.listed[6, listed] = 1 if abroad else 0
    return listed + 1


@compiled
def tally(day: DaySums, window: Int64Array, first: int, midnight: int) -> tuple[int, int, int]:
    """Add the settled payments of a window from number `first` on, all of one day. Returns at which it stopped (the
    end, the next `midnight`, or where there is no more room in `due`), how many reports are due, and how many payments
    are listed."""
    count, listed, last = 0, 0, window.shape[1]
    for i in range(first, last):
        if i + AHEAD < last:
            prefetch(day.days, window[ended.PAYER, i + AHEAD])
            prefetch(day.days, window[ended.PAYEE, i + AHEAD])
        if (window[ended.CODES, i] & code.OUTCOME_MASK) != Outcome.SETTLED:
            continue
        if count + 4 > day.due.shape[0] or window[ended.ENDED_AT, i] >= midnight:
            return i, count, listed
        amount, abroad = window[ended.AMOUNT, i], day.kinds[(window[ended.TAG, i] >> tags.KIND_SHIFT) & 15] == 1
        if amount >= day.listed_from or window[ended.TOP_UP, i] >= day.listed_from:
            listed = _list(day, window, i, listed, abroad)
        for direction in range(2):
            who = window[ended.PAYER, i] if direction == 0 else window[ended.PAYEE, i]
            cash = window[ended.TOP_UP, i] if direction == 0 else window[ended.REDEEMED, i]
            rule = NATURAL if day.people_first <= who < day.people_end else LEGAL
            if rule == NATURAL and abroad:
                count = _add(day, day.abroad, direction, count, ABROAD, window, i, amount)
            else:
                count = _add(day, day.days, Y_OUT + direction, count, rule, window, i, amount)
            if cash > 0:
                count = _add(day, day.days, Y_CASH_OUT + direction, count, CASH, window, i, cash)
    return last, count, listed


class DueReport(NamedTuple):
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
        self._asked = [one is not None for one in given]
        thresholds = [INFINITE if one is None else max(1, one) for one in given]
        accounts, people = world.ledger.accounts, world.blocks["personal"]
        self._day = DaySums(
            days=np.zeros((len(accounts), DAY_COLUMNS), dtype=np.int64),
            abroad=np.zeros((len(accounts) if kinds.any() else 1, ABROAD_COLUMNS), dtype=np.int64),
            people_first=people.first,
            people_end=people.end,
            thresholds=np.array([(one, min(WORD_BITS, one.bit_length())) for one in thresholds], dtype=np.int64),
            kinds=kinds,
            due=np.zeros((1024, DUE_COLUMNS), dtype=np.int64),
            listed=np.zeros((LISTED_ROWS, 0), dtype=np.int64),
            listed_from=max(1, min(thresholds) // LISTED_SHARE),
        )
        self._since_midnight = time_of_day_us(world.scenario.start)
        self._today = -1
        self._listed: list[Int64Array] = []
        """What was listed today, a window each."""

    def take(self, window: Int64Array) -> list[DueReport]:
        """Add a window's payments; returns the reports that became due, in order."""
        found: list[DueReport] = []
        at, last = 0, window.shape[1]
        if last > self._day.listed.shape[1]:
            self._day = self._day._replace(listed=np.zeros((LISTED_ROWS, 2 * last), dtype=np.int64))
        while at < last:
            today = (int(window[ended.ENDED_AT, at]) + self._since_midnight) // US_PER_DAY
            if today != self._today:
                self._begin_day(today)
            at, count, listed = tally(self._day, window, at, (today + 1) * US_PER_DAY - self._since_midnight)
            if listed:
                self._listed.append(self._day.listed[:, :listed].copy())
            found += [self._due(row) for row in self._day.due[:count].tolist()]
        return found

    def _begin_day(self, today: int) -> None:
        """All sums begin anew; let go of payments of the days before."""
        day, people = self._day, slice(self._day.people_first, self._day.people_end)
        if self._today >= 0:
            day.days[:], day.abroad[:] = 0, 0
        for rule, rows, columns in (
            (LEGAL, slice(None), slice(Y_OUT, Y_CASH_OUT)),
            (CASH, slice(None), slice(Y_CASH_OUT, DAY_COLUMNS)),
        ):
            if not self._asked[rule]:
                day.days[rows, columns] = DONE
        if self._asked[NATURAL] != self._asked[LEGAL]:
            day.days[people, Y_OUT:Y_CASH_OUT] = 0 if self._asked[NATURAL] else DONE
        if not self._asked[ABROAD]:
            day.abroad[:] = DONE
        self._today, self._listed = today, []

    def _due(self, row: list[int]) -> DueReport:
        account, rule, direction, at, amount, payments, payment = row
        ids: list[int] = []
        for one in reversed(self._listed):
            its = (one[2 + direction] == account) & (one[1] <= at)
            if rule == CASH:
                its &= one[4 + direction] > 0
            elif rule != LEGAL:
                its &= (one[-1] == 1) == (rule == ABROAD)
            ids = one[0][its].tolist() + ids
            if len(ids) > MOST_PAYMENT_IDS:
                break
        if payment not in ids:
            ids.append(payment)
        ids = ids[: ids.index(payment) + 1][-MOST_PAYMENT_IDS:]
        return DueReport(account, RULES[rule], DIRECTIONS[direction], at, amount, payments, tuple(ids), self._today)


def figures(due: DueReport, thresholds: LargeValue) -> Mapping[str, object]:
    """The numbers that a report rests on."""
    return {
        "direction": due.direction, "day": due.day, "sum_fen": due.amount_fen,
        "threshold_fen": getattr(thresholds, due.rule),
    }  # fmt: skip
