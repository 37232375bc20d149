"""The limits of a class of wallets, from `rule.LIMITS` + 4 * class on."""

from __future__ import annotations

from typing import Final

BALANCE: Final = 0
SINGLE: Final = 1
DAILY: Final = 2
ANNUAL: Final = 3
