"""Exchange rates: a mid rate for each currency against the dollar, moving in steps, and exact conversion at it.

Rates are whole hundred-millionths of a unit a dollar (`RATE_ONE`); sums are minor units; conversion rounds down.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np

from sandbox.core.draws import UInt64Array, stream, words
from sandbox.features.crossborder.currencies import minor_digits
from sandbox.features.crossborder.schema.section import CrossBorder
from sandbox.scenario.units import US_PER_DAY

RATE_ONE: Final = 10**8
DOLLAR_CENTS: Final = 100
STEP_US: Final = 10 * 60 * 1_000_000
"""The mid rate stays for ten minutes. ASSUMED."""


def in_currency(crossborder: CrossBorder, currency: str, usd_cents: int) -> int:
    """US cents as minor units of a currency at the mid rate of the start, rounded down."""
    rate = round(crossborder.currencies[currency].per_usd * RATE_ONE)
    return int(usd_cents * rate * 10 ** minor_digits(currency) // (RATE_ONE * DOLLAR_CENTS))


class MidRates:
    """Mid rates of a run: a random walk of the logarithm, the same for every policy."""

    def __init__(self, crossborder: CrossBorder, seed: int, until_us: int) -> None:
        steps = until_us // STEP_US + 2
        self._rates: dict[str, list[int]] = {}
        for code, currency in crossborder.currencies.items():
            first = round(currency.per_usd * RATE_ONE)
            if currency.volatility == 0:
                self._rates[code] = [first]
                continue
            drawn: UInt64Array = np.zeros(steps, dtype=np.uint64)
            words(stream(seed, "mid", code), 0, drawn)
            # Up or down by one step's spread: nearly normal after a few steps, and exact on every machine.
            ups = np.cumsum(np.where(drawn >> np.uint64(63), 1, -1))
            spread = currency.volatility * math.sqrt(STEP_US / US_PER_DAY)
            walk = [1.0, *(math.exp(spread * int(up)) for up in ups[:-1])]
            self._rates[code] = [max(1, round(first * one)) for one in walk]

    def rate(self, currency: str, at_us: int) -> int:
        """Units for one dollar, in RATE_ONE parts."""
        rates = self._rates[currency]
        return rates[min(at_us // STEP_US, len(rates) - 1)]

    def convert(self, amount: int, payer_currency: str, payee_currency: str, at_us: int) -> int:
        """An amount (minor units) in another currency at mid, rounded down."""
        if payer_currency == payee_currency:
            return amount
        above = self.rate(payee_currency, at_us) * 10 ** minor_digits(payee_currency)
        below = self.rate(payer_currency, at_us) * 10 ** minor_digits(payer_currency)
        return int(amount * above // below)

    def in_cents(self, sums: Mapping[str, int]) -> int:
        """Sums of several currencies in US cents at the mid rates of the start."""
        return sum(self.convert(amount, code, "USD", 0) for code, amount in sums.items())

    def cross(self, payer_currency: str, payee_currency: str, at_us: int) -> float:
        """Units of the payee's currency for one of the payer's."""
        return self.rate(payee_currency, at_us) / self.rate(payer_currency, at_us)
