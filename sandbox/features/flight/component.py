"""A flight from deposits as a SimPy process: step by step people turn deposits into digital currency, and banks pay.

One step, in this order: alarm spreads; each holder asks for what it wants and does not have yet; a bank pays out of its
reserves, then out of what the central bank lends against its collateral, then what is left in proportion to what is
asked, and nobody loses a request that has to wait. A bank *breaches* when its reserves do not suffice.

Own banks: the person's wallet is a wallet of the payments. What is converted goes from the operator's e-CNY into the
wallet, so that the rail has so much less for top-ups; it waits if the operator has run out, and an operator below its
floor orders more, as after a top-up. The wallet's class and the holding limit (which then holds in payments as well)
bound it, a frozen wallet gets nothing, and who has fled does not redeem at midnight. Modelled banks: an aggregate
account per bank stands for its customers' wallets.

Under `digital_cash` the bank's reserves back what is converted and are gone. Under `digital_deposit` the wallet's
operator owes the balance, so reserves go there, and nothing moves where the deposit is with that operator already.
Ordinary payments, top-ups and redemptions leave reserves alone: they are taken to balance out between banks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from sandbox.base.liquidity import hand_out
from sandbox.control import Columns, Component, Control, Process, Simulated
from sandbox.core.draws import Int64Array, stream
from sandbox.core.layout import INFINITE, account, limit, rule, station, trait
from sandbox.core.ledger import Ledger
from sandbox.features.flight.accounts import RESERVES
from sandbox.features.flight.banks import BankPositions, opening_positions, rationed, sum_by_group
from sandbox.features.flight.depositors import (
    BY_CONTACTS,
    BY_NEWS,
    CALM,
    Draws,
    Holders,
    chances,
    draw_holders,
    modelled_banks,
    own_deposits,
    spread_alarm,
)  # fmt: skip
from sandbox.features.flight.schema import Flight
from sandbox.market.population import Traits

SHOWN: Final = 10
"""Banks of the table and the summary: those that are worst off at the end."""

STEP_COLUMNS: Final = ("deposits_fen", "converted_fen", "reserves_fen", "funding_fen", "unmet_fen", "alarmed")
"""What is kept of every bank at every step."""


class DepositFlight(Component):
    """The flight of a scenario that has one; `holders`, `positions` and `history` are open to others and to tests."""

    def __init__(self, control: Control, flight: Flight) -> None:
        world = control.world
        self._control, self._flight = control, flight
        self._own = flight.banks.kind == "own"
        self.names = flight.bank_names(world.scenario)
        self._issuer = world.ledger.block(Ledger.ISSUER, RESERVES).first
        self._banks = world.ledger.block("bank", RESERVES)
        self._wallets = world.blocks["personal"] if self._own else world.ledger.block("flight_wallets", RESERVES)
        self.holders = self._draw_holders()
        total = self.holders.deposit * self.holders.headcount
        self.positions: BankPositions = opening_positions(
            flight.banks, sum_by_group(self.holders.bank, total, len(self.names)), world.seed
        )
        self.moved: Int64Array = np.zeros(self.holders.bank.size, dtype=np.int64)
        self.unmet: Int64Array = np.zeros(self.holders.bank.size, dtype=np.int64)
        """Asked for and not paid, for the bank or the operator had nothing left."""
        self.history: list[tuple[int, Int64Array]] = []
        """After each step: when, and STEP_COLUMNS by bank."""
        self._before_fen = 0

    def _draw_holders(self) -> Holders:
        world, flight = self._control.world, self._flight
        if not self._own:
            bank, people, deposit = modelled_banks(flight)
            owed_by = np.full(bank.size, -1, dtype=np.int64)
            return draw_holders(world.scenario, flight, world.seed, bank, owed_by, people, deposit, self.names)
        count = self._wallets.count
        meta = self._control.accounts[self._wallets.rows, account.TRAITS]
        at = (meta >> trait.INSTITUTION_SHIFT) & trait.INSTITUTION_MASK
        shares = [one.share for one in world.scenario.institutions.values()]
        elsewhere = Draws(world.seed, count).chosen("elsewhere", share=flight.people.elsewhere)
        bank = np.where(elsewhere, Traits(world.seed, 0, count).by_share("flight/bank", shares), at)
        deposit = own_deposits(flight, world.seed, count)
        people = np.ones(count, dtype=np.int64)
        # The central bank owes digital cash; a deposit in a wallet is owed by its operator.
        owed_by_operator = world.scenario.rules.regime == "digital_deposit"
        owed_by = (
            world.stations[at, station.FUNDING_STATION] if owed_by_operator else np.full(count, -1, dtype=np.int64)
        )
        return draw_holders(world.scenario, flight, world.seed, bank, owed_by, people, deposit, self.names)

    # --- the run ---------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Give banks their reserves, people what they hold for payments, and start the steps."""
        control = self._control
        banks = np.arange(self._banks.first, self._banks.end)
        control.ledger.post(self._issuer, banks, self.positions.buffer)
        control.env.process(self._steps())

    def _steps(self) -> Process:
        control, step_us = self._control, self._flight.step
        self._convert()
        self._before_fen = int(self.moved.sum())
        self._note()
        key, chance, holders = stream(control.world.seed, "flight", "contagion"), chances(self._flight), self.holders
        for number in range(1, control.world.scenario.duration // step_us + 1):
            yield control.env.timeout(step_us)
            spread_alarm(
                control.now, number, key, chance, holders.contacts, holders.heard_at, holders.alarmed_at, holders.cause
            )
            self._convert()
            self._note()

    def _convert(self) -> None:
        """People ask, banks pay."""
        holders, ledger, count = self.holders, self._control.ledger, len(self.names)
        asked = np.maximum(holders.wanted(self._control.now) - self.moved, 0)
        if self._own:
            asked = np.minimum(asked, self._room())
        reserves = ledger.accounts[self._banks.rows, account.BALANCE].copy()
        leaves = holders.owed_by != holders.bank
        able = reserves + self.positions.funding_most - self.positions.funding
        paid = rationed(holders.bank, asked, able, np.where(leaves, asked, 0))
        if self._own:
            paid = self._operators_hold(paid)
        self.unmet = asked - paid
        drained = sum_by_group(holders.bank, np.where(leaves, paid, 0), count)
        wanted_of_banks = sum_by_group(holders.bank, np.where(leaves, asked, 0), count)
        self._borrow(reserves, drained, wanted_of_banks, able)
        banks = np.arange(self._banks.first, self._banks.end)
        if self._own:
            ledger.post(banks, self._issuer, drained)
            owed = leaves & (holders.owed_by >= 0)
            ledger.post(self._issuer, banks, sum_by_group(holders.owed_by[owed], paid[owed], count))
            self._into_wallets(paid)
        else:
            ledger.post(banks, np.arange(self._wallets.first, self._wallets.end), drained)
        self.moved += paid
        self.positions.converted += sum_by_group(holders.bank, paid, count)
        self.positions.drained += drained

    def _borrow(self, reserves: Int64Array, drained: Int64Array, wanted: Int64Array, able: Int64Array) -> None:
        """Draw the funding that the step's payments need, and log which banks are at the end of their means."""
        control, positions = self._control, self.positions
        needed = np.maximum(drained - reserves, 0)
        control.ledger.post(self._issuer, np.arange(self._banks.first, self._banks.end), needed)
        positions.funding += needed
        for bank in np.flatnonzero((wanted > reserves) & (positions.breached_at < 0)):
            positions.breached_at[bank] = control.now
            figures = {"reserves_fen": int(reserves[bank]), "asked_fen": int(wanted[bank])}
            control.record("bank", "reserves_exhausted", self.names[bank], **figures)
        for bank in np.flatnonzero((wanted > able) & (positions.exhausted_at < 0)):
            positions.exhausted_at[bank] = control.now
            figures = {"able_fen": int(able[bank]), "asked_fen": int(wanted[bank])}
            control.record("bank", "customers_wait", self.names[bank], **figures)

    # --- own people: their wallets are in the payments -------------------------------------------------------------

    def _room(self) -> Int64Array:
        """How much more each wallet may hold now."""
        rows = self._control.accounts[self._wallets.rows]
        caps = self._control.world.rules[rule.LIMITS :].reshape(-1, 4)[
            rows[:, account.TRAITS] & trait.CLASS_MASK, limit.BALANCE
        ]
        return np.where(rows[:, account.TRAITS] & trait.FROZEN, 0, np.maximum(caps - rows[:, account.BALANCE], 0))

    def _funding_accounts(self) -> Int64Array:
        """The account that each wallet is topped up from."""
        at = (
            self._control.accounts[self._wallets.rows, account.TRAITS] >> trait.INSTITUTION_SHIFT
        ) & trait.INSTITUTION_MASK
        return np.asarray(self._control.world.stations[at, station.FUNDING_ACCOUNT])

    def _operators_hold(self, paid: Int64Array) -> Int64Array:
        """Cut down to the e-CNY that operators have."""
        accounts = self._control.accounts
        holdings = self._control.world.holdings
        first, last = holdings[0], holdings[-1] + 1
        return rationed(self._funding_accounts() - first, paid, accounts[first:last, account.BALANCE].copy())

    def _into_wallets(self, paid: Int64Array) -> None:
        """Book the conversions, and have operators that are low order more."""
        control, funding = self._control, self._funding_accounts()
        world = control.world
        for operator in world.operators:
            who = world.holdings[operator]
            chosen = np.flatnonzero((funding == who) & (paid > 0))
            control.accounts[self._wallets.first + chosen, account.TRAITS] &= ~trait.REDEEMS
            hand_out(control, operator, self._wallets.first + chosen, paid[chosen])

    # --- what is kept ----------------------------------------------------------------------------------------------

    def _note(self) -> None:
        holders, count = self.holders, len(self.names)
        alarmed = np.where(holders.cause > CALM, holders.headcount, 0)
        columns = (
            self.positions.deposits - self.positions.converted,
            self.positions.converted,
            self._control.accounts[self._banks.rows, account.BALANCE].copy(),
            self.positions.funding,
            sum_by_group(holders.bank, self.unmet, count),
            sum_by_group(holders.bank, alarmed, count),
        )
        self.history.append((self._control.now, np.stack(columns)))

    def worst(self) -> Int64Array:
        """The banks that are worst off: breached first, then those with the least reserves for their deposits."""
        reserves = self._control.accounts[self._banks.rows, account.BALANCE]
        left = reserves / np.maximum(self.positions.deposits, 1)
        breached = np.where(self.positions.breached_at < 0, INFINITE, self.positions.breached_at)
        return np.lexsort((left, breached))[:SHOWN]

    def tables(self) -> Mapping[str, Columns]:
        """`flight`: each step, all banks together (no name) and the worst."""
        worst = self.worst()
        rows: dict[str, list[Any]] = {name: [] for name in ("at_us", "bank", *STEP_COLUMNS)}
        for at_us, by_bank in self.history:
            for bank in (None, *worst.tolist()):
                values = by_bank.sum(axis=1) if bank is None else by_bank[:, bank]
                rows["at_us"].append(at_us)
                rows["bank"].append(None if bank is None else self.names[bank])
                for name, value in zip(STEP_COLUMNS, values.tolist(), strict=True):
                    rows[name].append(value)
        return {"flight": rows}

    def summary(self) -> Mapping[str, Any]:
        """`flight` and `risk.disintermediation`."""
        positions, holders = self.positions, self.holders
        deposits, outflow = int(positions.deposits.sum()), int(positions.converted.sum())
        alarmed = {why: int(holders.headcount[holders.cause == why].sum()) for why in (BY_NEWS, BY_CONTACTS)}
        safe = np.where(holders.cause > CALM, holders.deposit * holders.headcount - self.moved, 0)
        flight = {
            "banks_kind": self._flight.banks.kind,
            "people": int(holders.headcount.sum()),
            "deposits_fen": deposits,
            "holding_limit_fen": self._flight.holding_limit,
            "before_fen": self._before_fen,
            "outflow_fen": outflow,
            "alarmed_by_news": alarmed[BY_NEWS],
            "alarmed_by_contacts": alarmed[BY_CONTACTS],
            "kept_back_fen": int(safe.sum()),
            **self._why_kept(),
            "unmet_fen": int(self.unmet.sum()),
            "reserves_fen": int(positions.buffer.sum()),
            "drained_fen": int(positions.drained.sum()),
            "worst": [self._bank(bank) for bank in self.worst().tolist()],
        }
        return {"flight": flight, "risk": {"disintermediation": self._risk(deposits, outflow)}}

    def _why_kept(self) -> dict[str, int]:
        """Why deposits of the alarmed stayed (fen): an insured person saw no reason to go, a limit held, or the wallet
        is owed by the very bank. What is in none of them waits for money, or is with people who are slow to act.
        """
        holders, cap, limit = self.holders, self._control.world.scenario.rules.insured_cap, self._flight.holding_limit
        alarmed, wanted = holders.cause > CALM, holders.wanted(self._control.now)
        total = holders.deposit * holders.headcount
        most = total if limit is None else np.minimum(holders.deposit, limit) * holders.headcount
        goes = wanted >= most
        same_bank = holders.owed_by == holders.bank
        insured = alarmed & ~goes & (holders.deposit <= cap) & ~same_bank
        above = np.where(goes, total - most, 0) + np.maximum(wanted - self.moved - self.unmet, 0)
        return {
            "kept_insured_fen": int((total - wanted)[insured].sum()),
            "kept_same_bank_fen": int((total - wanted)[alarmed & ~goes & same_bank].sum()),
            "kept_limits_fen": int(above[alarmed].sum()),
        }

    def _bank(self, bank: int) -> dict[str, Any]:
        positions = self.positions
        return {
            "bank": self.names[bank],
            "deposits_fen": int(positions.deposits[bank]),
            "buffer_fen": int(positions.buffer[bank]),
            "outflow_fen": int(positions.converted[bank]),
            "funding_fen": int(positions.funding[bank]),
            "breached_at_us": _when(int(positions.breached_at[bank])),
            "exhausted_at_us": _when(int(positions.exhausted_at[bank])),
        }

    def _risk(self, deposits: int, outflow: int) -> dict[str, Any]:
        positions = self.positions
        breached = np.flatnonzero(positions.breached_at >= 0)
        first = int(self.worst()[0]) if breached.size else None
        return {
            "outflow_fen": outflow,
            "outflow_share": outflow / deposits if deposits else None,
            "banks": len(self.names),
            "banks_breaching": int(breached.size),
            "banks_with_customers_waiting": int(np.count_nonzero(positions.exhausted_at >= 0)),
            "breaching_share_of_deposits": int(positions.deposits[breached].sum()) / deposits if deposits else None,
            "first_breach_bank": None if first is None else self.names[first],
            "first_breach_at_us": None if first is None else int(positions.breached_at[first]),
            "funding_drawn_fen": int(positions.funding.sum()),
            "unmet_fen": int(self.unmet.sum()),
        }


def _when(at_us: int) -> int | None:
    return None if at_us < 0 else at_us


SIMULATED: Final = Simulated(DepositFlight)
