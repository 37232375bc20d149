"""Rules and behaviour: one number each."""

from __future__ import annotations

from typing import Final

BOX_ON: Final = 0
OUTSIDE: Final = 1
"""0 allow, 1 refuse_crossing, 2 refuse_all."""
PER_PAYMENT_CAP: Final = 2
PARTICIPANT_CAP: Final = 3
EXPOSURE_CAP: Final = 4
WATERFALL: Final = 5
KYC_DELAY: Final = 6
PATIENCE: Final = 7
"""INFINITE: endless."""
MAX_ATTEMPTS: Final = 8
BACKOFF: Final = 9
MAX_CHECKS: Final = 10
CHECK_INTERVAL: Final = 11
TOP_UP_STEP: Final = 12
CHECKS_PARTICIPANTS: Final = 13
"""1 if a participant cap may ever hold, so that values inside the box are kept by payer."""
CLIENT_CAP: Final = 14
"""Most payers that may settle a payment inside the box."""
BOX_TRIPS: Final = 15
"""1: a payment that would break the cap on clients or on exposure stops the rail; 0 again when one has."""
CONTAINED: Final = 16
"""1: a payment across the box's edge is refused before it reaches a gateway."""
LIMITS: Final = 17
"""Four limits (`limit`) for each of the five class codes."""
COUNT: Final = LIMITS + 20
