"""Accounts of firms that trade, and of a data exchange.

They are corporate wallets without limits and without top-ups: what such a firm cannot pay out of what it has, it cannot
pay. They are no part of the population, so that other demand neither fills nor empties them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from sandbox.core.layout import BALANCE, IN_BOX, INSTITUTION_SHIFT, META, STAMP
from sandbox.core.ledger import Block, Ledger
from sandbox.market.population import NEVER_PAID, Traits, fill_escrows
from sandbox.scenario.schema import Scenario

DATA_SELLER: Final = "data_seller"
DATA_BUYER: Final = "data_buyer"
DATA_ESCROW: Final = "data_escrow"
DATA_NAMES: Final = ("escrow of the data exchange", "data exchange", "pool of the people behind the data")
"""Three accounts of the block DATA_ESCROW: what trades hold, the exchange's fees, the people's share."""


def operators(scenario: Scenario) -> list[int]:
    """Numbers of the institutions that are operators."""
    return [number for number, one in enumerate(scenario.institutions.values()) if one.kind == "operator"]


def open_firms(ledger: Ledger, scenario: Scenario) -> None:
    """Open the accounts that a data exchange needs; nothing without one."""
    if scenario.data_exchange is not None:
        products = list(scenario.data_exchange.products)
        ledger.open(DATA_SELLER, len(products), lambda number: f"seller of {products[number]}")
        ledger.open(DATA_BUYER, scenario.data_exchange.buyers, lambda number: f"data buyer {number + 1}")
        ledger.open(DATA_ESCROW, len(DATA_NAMES), lambda number: DATA_NAMES[number])


def fill_firms(ledger: Ledger, scenario: Scenario, seed: int) -> None:
    """Institution, box and opening balance of those accounts."""
    shares = [one.share for one in scenario.institutions.values()]
    exchange = scenario.data_exchange
    if exchange is not None:
        for block, cash in ((ledger.block(DATA_SELLER), 0), (ledger.block(DATA_BUYER), exchange.cash)):
            at = Traits(seed, 0, block.count).by_share(f"{block.kind}/institution", shares)
            settle(ledger, scenario, block, at, [cash] * block.count)
        fill_escrows(ledger, ledger.block(DATA_ESCROW), scenario, [exchange.bank] * len(DATA_NAMES))


def settle(
    ledger: Ledger, scenario: Scenario, block: Block, institutions: Sequence[int] | np.ndarray, cash_fen: Sequence[int]
) -> None:
    """Put the accounts of a block at their institutions, with what they have at the start. They are inside the box if
    their institution is: firms of a chain opt in together or not at all."""
    inside = scenario.rules.box.institutions
    known = np.array([inside is None or name in inside for name in scenario.institutions])
    at = np.asarray(institutions, dtype=np.int64)
    rows = ledger.accounts[block.rows]
    rows[:, META] = (at << INSTITUTION_SHIFT) | np.where(known[at] & (scenario.rules.box.participants > 0), IN_BOX, 0)
    rows[:, STAMP] = NEVER_PAID
    rows[:, BALANCE] = cash_fen
