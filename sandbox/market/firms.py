"""Accounts of firms that trade.

They are corporate wallets without limits and without top-ups: what such a firm cannot pay out of what it has, it cannot
pay. They are no part of the population, so that other demand neither fills nor empties them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sandbox.core.layout import account, trait
from sandbox.core.ledger import Block, Ledger
from sandbox.market.population import NEVER_PAID
from sandbox.scenario.schema import Scenario


def operators(scenario: Scenario) -> list[int]:
    """Numbers of the institutions that are operators."""
    return [number for number, one in enumerate(scenario.institutions.values()) if one.kind == "operator"]


def fill_firms(
    ledger: Ledger, scenario: Scenario, block: Block, institutions: Sequence[int] | np.ndarray, cash_fen: Sequence[int]
) -> None:
    """Put the accounts of a block at their institutions, with what they have at the start. They are inside the box if
    their institution is: firms of a chain opt in together or not at all."""
    inside = scenario.rules.box.institutions
    known = np.array([inside is None or name in inside for name in scenario.institutions])
    at = np.asarray(institutions, dtype=np.int64)
    rows = ledger.accounts[block.rows]
    rows[:, account.TRAITS] = (at << trait.INSTITUTION_SHIFT) | np.where(
        known[at] & (scenario.rules.box.participants > 0), trait.IN_BOX, 0
    )
    rows[:, account.STAMP] = NEVER_PAID
    rows[:, account.BALANCE] = cash_fen
