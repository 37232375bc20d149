"""Accounts of banks that pay across borders, and of issuers of their currencies."""

from __future__ import annotations

from typing import Final

from sandbox.market.accounts import Accounts
from sandbox.market.corridors import open_crossborder

ACCOUNTS: Final = Accounts(open_crossborder)
