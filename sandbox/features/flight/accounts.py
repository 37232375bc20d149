"""Accounts of banks in a flight from deposits."""

from __future__ import annotations

from typing import Final

from sandbox.market.accounts import Accounts
from sandbox.market.depositors import open_banks

ACCOUNTS: Final = Accounts(open_banks)
