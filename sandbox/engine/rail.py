"""The rail: clears all payments up to the next control event, in exact event order.

`advance` is compiled. It takes births from the buffers of the demand sources, moves payments through stations (gateways and
the ledger) with real queues, lets them time out, ask for their status, be retried and be posted, and writes each ended
payment as one column of `out`. It stops before the instant of the next control event, at a posting that trips a trigger, or
when it needs something from Python (births, room). `docs/clearing-rules.md` is what it implements.

Each event is worked off in three steps: what happened (a birth, an end of service, a timer) says what follows for one
payment; if that is an arrival, the station takes it or refuses it; if an attempt failed, it is retried, asked about or ended.

Invariants: time never goes back; each payment in flight has one slot and at most one entry in the heap; a payment waits in at
most one queue; every birth ends exactly once.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sandbox.engine.compiled import compiled, part, rare
from sandbox.engine.draws import Int64Array, below, mix, quantile
from sandbox.engine.heap import pop, push, replace_first
from sandbox.engine.layout import (
    ANSWERED, ARRIVE, B_AMOUNT, B_KEY, B_PAYEE, B_PAYER, B_ROUTE, B_TAG, B_TIME, C_ATTEMPT_SHIFT, C_CATEGORY_SHIFT, C_CLASS_SHIFT,
    C_IN_BOX_SHIFT, C_PAYEE_INSTITUTION_SHIFT, C_PAYER_INSTITUTION_SHIFT, CATEGORY_MASK, CATEGORY_SHIFT, CHECK_LATER, CHECK_RING,
    CHECK_SERVING, CHECK_WAITING, CLASS_MASK, DRAW_BACKOFF, DRAW_CHECK, END, EXPIRED, F_AMOUNT, F_ARRIVED, F_ATTEMPT, F_CHECKS,
    F_ID, F_KEY, F_NEXT, F_PAYEE, F_PAYER, F_PREVIOUS, F_ROUTE, F_SERIAL, F_SERVICES, F_STAGE, F_STATE, F_STATION, F_SUBMITTED,
    F_TAG, F_WAITS, FAIL, GROW, IN_BOX, INFINITE, INSTITUTION_MASK, LEDGER_STAGE, META, NEED_BIRTHS, NOTHING,
    O_AMOUNT, O_CODES, O_ENDED, O_ID, O_KEY, O_PACKET, O_PAYEE, O_PAYER, O_REDEEMED, O_SERVICES, O_SUBMITTED, O_TAG, O_TOP_UP,
    O_WAITS, OUT_FULL, PACKET, PACKET_CAMPAIGN_SHIFT, PATIENCE_RING, R_BACKOFF, R_BOX_ON, R_CHECK_INTERVAL, R_KYC_DELAY,
    R_MAX_ATTEMPTS, R_MAX_CHECKS, R_PATIENCE, REACHED, RETRY_LATER, S_ARRIVALS, S_BUSY, S_BUSY_AREA, S_CAPACITY, S_HEAD, S_OPEN,
    S_QUEUE, S_QUEUE_AREA, S_QUEUE_MAX, S_REFUSED, S_SERVED, S_SERVER_AREA, S_SERVICE_SUM, S_SINCE, S_SLOW, S_STARTS, S_TABLE,
    S_TAIL, S_VIA, S_WAIT_SUM, S_WITHDRAWN, SERVING, SETTLED, TAG_CLAIM, TIMED_OUT, TRIPPED, UNANSWERED, UNAVAILABLE,
    UPGRADE_RING, WAITING, X_DURATION, X_ENDED, X_FREE, X_HEAP, X_HOLE, X_NEXT_ID, X_NOW, X_OUT, X_RINGS, X_STALLED, X_SUBMITTED, X_TRIPPED,
    X_UPGRADES_ASKED, X_UPGRADES_DONE,
)  # fmt: skip
from sandbox.engine.posting import post, upgrade, wants_upgrade


class Rail(NamedTuple):
    """The rail's arrays, in the order in which `advance` takes them (`layout` names their columns).

    `slots`, `heap` and `rings` may be replaced by larger copies between calls; the length of `rings` is a power of two.
    """

    slots: Int64Array
    heap: Int64Array
    """(slots, 2): time, slot."""
    rings: Int64Array
    """(3 rings, 3 columns, length): due time, slot or account, serial."""
    stations: Int64Array
    tables: Int64Array
    births: Int64Array
    """(sources, BIRTH_COLUMNS, length)."""
    sources: Int64Array
    """(sources, 3): next birth, number in the buffer, 1 if nothing follows."""
    out: Int64Array
    """(OUT_COLUMNS, length)."""
    accounts: Int64Array
    rules: Int64Array
    box_spent: Int64Array
    """(accounts, or 1 if no participant cap can hold): value settled inside the box, by payer."""
    scalars: Int64Array


# --- rings: timers that all last equally long, so they fall due in the order in which they were set -------------------


@part
def ring_put(rings: Int64Array, scalars: Int64Array, ring: int, due: int, who: int, serial: int) -> None:
    """Set a timer."""
    at = (scalars[X_RINGS + 2 * ring] + scalars[X_RINGS + 2 * ring + 1]) & (rings.shape[2] - 1)
    rings[ring, 0, at] = due
    rings[ring, 1, at] = who
    rings[ring, 2, at] = serial
    scalars[X_RINGS + 2 * ring + 1] += 1


@part
def ring_drop(rings: Int64Array, scalars: Int64Array, ring: int) -> None:
    """Forget the first timer."""
    scalars[X_RINGS + 2 * ring] = (scalars[X_RINGS + 2 * ring] + 1) & (rings.shape[2] - 1)
    scalars[X_RINGS + 2 * ring + 1] -= 1


@part
def ring_first(rings: Int64Array, scalars: Int64Array, ring: int, slots: Int64Array) -> int:
    """When the first timer that is not stale falls due, or INFINITE; drops stale ones."""
    while scalars[X_RINGS + 2 * ring + 1] > 0:
        at = scalars[X_RINGS + 2 * ring]
        if slots[rings[ring, 1, at], F_SERIAL] == rings[ring, 2, at]:
            return rings[ring, 0, at]
        ring_drop(rings, scalars, ring)
    return INFINITE


@part
def schedule(slots: Int64Array, heap: Int64Array, scalars: Int64Array, due: int, slot: int) -> None:
    """Enter the payment's next event; the first entry's place is used if its event is being worked off."""
    if scalars[X_HOLE] == 1:
        scalars[X_HOLE] = 0
        replace_first(heap, scalars[X_HEAP], due, slot, slots)
    else:
        push(heap, scalars[X_HEAP], due, slot, slots)
        scalars[X_HEAP] += 1


# --- stations ---------------------------------------------------------------------------------------------------------


@part
def count_area(stations: Int64Array, station: int, now: int) -> None:
    """Bring the time integrals of queue, busy servers and servers up to now."""
    elapsed = now - stations[station, S_SINCE]
    if elapsed > 0:
        stations[station, S_QUEUE_AREA] += stations[station, S_QUEUE] * elapsed
        stations[station, S_BUSY_AREA] += stations[station, S_BUSY] * elapsed
        stations[station, S_SERVER_AREA] += stations[station, S_CAPACITY] * elapsed
        stations[station, S_SINCE] = now


@part
def start_service(
    slots: Int64Array, heap: Int64Array, stations: Int64Array, tables: Int64Array, scalars: Int64Array,
    station: int, slot: int, now: int,
) -> None:  # fmt: skip
    """A server takes the job: counts its wait, draws its service and schedules its end. The caller counted the area."""
    waited = now - slots[slot, F_ARRIVED]
    attempt, stage, state = slots[slot, F_ATTEMPT], slots[slot, F_STAGE], slots[slot, F_STATE]
    is_check = state == CHECK_WAITING
    purpose = attempt * 16 + (DRAW_CHECK + slots[slot, F_CHECKS] * 1024 if is_check else stage)
    drawn = quantile(tables, stations[station, S_TABLE], mix(np.uint64(slots[slot, F_KEY]), purpose))
    served = max(1, drawn * stations[station, S_SLOW] // 1000)
    if is_check:
        slots[slot, F_STATE] = CHECK_SERVING
    else:
        slots[slot, F_STATE] = SERVING
        slots[slot, F_WAITS + (stage >> 1)] += waited
        slots[slot, F_SERVICES + (stage >> 1)] += served
    stations[station, S_BUSY] += 1
    stations[station, S_STARTS] += 1
    stations[station, S_WAIT_SUM] += waited
    stations[station, S_SERVICE_SUM] += served
    schedule(slots, heap, scalars, now + served, slot)


@part
def leave_queue(slots: Int64Array, stations: Int64Array, station: int, slot: int) -> None:
    """Unlink a waiting job, wherever in the queue it stands. The caller counted the area."""
    behind, ahead = slots[slot, F_NEXT], slots[slot, F_PREVIOUS]
    if ahead >= 0:
        slots[ahead, F_NEXT] = behind
    else:
        stations[station, S_HEAD] = behind
    if behind >= 0:
        slots[behind, F_PREVIOUS] = ahead
    else:
        stations[station, S_TAIL] = ahead
    stations[station, S_QUEUE] -= 1


@rare
def start_waiting(
    slots: Int64Array, heap: Int64Array, stations: Int64Array, tables: Int64Array, scalars: Int64Array, station: int, now: int
) -> None:
    """Start whoever waits while servers are free and the station is open."""
    while (
        stations[station, S_QUEUE] > 0
        and stations[station, S_OPEN] == 1
        and stations[station, S_BUSY] < stations[station, S_CAPACITY]
    ):
        slot = stations[station, S_HEAD]
        leave_queue(slots, stations, station, slot)
        start_service(slots, heap, stations, tables, scalars, station, slot, now)


@part
def join_queue(slots: Int64Array, stations: Int64Array, station: int, slot: int) -> None:
    """Stand at the end of the queue. The caller counted the area."""
    tail = stations[station, S_TAIL]
    slots[slot, F_NEXT] = -1
    slots[slot, F_PREVIOUS] = tail
    if tail >= 0:
        slots[tail, F_NEXT] = slot
    else:
        stations[station, S_HEAD] = slot
    stations[station, S_TAIL] = slot
    stations[station, S_QUEUE] += 1
    stations[station, S_QUEUE_MAX] = max(stations[station, S_QUEUE_MAX], stations[station, S_QUEUE])


@part
def arrive(
    slots: Int64Array, heap: Int64Array, stations: Int64Array, tables: Int64Array, scalars: Int64Array,
    station: int, slot: int, now: int,
) -> bool:  # fmt: skip
    """A job comes to a station: served, queued, or (False) refused because the station is closed."""
    stations[station, S_ARRIVALS] += 1
    slots[slot, F_STATION] = station
    if stations[station, S_OPEN] == 0:
        stations[station, S_REFUSED] += 1
        return False
    count_area(stations, station, now)
    slots[slot, F_ARRIVED] = now
    if stations[station, S_QUEUE] == 0 and stations[station, S_BUSY] < stations[station, S_CAPACITY]:
        start_service(slots, heap, stations, tables, scalars, station, slot, now)
    else:
        join_queue(slots, stations, station, slot)
    return True


# --- what happened ----------------------------------------------------------------------------------------------------


@part
def take_birth(births: Int64Array, sources: Int64Array, slots: Int64Array, accounts: Int64Array, scalars: Int64Array, source: int, now: int) -> int:
    """A payment enters (returns its slot), or a red packet is claimed (returns -1)."""
    at = sources[source, 0]
    sources[source, 0] = at + 1
    tag = births[source, B_TAG, at]
    payer, payee = births[source, B_PAYER, at], births[source, B_PAYEE, at]
    if tag & TAG_CLAIM:
        accounts[payer, PACKET] = births[source, B_AMOUNT, at]
        accounts[payer, META] |= payee << PACKET_CAMPAIGN_SHIFT
        return -1
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
def start_attempt(slots: Int64Array, rings: Int64Array, rules: Int64Array, scalars: Int64Array, slot: int, now: int) -> int:
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
def start_check(slots: Int64Array, rings: Int64Array, rules: Int64Array, scalars: Int64Array, slot: int, now: int) -> int:
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


# --- what follows -----------------------------------------------------------------------------------------------------


@part
def rest(slots: Int64Array, heap: Int64Array, scalars: Int64Array, slot: int, state: int, due: int) -> None:
    """Let the payment rest until `due`."""
    slots[slot, F_STATE] = state
    slots[slot, F_SERIAL] += 1
    schedule(slots, heap, scalars, due, slot)


@rare
def after_failure(
    slots: Int64Array, heap: Int64Array, rules: Int64Array, scalars: Int64Array, slot: int, now: int, what: int, reason: int
) -> bool:
    """An attempt or a check came to nothing (or a check was answered): rest until the next step (False), or end (True)."""
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
    )
    out[O_TAG, at] = slots[slot, F_TAG]
    out[O_PACKET, at] = packet
    out[O_TOP_UP, at] = top_up
    out[O_REDEEMED, at] = redeemed
    out[O_KEY, at] = slots[slot, F_KEY]
    for side in range(3):
        out[O_WAITS + side, at] = slots[slot, F_WAITS + side]
        out[O_SERVICES + side, at] = slots[slot, F_SERVICES + side]
    scalars[X_OUT] = at + 1
    scalars[X_ENDED] += 1
    slots[slot, F_SERIAL] += 1
    slots[slot, F_NEXT] = scalars[X_FREE]
    scalars[X_FREE] = slot


# --- the loop ---------------------------------------------------------------------------------------------------------


@part
def first_source(births: Int64Array, sources: Int64Array) -> int:
    """The source whose next birth is earliest (the lowest number at a tie), -1 if none is left, -2-k if k ran empty."""
    best, best_time = -1, INFINITE
    for source in range(sources.shape[0]):
        at = sources[source, 0]
        if at >= sources[source, 1]:
            if sources[source, 2] == 0:
                return -2 - source
        elif births[source, B_TIME, at] < best_time:
            best, best_time = source, births[source, B_TIME, at]
    return best


@part
def room_for(slots: Int64Array, rings: Int64Array, out: Int64Array, scalars: Int64Array) -> int:
    """How many events surely fit: each takes at most one slot, one place in one ring and one place in `out`."""
    in_flight = scalars[X_NEXT_ID] - scalars[X_ENDED]
    longest = max(scalars[X_RINGS + 1], max(scalars[X_RINGS + 3], scalars[X_RINGS + 5]))
    return min(slots.shape[0] - in_flight, min(rings.shape[2] - longest, out.shape[1] - scalars[X_OUT]))


@part
def soonest_timer(rings: Int64Array, scalars: Int64Array) -> int:
    """A time before which no timer falls due; stale timers count."""
    soonest = INFINITE
    for ring in range(3):
        if scalars[X_RINGS + 2 * ring + 1] > 0:
            soonest = min(soonest, rings[ring, 0, scalars[X_RINGS + 2 * ring]])
    return soonest


@part
def is_over(source: int, scalars: Int64Array) -> bool:
    """Whether no payment is in flight and none will be born."""
    return source == -1 and scalars[X_ENDED] == scalars[X_NEXT_ID]


@compiled
def advance(
    slots: Int64Array, heap: Int64Array, rings: Int64Array, stations: Int64Array, tables: Int64Array, births: Int64Array,
    sources: Int64Array, out: Int64Array, accounts: Int64Array, rules: Int64Array, box_spent: Int64Array, scalars: Int64Array,
    until: int,
) -> int:  # fmt: skip
    """Clear every event before `until`; returns why it stopped. `scalars[X_NOW]` is the time of the last event."""
    ledger = stations.shape[0] - 1
    source, at_birth, claim = -1, INFINITE, False
    look_for_birth = True
    room, soonest = 0, np.int64(0)
    while True:
        if look_for_birth:
            source = first_source(births, sources)
            if source < -1:
                scalars[X_STALLED] = -2 - source
                return NEED_BIRTHS
            at_birth, claim = INFINITE, False
            if source >= 0:
                at_birth = births[source, B_TIME, sources[source, 0]]
                claim = births[source, B_TAG, sources[source, 0]] & TAG_CLAIM != 0
            look_for_birth = False
        if room <= 0:
            room = room_for(slots, rings, out, scalars)
            if room <= 0:
                return OUT_FULL if scalars[X_OUT] >= out.shape[1] else GROW

        # Which event is first: of the heap and the timers the one with the lowest (time, payment id); upgrades before them.
        now, slot, ring = INFINITE, -1, -1
        if scalars[X_HEAP] > 0:
            now, slot = heap[0, 0], heap[0, 1]
        if soonest <= now:
            for number in range(2):
                timer = ring_first(rings, scalars, number, slots)
                if timer <= now and timer < INFINITE:
                    whose = rings[number, 1, scalars[X_RINGS + 2 * number]]
                    if timer < now or slots[whose, F_ID] < slots[slot, F_ID]:
                        now, slot, ring = timer, whose, number
            if scalars[X_RINGS + 2 * UPGRADE_RING + 1] > 0:
                timer = rings[UPGRADE_RING, 0, scalars[X_RINGS + 2 * UPGRADE_RING]]
                if timer <= now:
                    now, ring = timer, UPGRADE_RING
            soonest = soonest_timer(rings, scalars)
        is_birth = at_birth < now or (claim and at_birth == now and ring != UPGRADE_RING)
        if is_birth:
            now = at_birth
        if now >= until or (ring == UPGRADE_RING and not is_birth and now > scalars[X_DURATION] and is_over(source, scalars)):
            return REACHED
        scalars[X_NOW] = now
        room -= 1

        # What happened, and what follows for which payment.
        follows, station, reason = NOTHING, -1, TIMED_OUT
        outcome, packet, top_up, redeemed = TIMED_OUT, 0, 0, 0
        if is_birth:
            look_for_birth = True
            slot = take_birth(births, sources, slots, accounts, scalars, source, now)
            if slot >= 0:
                follows, station = ARRIVE, start_attempt(slots, rings, rules, scalars, slot, now)
                soonest = min(soonest, now + rules[R_PATIENCE])
        elif ring == UPGRADE_RING:
            upgrade(accounts, rings[UPGRADE_RING, 1, scalars[X_RINGS + 2 * UPGRADE_RING]])
            ring_drop(rings, scalars, UPGRADE_RING)
            scalars[X_UPGRADES_DONE] += 1
        elif ring >= 0:
            ring_drop(rings, scalars, ring)
            follows = timer_fell_due(slots, stations, slot, now)
        else:
            scalars[X_HOLE] = 1
            state = slots[slot, F_STATE]
            if state == RETRY_LATER:
                follows, station = ARRIVE, start_attempt(slots, rings, rules, scalars, slot, now)
                soonest = 0
            elif state == CHECK_LATER:
                follows, station = ARRIVE, start_check(slots, rings, rules, scalars, slot, now)
                soonest = 0
            else:
                # A service ended.
                station = slots[slot, F_STATION]
                count_area(stations, station, now)
                stations[station, S_BUSY] -= 1
                stations[station, S_SERVED] += 1
                if stations[station, S_QUEUE] > 0:
                    start_waiting(slots, heap, stations, tables, scalars, station, now)
                if state == CHECK_SERVING:
                    follows = ANSWERED
                elif station == ledger:
                    payer, payee = slots[slot, F_PAYER], slots[slot, F_PAYEE]
                    outcome, packet, top_up, redeemed = post(
                        accounts, rules, stations, box_spent, scalars, payer, payee, slots[slot, F_AMOUNT]
                    )
                    follows = END
                    if outcome != SETTLED:
                        asks = wants_upgrade(accounts, payer, payee, outcome)
                        if asks >= 0:
                            scalars[X_UPGRADES_ASKED] += 1
                            ring_put(rings, scalars, UPGRADE_RING, now + rules[R_KYC_DELAY], asks, 0)
                            soonest = 0
                elif state == EXPIRED:
                    follows = FAIL
                else:
                    follows, station = ARRIVE, next_station(slots, stations, slot)

        if follows == ARRIVE:
            follows = NOTHING
            if not arrive(slots, heap, stations, tables, scalars, station, slot, now):
                follows = UNANSWERED if slots[slot, F_STATE] == CHECK_WAITING else FAIL
                reason = UNAVAILABLE
        if (follows == FAIL or follows == ANSWERED or follows == UNANSWERED) and after_failure(
            slots, heap, rules, scalars, slot, now, follows, reason
        ):
            outcome = reason if follows == FAIL else TIMED_OUT
            follows = END
        if scalars[X_HOLE] == 1:
            scalars[X_HOLE] = 0
            pop(heap, scalars[X_HEAP], slots)
            scalars[X_HEAP] -= 1
        if follows == END:
            end_payment(slots, out, accounts, rules, scalars, slot, now, outcome, packet, top_up, redeemed)
            if scalars[X_TRIPPED] >= 0:
                return TRIPPED


@compiled
def capacity_changed(
    slots: Int64Array, heap: Int64Array, stations: Int64Array, tables: Int64Array, scalars: Int64Array, station: int, now: int
) -> None:
    """After a control event set a station's capacity, door or pace: start whoever may start.

    Call `count_until` before the change, so that the past is counted at the old values.
    """
    start_waiting(slots, heap, stations, tables, scalars, station, now)


@compiled
def count_until(stations: Int64Array, now: int) -> None:
    """Bring every station's time integrals up to now."""
    for station in range(stations.shape[0]):
        count_area(stations, station, now)
