"""Accounts of programmable money, and the source of the payments that it brings about."""

from __future__ import annotations

from typing import Final

from sandbox.market.accounts import Accounts
from sandbox.market.contract_accounts import CONTRACTS, fill_contracts, open_contracts

ACCOUNTS: Final = Accounts(open_contracts, fill_contracts, (CONTRACTS,))
