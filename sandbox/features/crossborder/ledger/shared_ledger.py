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
from sandbox.features.crossborder.abroad import Abroad, Arrangement, Steps
from sandbox.features.crossborder.accounts import ARRANGEMENT_KINDS
from sandbox.features.crossborder.calendar import Hours
from sandbox.features.crossborder.currencies import minor_digits
from sandbox.features.crossborder.gates import Gatekeeper
from sandbox.features.crossborder.ledger.locks import Locks
from sandbox.features.crossborder.ledger.quotes import MILLION, Market
from sandbox.features.crossborder.ledger.validators import AGAIN, BANK_FAILED, Attempt, Consensus
from sandbox.features.crossborder.queue.queueing import Leg, Mechanism, SettlementQueue, Ticket
from sandbox.features.crossborder.rates import in_currency
from sandbox.features.crossborder.schema.section import CrossBorder
from sandbox.features.crossborder.story import REFUSED, RETURNED, SETTLED, Story

NO_QUOTE, QUOTE_EXPIRED, NO_LIQUIDITY, TOO_SMALL = "no_quote", "quote_expired", "no_liquidity", "too_small"

Wait = Generator[simpy.Event, Any, None]


class Shared(Arrangement):
    """The shared ledger."""

    name = "shared_ledger"

    def __init__(self, abroad: Abroad) -> None:
        self.abroad, self._terms = abroad, abroad.crossborder.shared_ledger
        self._control, crossborder = abroad.control, abroad.crossborder
        self._gates = Gatekeeper(abroad, self.name)
        ledger = abroad.control.ledger
        blocks = [ledger.block(ARRANGEMENT_KINDS[self.name], currency) for currency in abroad.currencies]
        self._first = {block.currency: block.first for block in blocks}
        self._currency = {block.first + bank: block.currency for block in blocks for bank in range(block.count)}
        self.locks = Locks(ledger, min(one.first for one in blocks), max(one.end for one in blocks))
        dealers = set(crossborder.dealers())
        self.dealers = [number for number, name in enumerate(abroad.banks) if name in dealers]
        self.market = Market(abroad, self._terms.quotes, self.dealers)
        self._hours = abroad.currency_hours() if self._terms.hours == "office" else {}
        self.consensus = Consensus(
            abroad.control, abroad.outages, self.locks, self._terms.validators,
            crossborder.validators(), self._is_open,
        )  # fmt: skip
        queue = self._terms.queue
        owners = {block.first + bank: bank for block in blocks for bank in range(block.count)}
        self.queue = SettlementQueue(
            abroad.control.env, self.locks,
            Mechanism(mode=queue.mode, every_us=queue.every, overtaking=queue.overtaking),
            owner=owners.__getitem__, on_settle=self._locked,
        )  # fmt: skip
        self.consensus.on_money = self.queue.look
        self.trades: dict[int, list[int]] = {one: [0, 0] for one in self.dealers}
        """By dealer, how many exchanges settled, and what it earned against the mid (US cents)."""
        self.turnover: dict[str, int] = dict.fromkeys(self._first, 0)
        self.funded: dict[str, int] = dict.fromkeys(self._first, 0)
        """What central banks issued after the start, by currency."""

    def start(self) -> None:
        """Give every bank what it holds in each currency."""
        for currency in self._first:
            self.abroad.endow(self.name, currency, opening(self.abroad.crossborder, currency, self.dealers))
        self.locks.opened()
        self.consensus.start()
        if self._terms.refill is not None:
            self._control.env.process(self._refill(self._terms.refill))

    def pay(self, story: Story) -> Process:
        """Check on both sides, agree on a rate, lock both legs, settle both."""
        control, banks = self._control, self.abroad.banks
        reason = (yield from self._gates.sender_side(story)) or (yield from self._gates.receiver_side(story))
        if reason is not None:
            self._gates.release(story)
            story.end(REFUSED, control.now, reason)
            return
        attempt = Attempt(story, (banks[story.payer_bank], banks[story.payee_bank]))
        reason = AGAIN
        while reason == AGAIN:
            reason = yield from self._try(attempt)
        if reason is None:
            self._settled(attempt)
            return
        self._gates.release(story)
        story.end(RETURNED if attempt.tries else REFUSED, control.now, reason)

    def account(self, currency: str, bank: int) -> int:
        """A bank's account in a currency."""
        return self._first[currency] + bank

    # --- inside ----------------------------------------------------------------------------------------------------

    def _try(self, attempt: Attempt) -> Steps:
        """Wait until it may, agree on a rate, lock or wait for money, wait for the decision."""
        story, control = attempt.story, self._control
        yield from self._until_open(story)
        reason = self._agree(attempt)
        if reason is not None:
            return reason
        attempt.batch = None
        attempt.legs = self._legs(attempt)
        ticket = self.queue.submit(attempt.legs, worth=story.value_usd_cents, subject=attempt)
        if ticket.waits:
            yield from self._wait(attempt, ticket)
        if attempt.batch is None:
            late = attempt.gives_up_us is not None and control.now >= attempt.gives_up_us
            return NO_LIQUIDITY if late else AGAIN
        since_us = attempt.batch.since_us
        yield attempt.batch.decided
        story.consensus_us += control.now - since_us
        return attempt.answer

    def _until_open(self, story: Story) -> Wait:
        """Wait until both currencies move."""
        now = self._control.now
        at_us, moved = now, bool(self._hours)
        while moved:
            later = max(self._hours[code].next_open(at_us) for code in (story.payer_currency, story.payee_currency))
            at_us, moved = later, later != at_us
        if at_us > now:
            yield self._control.wait_until(at_us)
            story.closed_us += at_us - now

    def _is_open(self, story: Story) -> bool:
        now = self._control.now
        return all(hours.is_open(now) for hours in self._hours_of(story))

    def _hours_of(self, story: Story) -> list[Hours]:
        if not self._hours:
            return []
        return [self._hours[story.payer_currency], self._hours[story.payee_currency]]

    def _agree(self, attempt: Attempt) -> str | None:
        """See that banks are there and a quote holds, or why it ends here."""
        story, outages = attempt.story, self.abroad.outages
        if any(outages.down("bank", bank) for bank in attempt.ends):
            return BANK_FAILED
        if story.payer_currency == story.payee_currency or self._holds(attempt):
            return None
        if attempt.requests > self._terms.quotes.requotes:
            return QUOTE_EXPIRED
        attempt.quote = self.market.best(story, attempt.requests)
        attempt.requests += 1
        if attempt.quote is None:
            return NO_QUOTE
        attempt.dealer = self.abroad.banks[attempt.quote.dealer]
        return None if attempt.quote.gives(story.amount) > 0 else TOO_SMALL

    def _holds(self, attempt: Attempt) -> bool:
        """Whether it has a quote that has not expired, of a bank that is there."""
        quote, dealer = attempt.quote, attempt.dealer
        if quote is None or dealer is None or self._control.now >= quote.expires_us:
            return False
        return not self.abroad.outages.down("bank", dealer)

    def _legs(self, attempt: Attempt) -> list[Leg]:
        """What moves between banks; what a bank exchanges for its own customer moves within it."""
        story, quote = attempt.story, attempt.quote
        pays, gets = self._first[story.payer_currency], self._first[story.payee_currency]
        if quote is None:
            return [Leg(pays + story.payer_bank, pays + story.payee_bank, story.amount)]
        legs = [
            Leg(pays + story.payer_bank, pays + quote.dealer, story.amount),
            Leg(gets + quote.dealer, gets + story.payee_bank, quote.gives(story.amount)),
        ]
        return [leg for leg in legs if leg.payer != leg.payee]

    def _wait(self, attempt: Attempt, ticket: Ticket) -> Wait:
        """Wait in the queue until locked, or until the quote, patience, the hours or a bank end that."""
        control, story, patience = self._control, attempt.story, self._terms.queue.patience
        begun = control.now
        if attempt.gives_up_us is None and patience is not None:
            attempt.gives_up_us = begun + patience
        ends = [hours.next_close(begun) for hours in self._hours_of(story)]
        ends += [] if attempt.quote is None else [attempt.quote.expires_us]
        ends += [] if attempt.gives_up_us is None else [attempt.gives_up_us]
        until = min(ends, default=INFINITE)
        while ticket.waits:
            yield ticket.settled | control.wait_until(until) | self.abroad.outages.changed
            failed = any(self.abroad.outages.down("bank", bank) for bank in (*attempt.ends, attempt.dealer or ""))
            if ticket.waits and (failed or control.now >= until):
                self.queue.withdraw(ticket)
        story.queued_us += (control.now if ticket.settled_us is None else ticket.settled_us) - begun

    def _locked(self, tickets: Sequence[Ticket]) -> None:
        """The queue has locked these together."""
        self.consensus.propose((ticket.subject for ticket in tickets), self.locks.taken())

    def _settled(self, attempt: Attempt) -> None:
        """Both legs are written: the payee's bank credits."""
        story, quote, now = attempt.story, attempt.quote, self._control.now
        story.credited = story.amount
        story.fee = in_currency(self.abroad.crossborder, story.payer_currency, self._terms.fee)
        story.fee += story.amount * round(self._terms.fee_share * MILLION) // MILLION
        story.pvp = len(attempt.legs) > 1
        for leg in attempt.legs:
            self.turnover[self._currency[leg.payer]] += leg.amount
        if quote is not None:
            story.dealer = attempt.dealer
            story.credited, story.fx_cost = quote.gives(story.amount), quote.costs(story.amount)
            digits = minor_digits(story.payer_currency) - minor_digits(story.payee_currency)
            story.rate = story.credited / story.amount * 10.0**digits
            trades = self.trades[quote.dealer]
            trades[0] += 1
            trades[1] += story.fx_cost * story.value_usd_cents // story.amount
        story.settled_us = now
        story.end(SETTLED, now)

    def _refill(self, every_us: int) -> Process:
        """Central banks set free balances back to what they were at the start."""
        control, locks = self._control, self.locks
        while True:
            yield control.env.timeout(every_us)
            for currency, first in self._first.items():
                accounts = np.arange(first, first + len(self.abroad.banks))
                lacks = locks.opening[accounts - locks.first] - locks.available(accounts)
                issuer, short, over = self.abroad.issuer(currency), lacks > 0, lacks < 0
                if short.any():
                    control.ledger.post(issuer, accounts[short], lacks[short])
                if over.any():
                    control.ledger.post(accounts[over], issuer, -lacks[over])
                self.funded[currency] += int(lacks[short].sum())
            self.queue.look()


def opening(crossborder: CrossBorder, currency: str, dealers: Sequence[int]) -> list[int]:
    """What each bank holds of a currency at the start (minor units)."""
    cents = (
        crossborder.holds_at_start(place, name, currency, number in dealers)
        for number, (place, name) in enumerate(crossborder.banks())
    )
    return [in_currency(crossborder, currency, one) for one in cents]
