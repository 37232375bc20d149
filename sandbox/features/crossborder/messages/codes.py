"""Words of the table as codes of ISO 20022's external code sets, and identifiers that are plainly made up.

The codes are those of the code sets ExternalPurpose1Code, ExternalStatusReason1Code and
ExternalPaymentTransactionStatus1Code.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from sandbox.features.crossborder.schema.section import CrossBorder
from sandbox.language import _
from sandbox.records import RunError

PURPOSES: Final = {
    "trade": "GDDS",  # purchase and sale of goods
    "remittance": "ALLW",  # allowance
    "tourism": "GDSV",  # goods and services
    "commuting": "SALA",  # salary
    "treasury": "TREA",  # treasury operations
}
EXCHANGE: Final = "FREX"
"""Purpose of the leg that pays for another currency: foreign exchange."""

REASONS: Final = {
    "annual_quota": "RR04",  # regulatory reason
    "splitting": "RR04",
    "screening": "RR04",
    "travel_rule": "RR02",  # the debtor's name or address, which regulation asks for, is not there
    "no_quote": "AM03",  # a currency that nobody there takes
    "quote_expired": "AB03",  # settlement aborted, time was up
    "timed_out": "AB03",
    "too_small": "AM06",  # less than the least amount
    "no_liquidity": "AM04",  # funds do not suffice
    "quorum_lost": "ED06",  # the settlement system is not available
    "bank_failed": "AB10",  # an error at the instructed agent
    "cut_off": "TM01",  # past the cut-off time
}
OTHER_REASON: Final = "MS03"
"""Not specified; the table's own word stands beside it in any case."""

STATUSES: Final = {
    "settled": "ACCC",  # settled, and booked on the creditor's account
    "refused": "RJCT",
    "returned": "RJCT",
    "lost": "BLCK",  # neither to the creditor nor back to the debtor
}

TEST_SITE: Final = "T0"
"""Location code of every BIC here: one that ends in 0 is a test code, which no live message can be sent to."""
NOWHERE: Final = "ZZ"
"""A country code that ISO 3166 leaves to users: of banks that stand in no jurisdiction."""
_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Directory:
    """Banks and jurisdictions of a scenario: identifiers, countries, clocks."""

    def __init__(self, crossborder: CrossBorder) -> None:
        """All banks of the scenario, numbered in its order."""
        self._places = {
            name: (one.country, round(one.utc_offset * 60)) for name, one in crossborder.jurisdictions.items()
        }
        stops = crossborder.correspondent.intermediaries
        self._at = {name: place for place, name in crossborder.banks()}
        self._bank_offset_min = {name: round(one.utc_offset * 60) for name, one in stops.items()}
        self._bank_offset_min |= {name: self._places[place][1] for name, place in self._at.items()}
        self._bics: dict[str, str] = {}
        self._add((name, self._places[place][0]) for name, place in self._at.items())
        self._add((name, NOWHERE) for name in stops)

    def _add(self, banks: Iterable[tuple[str, str]]) -> None:
        taken = set(self._bics.values())
        for name, country in banks:
            letters = "".join(sign for sign in name.upper() if "A" <= sign <= "Z")
            stem = f"{letters:X<4.4}{country}{TEST_SITE}"
            number = 1
            while (bic := stem + _branch(number)) in taken:
                number += 1
            self._bics[name] = bic
            taken.add(bic)

    def bic(self, bank: str) -> str:
        """A bank's identifier, of valid form and plainly of a test.

        Raises:
            RunError: the scenario has no such bank.
        """
        if bank not in self._bics:
            raise RunError(_("no bank {bank} in the scenario of this run", bank=repr(bank)))
        return self._bics[bank]

    def banks(self) -> list[tuple[str, str, str]]:
        """Every bank: identifier, name, jurisdiction (empty: none)."""
        return [(bic, name, self._at.get(name, "")) for name, bic in self._bics.items()]

    def country(self, jurisdiction: str) -> str:
        """ISO 3166 code.

        Raises:
            RunError: the scenario has no such jurisdiction.
        """
        return self._jurisdiction(jurisdiction)[0]

    def offset_min(self, jurisdiction: str) -> int:
        """Minutes that a jurisdiction is ahead of UTC.

        Raises:
            RunError: as `country`.
        """
        return self._jurisdiction(jurisdiction)[1]

    def _jurisdiction(self, name: str) -> tuple[str, int]:
        if name not in self._places:
            raise RunError(_("no jurisdiction {name} in the scenario of this run", name=repr(name)))
        return self._places[name]

    def bank_offset_min(self, bank: str) -> int:
        """Minutes that a bank is ahead of UTC."""
        return self._bank_offset_min[bank]


def _branch(number: int) -> str:
    """Branch code: three signs, the first one a digit.

    >>> _branch(1), _branch(37)
    ('001', '011')
    """
    return _DIGITS[number // 1296 % 10] + _DIGITS[number // 36 % 36] + _DIGITS[number % 36]
