"""Wallets of people from abroad: a trip begins with a top-up out of another currency through the fast payment system at
home, payments follow under the rules of all payments, and at the end what is left may be changed back.

A top-up is cut to what the wallet may still hold, in whole steps. The e-CNY comes from the wallet's operator, which has
to have it; the money abroad goes from the depositor's bank (its central bank's account stands for it) to an exchange
account, and back when changed back. Exchange is at the mid rate less the bank's spread, rounded to the bank's good, so
what it earns stays in that account.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from sandbox.base.liquidity import hand_out
from sandbox.control import Process
from sandbox.core.draws import (
    Int64Array,
    below,
    exponential_table,
    lognormal_table,
    quantile,
    stream,
    under,
)  # fmt: skip
from sandbox.core.layout import INFINITE, Outcome, account, limit, rule, station, trait
from sandbox.core.ratio import share
from sandbox.features.crossborder.accounts import HOME_MONEY
from sandbox.features.crossborder.schema.visitors import Visitors
from sandbox.features.crossborder.setting import Setting
from sandbox.scenario.units import US_PER_DAY
from sandbox.tables import OUTCOMES

PARTS: Final = 1_000_000
SPREAD_PARTS: Final = 1_000_000
TRANSFER: Final = 10
"""A transfer to somebody is so many times a payment at a till."""
BY_LIMIT: Final = ("single_limit", "daily_limit", "annual_limit", "balance_cap")
# Purposes of a trip's draws.
_GAP, _WALLET, _COUNT, _BACK, _WANTED, _FIRST = 1, 2, 3, 4, 5, 100


@dataclass
class Group:
    """One group of visitors, and what they did."""

    name: str
    terms: Visitors
    currency: str
    wallets: Int64Array
    """Their accounts."""
    trips: int = 0
    top_ups: int = 0
    top_up_fen: int = 0
    home: int = 0
    """Given for top-ups, fees and all, in minor units of the currency at home."""
    fees: int = 0
    fx_cost: int = 0
    refused_top_ups: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    """Of payments; one tried again after a top-up counts once."""
    attempts: int = 0
    settled_fen: int = 0
    refused_fen: int = 0
    changed_back: int = 0
    changed_back_fen: int = 0


class Tourism:
    """The visitors of a run."""

    def __init__(self, setting: Setting) -> None:
        self._setting, self._control = setting, setting.control
        self.groups = list(self._groups())
        self._serial = 0
        self.open = 0
        """Trips under way, and groups that still send people."""

    def _groups(self) -> Iterator[Group]:
        world, crossborder = self._control.world, self._setting.crossborder
        first = world.blocks["personal"].first
        for name, terms in crossborder.visitors.items():
            mine = np.flatnonzero(world.cohort_of == world.cohorts[name]) + first
            yield Group(name, terms, crossborder.jurisdictions[terms.home].currency, mine)

    def start(self) -> None:
        """Start the trips of each group."""
        for group in self.groups:
            # They have no account here into which a wallet could be emptied at midnight.
            self._control.accounts[group.wallets, account.TRAITS] &= ~trait.REDEEMS
            if group.wallets.size and group.terms.trips:
                self.open += 1
                self._control.env.process(self._depart(group))

    def _depart(self, group: Group) -> Process:
        control, duration = self._control, self._control.world.scenario.duration
        gaps = exponential_table(min(US_PER_DAY / (group.terms.trips * group.wallets.size), 2.0**40)).reshape(1, -1)
        key, at_us, number = stream(control.world.seed, "visitors", group.name), 0, 0
        while True:
            trip = under(key, number)
            at_us += quantile(gaps, 0, under(trip, _GAP))
            number += 1
            if at_us >= duration:
                break
            yield control.wait_until(at_us)
            wallet = int(group.wallets[below(under(trip, _WALLET), group.wallets.size)])
            self.open += 1
            control.env.process(self._trip(group, wallet, trip))
        self.open -= 1

    # --- one trip --------------------------------------------------------------------------------------------------

    def _trip(self, group: Group, wallet: int, key: np.uint64) -> Process:
        control, terms = self._control, group.terms
        group.trips += 1
        table = exponential_table(float(terms.wanted)).reshape(1, -1)
        wanted = quantile(table, 0, under(key, _WANTED))
        yield from self._top_up(group, wallet, wanted - int(control.accounts[wallet, account.BALANCE]))
        began = control.now
        plans = sorted(self._plans(group, key))
        for after_us, number, is_transfer in plans:
            if began + after_us > control.now:
                yield control.wait_until(began + after_us)
            yield from self._pay(group, wallet, under(key, _FIRST + number), is_transfer)
        if began + terms.stay > control.now:
            yield control.wait_until(began + terms.stay)
        if below(under(key, _BACK), PARTS) < round(terms.change_back * PARTS):
            self._change_back(group, wallet)
        self.open -= 1

    def _plans(self, group: Group, key: np.uint64) -> Iterator[tuple[int, int, bool]]:
        """When (us after the trip began) which payment is made, and whether it is a transfer."""
        number = 0
        for mean, is_transfer in ((group.terms.payments, False), (group.terms.transfers, True)):
            # Payments come at random, so that their number on a trip is Poisson's.
            after, gaps = 0, exponential_table(group.terms.stay / mean).reshape(1, -1) if mean else None
            while gaps is not None:
                number += 1
                after += quantile(gaps, 0, under(key, _COUNT, number))
                if after >= group.terms.stay:
                    break
                yield after, number, is_transfer

    def _pay(self, group: Group, wallet: int, key: np.uint64, is_transfer: bool) -> Process:
        control, world = self._control, self._control.world
        block = world.blocks["personal" if is_transfer else "merchant"]
        terms = group.terms
        median = terms.ticket * (TRANSFER if is_transfer else 1) / float(np.exp(terms.sigma**2 / 2))
        table = lognormal_table(median, max(terms.sigma, 1e-9), 1.0).reshape(1, -1)
        amount = max(1, quantile(table, 0, under(key, 1)))
        payee = block.first + below(under(key, 2), block.count)
        if payee == wallet:
            return
        kind = "cross_border" if is_transfer else "retail"
        paid = yield control.pay(wallet, payee, amount, key=under(key, 3), kind=kind)
        group.attempts += 1
        if paid.outcome == Outcome.INSUFFICIENT_BALANCE and below(under(key, 4), PARTS) < round(terms.again * PARTS):
            yield from self._top_up(group, wallet, amount - int(control.accounts[wallet, account.BALANCE]))
            paid = yield control.pay(wallet, payee, amount, key=under(key, 5), kind=kind)
            group.attempts += 1
        group.outcomes[OUTCOMES[paid.outcome]] += 1
        if paid.outcome == Outcome.SETTLED:
            group.settled_fen += amount
        else:
            group.refused_fen += amount

    # --- money over the border -------------------------------------------------------------------------------------

    def _top_up(self, group: Group, wallet: int, missing: int) -> Process:
        """Buy at least what is missing, in whole steps, as far as the wallet may hold it."""
        if missing <= 0:
            return
        control, terms = self._control, group.terms
        if terms.takes:
            yield control.env.timeout(terms.takes)
        row = control.accounts[wallet]
        cap = int(
            control.world.rules[rule.LIMITS :].reshape(-1, 4)[row[account.TRAITS] & trait.CLASS_MASK, limit.BALANCE]
        )
        room = (cap - int(row[account.BALANCE])) if cap < INFINITE else missing + terms.step
        amount = min(-(-missing // terms.step), room // terms.step) * terms.step
        operator = self._operator(row)
        if row[account.TRAITS] & trait.FROZEN:
            group.refused_top_ups["frozen"] += 1
        elif amount <= 0:
            group.refused_top_ups["balance_cap"] += 1
        elif control.accounts[control.world.holdings[operator], account.BALANCE] < amount:
            group.refused_top_ups["no_liquidity"] += 1
        else:
            self._buy(group, wallet, operator, amount)

    def _buy(self, group: Group, wallet: int, operator: int, amount: int) -> None:
        control, mid_rates = self._control, self._setting.mid_rates
        at_mid = mid_rates.convert(amount, "CNY", group.currency, control.now) + 1
        spread = -(-at_mid * round(group.terms.spread * SPREAD_PARTS) // SPREAD_PARTS)
        fee = -(-at_mid * round(group.terms.fee * SPREAD_PARTS) // SPREAD_PARTS)
        given = at_mid + spread + fee
        control.ledger.post(self._setting.issuer(group.currency), self._exchange(group), given)
        hand_out(control, operator, np.array([wallet]), np.array([amount]))
        group.top_ups += 1
        group.top_up_fen += amount
        group.home += given
        group.fees += fee
        group.fx_cost += spread

    def _change_back(self, group: Group, wallet: int) -> None:
        """Change what is left, if the exchange still has so much of the currency."""
        control, terms = self._control, group.terms
        row = control.accounts[wallet]
        amount = int(row[account.BALANCE])
        if amount == 0 or row[account.TRAITS] & trait.FROZEN:
            return
        at_mid = self._setting.mid_rates.convert(amount, "CNY", group.currency, control.now)
        given = at_mid - -(-at_mid * round(terms.spread * SPREAD_PARTS) // SPREAD_PARTS)
        exchange = self._exchange(group)
        if given <= 0 or control.accounts[exchange, account.BALANCE] < given:
            return
        control.ledger.post(wallet, control.world.holdings[self._operator(row)], amount)
        control.ledger.post(exchange, self._setting.issuer(group.currency), given)
        group.changed_back += 1
        group.changed_back_fen += amount
        group.fx_cost += at_mid - given

    def _operator(self, row: Int64Array) -> int:
        """The station that funds a wallet's e-CNY."""
        institution = (row[account.TRAITS] >> trait.INSTITUTION_SHIFT) & trait.INSTITUTION_MASK
        return int(self._control.world.stations[institution, station.FUNDING_STATION])

    def _exchange(self, group: Group) -> int:
        return self._control.ledger.block(HOME_MONEY, group.currency).first

    def numbers(self) -> list[Mapping[str, Any]]:
        """What each group did, for the summary."""
        accounts = self._control.accounts
        return [
            {
                "group": group.name,
                "home": group.terms.home,
                "currency": group.currency,
                "wallets": int(group.wallets.size),
                "trips": group.trips,
                "top_ups": group.top_ups,
                "top_up_fen": group.top_up_fen,
                "top_ups_refused": dict(sorted(group.refused_top_ups.items())),
                "given_home_fen": group.home,
                "cost_share": share(group.fees + group.fx_cost, group.home),
                "payments": sum(group.outcomes.values()),
                "settled": group.outcomes["settled"],
                "settled_fen": group.settled_fen,
                "refused_fen": group.refused_fen,
                "attempts": group.attempts,
                "refused_by_limit": sum(group.outcomes[one] for one in BY_LIMIT),
                "success_share": share(group.outcomes["settled"], sum(group.outcomes.values())),
                "outcomes": {name: group.outcomes[name] for name in OUTCOMES if group.outcomes[name]},
                "changed_back": group.changed_back,
                "changed_back_fen": group.changed_back_fen,
                "left_fen": int(accounts[group.wallets, account.BALANCE].sum()),
            }
            for group in self.groups
        ]
