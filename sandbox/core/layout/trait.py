"""Bits of `account.TRAITS`."""

from __future__ import annotations

from typing import Final

CLASS_MASK: Final = 7
FROZEN: Final = 1 << 3
CAN_TOP_UP: Final = 1 << 4
WILLING: Final = 1 << 5
"""Asks for the next class up when a limit refuses it."""
UPGRADING: Final = 1 << 6
IN_BOX: Final = 1 << 7
INSTITUTION_SHIFT: Final = 8
INSTITUTION_MASK: Final = (1 << 16) - 1
CATEGORY_SHIFT: Final = 24
CATEGORY_MASK: Final = (1 << 7) - 1
"""0: no merchant; else the category's number plus 1."""
PACKET_CAMPAIGN_SHIFT: Final = 31
PACKET_CAMPAIGN_MASK: Final = (1 << 5) - 1
"""0: holds no packet; else the campaign's number plus 1."""
ENROLLED_SHIFT: Final = 36
"""16 bits: the campaigns whose packets this merchant takes."""
FIRST_CLASS_SHIFT: Final = 52
REDEEMS: Final = 1 << 55
CLIENT: Final = 1 << 56
"""Has settled a payment inside the box, as payer."""
