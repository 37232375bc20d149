"""Payments in flight: one row each, in a slot that is freed at the end."""

from __future__ import annotations

from typing import Final

ID: Final = 0
SUBMITTED_AT: Final = 1
PAYER: Final = 2
PAYEE: Final = 3
AMOUNT: Final = 4
TAG: Final = 5
KEY: Final = 6
ROUTE: Final = 7
"""Payer's institution, and payee's institution from bit 16."""
STATION: Final = 8
STAGE: Final = 9
STATE: Final = 10
NEXT: Final = 11
"""The slot behind it in its queue; of a free slot, the next free one."""
PREVIOUS: Final = 12
SERIAL: Final = 13
"""Grows with every attempt, check and end, so that an old timer is known to be stale."""
ATTEMPT: Final = 14
CHECKS: Final = 15
ARRIVED_AT: Final = 16
WAITS: Final = 17
"""Three columns of waits (payer gateway, payee gateway, ledger), then three of services."""
SERVICES: Final = 20
COLUMNS: Final = 24

LEDGER_STAGE: Final = 4
