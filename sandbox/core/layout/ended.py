"""Ended payments: one column each."""

from __future__ import annotations

from typing import Final

ID: Final = 0
SUBMITTED_AT: Final = 1
ENDED_AT: Final = 2
PAYER: Final = 3
PAYEE: Final = 4
AMOUNT: Final = 5
CODES: Final = 6
"""Bits (`code`)."""
TAG: Final = 7
PACKET: Final = 8
TOP_UP: Final = 9
REDEEMED: Final = 10
WAITS: Final = 11
SERVICES: Final = 14
KEY: Final = 17
ROWS: Final = 18
