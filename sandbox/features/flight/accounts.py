"""Accounts of banks in a flight from deposits, and the holding limit of their customers' wallets."""

from __future__ import annotations

from typing import Final

from sandbox.core.ledger import Ledger
from sandbox.features.flight.schema import Flight
from sandbox.market.accounts import Accounts
from sandbox.scenario.schema import Scenario

RESERVES: Final = "CNY-reserves"
"""The money that banks hold at the central bank, a currency of its own in the ledger: never e-CNY of the payments."""


def open_accounts(ledger: Ledger, scenario: Scenario, flight: Flight) -> None:
    """Open the banks' accounts at the central bank and, of modelled banks, an account for each one's customers."""
    names = flight.bank_names(scenario)
    ledger.open(Ledger.ISSUER, 1, lambda _: "central bank (reserves)", RESERVES)
    ledger.open("bank", len(names), lambda number: names[number], RESERVES)
    if flight.banks.kind == "modelled":
        ledger.open("flight_wallets", len(names), lambda number: f"customers of {names[number]}", RESERVES)


def most_held(flight: Flight) -> int | None:
    """The holding limit, where it is wallets of the payments that people flee to."""
    return flight.holding_limit if flight.banks.kind == "own" else None


ACCOUNTS: Final = Accounts(open_accounts, most_held=most_held)
