"""Accounts that hold the money of hard wallets, and the fund for their losses."""

from __future__ import annotations

from typing import Final

from sandbox.core.layout import account
from sandbox.core.ledger import Ledger
from sandbox.features.offline.schema import Offline
from sandbox.market.accounts import Accounts
from sandbox.market.population import fill_escrows
from sandbox.scenario.schema import Scenario

ESCROW: Final = "offline_escrow"
FUND: Final = "offline_fund"


def open_accounts(ledger: Ledger, scenario: Scenario, offline: Offline) -> None:
    """An escrow for each institution, and the fund."""
    names = list(scenario.institutions)
    ledger.open(ESCROW, len(names), lambda number: f"hard wallets of {names[number]}")
    ledger.open(FUND, 1, lambda _: "fund for losses of hard wallets")


def endow(ledger: Ledger, scenario: Scenario, offline: Offline, seed: int) -> None:
    """Where they are kept, and what the fund starts with."""
    fill_escrows(ledger, ledger.block(ESCROW), scenario, list(scenario.institutions))
    fill_escrows(ledger, ledger.block(FUND), scenario, [None])
    ledger.accounts[ledger.block(FUND).first, account.BALANCE] = offline.fund


ACCOUNTS: Final = Accounts(open_accounts, endow)
