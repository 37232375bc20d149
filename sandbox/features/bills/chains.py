"""Who is who in the chains: accounts of core firms, suppliers and desks, tiers, and what a name is worth."""

from __future__ import annotations

from typing import Final

import numpy as np

from sandbox.control import Control
from sandbox.core.draws import below, under
from sandbox.core.layout import account, station, trait
from sandbox.core.ledger import Ledger
from sandbox.core.moves import in_parts
from sandbox.features.bills.accounts import DESK, FIRM
from sandbox.features.bills.schema import Bills
from sandbox.market.firms import operators

CORE: Final = 0
"""Tier of a core firm; suppliers' tiers count from 1."""
BANK: Final = -1
CENTRAL_BANK: Final = -2
_CHOICE: Final = 8
"""Purpose of the draw of a supplier, plus its tier: none of the market's own purposes."""


def role_name(tier: int) -> str:
    """How tables call it.

    >>> role_name(0), role_name(2), role_name(BANK)
    ('core', 'tier 2', 'bank')
    """
    return {CORE: "core", BANK: "bank", CENTRAL_BANK: "central bank"}.get(tier, f"tier {tier}")


class Chains:
    """The accounts of one run's bills."""

    def __init__(self, control: Control, bills: Bills) -> None:
        ledger = control.ledger
        self._control, self._bills = control, bills
        self._firms, self.desks = ledger.block(FIRM), ledger.block(DESK)
        self.central_bank = ledger.block(Ledger.ISSUER).first
        self._operators = operators(control.world.scenario)
        self._sizes = [tier.firms for tier in bills.tiers]
        self._per_chain = sum(self._sizes)
        self.year_days = bills.desks.day_count

    @property
    def tiers(self) -> int:
        """How many tiers of suppliers."""
        return len(self._sizes)

    def core(self, chain: int) -> int:
        """The core firm of a chain."""
        return self._firms.first + chain

    def supplier(self, chain: int, tier: int, number: int) -> int:
        """A supplier of tier 1, 2, ..."""
        before = chain * self._per_chain + sum(self._sizes[: tier - 1])
        return self._firms.first + self._bills.core.count + before + number

    def suppliers(self, chain: int, tier: int, count: int, key: np.uint64) -> list[int]:
        """So many different suppliers of a tier, next to each other from a drawn one on."""
        size = self._sizes[tier - 1]
        first = int(below(under(key, _CHOICE + tier), size))
        return [self.supplier(chain, tier, (first + step) % size) for step in range(count)]

    def chain(self, account: int) -> int:
        """The chain of a firm, from 0."""
        number = account - self._firms.first
        cores = self._bills.core.count
        return number if number < cores else (number - cores) // self._per_chain

    def tier(self, account: int) -> int:
        """CORE, a supplier's tier from 1 on, BANK or CENTRAL_BANK."""
        if account == self.central_bank:
            return CENTRAL_BANK
        if self.desks.first <= account < self.desks.end:
            return BANK
        number = account - self._firms.first - self._bills.core.count
        if number < 0:
            return CORE
        within = number % self._per_chain
        tier = 0
        while within >= 0:
            within -= self._sizes[tier]
            tier += 1
        return tier

    def firms(self) -> range:
        """All firms."""
        return range(self._firms.first, self._firms.end)

    def name(self, account: int) -> str:
        """The owner's name."""
        for block in (self._firms, self.desks):
            if block.first <= account < block.end:
                return block.name(account - block.first)
        return "central bank"

    def account(self, name: str) -> int:
        """The firm with this name."""
        return next(one for one in self.firms() if self.name(one) == name)

    def desk_of(self, who: int) -> int:
        """The desk of the operator behind an account."""
        at = (int(self._control.accounts[who, account.TRAITS]) >> trait.INSTITUTION_SHIFT) & trait.INSTITUTION_MASK
        return self.desks.first + self._operators.index(int(self._control.world.stations[at, station.FUNDING_STATION]))

    def desks_from(self, desk: int) -> list[int]:
        """All desks, this one first."""
        place = desk - self.desks.first
        return [self.desks.first + (place + step) % self.desks.count for step in range(self.desks.count)]

    def rate_parts(self, acceptor: int) -> int:
        """At what rate a bill with this acceptor is discounted (parts per million a year)."""
        tier = self.tier(acceptor)
        if tier == BANK:
            return in_parts(self._bills.desks.rate)
        return in_parts(self._bills.core.rate if tier == CORE else self._bills.tiers[tier - 1].rate)
