"""Exchange on the shared ledger: banks that make markets quote two ways around the mid, and a payment takes the best.

A bank quotes every pair that has the currency of its jurisdiction. Each quote's distance from bid to ask is a draw of
the payment's key, so that the same payment finds the same market under other rules. Conversion is exact and rounds
down; what is lost by that stays with the bank that quoted. Units: minor units; distances are millionths of the mid.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from sandbox.core.compiled import compiled
from sandbox.core.draws import Int64Array, below, mix
from sandbox.features.crossborder.currencies import minor_digits
from sandbox.features.crossborder.payment import Payment
from sandbox.features.crossborder.schema.ledger import Quotes
from sandbox.features.crossborder.setting import Setting

MILLION: Final = 1_000_000
ASK: Final = 1 << 20
"""Purposes of a payment's draws from here on are quotes: request by request, bank by bank."""
EACH_REQUEST: Final = 1 << 12


class Quote(NamedTuple):
    """What a bank offers for one payment: `up / down` is the mid, payee's minor units for one of the payer's."""

    dealer: int
    spread: int
    up: int
    down: int
    expires_us: int

    @property
    def bid(self) -> float:
        """What the bank pays for one unit of the payer's currency."""
        return self.up / self.down * (1 - self.spread / (2 * MILLION))

    @property
    def ask(self) -> float:
        """What it takes for one; never below the bid, for no distance is below zero."""
        return self.up / self.down * (1 + self.spread / (2 * MILLION))

    def gives(self, amount: int) -> int:
        """What the payee gets for an amount, at the bid."""
        return amount * self.up * (2 * MILLION - self.spread) // (self.down * 2 * MILLION)

    def costs(self, amount: int) -> int:
        """What the exchange of an amount costs against the mid, in the payer's currency."""
        worth = (2 * self.gives(amount) * self.down + self.up) // (2 * self.up)
        return max(0, amount - worth)


class Market:
    """The banks that make markets."""

    def __init__(self, setting: Setting, quotes: Quotes, dealers: list[int]) -> None:
        self._setting, self._quotes = setting, quotes
        self._least = round(quotes.spread_least * MILLION)
        self._range = round(quotes.spread_most * MILLION) - self._least + 1
        home = {name: one.currency for name, one in setting.crossborder.jurisdictions.items()}
        self._dealers = [(one, home[setting.places[one]]) for one in dealers]
        self._pairs: dict[frozenset[str], Int64Array] = {}
        self.requests = 0
        """Quotes that were asked for."""

    def best(self, payment: Payment, request: int) -> Quote | None:
        """The best of the quotes that a payment gets at its request of this number; None if nobody quotes."""
        setting, now = self._setting, self._setting.control.now
        dealers = self._who_quotes(payment)
        spreads = np.empty_like(dealers)
        _spreads(payment.key, ASK + request * EACH_REQUEST, dealers, self._least, self._range, spreads)
        self.requests += 1
        offered = [
            pair
            for pair in zip(spreads.tolist(), dealers.tolist(), strict=True)
            if not setting.outages.down("bank", setting.banks[pair[1]])
        ]
        others = [pair for pair in offered if pair[1] not in (payment.payer_bank, payment.payee_bank)]
        if not offered:
            return None
        # A bank of the payment makes a market for it only where no other does: both legs then cross the ledger.
        spread, dealer = min(others or offered)
        up, down = self._mid(payment, now)
        return Quote(dealer, spread, up, down, now + self._quotes.validity)

    def _mid(self, payment: Payment, now: int) -> tuple[int, int]:
        """Mid rate in minor units, as a fraction."""
        mid_rates, pays, gets = self._setting.mid_rates, payment.payer_currency, payment.payee_currency
        return mid_rates.rate(gets, now) * 10 ** minor_digits(gets), mid_rates.rate(pays, now) * 10 ** minor_digits(
            pays
        )

    def _who_quotes(self, payment: Payment) -> Int64Array:
        pair = frozenset((payment.payer_currency, payment.payee_currency))
        if pair not in self._pairs:
            self._pairs[pair] = np.array([one for one, home in self._dealers if home in pair], dtype=np.int64)
        return self._pairs[pair]


@compiled
def _spreads(key: np.uint64, purpose: int, dealers: Int64Array, least: int, bound: int, out: Int64Array) -> None:
    for place in range(dealers.size):
        out[place] = least + below(mix(key, purpose + dealers[place]), bound)
