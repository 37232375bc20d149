"""What the chain costs: charges of each bank, and the margin of whoever exchanges.

Charges are set in dollars and taken in the currency that the payment is in by then, at the mid rates of the start.
Where they are shared they come off the sum; where the payer bears them they are sent along on top of it. Exchange is
at the mid rate of the instant less the margin.

Units: minor units of currencies; US cents for what the terms say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from sandbox.features.crossborder.abroad import Abroad
from sandbox.features.crossborder.chain.routes import Route
from sandbox.features.crossborder.rates import in_currency
from sandbox.features.crossborder.schema.chain import Tariff
from sandbox.features.crossborder.story import Story
from sandbox.scenario.units import US_PER_DAY

MILLION: Final = 1_000_000


@dataclass(slots=True)
class Quoted:
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

    def __init__(self, abroad: Abroad) -> None:
        self._abroad, self._terms = abroad, abroad.crossborder.correspondent
        self._thin = {name: self._is_thin(name) for name in abroad.crossborder.corridors}

    def on_top(self, story: Story, route: Route) -> tuple[int, int] | None:
        """The sum to send, and what the payer pays beside the amount; None if charges would eat that up."""
        own = self._in_start(story, self._fees(story).payer_bank.cents(story.value_usd_cents))
        others = self._others(story, route, 0)
        if self._fees(story).bearer == "payer":
            return story.amount + others, own + others
        return (story.amount, own) if others < story.amount else None

    def not_taken(self, story: Story, route: Route, place: int) -> None:
        """What comes no further than this place is not charged by those who would have had it next."""
        if self._fees(story).bearer == "payer":
            left = self._others(story, route, place)
            story.fee -= left
            story.amount += left

    def charge(self, story: Story, quoted: Quoted, who: Literal["intermediary", "payee_bank"]) -> None:
        """A bank on the way takes its charge off the sum."""
        fees = self._fees(story)
        terms = fees.intermediary if who == "intermediary" else fees.payee_bank
        asked = in_currency(self._abroad.crossborder, quoted.currency, terms.cents(story.value_usd_cents))
        taken = min(asked, quoted.amount)
        quoted.amount -= taken
        quoted.charged += self._in_payers(story, taken, quoted.currency)

    def exchange(self, story: Story, quoted: Quoted, currency: str) -> None:
        """The sum in another currency, less the margin."""
        if currency == quoted.currency:
            return
        mids, now = self._abroad.mids, self._abroad.control.now
        mid = mids.convert(quoted.amount, quoted.currency, currency, now)
        margin = self._margin(story)
        given = mid - -(-mid * margin // MILLION)
        quoted.lost_to_exchange += self._in_payers(story, mid - given, currency)
        quoted.rate *= mids.cross(quoted.currency, currency, now) * (1 - margin / MILLION)
        quoted.amount, quoted.currency, quoted.exchanged = given, currency, True

    def book(self, story: Story, quoted: Quoted, *, back: bool) -> None:
        """What was charged and lost to exchange is the payment's: it has happened."""
        story.fx_cost += quoted.lost_to_exchange
        if quoted.exchanged and not back:
            story.rate = (1.0 if story.rate is None else story.rate) * quoted.rate
        if back or self._fees(story).bearer == "shared":
            # It comes off the sum, which then was smaller from the first: what the payer gave stays the same.
            taken = min(quoted.charged, story.amount - 1)
            story.amount -= taken
            story.fee += taken

    def _others(self, story: Story, route: Route, place: int) -> int:
        """What intermediaries from a place on, and the payee's bank, charge for a payment."""
        fees, value = self._fees(story), story.value_usd_cents
        intermediaries = len(route.members) - 1 - max(place, 1)
        charged = fees.intermediary.cents(value) * intermediaries + fees.payee_bank.cents(value)
        return self._in_start(story, charged)

    def _in_start(self, story: Story, usd_cents: int) -> int:
        """In the payer's currency at the mid rates of the start."""
        return in_currency(self._abroad.crossborder, story.payer_currency, usd_cents)

    def _fees(self, story: Story) -> Tariff:
        return self._terms.people if story.individuals else self._terms.firms

    def _in_payers(self, story: Story, amount: int, currency: str) -> int:
        return self._abroad.mids.convert(amount, currency, story.payer_currency, self._abroad.control.now)

    def _margin(self, story: Story) -> int:
        """One exchange's margin in millionths: a way through the dollar shares it between its two."""
        parts = len(self._terms.exchanges(story.payer_currency, story.payee_currency)) - 1
        margin = self._terms.margin(story.value_usd_cents)
        if self._thin[story.corridor]:
            margin *= self._terms.thin_times
        return min(round(margin * MILLION / max(parts, 1)), MILLION)

    def _is_thin(self, name: str) -> bool:
        """Is there less value a day in a corridor than makes it a thick one?"""
        scenario, corridor = self._abroad.control.world.scenario, self._abroad.crossborder.corridors[name]
        days = scenario.duration / US_PER_DAY
        a_day = corridor.payments * scenario.scale if corridor.count is None else corridor.count / days
        return a_day * corridor.mean < self._terms.thin_below
