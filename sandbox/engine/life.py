"""The life of one payment in flight: born, attempted, asked about, tried again, ended (clearing rules, sections 2 and
3)."""

from __future__ import annotations

import numpy as np

from sandbox.core.compiled import part, rare
from sandbox.core.draws import Int64Array, below, mix
from sandbox.core.layout import (
    ATTEMPT,
    B_AMOUNT,
    B_KEY,
    B_PAYEE,
    B_PAYER,
    B_ROUTE,
    B_TAG,
    C_ATTEMPT_SHIFT,
    C_CATEGORY_SHIFT,
    C_CLASS_SHIFT,
    C_IN_BOX_SHIFT,
    C_PAYEE_IN_SHIFT,
    C_PAYEE_INSTITUTION_SHIFT,
    C_PAYER_IN_SHIFT,
    C_PAYER_INSTITUTION_SHIFT,
    CATEGORY_MASK,
    CATEGORY_SHIFT,
    CHECK_LATER,
    CHECK_RING,
    CHECK_WAITING,
    CLASS_MASK,
    DRAW_BACKOFF,
    END,
    EXPIRED,
    F_AMOUNT,
    F_ATTEMPT,
    F_CHECKS,
    F_ID,
    F_KEY,
    F_NEXT,
    F_PAYEE,
    F_PAYER,
    F_ROUTE,
    F_SERIAL,
    F_SERVICES,
    F_STAGE,
    F_STATE,
    F_STATION,
    F_SUBMITTED,
    F_TAG,
    F_WAITS,
    FAIL,
    IN_BOX,
    INFINITE,
    INSTITUTION_MASK,
    LEDGER_STAGE,
    META,
    NOTHING,
    O_AMOUNT,
    O_CODES,
    O_ENDED,
    O_ID,
    O_KEY,
    O_PACKET,
    O_PAYEE,
    O_PAYER,
    O_REDEEMED,
    O_SERVICES,
    O_SUBMITTED,
    O_TAG,
    O_TOP_UP,
    O_WAITS,
    OUTSIDE_BOX,
    PACKET,
    PACKET_CAMPAIGN_SHIFT,
    PATIENCE_RING,
    R_BACKOFF,
    R_BOX_ON,
    R_CHECK_INTERVAL,
    R_CONTAINED,
    R_MAX_ATTEMPTS,
    R_MAX_CHECKS,
    R_PATIENCE,
    RETRY_LATER,
    S_VIA,
    S_WITHDRAWN,
    SERVING,
    SETTLED,
    STOP_ORDER,
    TAG_CLAIM,
    TAG_ORDER,
    TIMED_OUT,
    UNANSWERED,
    WAITING,
    X_ENDED,
    X_FREE,
    X_NEXT_ID,
    X_OUT,
    X_STOP,
    X_SUBMITTED,
)
from sandbox.core.prefetch import prefetch
from sandbox.engine.stations import count_area, leave_queue, schedule
from sandbox.engine.timers import ring_put


@part
def take_birth(
    births: Int64Array,
    sources: Int64Array,
    slots: Int64Array,
    accounts: Int64Array,
    box_spent: Int64Array,
    scalars: Int64Array,
    source: int,
    now: int,
) -> int:
    """A payment enters (returns its slot), or a red packet is claimed (returns -1)."""
    at = sources[source, 0]
    sources[source, 0] = at + 1
    tag = births[source, B_TAG, at]
    payer, payee = births[source, B_PAYER, at], births[source, B_PAYEE, at]
    if tag & TAG_CLAIM:
        accounts[payer, PACKET] = births[source, B_AMOUNT, at]
        accounts[payer, META] |= payee << PACKET_CAMPAIGN_SHIFT
        return -1
    prefetch(accounts, payer)
    prefetch(accounts, payee)
    if box_spent.size > 1:
        prefetch(box_spent, payer)
    slot = scalars[X_FREE]
    scalars[X_FREE] = slots[slot, F_NEXT]
    slots[slot, F_ID] = scalars[X_NEXT_ID]
    scalars[X_NEXT_ID] += 1
    scalars[X_SUBMITTED] += 1
    slots[slot, F_SUBMITTED] = now
    slots[slot, F_PAYER] = payer
    slots[slot, F_PAYEE] = payee
    slots[slot, F_AMOUNT] = births[source, B_AMOUNT, at]
    slots[slot, F_TAG] = tag
    slots[slot, F_KEY] = births[source, B_KEY, at]
    slots[slot, F_ATTEMPT] = 0
    slots[slot, F_ROUTE] = births[source, B_ROUTE, at]
    return slot


@part
def welcome(slots: Int64Array, accounts: Int64Array, rules: Int64Array, slot: int) -> tuple[int, int]:
    """What follows for a payment just submitted, and its outcome if it ends: it is turned away if it would cross the
    edge of a box that lets nothing in or out."""
    if slot < 0:
        return NOTHING, SETTLED
    if rules[R_CONTAINED] == 0 or rules[R_BOX_ON] == 0:
        return ATTEMPT, SETTLED
    payer, payee = slots[slot, F_PAYER], slots[slot, F_PAYEE]
    if (accounts[payer, META] ^ accounts[payee, META]) & IN_BOX == 0:
        return ATTEMPT, SETTLED
    for column in range(6):
        slots[slot, F_WAITS + column] = 0
    return END, OUTSIDE_BOX


@part
def next_station(slots: Int64Array, stations: Int64Array, slot: int) -> int:
    """Move the payment's stage on and return its next station (clearing rules, section 2)."""
    stage, station, route = slots[slot, F_STAGE], slots[slot, F_STATION], slots[slot, F_ROUTE]
    payee_institution = route >> 16
    slots[slot, F_STATE] = WAITING
    if stage == 0 and stations[route & INSTITUTION_MASK, S_VIA] >= 0:
        slots[slot, F_STAGE] = 1
        return stations[route & INSTITUTION_MASK, S_VIA]
    if stage <= 1:
        operator = stations[payee_institution, S_VIA]
        if operator >= 0 and operator != station:
            slots[slot, F_STAGE] = 2
            return operator
    if stage <= 2 and payee_institution != station:
        slots[slot, F_STAGE] = 3
        return payee_institution
    slots[slot, F_STAGE] = LEDGER_STAGE
    return stations.shape[0] - 1


@part
def start_attempt(
    slots: Int64Array, rings: Int64Array, rules: Int64Array, scalars: Int64Array, slot: int, now: int
) -> int:
    """Begin an attempt; returns the station at which it arrives."""
    slots[slot, F_ATTEMPT] += 1
    slots[slot, F_STAGE] = 0
    slots[slot, F_STATE] = WAITING
    slots[slot, F_SERIAL] += 1
    for column in range(6):
        slots[slot, F_WAITS + column] = 0
    if rules[R_PATIENCE] < INFINITE:
        ring_put(rings, scalars, PATIENCE_RING, now + rules[R_PATIENCE], slot, slots[slot, F_SERIAL])
    return slots[slot, F_ROUTE] & INSTITUTION_MASK


@part
def start_check(
    slots: Int64Array, rings: Int64Array, rules: Int64Array, scalars: Int64Array, slot: int, now: int
) -> int:
    """Send a status check; returns the station at which it arrives."""
    slots[slot, F_CHECKS] += 1
    slots[slot, F_STAGE] = 0
    slots[slot, F_STATE] = CHECK_WAITING
    slots[slot, F_SERIAL] += 1
    ring_put(rings, scalars, CHECK_RING, now + rules[R_CHECK_INTERVAL], slot, slots[slot, F_SERIAL])
    return slots[slot, F_ROUTE] & INSTITUTION_MASK


@part
def timer_fell_due(slots: Int64Array, stations: Int64Array, slot: int, now: int) -> int:
    """Patience, or the wait for a check's answer, is over; returns what follows."""
    state = slots[slot, F_STATE]
    if state == SERVING:
        slots[slot, F_STATE] = EXPIRED
    if state != WAITING and state != CHECK_WAITING:
        return NOTHING
    station = slots[slot, F_STATION]
    count_area(stations, station, now)
    leave_queue(slots, stations, station, slot)
    stations[station, S_WITHDRAWN] += 1
    return FAIL if state == WAITING else UNANSWERED


@part
def rest(slots: Int64Array, heap: Int64Array, scalars: Int64Array, slot: int, state: int, due: int) -> None:
    """Let the payment rest until `due`."""
    slots[slot, F_STATE] = state
    slots[slot, F_SERIAL] += 1
    schedule(slots, heap, scalars, due, slot)


@rare
def after_failure(
    slots: Int64Array,
    heap: Int64Array,
    rules: Int64Array,
    scalars: Int64Array,
    slot: int,
    now: int,
    what: int,
    reason: int,
) -> bool:
    """An attempt or a check came to nothing (or a check was answered): rest until the next step (False), or end
    (True)."""
    if what == FAIL:
        slots[slot, F_CHECKS] = 0
    if what == UNANSWERED or (what == FAIL and reason == TIMED_OUT and rules[R_MAX_CHECKS] > 0):
        if slots[slot, F_CHECKS] >= rules[R_MAX_CHECKS]:
            return True
        rest(slots, heap, scalars, slot, CHECK_LATER, now + rules[R_CHECK_INTERVAL])
        return False
    attempt = slots[slot, F_ATTEMPT]
    if attempt >= rules[R_MAX_ATTEMPTS]:
        return True
    jitter = below(mix(np.uint64(slots[slot, F_KEY]), attempt * 16 + DRAW_BACKOFF), 1000)
    pause = max(1, (rules[R_BACKOFF] << (attempt - 1)) * (500 + jitter) // 1000)
    rest(slots, heap, scalars, slot, RETRY_LATER, now + pause)
    return False


@part
def end_payment(
    slots: Int64Array, out: Int64Array, accounts: Int64Array, rules: Int64Array, scalars: Int64Array,
    slot: int, now: int, outcome: int, packet: int, top_up: int, redeemed: int,
) -> None:  # fmt: skip
    """Write an ended payment into `out` and free its slot."""
    at = scalars[X_OUT]
    payer, payee, route = slots[slot, F_PAYER], slots[slot, F_PAYEE], slots[slot, F_ROUTE]
    payer_meta, payee_meta = accounts[payer, META], accounts[payee, META]
    inside = 1 if rules[R_BOX_ON] == 1 and (payer_meta & payee_meta & IN_BOX) != 0 else 0
    out[O_ID, at] = slots[slot, F_ID]
    out[O_SUBMITTED, at] = slots[slot, F_SUBMITTED]
    out[O_ENDED, at] = now
    out[O_PAYER, at] = payer
    out[O_PAYEE, at] = payee
    out[O_AMOUNT, at] = slots[slot, F_AMOUNT]
    out[O_CODES, at] = (
        outcome
        | (slots[slot, F_ATTEMPT] << C_ATTEMPT_SHIFT)
        | (inside << C_IN_BOX_SHIFT)
        | ((payer_meta & CLASS_MASK) << C_CLASS_SHIFT)
        | (((payee_meta >> CATEGORY_SHIFT) & CATEGORY_MASK) << C_CATEGORY_SHIFT)
        | ((route & INSTITUTION_MASK) << C_PAYER_INSTITUTION_SHIFT)
        | ((route >> 16) << C_PAYEE_INSTITUTION_SHIFT)
        | (((payer_meta & IN_BOX) // IN_BOX) << C_PAYER_IN_SHIFT)
        | (((payee_meta & IN_BOX) // IN_BOX) << C_PAYEE_IN_SHIFT)
    )
    out[O_TAG, at] = slots[slot, F_TAG]
    out[O_PACKET, at] = packet
    out[O_TOP_UP, at] = top_up
    out[O_REDEEMED, at] = redeemed
    out[O_KEY, at] = slots[slot, F_KEY]
    for side in range(3):
        out[O_WAITS + side, at] = slots[slot, F_WAITS + side]
        out[O_SERVICES + side, at] = slots[slot, F_SERVICES + side]
    if slots[slot, F_TAG] & TAG_ORDER:
        scalars[X_STOP] |= STOP_ORDER
    scalars[X_OUT] = at + 1
    scalars[X_ENDED] += 1
    slots[slot, F_SERIAL] += 1
    slots[slot, F_NEXT] = scalars[X_FREE]
    scalars[X_FREE] = slot
