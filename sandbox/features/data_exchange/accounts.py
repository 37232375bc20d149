"""Accounts of sellers and buyers of data, and of the exchange."""

from __future__ import annotations

from typing import Final

from sandbox.core.ledger import Ledger
from sandbox.features.data_exchange.schema import DataExchange
from sandbox.market.accounts import Accounts
from sandbox.market.firms import fill_firms
from sandbox.market.population import Traits, fill_escrows
from sandbox.scenario.schema import Scenario

SELLER: Final = "data_seller"
BUYER: Final = "data_buyer"
ESCROW: Final = "data_escrow"
NAMES: Final = ("escrow of the data exchange", "data exchange", "pool of the people behind the data")
"""Three accounts of the block ESCROW: what trades hold, the exchange's fees, the people's share."""


def open_accounts(ledger: Ledger, scenario: Scenario, exchange: DataExchange) -> None:
    """A seller for each product, the buyers, the three of the exchange."""
    products = list(exchange.products)
    ledger.open(SELLER, len(products), lambda number: f"seller of {products[number]}")
    ledger.open(BUYER, exchange.buyers, lambda number: f"data buyer {number + 1}")
    ledger.open(ESCROW, len(NAMES), lambda number: NAMES[number])


def endow(ledger: Ledger, scenario: Scenario, exchange: DataExchange, seed: int) -> None:
    """Buyers have cash, sellers none; the exchange is at its bank."""
    shares = [one.share for one in scenario.institutions.values()]
    for block, cash in ((ledger.block(SELLER), 0), (ledger.block(BUYER), exchange.cash)):
        at = Traits(seed, 0, block.count).by_share(f"{block.kind}/institution", shares)
        fill_firms(ledger, scenario, block, at, [cash] * block.count)
    fill_escrows(ledger, ledger.block(ESCROW), scenario, [exchange.bank] * len(NAMES))


ACCOUNTS: Final = Accounts(open_accounts, endow)
