"""Stations (gateways and the ledger): one row each."""

from __future__ import annotations

from typing import Final

SERVERS: Final = 0
"""Servers when nothing is broken."""
CAPACITY: Final = 1
"""Servers now."""
IS_OPEN: Final = 2
PACE: Final = 3
"""Service times are multiplied by this many permille."""
BUSY: Final = 4
QUEUE_LENGTH: Final = 5
QUEUE_HEAD: Final = 6
QUEUE_TAIL: Final = 7
SERVICE_TABLE: Final = 8
"""Row of the service-time table."""
VIA: Final = 9
"""The operator's station of an indirect bank, or -1."""
FUNDING_ACCOUNT: Final = 10
"""The account that tops up and redeems for this institution's customers: its own, or its operator's."""
FUNDING_STATION: Final = 11
"""The station whose account that is."""
LIQUIDITY_FLOOR: Final = 12
"""Liquidity below which the trigger trips."""
FLOOR_ARMED: Final = 13
COUNTED_UNTIL: Final = 14
"""Up to when the areas are counted."""
QUEUE_AREA: Final = 15
BUSY_AREA: Final = 16
CAPACITY_AREA: Final = 17
QUEUE_MAX: Final = 18
ARRIVALS: Final = 19
SERVED: Final = 20
REFUSED: Final = 21
WITHDRAWN: Final = 22
SERVICES_BEGUN: Final = 23
WAIT_SUM: Final = 24
SERVICE_SUM: Final = 25
COLUMNS: Final = 26
FIRST_COUNTER: Final = QUEUE_AREA
