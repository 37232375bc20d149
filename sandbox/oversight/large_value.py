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

# Columns of an account's day. Sums and counts come in pairs, out and in.
Y_DAY: Final = 0
Y_DUE: Final = 1
"""Bit 2 * rule + direction: reported today."""
Y_AMOUNT: Final = 2
Y_CASH: Final = 4
Y_COUNTS: Final = 6
"""How many payments (32 bits), and how many of them with cash."""
DAY_COLUMNS: Final = 8

# Columns of a report that is due.
(U_ACCOUNT, U_RULE, U_DIRECTION, U_AT, U_AMOUNT, U_PAYMENTS, U_ID, U_DAY) = range(8)
DUE_COLUMNS: Final = 8

AHEAD: Final = 12
"""Rows are fetched so many payments before they are needed."""
LISTED_SHARE: Final = 100
"""A report lists payments of at least the least threshold's 1/LISTED_SHARE; its sum counts all."""


class Day(NamedTuple):
    """The arrays of a day's sums."""

    days: Int64Array
    """(account, DAY_COLUMNS)."""
    abroad: Int64Array
    """The same for payments across the border, which people report apart; one row if there are none."""
    people_first: int
    people_end: int
    thresholds: Int64Array
    kinds: Int64Array
    """1 for kinds of payment that cross a border."""
    due: Int64Array


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
    day: Day, sums: Int64Array, count: int, rule: int, direction: int, who: int, today: int, amount: int, cash: int,
    at: int, payment: int,
) -> int:  # fmt: skip
    """Add one side of a payment to an account's day; returns how many reports are due."""
    if sums[who, Y_DAY] != today + 1:
        sums[who, Y_DAY] = today + 1
        for column in range(1, DAY_COLUMNS):
            sums[who, column] = 0
    sums[who, Y_AMOUNT + direction] += amount
    sums[who, Y_COUNTS + direction] += amount > 0
    if sums[who, Y_AMOUNT + direction] >= day.thresholds[rule]:
        bit = 1 << (2 * rule + direction)
        if sums[who, Y_DUE] & bit == 0:
            sums[who, Y_DUE] |= bit
            total, payments = sums[who, Y_AMOUNT + direction], sums[who, Y_COUNTS + direction] & 0xFFFFFFFF
            count = _reach(day, count, rule, direction, who, total, payments, today, at, payment)
    if cash > 0:
        sums[who, Y_CASH + direction] += cash
        sums[who, Y_COUNTS + direction] += 1 << 32
        bit = 1 << (2 * CASH + direction)
        if sums[who, Y_CASH + direction] >= day.thresholds[CASH] and sums[who, Y_DUE] & bit == 0:
            sums[who, Y_DUE] |= bit
            total, payments = sums[who, Y_CASH + direction], sums[who, Y_COUNTS + direction] >> 32
            count = _reach(day, count, CASH, direction, who, total, payments, today, at, payment)
    return count


@compiled
def tally(day: Day, window: Int64Array, first: int, since_midnight: int) -> tuple[int, int]:
    """Add the settled payments of a window from number `first` on. Returns at which it stopped (the end, or where there
    is no more room in `due`) and how many reports are due."""
    count, last = 0, window.shape[1]
    for i in range(first, last):
        if i + AHEAD < last:
            prefetch(day.days, window[O_PAYER, i + AHEAD])
            prefetch(day.days, window[O_PAYEE, i + AHEAD])
        if (window[O_CODES, i] & C_OUTCOME_MASK) != SETTLED:
            continue
        if count + 4 > day.due.shape[0]:
            return i, count
        at, amount, payment = window[O_ENDED, i], window[O_AMOUNT, i], window[O_ID, i]
        today = (at + since_midnight) // US_PER_DAY
        abroad = day.kinds[(window[O_TAG, i] >> TAG_KIND_SHIFT) & 15] == 1
        for direction in range(2):
            who = window[O_PAYER, i] if direction == 0 else window[O_PAYEE, i]
            cash = window[O_TOP_UP, i] if direction == 0 else window[O_REDEEMED, i]
            rule = NATURAL if day.people_first <= who < day.people_end else LEGAL
            if rule == NATURAL and abroad:
                count = _add(day, day.abroad, count, ABROAD, direction, who, today, amount, 0, at, payment)
                amount_here = 0
            else:
                amount_here = amount
            if amount_here > 0 or cash > 0:
                count = _add(day, day.days, count, rule, direction, who, today, amount_here, cash, at, payment)
    return last, count


_LISTED: Final = (O_ID, O_ENDED, O_PAYER, O_PAYEE, O_TOP_UP, O_REDEEMED, O_TAG, O_CODES)


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
        )
        self._since_midnight = time_of_day_us(world.scenario.start)
        self._listed_from = max(1, int(thresholds.min()) // LISTED_SHARE)
        self._today = 0
        self._listed: list[Int64Array] = []
        """Today's payments that a report may list: rows id, time, payer, payee, cash out and in, across the border."""

    def take(self, window: Int64Array) -> list[Due]:
        """Add a window's payments; returns the reports that became due, in order."""
        if window.shape[1] == 0:
            return []
        self._list(window)
        found: list[Due] = []
        at, last = 0, window.shape[1]
        while at < last:
            at, count = tally(self._day, window, at, self._since_midnight)
            found += [self._due(row) for row in self._day.due[:count].tolist()]
        return found

    def _list(self, window: Int64Array) -> None:
        today = (int(window[O_ENDED, 0]) + self._since_midnight) // US_PER_DAY
        if today != self._today:
            began = today * US_PER_DAY - self._since_midnight
            self._listed = [one for one in self._listed if one[1, -1] >= began]
            self._today = today
        large = np.flatnonzero((window[O_AMOUNT] >= self._listed_from) | (window[O_TOP_UP] >= self._listed_from))
        if len(large):
            kept = np.stack([window[row][large] for row in _LISTED])
            kept = kept[:, (kept[-1] & C_OUTCOME_MASK) == SETTLED][:-1]
            kept[-1] = self._day.kinds[(kept[-1] >> TAG_KIND_SHIFT) & 15]
            if kept.shape[1]:
                self._listed.append(kept)

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
