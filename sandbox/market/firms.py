"""Accounts of firms that trade with bills or data, of banks' bill desks, and of a data exchange.

They are corporate wallets without limits and without top-ups: what such a firm cannot pay out of what it has, it cannot
pay. They are no part of the population, so that other demand neither fills nor empties them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from sandbox.core.layout import BALANCE, IN_BOX, INSTITUTION_SHIFT, META, STAMP
from sandbox.core.ledger import Block, Ledger
from sandbox.market.population import NEVER_PAID, Traits
from sandbox.scenario.schema import Scenario
from sandbox.scenario.schema.bills import firm_names

FIRM: Final = "firm"
DESK: Final = "bill_desk"


def operators(scenario: Scenario) -> list[int]:
    """Numbers of the institutions that are operators."""
    return [number for number, one in enumerate(scenario.institutions.values()) if one.kind == "operator"]


def open_firms(ledger: Ledger, scenario: Scenario) -> None:
    """Open the accounts that bills need; nothing without bills."""
    if scenario.bills is None:
        return
    names, institutions = firm_names(scenario.bills), list(scenario.institutions)
    banks = [institutions[number] for number in operators(scenario)]
    ledger.open(FIRM, len(names), lambda number: names[number])
    ledger.open(DESK, len(banks), lambda number: f"bill desk of {banks[number]}")


def fill_firms(ledger: Ledger, scenario: Scenario, seed: int) -> None:
    """Institution, box and opening balance of those accounts."""
    bills = scenario.bills
    if bills is None:
        return
    firms, desks = ledger.block(FIRM), ledger.block(DESK)
    suppliers = [tier.cash for tier in bills.tiers for _ in range(tier.firms)]
    cash = [bills.core.cash] * bills.core.count + suppliers * bills.core.count
    shares = [one.share for one in scenario.institutions.values()]
    settle(ledger, scenario, firms, Traits(seed, 0, firms.count).by_share("firm/institution", shares), cash)
    settle(ledger, scenario, desks, operators(scenario), [bills.desks.funds] * desks.count)


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
