"""Payments to be born: one column each."""

from __future__ import annotations

from typing import Final

TIME: Final = 0
PAYER: Final = 1
PAYEE: Final = 2
AMOUNT: Final = 3
KEY: Final = 4
TAG: Final = 5
ROUTE: Final = 6
"""Payer's institution, and payee's institution from bit 16."""
ROWS: Final = 7
