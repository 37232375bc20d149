"""Columns of the arrays that SimPy's processes and the compiled rail share.

All arrays are int64 and C-contiguous. Money is fen, time is microseconds since the scenario's start. Accounts are
rows of 64 bytes, one cache line, because a payment touches its payer and its payee and little else.
"""

from __future__ import annotations

from typing import Final

INFINITE: Final = 2**62
"""A limit that nothing reaches; also a time that never comes."""

# --- accounts: one row an account -----------------------------------------------------------------------------------
BALANCE: Final = 0
DEBITS: Final = 1
CREDITS: Final = 2
SPENT_TODAY: Final = 3
SPENT_THIS_YEAR: Final = 4
META: Final = 5
STAMP: Final = 6
"""Calendar day (20 bits), year (8 bits) of the last settled payment, and how many were settled (from bit 28)."""
PACKET: Final = 7
"""What is left of a red packet: a pending transfer out of the campaign's escrow, not part of the balance."""
ACCOUNT_COLUMNS: Final = 8

STAMP_YEAR_SHIFT: Final = 20
STAMP_COUNT_SHIFT: Final = 28
STAMP_DAY_MASK: Final = (1 << 20) - 1
STAMP_YEAR_MASK: Final = (1 << 8) - 1

# --- META bits ------------------------------------------------------------------------------------------------------
CLASS_MASK: Final = 7
FROZEN: Final = 1 << 3
CAN_TOP_UP: Final = 1 << 4
WILLING: Final = 1 << 5
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

# --- stations -------------------------------------------------------------------------------------------------------
S_SERVERS: Final = 0
"""Servers when nothing is broken."""
S_CAPACITY: Final = 1
"""Servers now."""
S_OPEN: Final = 2
S_SLOW: Final = 3
"""Service times are multiplied by this many permille."""
S_BUSY: Final = 4
S_QUEUE: Final = 5
S_HEAD: Final = 6
S_TAIL: Final = 7
S_TABLE: Final = 8
"""Row of the service-time table."""
S_VIA: Final = 9
"""The operator's station of an indirect bank, or -1."""
S_FUNDING: Final = 10
"""The account that tops up and redeems for this institution's customers: its own, or its operator's."""
S_OPERATOR: Final = 11
"""The station whose account that is."""
S_FLOOR: Final = 12
"""Liquidity below which the trigger trips."""
S_ARMED: Final = 13
S_SINCE: Final = 14
"""Up to when the areas are counted."""
S_QUEUE_AREA: Final = 15
S_BUSY_AREA: Final = 16
S_SERVER_AREA: Final = 17
S_QUEUE_MAX: Final = 18
S_ARRIVALS: Final = 19
S_SERVED: Final = 20
S_REFUSED: Final = 21
S_WITHDRAWN: Final = 22
S_STARTS: Final = 23
S_WAIT_SUM: Final = 24
S_SERVICE_SUM: Final = 25
STATION_COLUMNS: Final = 26
S_FIRST_COUNTER: Final = S_QUEUE_AREA

# --- payments in flight: one row a slot -----------------------------------------------------------------------------
F_ID: Final = 0
F_SUBMITTED: Final = 1
F_PAYER: Final = 2
F_PAYEE: Final = 3
F_AMOUNT: Final = 4
F_TAG: Final = 5
F_KEY: Final = 6
F_ROUTE: Final = 7
"""Payer's institution, and payee's institution from bit 16."""
F_STATION: Final = 8
F_STAGE: Final = 9
F_STATE: Final = 10
F_NEXT: Final = 11
F_PREVIOUS: Final = 12
F_SERIAL: Final = 13
"""Grows with every attempt, check and end, so that an old timer is known to be stale."""
F_ATTEMPT: Final = 14
F_CHECKS: Final = 15
F_ARRIVED: Final = 16
F_WAITS: Final = 17
"""Three columns of waits (payer gateway, payee gateway, ledger), then three of services."""
F_SERVICES: Final = 20
SLOT_COLUMNS: Final = 24

# States of a payment in flight.
WAITING: Final = 0
SERVING: Final = 1
EXPIRED: Final = 2
"""In service, its patience over."""
CHECK_WAITING: Final = 3
CHECK_SERVING: Final = 4
RETRY_LATER: Final = 5
CHECK_LATER: Final = 6

# What follows from an event.
NOTHING: Final = 0
ARRIVE: Final = 1
FAIL: Final = 2
"""An attempt came to nothing."""
ANSWERED: Final = 3
"""A status check was answered: retry or end."""
UNANSWERED: Final = 4
END: Final = 5
ATTEMPT: Final = 6
"""An attempt starts."""

LEDGER_STAGE: Final = 4

# --- births ---------------------------------------------------------------------------------------------------------
B_TIME: Final = 0
B_PAYER: Final = 1
B_PAYEE: Final = 2
B_AMOUNT: Final = 3
B_KEY: Final = 4
B_TAG: Final = 5
B_ROUTE: Final = 6
"""Payer's institution, and payee's institution from bit 16."""
BIRTH_COLUMNS: Final = 7

# TAG: what a payment is. Source 6 bits, kind 4, label 8 (0: none), then flags.
TAG_KIND_SHIFT: Final = 6
TAG_LABEL_SHIFT: Final = 10
TAG_CLAIM: Final = 1 << 18
TAG_ORDER: Final = 1 << 19
"""Submitted by a process, which waits for its end: the rail stops there."""
TAG_LOSS: Final = 1 << 20
"""Ground truth: what it moves, somebody loses by a crime (`Control.victims` says who)."""

# --- ended payments: one column each --------------------------------------------------------------------------------
O_ID: Final = 0
O_SUBMITTED: Final = 1
O_ENDED: Final = 2
O_PAYER: Final = 3
O_PAYEE: Final = 4
O_AMOUNT: Final = 5
O_CODES: Final = 6
O_TAG: Final = 7
O_PACKET: Final = 8
O_TOP_UP: Final = 9
O_REDEEMED: Final = 10
O_WAITS: Final = 11
O_SERVICES: Final = 14
O_KEY: Final = 17
OUT_COLUMNS: Final = 18

# O_CODES bits.
C_OUTCOME_MASK: Final = 15
C_ATTEMPT_SHIFT: Final = 4
C_ATTEMPT_MASK: Final = 31
C_IN_BOX_SHIFT: Final = 9
C_CLASS_SHIFT: Final = 10
C_CATEGORY_SHIFT: Final = 13
C_PAYER_INSTITUTION_SHIFT: Final = 20
C_PAYEE_INSTITUTION_SHIFT: Final = 36
C_PAYER_IN_SHIFT: Final = 52
C_PAYEE_IN_SHIFT: Final = 53
"""Whether the payer, the payee was a participant, be the box on or off."""

# Outcomes, in order of precedence (the numbers of sandbox.tables.OUTCOMES).
SETTLED: Final = 0
FROZEN_OUT: Final = 1
OUTSIDE_BOX: Final = 2
BOX_CAP: Final = 3
SINGLE_LIMIT: Final = 4
DAILY_LIMIT: Final = 5
ANNUAL_LIMIT: Final = 6
INSUFFICIENT: Final = 7
BALANCE_CAP: Final = 8
UNAVAILABLE: Final = 9
TIMED_OUT: Final = 10
OUTCOME_COUNT: Final = 11

# --- rules and behaviour --------------------------------------------------------------------------------------------
R_BOX_ON: Final = 0
R_OUTSIDE: Final = 1
"""0 allow, 1 refuse_crossing, 2 refuse_all."""
R_PER_PAYMENT_CAP: Final = 2
R_PARTICIPANT_CAP: Final = 3
R_TOTAL_CAP: Final = 4
R_WATERFALL: Final = 5
R_KYC_DELAY: Final = 6
R_PATIENCE: Final = 7
"""INFINITE: endless."""
R_MAX_ATTEMPTS: Final = 8
R_BACKOFF: Final = 9
R_MAX_CHECKS: Final = 10
R_CHECK_INTERVAL: Final = 11
R_TOP_UP_STEP: Final = 12
R_CHECKS_PARTICIPANTS: Final = 13
"""1 if a participant cap may ever hold, so that values inside the box are kept by payer."""
R_CLIENT_CAP: Final = 14
"""Most payers that may settle a payment inside the box."""
R_BOX_TRIPS: Final = 15
"""1: a payment that would break the cap on clients or on exposure stops the rail; 0 again when one has."""
R_CONTAINED: Final = 16
"""1: a payment across the box's edge is refused before it reaches a gateway."""
R_LIMITS: Final = 17
"""Four limits (L_...) for each of the five class codes."""
RULE_COLUMNS: Final = R_LIMITS + 20

L_BALANCE: Final = 0
L_SINGLE: Final = 1
L_DAILY: Final = 2
L_ANNUAL: Final = 3

# --- scalars of the rail --------------------------------------------------------------------------------------------
X_NOW: Final = 0
X_NEXT_ID: Final = 1
X_HEAP: Final = 2
X_FREE: Final = 3
"""The first free slot (the others follow through F_NEXT), or -1."""
X_OUT: Final = 4
X_BOX_TOTAL: Final = 5
X_DAY: Final = 6
"""Calendar day now, counted from the day of the start."""
X_YEAR: Final = 7
X_TRIPPED: Final = 8
"""Institution whose liquidity fell below its floor (STOP_LIQUIDITY)."""
X_UPGRADES_ASKED: Final = 9
X_UPGRADES_DONE: Final = 10
X_STALLED: Final = 11
"""The source of demand whose buffer is empty."""
X_RINGS: Final = 12
"""For each of the three rings (patience, checks, upgrades): head and length."""
X_TOP_UPS: Final = 18
X_REDEEMED: Final = 19
X_SUBMITTED: Final = 20
X_FIRST_ESCROW: Final = 21
"""The account of the first campaign's escrow; the others follow."""
X_ENDED: Final = 22
X_HOLE: Final = 23
"""1 while the heap's first entry is the event being worked off, to be replaced by the next entry or removed."""
X_DURATION: Final = 24
"""For how long demand lasts (us): with nothing in flight, no class changes later."""
X_STOP: Final = 25
"""Why the rail must stop after this payment: STOP_ bits."""
X_TRIP: Final = 26
"""What tripped the box: TRIP_CLIENTS or TRIP_EXPOSURE."""
X_CLIENTS: Final = 27
SCALARS: Final = 28

STOP_LIQUIDITY: Final = 1
STOP_BOX: Final = 2
STOP_ORDER: Final = 4
TRIP_CLIENTS: Final = 0
TRIP_EXPOSURE: Final = 1

PATIENCE_RING: Final = 0
CHECK_RING: Final = 1
UPGRADE_RING: Final = 2

# Why the rail stopped.
REACHED: Final = 0
OUT_FULL: Final = 1
NEED_BIRTHS: Final = 2
GROW: Final = 3
TRIPPED: Final = 4

# Purposes of a payment's draws beyond its birth: attempt * 16 + one of these.
DRAW_SERVICE: Final = 0
"""0-4: service at stages 0-4."""
DRAW_BACKOFF: Final = 5
DRAW_CHECK: Final = 6
"""Service of a status check: + check number * 1024."""
FIRST_ATTEMPT_DRAW: Final = 16
