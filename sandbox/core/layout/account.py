"""Accounts: one row each. A row is 64 bytes, one cache line, because a payment touches its payer and its payee and
little else."""

from __future__ import annotations

from typing import Final

BALANCE: Final = 0
DEBITS: Final = 1
CREDITS: Final = 2
SPENT_TODAY: Final = 3
SPENT_THIS_YEAR: Final = 4
TRAITS: Final = 5
"""Bits (`trait`)."""
STAMP: Final = 6
"""Calendar day (20 bits), year (8 bits) of the last settled payment, and how many were settled (from bit 28)."""
PACKET: Final = 7
"""What is left of a red packet: a pending transfer out of the campaign's escrow, not part of the balance."""
COLUMNS: Final = 8

STAMP_YEAR_SHIFT: Final = 20
STAMP_COUNT_SHIFT: Final = 28
STAMP_DAY_MASK: Final = (1 << 20) - 1
STAMP_YEAR_MASK: Final = (1 << 8) - 1
