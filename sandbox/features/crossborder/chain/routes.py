"""Which way a payment takes through the chain: its members, and the currency of each leg.

A pair of banks always takes the same route for the same currencies. Members are numbers: banks first, in the scenario's
order, then intermediaries.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import numpy as np

from sandbox.core.draws import below, stream, under
from sandbox.features.crossborder.schema.chain import Correspondent, chosen, leg_currencies

PARTS = 1_000_000


class Route(NamedTuple):
    """The members from the payer's bank to the payee's, and the currency of each leg between one and the next."""

    members: tuple[int, ...]
    currencies: tuple[str, ...]
    paid_in: str
    paid_out_in: str

    @property
    def dealers(self) -> tuple[int, ...]:
        """Places (in `members`) of intermediaries that get one currency and give another."""
        return tuple(place + 1 for place, (before, after) in enumerate(pairwise(self.currencies)) if before != after)

    def back_from(self, place: int) -> Route:
        """The way back to the payer's bank from the member at a place, where the money lies as it came in."""
        came = self.currencies[place - 1]
        return Route(self.members[place::-1], self.currencies[:place][::-1], came, self.paid_in)


class Routes:
    """The routes of a run.

    Args:
        banks: how many banks there are; intermediaries are numbered after them.
    """

    def __init__(self, terms: Correspondent, banks: int, seed: int) -> None:
        self._terms, self._banks = terms, banks
        self._stream = stream(seed, "chain", "route")
        self._found: dict[tuple[int, int, str, str], Route] = {}

    def between(self, payer_bank: int, payee_bank: int, payer_currency: str, payee_currency: str) -> Route:
        """The route between two banks."""
        key = payer_bank, payee_bank, payer_currency, payee_currency
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._plan(*key)
        return found

    def _plan(self, payer_bank: int, payee_bank: int, payer_currency: str, payee_currency: str) -> Route:
        terms, pair = self._terms, payer_bank << 32 | payee_bank
        exchanges = terms.exchanges(payer_currency, payee_currency)
        drawn = _stops(terms.hops, self._word(pair))
        lengths = [stops for stops, share in enumerate(terms.hops) if share > 0]
        # Where the length that was drawn has no route, the nearest that has one, the longer first.
        for stops in sorted(lengths, key=lambda one: (abs(one - drawn), -one)):
            currencies = leg_currencies(exchanges, stops)
            candidates = terms.candidates(currencies)
            turns = [below(self._word(pair | (place + 1) << 24), PARTS) for place in range(stops)]
            found = chosen(candidates, turns)
            if found is not None:
                members = payer_bank, *(self._banks + one for one in found), payee_bank
                return Route(members, currencies, payer_currency, payee_currency)
        raise RuntimeError(f"no chain of banks from {payer_currency} to {payee_currency}: the scenario was not checked")

    def _word(self, purpose: int) -> np.uint64:
        return under(self._stream, purpose)


def _stops(shares: list[float], word: np.uint64) -> int:
    drawn, reached = below(word, PARTS), 0.0
    for stops, share in enumerate(shares):
        reached += share * PARTS
        if drawn < round(reached):
            return stops
    return len(shares) - 1
