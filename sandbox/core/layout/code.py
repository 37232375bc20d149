"""Bits of `ended.CODES`."""

from __future__ import annotations

from typing import Final

OUTCOME_MASK: Final = 15
ATTEMPT_SHIFT: Final = 4
ATTEMPT_MASK: Final = 31
IN_BOX_SHIFT: Final = 9
CLASS_SHIFT: Final = 10
CATEGORY_SHIFT: Final = 13
PAYER_INSTITUTION_SHIFT: Final = 20
PAYEE_INSTITUTION_SHIFT: Final = 36
PAYER_IN_SHIFT: Final = 52
PAYEE_IN_SHIFT: Final = 53
"""Whether the payer, the payee was a participant, be the box on or off."""
