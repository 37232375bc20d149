"""Accounts of firms that trade with bills, and of banks' bill desks."""

from __future__ import annotations

from typing import Final

from sandbox.core.ledger import Ledger
from sandbox.features.bills.schema import Bills, firm_names
from sandbox.market.accounts import Accounts
from sandbox.market.firms import fill_firms, operators
from sandbox.market.population import Traits
from sandbox.scenario.schema import Scenario

FIRM: Final = "firm"
DESK: Final = "bill_desk"


def open_accounts(ledger: Ledger, scenario: Scenario, bills: Bills) -> None:
    """One for each firm, and one for the desk of each operator."""
    names, institutions = firm_names(bills), list(scenario.institutions)
    banks = [institutions[number] for number in operators(scenario)]
    ledger.open(FIRM, len(names), lambda number: names[number])
    ledger.open(DESK, len(banks), lambda number: f"bill desk of {banks[number]}")


def endow(ledger: Ledger, scenario: Scenario, bills: Bills, seed: int) -> None:
    """Cash of firms, funds of desks."""
    firms, desks = ledger.block(FIRM), ledger.block(DESK)
    suppliers = [tier.cash for tier in bills.tiers for _ in range(tier.firms)]
    cash = [bills.core.cash] * bills.core.count + suppliers * bills.core.count
    shares = [one.share for one in scenario.institutions.values()]
    fill_firms(ledger, scenario, firms, Traits(seed, 0, firms.count).by_share("firm/institution", shares), cash)
    fill_firms(ledger, scenario, desks, operators(scenario), [bills.desks.funds] * desks.count)


ACCOUNTS: Final = Accounts(open_accounts, endow)
