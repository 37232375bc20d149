"""What the chain costs: charges of each bank, and the margin of whoever exchanges.

Charges are set in dollars and taken in the currency that the payment is in by then, at the mid rates of the start.
Where they are shared they come off the sum; where the payer bears them they are sent along on top of it. Exchange is
at the mid rate of the instant less the margin.

Units: minor units of currencies; US cents for what the terms say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from sandbox.features.crossborder.chain.routes import Route
from sandbox.features.crossborder.payment import Payment
from sandbox.features.crossborder.rates import in_currency
from sandbox.features.crossborder.schema.chain import Tariff
from sandbox.features.crossborder.setting import Setting
from sandbox.scenario.units import US_PER_DAY

MILLION: Final = 1_000_000


@dataclass(slots=True)
class Funds:
    """A sum as it goes through hands that charge and exchange; `book` makes it the payment's."""

    amount: int
    currency: str
    charged: int = 0
    """In the payer's currency, so far."""
    lost_to_exchange: int = 0
    """The same, against the mid."""
    rate: float = 1.0
    exchanged: bool = False


class Prices:
    """The prices of a run."""

    def __init__(self, setting: Setting) -> None:
        self._setting, self._terms = setting, setting.crossborder.correspondent
        self._thin = {name: self._is_thin(name) for name in setting.crossborder.corridors}

    def on_top(self, payment: Payment, route: Route) -> tuple[int, int] | None:
        """The sum to send, and what the payer pays beside the amount; None if charges would eat that up."""
        own = self._in_start(payment, self._fees(payment).payer_bank.cents(payment.value_usd_cents))
        others = self._others(payment, route, 0)
        if self._fees(payment).bearer == "payer":
            return payment.amount + others, own + others
        return (payment.amount, own) if others < payment.amount else None

    def waive_unearned(self, payment: Payment, route: Route, place: int) -> None:
        """What comes no further than this place is not charged by those who would have had it next."""
        if self._fees(payment).bearer == "payer":
            left = self._others(payment, route, place)
            payment.fee -= left
            payment.amount += left

    def charge(self, payment: Payment, funds: Funds, who: Literal["intermediary", "payee_bank"]) -> None:
        """A bank on the way takes its charge off the sum."""
        fees = self._fees(payment)
        terms = fees.intermediary if who == "intermediary" else fees.payee_bank
        asked = in_currency(self._setting.crossborder, funds.currency, terms.cents(payment.value_usd_cents))
        taken = min(asked, funds.amount)
        funds.amount -= taken
        funds.charged += self._in_payers(payment, taken, funds.currency)

    def exchange(self, payment: Payment, funds: Funds, currency: str) -> None:
        """The sum in another currency, less the margin."""
        if currency == funds.currency:
            return
        mid_rates, now = self._setting.mid_rates, self._setting.control.now
        mid = mid_rates.convert(funds.amount, funds.currency, currency, now)
        margin = self._margin(payment)
        given = mid - -(-mid * margin // MILLION)
        funds.lost_to_exchange += self._in_payers(payment, mid - given, currency)
        funds.rate *= mid_rates.cross(funds.currency, currency, now) * (1 - margin / MILLION)
        funds.amount, funds.currency, funds.exchanged = given, currency, True

    def book(self, payment: Payment, funds: Funds, *, back: bool) -> None:
        """What was charged and lost to exchange is the payment's: it has happened."""
        payment.fx_cost += funds.lost_to_exchange
        if funds.exchanged and not back:
            payment.rate = (1.0 if payment.rate is None else payment.rate) * funds.rate
        if back or self._fees(payment).bearer == "shared":
            # It comes off the sum, which then was smaller from the first: what the payer gave stays the same.
            taken = min(funds.charged, payment.amount - 1)
            payment.amount -= taken
            payment.fee += taken

    def _others(self, payment: Payment, route: Route, place: int) -> int:
        """What intermediaries from a place on, and the payee's bank, charge for a payment."""
        fees, value = self._fees(payment), payment.value_usd_cents
        intermediaries = len(route.members) - 1 - max(place, 1)
        charged = fees.intermediary.cents(value) * intermediaries + fees.payee_bank.cents(value)
        return self._in_start(payment, charged)

    def _in_start(self, payment: Payment, usd_cents: int) -> int:
        """In the payer's currency at the mid rates of the start."""
        return in_currency(self._setting.crossborder, payment.payer_currency, usd_cents)

    def _fees(self, payment: Payment) -> Tariff:
        return self._terms.people if payment.individuals else self._terms.firms

    def _in_payers(self, payment: Payment, amount: int, currency: str) -> int:
        return self._setting.mid_rates.convert(amount, currency, payment.payer_currency, self._setting.control.now)

    def _margin(self, payment: Payment) -> int:
        """One exchange's margin in millionths: a way through the dollar shares it between its two."""
        parts = len(self._terms.exchanges(payment.payer_currency, payment.payee_currency)) - 1
        margin = self._terms.margin(payment.value_usd_cents)
        if self._thin[payment.corridor]:
            margin *= self._terms.thin_times
        return min(round(margin * MILLION / max(parts, 1)), MILLION)

    def _is_thin(self, name: str) -> bool:
        """Is there less value a day in a corridor than makes it a thick one?"""
        scenario, corridor = self._setting.control.world.scenario, self._setting.crossborder.corridors[name]
        days = scenario.duration / US_PER_DAY
        a_day = corridor.payments * scenario.scale if corridor.count is None else corridor.count / days
        return a_day * corridor.mean < self._terms.thin_below
