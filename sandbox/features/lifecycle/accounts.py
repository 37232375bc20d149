"""Accounts that hold what applicants paid in for losses of their customers."""

from __future__ import annotations

from typing import Final

from sandbox.core.ledger import Ledger
from sandbox.market.accounts import Accounts
from sandbox.scenario.schema import Scenario
from sandbox.scenario.schema.plan import Plan

FUND: Final = "compensation_fund"
"""Their kind."""


def open_accounts(ledger: Ledger, scenario: Scenario, plan: Plan) -> None:
    """A fund for each applicant."""
    names = [one.institution for one in plan.applicants]
    ledger.open(FUND, len(names), lambda number: f"compensation fund of {names[number]}")


ACCOUNTS: Final = Accounts(open_accounts)
