"""The rail's own numbers, one of each."""

from __future__ import annotations

from typing import Final

NOW: Final = 0
NEXT_ID: Final = 1
HEAP_SIZE: Final = 2
FREE_SLOT: Final = 3
"""The first free slot (the others follow through `in_flight.NEXT`), or -1."""
OUT_SIZE: Final = 4
BOX_TOTAL: Final = 5
DAY: Final = 6
"""Calendar day now, counted from the day of the start."""
YEAR: Final = 7
LOW_INSTITUTION: Final = 8
"""Institution whose liquidity fell below its floor (`stop.LIQUIDITY`)."""
UPGRADES_ASKED: Final = 9
UPGRADES_DONE: Final = 10
EMPTY_SOURCE: Final = 11
"""The source of demand whose buffer is empty."""
RINGS: Final = 12
"""For each of the three rings: head and length."""
TOP_UPS: Final = 18
REDEEMED: Final = 19
SUBMITTED: Final = 20
FIRST_ESCROW: Final = 21
"""The account of the first campaign's escrow; the others follow."""
ENDED: Final = 22
HEAP_HOLE: Final = 23
"""1 while the heap's first entry is the event being worked off, to be replaced by the next entry or removed."""
DURATION: Final = 24
"""For how long demand lasts (us): with nothing in flight, no class changes later."""
STOP: Final = 25
"""Why the rail must stop after this payment: bits (`stop`)."""
BOX_TRIP: Final = 26
"""What tripped the box (`BoxTrip`)."""
CLIENTS: Final = 27
COUNT: Final = 28
