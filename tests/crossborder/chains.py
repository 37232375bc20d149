"""A chain of correspondents without a rail: few banks, times that do not vary; and what must hold of it.

The checks read the ledger's postings and the payments, and know terms and calendars from the scenario alone.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from sandbox.core.layout import account
from sandbox.features.crossborder.accounts import ARRANGEMENT_KINDS
from sandbox.features.crossborder.calendar import office_hours
from sandbox.features.crossborder.chain.correspondent import CorrespondentArrangement, opening
from sandbox.features.crossborder.payment import LOST, PENDING, REFUSED, RETURNED, SETTLED, Payment
from sandbox.scenario.schema import Scenario
from tests.crossborder.bench import Bench, changed

TEXT = """
title: A chain
question: Who has the money?
duration: 10 days
start: 2026-03-06T00:00:00
crossborder:
  arrangements: correspondent
  settle_within: 20 days
  jurisdictions:
    mainland: {banks: 2, opens: 9 h, closes: 17 h, capital_controls: strict}
    hong_kong: {banks: 2, opens: 9 h, closes: 18 h}
    thailand: {banks: 1}
    uae: {banks: 1}
    macau: {banks: 1}
    saudi_arabia: {banks: 1}
  currencies:
    CNY: {per_usd: 7, volatility: 0}
    HKD: {per_usd: 7.8, volatility: 0}
    THB: {per_usd: 33, volatility: 0}
  corridors:
    yuan: {sender: hong_kong, receiver: mainland, payments: 1 /day, mean: 1000 USD, payer_currency: CNY}
    trade: {sender: hong_kong, receiver: mainland, payments: 1 /day, mean: 1000 USD}
    gulf: {sender: mainland, receiver: uae, payments: 1 /day, mean: 1000 USD}
    dollars: {sender: hong_kong, receiver: thailand, payments: 1 /day, mean: 1000 USD, payer_currency: USD}
  correspondent:
    intermediaries:
      north: {utc_offset: 8}
      south: {utc_offset: 8}
    hops: [1]
    cut_off: 1 h
    processing: {median: 1 min, sigma: 0}
    batched: 0 %
    crediting:
      by_machine: {median: 5 min, sigma: 0}
      none: {automatic: 100 %, by_hand: {median: 1 h, sigma: 0}}
      some: {automatic: 0 %, by_hand: {median: 1 h, sigma: 0}}
      strict: {automatic: 0 %, by_hand: {median: 2 h, sigma: 0}}
    systems: {}
    unprotected: 100 %
    firms: {payer_bank: {fixed: 10 USD}, intermediary: {fixed: 2 USD}, payee_bank: {fixed: 1 USD}}
    margins: [{above: 0 USD, margin: 1 %}]
    thin_times: 1
  gates:
    travel_rule: {missing: 0 %}
    screening: {takes: 0 s, false_positives: 0 %, listed: 0 %}
"""


def scenario(**changes: object) -> Scenario:
    """The scenario with other values below `crossborder`: `correspondent__hops` is `correspondent.hops`."""
    return changed(TEXT, ("crossborder",), changes)


class Strand(Bench):
    """A running chain, and what has been seen of it."""

    def __init__(self, of: Scenario, seed: int = 1) -> None:
        super().__init__(of, seed)
        self.sent: list[int] = []
        """What each payer gave first, before charges that come off."""
        self.posted: list[tuple[int, str, str, str, int]] = []
        """When, currency, from whom, to whom, how much."""
        self._on_top = self.crossborder.correspondent.firms.bearer == "payer"
        self._names = {}
        for code in self.setting.currencies:
            self._names[self.setting.issuer(code)] = (code, "issuer")
            block = self.ledger.block(ARRANGEMENT_KINDS["correspondent"], code)
            self._names |= {block.first + number: (code, block.name(number)) for number in range(block.count)}
        self.setting.outages.start()
        self.arrangement = CorrespondentArrangement(self.setting)
        arrived = self.arrangement._arrived

        def watched(transfer: Any, last: int, funds: Any) -> None:
            """What was bought is delivered while its system is open."""
            for place in range(transfer.place, last):
                if place in transfer.route.dealers:
                    assert self.is_open(transfer.route.currencies[place]), "delivered while its system was closed"
            arrived(transfer, last, funds)

        self.arrangement._arrived = watched  # type: ignore[method-assign]
        self.arrangement.start()
        self.ledger.on_post.append(self._see)

    def pay(
        self, corridor: str, dollars: int, at_us: int | None = None, payer_bank: int = 0, payee_bank: int = 0
    ) -> Payment:
        """Send a payment, now or later."""
        at_us = self.now if at_us is None else at_us
        payment = self.payment("correspondent", corridor, dollars, at_us, payer_bank, payee_bank)
        self.sent.append(payment.amount)
        self.env.process(self._later(payment))
        return payment

    def _later(self, payment: Payment) -> Any:
        yield self.control.wait_until(payment.submitted_us)
        yield from self.arrangement.pay(payment)

    def run(self, until_us: int | None = None) -> None:
        """Let time pass, to the end of the run if nothing is said."""
        with np.errstate(over="ignore"):
            self.env.run(until=self.setting.end_us if until_us is None else until_us)
        self.check()

    def is_open(self, currency: str) -> bool:
        """Whether money of a currency can be delivered now, from the calendars of the scenario."""
        office = self.crossborder.correspondent.systems.get(currency)
        if office is None:
            place = self.crossborder.clock_of(currency)
            return place is None or self.setting.hours[place].is_open(self.now)
        return office_hours(office, self.control.world.scenario.start, self.now + 1).is_open(self.now)

    def holds(self, name: str, currency: str) -> int:
        """What a member has."""
        (who,) = (number for number, one in self._names.items() if one == (currency, name))
        return int(self.ledger.accounts[who, account.BALANCE])

    def gained(self, name: str, currency: str) -> int:
        """What a member has more than it began with; top-ups count."""
        return self.holds(name, currency) - opening(self.setting)[currency][self.arrangement.members.names.index(name)]

    # --- what must hold --------------------------------------------------------------------------------------------

    def _see(self, payers: Any, payees: Any, amounts: Any) -> None:
        self.ledger.check()
        for payer, payee, amount in zip(payers.tolist(), payees.tolist(), amounts.tolist(), strict=True):
            (code, gives), (_, gets) = self._names[payer], self._names[payee]
            self.posted.append((self.now, code, gives, gets, amount))

    def check(self) -> None:
        """What is true of every payment, however it ended."""
        credited: dict[str, int] = {}
        for payment, gave in zip(self.payments, self.sent, strict=True):
            assert payment.outcome in (SETTLED, REFUSED, RETURNED, LOST, PENDING)
            assert (payment.credited is not None) == (payment.outcome == SETTLED)
            assert (payment.completed_us is not None) == (payment.outcome != PENDING)
            assert min(payment.fee, payment.fx_cost, payment.closed_us, payment.queued_us, payment.exposed_us) >= 0
            assert payment.amount > 0
            assert gave <= payment.amount + payment.fee
            # What the payer gave on top and nobody took comes back with the sum.
            assert payment.amount <= gave or (payment.outcome in (RETURNED, LOST) and self._on_top)
            if payment.outcome == REFUSED:
                assert payment.fee == 0
                assert payment.amount == gave
            if payment.outcome == SETTLED:
                assert payment.completed_us is not None
                assert payment.settled_us is not None
                assert payment.submitted_us <= payment.settled_us <= payment.completed_us
                spent = payment.closed_us + payment.queued_us + payment.compliance_us
                assert spent <= payment.completed_us - payment.submitted_us
                bank = self.setting.banks[payment.payee_bank]
                credited[bank] = credited.get(bank, 0) + 1
            if payment.outcome == PENDING:
                assert payment.closed_us + payment.compliance_us <= self.now - payment.submitted_us
        self.ledger.check()
