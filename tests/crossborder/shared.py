"""A shared ledger without a rail: four jurisdictions, two banks each, little money; and what must hold of it.

The checks read the ledger's postings and the payments, and know rates, hours and failures from elsewhere than the code
that settles.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from sandbox.core.layout import account
from sandbox.features.crossborder.currencies import minor_digits
from sandbox.features.crossborder.ledger.shared_ledger import SharedLedgerArrangement, opening
from sandbox.features.crossborder.payment import PENDING, REFUSED, RETURNED, SETTLED, Payment
from sandbox.features.crossborder.rates import RATE_ONE, STEP_US
from sandbox.features.crossborder.schema.section import CrossBorderFault
from sandbox.scenario.schema import Scenario
from tests.crossborder.bench import HOUR, SECOND, Bench, changed

START_US = 9 * HOUR
"""Banks in Hong Kong and on the mainland open."""

TEXT = """
title: Four places
question: Does anything settle by half?
duration: 3 days
start: 2026-03-02T00:00:00
crossborder:
  arrangements: shared_ledger
  jurisdictions:
    mainland: {banks: 2}
    hong_kong: {banks: 2, holidays: ["2026-03-03"]}
    thailand: {banks: 2}
    uae: {banks: 2}
    macau: {banks: 1}
    saudi_arabia: {banks: 1}
  currencies:
    CNY: {per_usd: 7.1, volatility: 0.2}
    THB: {per_usd: 33, volatility: 0.2}
  corridors:
    out: {sender: mainland, receiver: hong_kong, payments: 1 /day, mean: 400 USD}
    back: {sender: hong_kong, receiver: mainland, payments: 1 /day, mean: 400 USD}
    yuan: {sender: hong_kong, receiver: mainland, payments: 1 /day, mean: 400 USD, payer_currency: CNY}
    south: {sender: mainland, receiver: thailand, payments: 1 /day, mean: 400 USD}
    west: {sender: thailand, receiver: uae, payments: 1 /day, mean: 400 USD}
    home: {sender: uae, receiver: mainland, payments: 1 /day, mean: 400 USD}
  shared_ledger:
    liquidity: 1000 USD
    dealer_liquidity: 2000 USD
    refill: 6 h
    quotes: {dealers_each: 1, spread_least: 0.1 %, spread_most: 0.4 %, validity: 40 s, requotes: 2}
    validators: {members: [mainland, hong_kong, thailand, uae], lock_timeout: 25 s}
    queue: {patience: 21 min, every: 30 s}
"""
VALIDATORS = ("mainland", "hong_kong", "thailand", "uae")
NEEDED = 3
"""More than two thirds of four."""


@cache
def scenario(**ledger: object) -> Scenario:
    """The scenario with other values of the shared ledger: `queue__mode` is `queue.mode`."""
    return changed(TEXT, ("crossborder", "shared_ledger"), ledger)


class Posted(NamedTuple):
    """One leg as it was written, and when."""

    at_us: int
    payer: int
    payee: int
    amount: int


class Town(Bench):
    """A running ledger, and what has been seen of it."""

    def __init__(self, of: Scenario, seed: int = 1) -> None:
        super().__init__(of, seed, START_US)
        self.posted: list[Posted] = []
        self.locked: list[Posted] = []
        self._open: list[Payment] = []
        self._left: Counter[Posted] = Counter()
        self._read = 0
        self.arrangement = SharedLedgerArrangement(self.setting)
        self.ledger.on_post.append(self._see)
        locks, move = self.arrangement.locks, self.arrangement.locks.move

        def watched(payers: Any, payees: Any, amounts: Any) -> None:
            move(payers, payees, amounts)
            self.locked += [
                Posted(self.now, *leg)
                for leg in zip(payers.tolist(), payees.tolist(), amounts.tolist(), strict=True)
            ]  # fmt: skip

        locks.move = watched  # type: ignore[method-assign]
        self.arrangement.start()

    def pay(self, corridor: str, dollars: int, payer_bank: int = 0, payee_bank: int = 0) -> Payment:
        """Send a payment now."""
        payment = self.payment("shared_ledger", corridor, dollars, self.now, payer_bank, payee_bank)
        self._open.append(payment)
        self.env.process(self.arrangement.pay(payment))
        return payment

    def fail(self, kind: Any, who: str, lasts_us: int) -> None:
        """Let something fail now."""
        fault = CrossBorderFault(kind=kind, who=who, starts=f"{self.now / SECOND} s", lasts=f"{lasts_us / SECOND} s")
        self.env.process(self.setting.outages._fault(fault))

    def run(self, lasts_us: int) -> None:
        """Let time pass, and check after each instant at which anything happens."""
        until, peek = self.now + lasts_us, self.env.peek
        with np.errstate(over="ignore"):
            while (at_us := peek()) < until:
                while peek() == at_us:
                    self.env.step()
                self.check_locks()
            self.env.run(until=until)
        self.check_stories()

    def is_open(self, currency: str, at_us: int) -> bool:
        """Whether a currency moves then, from the calendar of its jurisdiction."""
        place = next(name for name, one in self.crossborder.jurisdictions.items() if one.currency == currency)
        return self.crossborder.shared_ledger.hours == "always" or self.setting.hours[place].is_open(at_us)

    # --- what must hold --------------------------------------------------------------------------------------------

    def _see(self, payers: Any, payees: Any, amounts: Any) -> None:
        """At every posting: every currency sums to zero, and nothing settles without a quorum or with a failed bank."""
        self.ledger.check()
        banks = self._banks()
        for payer, payee, amount in np.broadcast(payers, payees, amounts):
            if int(payer) not in banks or int(payee) not in banks:
                continue
            self.posted.append(Posted(self.now, int(payer), int(payee), int(amount)))
            assert sum(not self.setting.outages.down("validator", one) for one in VALIDATORS) >= NEEDED, "no quorum"
            for who in (int(payer), int(payee)):
                currency, bank = banks[who]
                assert not self.setting.outages.down("bank", self.setting.banks[bank]), "a bank that failed has a part"
                assert self.is_open(currency, self.now), f"{currency} moved while closed"

    def _banks(self) -> dict[int, tuple[str, int]]:
        if not hasattr(self, "_found"):
            self._found = {
                self.setting.account("shared_ledger", currency, bank): (currency, bank)
                for currency in self.setting.currencies
                for bank in range(len(self.setting.banks))
            }
        return self._found

    def check_locks(self) -> None:
        """What is locked is what undecided batches hold, no more than there is, and no longer than the time-out."""
        limit = self.crossborder.shared_ledger.validators.lock_timeout
        held = dict.fromkeys(self._banks(), 0)
        for batch in self.arrangement.consensus.undecided:
            assert batch.since_us + limit >= self.now, "locked for longer than the time-out"
            for who, amount in batch.locked.held.items():
                held[who] += amount
        accounts = np.array(list(held), dtype=np.int64)
        balances = self.ledger.accounts[accounts, account.BALANCE]
        locked = balances - self.arrangement.locks.available(accounts)
        assert (locked == list(held.values())).all(), "locks that belong to nobody"
        assert (locked >= 0).all()
        assert (locked <= balances).all()

    def check_stories(self) -> None:
        """Each settled payment has all its legs, at one instant, at a rate that held; the others have none."""
        self._left.update(self.posted[self._read :])
        self._read = len(self.posted)
        for payment in [one for one in self._open if one.outcome != PENDING]:
            self._open.remove(payment)
            if payment.outcome == SETTLED:
                self.check_settled(payment)
            else:
                assert payment.settled_us is None
                assert payment.credited is None
                assert (payment.fee, payment.fx_cost, payment.dealer) == (0, 0, None)
        assert not any(self._left.values()), f"legs that belong to no settled payment: {+self._left}"

    def check_settled(self, payment: Payment) -> None:
        """All its legs were written at one instant, after a decision in time, at a rate that held."""
        assert payment.settled_us is not None
        assert payment.credited is not None
        legs = self._legs(payment, self._left)
        assert legs is not None, f"payment {payment.number} settled by half"
        self._left.subtract(legs)
        assert payment.pvp == (len(legs) == 2)
        locked = [one.at_us for one in self.locked if one[1:] == legs[0][1:]]
        decided = [at_us for at_us in locked if 2 * SECOND <= payment.settled_us - at_us <= 25 * SECOND]
        assert decided, "settled too early or too late after it was locked"
        assert any(self.rate_held(payment, at_us) for at_us in decided), "a rate that nobody quoted in time"

    def _legs(self, payment: Payment, posted: Counter[Posted]) -> list[Posted] | None:
        at_us, pays, gets = payment.settled_us, payment.payer_currency, payment.payee_currency
        assert at_us is not None
        payer = self.setting.account("shared_ledger", pays, payment.payer_bank)
        payee = self.setting.account("shared_ledger", gets, payment.payee_bank)
        if pays == gets:
            one = Posted(at_us, payer, payee, payment.amount)
            return [one] if posted[one] > 0 else None
        for dealer in range(len(self.setting.banks)):
            legs = [
                Posted(at_us, payer, self.setting.account("shared_ledger", pays, dealer), payment.amount),
                Posted(at_us, self.setting.account("shared_ledger", gets, dealer), payee, payment.credited or 0),
            ]
            own = [leg for leg in legs if leg.payer != leg.payee]
            if own and payment.dealer == self.setting.banks[dealer] and all(posted[leg] > 0 for leg in own):
                return own
        return None

    def rate_held(self, payment: Payment, locked_us: int) -> bool:
        """Whether some bank could quote the rate at a mid since the quote's validity before the lock."""
        assert payment.credited is not None
        assert payment.fx_cost >= 0
        if payment.payer_currency == payment.payee_currency:
            return payment.credited == payment.amount and payment.fx_cost == 0
        quotes, found = self.crossborder.shared_ledger.quotes, False
        assert quotes.validity < STEP_US, "or a mid in between is missed"
        for at_us in (locked_us - quotes.validity, locked_us):
            mid = self._minor(payment.payee_currency, at_us) / self._minor(payment.payer_currency, at_us)
            least, most = (1 - share / 2 for share in (quotes.spread_most, quotes.spread_least))
            found |= least * mid * payment.amount - 1 <= payment.credited <= most * mid * payment.amount
        return found

    def _minor(self, currency: str, at_us: int) -> float:
        rate: float = self.setting.mid_rates.rate(currency, max(0, at_us)) / RATE_ONE * 10 ** minor_digits(currency)
        return rate

    def check_over(self) -> None:
        """Long after the last payment and failure nothing is on its way."""
        assert all(payment.outcome in (SETTLED, REFUSED, RETURNED) for payment in self.payments)
        assert not self.arrangement.consensus.undecided
        assert not len(self.arrangement.queue)
        for payment in self.payments:
            assert (payment.outcome == SETTLED) == (payment.reason is None)
            assert payment.completed_us is not None


__all__ = ["VALIDATORS", "Town", "opening", "scenario"]
