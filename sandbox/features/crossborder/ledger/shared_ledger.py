"""Settlement over a shared ledger that holds several central banks' money: both legs together, or none.

A payment is checked on both sides; asks for quotes if currencies differ, and takes the best; locks its legs, payer's
bank to the bank that quoted and from there to the payee's bank, or waits in the queue until it can; and settles when
the validators have decided. On the ledger are banks' accounts, one a bank and currency; customers' are with the banks.

It is refused if nothing was locked for it when it ended, and returned if something was and went back.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import numpy as np
import simpy

from sandbox.control import Process
from sandbox.core.layout import INFINITE
from sandbox.features.crossborder.accounts import ARRANGEMENT_KINDS
from sandbox.features.crossborder.arrangement import Arrangement
from sandbox.features.crossborder.calendar import Hours
from sandbox.features.crossborder.currencies import minor_digits
from sandbox.features.crossborder.ledger.locks import Locks
from sandbox.features.crossborder.ledger.quotes import MILLION, Market
from sandbox.features.crossborder.ledger.validators import BANK_FAILED, RETRY, Attempt, Consensus
from sandbox.features.crossborder.payment import NO_LIQUIDITY, REFUSED, RETURNED, SETTLED, Payment
from sandbox.features.crossborder.queue.queueing import Leg, Mechanism, SettlementQueue, Ticket
from sandbox.features.crossborder.rates import in_currency
from sandbox.features.crossborder.schema.section import CrossBorder
from sandbox.features.crossborder.setting import Setting, Steps

NO_QUOTE, QUOTE_EXPIRED, TOO_SMALL = "no_quote", "quote_expired", "too_small"

Wait = Generator[simpy.Event, Any, None]


class SharedLedgerArrangement(Arrangement):
    """The shared ledger."""

    name = "shared_ledger"

    def __init__(self, setting: Setting) -> None:
        super().__init__(setting)
        crossborder, self._terms = setting.crossborder, setting.crossborder.shared_ledger
        ledger = setting.control.ledger
        blocks = [ledger.block(ARRANGEMENT_KINDS[self.name], currency) for currency in setting.currencies]
        self._first = {block.currency: block.first for block in blocks}
        self._currency = {block.first + bank: block.currency for block in blocks for bank in range(block.count)}
        self.locks = Locks(ledger, min(one.first for one in blocks), max(one.end for one in blocks))
        dealers = set(crossborder.dealers())
        self.dealers = [number for number, name in enumerate(setting.banks) if name in dealers]
        self.market = Market(setting, self._terms.quotes, self.dealers)
        self._hours = setting.currency_hours() if self._terms.hours == "office" else {}
        self.consensus = Consensus(
            setting.control, setting.outages, self.locks, self._terms.validators,
            crossborder.validators(), self._is_open,
        )  # fmt: skip
        queue = self._terms.queue
        owners = {block.first + bank: bank for block in blocks for bank in range(block.count)}
        self.queue = SettlementQueue(
            setting.control.env, self.locks,
            Mechanism(mode=queue.mode, every_us=queue.every, overtaking=queue.overtaking),
            owner=owners.__getitem__, on_settle=self._locked,
        )  # fmt: skip
        self.consensus.on_money = self.queue.retry
        self.trades: dict[int, list[int]] = {one: [0, 0] for one in self.dealers}
        """By dealer, how many exchanges settled, and what it earned against the mid (US cents)."""
        self.turnover: dict[str, int] = dict.fromkeys(self._first, 0)
        self.funded: dict[str, int] = dict.fromkeys(self._first, 0)
        """What central banks issued after the start, by currency."""

    def start(self) -> None:
        """Give every bank what it holds in each currency."""
        for currency in self._first:
            self.setting.issue_opening(self.name, currency, opening(self.setting.crossborder, currency, self.dealers))
        self.locks.opened()
        self.consensus.start()
        if self._terms.refill is not None:
            self._control.env.process(self._refill(self._terms.refill))

    def pay(self, payment: Payment) -> Process:
        """Check on both sides, agree on a rate, lock both legs, settle both."""
        control, banks = self._control, self.setting.banks
        reason = (yield from self.gates.sender_side(payment)) or (yield from self.gates.receiver_side(payment))
        if reason is not None:
            self.gates.release(payment)
            payment.end(REFUSED, control.now, reason)
            return
        attempt = Attempt(payment, (banks[payment.payer_bank], banks[payment.payee_bank]))
        reason = RETRY
        while reason == RETRY:
            reason = yield from self._try(attempt)
        if reason is None:
            self._settled(attempt)
            return
        self.gates.release(payment)
        payment.end(RETURNED if attempt.tries else REFUSED, control.now, reason)

    def account(self, currency: str, bank: int) -> int:
        """A bank's account in a currency."""
        return self._first[currency] + bank

    # --- inside ----------------------------------------------------------------------------------------------------

    def _try(self, attempt: Attempt) -> Steps:
        """Wait until it may, agree on a rate, lock or wait for money, wait for the decision."""
        payment, control = attempt.payment, self._control
        yield from self._until_open(payment)
        reason = self._agree(attempt)
        if reason is not None:
            return reason
        attempt.batch = None
        attempt.legs = self._legs(attempt)
        ticket = self.queue.submit(attempt.legs, worth=payment.value_usd_cents, subject=attempt)
        if ticket.waits:
            yield from self._wait(attempt, ticket)
        if attempt.batch is None:
            patience_over = attempt.patience_until_us is not None and control.now >= attempt.patience_until_us
            return NO_LIQUIDITY if patience_over else RETRY
        since_us = attempt.batch.since_us
        yield attempt.batch.decided
        payment.consensus_us += control.now - since_us
        return attempt.answer

    def _until_open(self, payment: Payment) -> Wait:
        """Wait until both currencies move."""
        now = self._control.now
        at_us, moved = now, bool(self._hours)
        while moved:
            later, code = max(
                (self._hours[code].next_open(at_us), code) for code in (payment.payer_currency, payment.payee_currency)
            )
            self.closures.waited(payment.number, self.setting.keeper(code), at_us, later)
            at_us, moved = later, later != at_us
        if at_us > now:
            yield self._control.wait_until(at_us)
            payment.closed_us += at_us - now

    def _is_open(self, payment: Payment) -> bool:
        now = self._control.now
        return all(hours.is_open(now) for hours in self._hours_of(payment))

    def _hours_of(self, payment: Payment) -> list[Hours]:
        if not self._hours:
            return []
        return [self._hours[payment.payer_currency], self._hours[payment.payee_currency]]

    def _agree(self, attempt: Attempt) -> str | None:
        """See that banks are there and a quote holds, or why it ends here."""
        payment, outages = attempt.payment, self.setting.outages
        if any(outages.down("bank", bank) for bank in attempt.ends):
            return BANK_FAILED
        if payment.payer_currency == payment.payee_currency or self._holds(attempt):
            return None
        if attempt.requests > self._terms.quotes.requotes:
            return QUOTE_EXPIRED
        attempt.quote = self.market.best(payment, attempt.requests)
        attempt.requests += 1
        if attempt.quote is None:
            return NO_QUOTE
        attempt.dealer = self.setting.banks[attempt.quote.dealer]
        return None if attempt.quote.gives(payment.amount) > 0 else TOO_SMALL

    def _holds(self, attempt: Attempt) -> bool:
        """Whether it has a quote that has not expired, of a bank that is there."""
        quote, dealer = attempt.quote, attempt.dealer
        if quote is None or dealer is None or self._control.now >= quote.expires_us:
            return False
        return not self.setting.outages.down("bank", dealer)

    def _legs(self, attempt: Attempt) -> list[Leg]:
        """What moves between banks; what a bank exchanges for its own customer moves within it."""
        payment, quote = attempt.payment, attempt.quote
        pays, gets = self._first[payment.payer_currency], self._first[payment.payee_currency]
        if quote is None:
            return [Leg(pays + payment.payer_bank, pays + payment.payee_bank, payment.amount)]
        legs = [
            Leg(pays + payment.payer_bank, pays + quote.dealer, payment.amount),
            Leg(gets + quote.dealer, gets + payment.payee_bank, quote.gives(payment.amount)),
        ]
        return [leg for leg in legs if leg.payer != leg.payee]

    def _wait(self, attempt: Attempt, ticket: Ticket) -> Wait:
        """Wait in the queue until locked, or until the quote, patience, the hours or a bank end that."""
        control, payment, patience = self._control, attempt.payment, self._terms.queue.patience
        begun = control.now
        if attempt.patience_until_us is None and patience is not None:
            attempt.patience_until_us = begun + patience
        ends = [hours.next_close(begun) for hours in self._hours_of(payment)]
        ends += [] if attempt.quote is None else [attempt.quote.expires_us]
        ends += [] if attempt.patience_until_us is None else [attempt.patience_until_us]
        until = min(ends, default=INFINITE)
        while ticket.waits:
            yield ticket.settled | control.wait_until(until) | self.setting.outages.changed
            failed = any(self.setting.outages.down("bank", bank) for bank in (*attempt.ends, attempt.dealer or ""))
            if ticket.waits and (failed or control.now >= until):
                self.queue.withdraw(ticket)
        payment.queued_us += (control.now if ticket.settled_us is None else ticket.settled_us) - begun

    def _locked(self, tickets: Sequence[Ticket]) -> None:
        """The queue has locked these together."""
        self.consensus.propose((ticket.subject for ticket in tickets), self.locks.taken())

    def _settled(self, attempt: Attempt) -> None:
        """Both legs are written: the payee's bank credits."""
        payment, quote, now = attempt.payment, attempt.quote, self._control.now
        payment.credited = payment.amount
        payment.fee = in_currency(self.setting.crossborder, payment.payer_currency, self._terms.fee)
        payment.fee += payment.amount * round(self._terms.fee_share * MILLION) // MILLION
        payment.pvp = len(attempt.legs) > 1
        for leg in attempt.legs:
            self.turnover[self._currency[leg.payer]] += leg.amount
        if quote is not None:
            payment.dealer = attempt.dealer
            payment.credited, payment.fx_cost = quote.gives(payment.amount), quote.costs(payment.amount)
            digits = minor_digits(payment.payer_currency) - minor_digits(payment.payee_currency)
            payment.rate = payment.credited / payment.amount * 10.0**digits
            trades = self.trades[quote.dealer]
            trades[0] += 1
            trades[1] += payment.fx_cost * payment.value_usd_cents // payment.amount
        payment.settled_us = now
        payment.end(SETTLED, now)

    def _refill(self, every_us: int) -> Process:
        """Central banks set free balances back to what they were at the start."""
        control, locks = self._control, self.locks
        while True:
            yield control.env.timeout(every_us)
            for currency, first in self._first.items():
                accounts = np.arange(first, first + len(self.setting.banks))
                lacks = locks.opening[accounts - locks.first] - locks.available(accounts)
                issuer, short, over = self.setting.issuer(currency), lacks > 0, lacks < 0
                if short.any():
                    control.ledger.post(issuer, accounts[short], lacks[short])
                if over.any():
                    control.ledger.post(accounts[over], issuer, -lacks[over])
                self.funded[currency] += int(lacks[short].sum())
            self.queue.retry()


def opening(crossborder: CrossBorder, currency: str, dealers: Sequence[int]) -> list[int]:
    """What each bank holds of a currency at the start (minor units)."""
    cents = (
        crossborder.holds_at_start(place, name, currency, number in dealers)
        for number, (place, name) in enumerate(crossborder.banks())
    )
    return [in_currency(crossborder, currency, one) for one in cents]
