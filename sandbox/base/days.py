"""What happens at midnight: days and years turn, interest accrues and is credited, merchants and wallets redeem."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import numpy as np

from sandbox.base.liquidity import hand_back
from sandbox.control import Component, Control, Process
from sandbox.core.clock import midnights
from sandbox.core.draws import Int64Array
from sandbox.core.layout import account, scalar, station, trait
from sandbox.core.ledger import Block, Ledger
from wallets.classes import CLASS_NAMES

RATE_PARTS = 10**6
"""A rate per year is kept in these parts, so that interest is integer arithmetic."""


class InterestBook:
    """Interest of personal wallets: gathered at each midnight, credited on settlement days.

    `gathered[i]` is the sum over midnights of wallet i's balance (fen) times the rate (parts per million a year);
    what does not make a whole fen stays in it.
    """

    def __init__(self, control: Control) -> None:
        rules = control.world.scenario.rules
        self._rate = round(rules.interest.rate * RATE_PARTS)
        self.on = rules.regime == "digital_deposit" and self._rate > 0
        self._rules = rules.interest
        self._block = control.world.blocks["personal"]
        self._codes = [CLASS_NAMES.index(name) for name in rules.interest.classes]
        self._per_fen = RATE_PARTS * rules.interest.day_count
        self.gathered: Int64Array = np.zeros(self._block.count if self.on else 0, dtype=np.int64)
        self.credited_fen = 0

    def gather(self, control: Control) -> None:
        """One day's interest on what wallets hold now; a class that earns none gathers nothing."""
        if not self.on:
            return
        earns = np.zeros(trait.CLASS_MASK + 1, dtype=np.int64)
        earns[self._codes] = self._rate
        for first, last in self._block.windows():
            rows = control.accounts[first:last]
            self.gathered[first - self._block.first : last - self._block.first] += (
                rows[:, account.BALANCE] * earns[rows[:, account.TRAITS] & trait.CLASS_MASK]
            )

    def is_settlement_day(self, month: int, day: int) -> bool:
        """Whether interest is credited on this date."""
        return self.on and month in self._rules.settlement_months and day == self._rules.settlement_day

    def due_fen(self) -> Int64Array:
        """Whole fen due to each wallet."""
        return np.asarray(self.gathered // self._per_fen)

    def settle(self, control: Control) -> None:
        """Credit what is due: the central bank issues it to the operators, and they pay their wallets."""
        due = self.due_fen()
        self.gathered -= due * self._per_fen
        operators = operators_of(control, self._block.first, self._block.end)
        issuer = control.ledger.block(Ledger.ISSUER).first
        for who in np.unique(operators[due > 0]):
            chosen = np.flatnonzero((operators == who) & (due > 0))
            total = int(due[chosen].sum())
            control.ledger.post(issuer, int(who), total)
            control.ledger.post(int(who), self._block.first + chosen, due[chosen])
        self.credited_fen += int(due.sum())
        control.record("calendar", "interest_credited", None, amount_fen=int(due.sum()), wallets=int((due > 0).sum()))


def operators_of(control: Control, first: int, last: int) -> Int64Array:
    """The account that redeems for each of the accounts `first` to `last - 1`."""
    institutions = (control.accounts[first:last, account.TRAITS] >> trait.INSTITUTION_SHIFT) & trait.INSTITUTION_MASK
    return np.asarray(control.world.stations[institutions, station.FUNDING_ACCOUNT])


def redeem(control: Control, block: Block, amounts_of: Callable[[Int64Array], Int64Array]) -> int:
    """Accounts of a block give e-CNY back for bank money, each to its own operator; returns the sum (fen).

    `amounts_of` says how much each of the given account rows gives back.
    """
    total = 0
    for first, last in block.windows():
        total += redeem_from(control, first + np.arange(last - first), amounts_of(control.accounts[first:last]))
    return total


def redeem_from(control: Control, rows: Int64Array, amounts: Int64Array) -> int:
    """These accounts give e-CNY back for bank money, each to its own operator; returns the sum (fen).

    A freeze binds here as it does in payments: what a frozen account holds stays.
    """
    meta = control.accounts[rows, account.TRAITS]
    amounts = np.where(meta & trait.FROZEN, 0, amounts)
    institutions = (meta >> trait.INSTITUTION_SHIFT) & trait.INSTITUTION_MASK
    funding = control.world.stations[institutions, station.FUNDING_ACCOUNT]
    for who in np.unique(funding):
        chosen = np.flatnonzero((funding == who) & (amounts > 0))
        control.ledger.post(rows[chosen], int(who), amounts[chosen])
    total = int(amounts.sum())
    control.world.scalars[scalar.REDEEMED] += total
    return total


class Days(Component):
    """Days that end, and interest."""

    def __init__(self, control: Control) -> None:
        self._control = control
        self.interest = InterestBook(control)

    def start(self) -> None:
        """The process of midnights."""
        self._control.env.process(midnight(self._control, self.interest))


def midnight(control: Control, interest: InterestBook) -> Process:
    """Every midnight, in this order: the day turns, interest, merchants redeem, wallets redeem, operators hand back."""
    world, scenario = control.world, control.world.scenario
    scalars = world.scalars

    def above_keep(rows: Int64Array) -> Int64Array:
        above = np.maximum(rows[:, account.BALANCE] - scenario.behaviour.keep_balance, 0)
        return np.where(rows[:, account.TRAITS] & trait.REDEEMS, above, 0)

    while True:
        at, day = midnights(scenario.start, control.now)
        yield control.wait_until(at)
        date = scenario.start.date() + timedelta(days=day)
        scalars[scalar.DAY], scalars[scalar.YEAR] = day, date.year - scenario.start.year
        interest.gather(control)
        if interest.is_settlement_day(date.month, date.day):
            interest.settle(control)
        redeemed = {"merchants_fen": 0, "wallets_fen": 0}
        if scenario.merchants.daily_redemption:
            redeemed["merchants_fen"] = redeem(
                control, world.blocks["merchant"], lambda rows: rows[:, account.BALANCE].copy()
            )
        redeemed["wallets_fen"] = redeem(control, world.blocks["personal"], above_keep)
        hand_back(control)
        control.ledger.check()
        control.record("calendar", "day_ended", date.isoformat(), **redeemed)
