"""The rail: clears all payments up to the next control event, in exact event order.

`advance` is compiled. It takes births from the buffers of the demand sources, moves payments through stations
(gateways and the ledger) with real queues, lets them time out, ask for their status, be retried and be posted, and
writes each ended payment as one column of `out`. It stops before the instant of the next control event, at a posting
that trips a trigger, or when it needs something from Python (births, room). `docs/clearing-rules.md` is what it
implements.

Each event is worked off in three steps: what happened (a birth, an end of service, a timer) says what follows for one
payment; if that is an arrival, the station takes it or refuses it; if an attempt failed, it is retried, asked about
or ended.

Invariants: time never goes back; each payment in flight has one slot and at most one entry in the heap; a payment
waits in at most one queue; every birth ends exactly once.
"""

from __future__ import annotations

from typing import NamedTuple

from sandbox.core.compiled import compiled, part
from sandbox.core.draws import Int64Array
from sandbox.core.layout import (
    ANSWERED,
    ARRIVE,
    ATTEMPT,
    B_TAG,
    B_TIME,
    CHECK_LATER,
    CHECK_SERVING,
    CHECK_WAITING,
    END,
    EXPIRED,
    F_AMOUNT,
    F_ID,
    F_PAYEE,
    F_PAYER,
    F_STATE,
    F_STATION,
    FAIL,
    GROW,
    INFINITE,
    NEED_BIRTHS,
    NOTHING,
    OUT_FULL,
    R_KYC_DELAY,
    R_PATIENCE,
    REACHED,
    RETRY_LATER,
    S_BUSY,
    S_QUEUE,
    S_SERVED,
    SETTLED,
    TAG_CLAIM,
    TIMED_OUT,
    TRIPPED,
    UNANSWERED,
    UNAVAILABLE,
    UPGRADE_RING,
    X_DURATION,
    X_ENDED,
    X_HEAP,
    X_HOLE,
    X_NEXT_ID,
    X_NOW,
    X_OUT,
    X_RINGS,
    X_STALLED,
    X_STOP,
    X_UPGRADES_ASKED,
    X_UPGRADES_DONE,
)
from sandbox.engine.heap import pop
from sandbox.engine.life import (
    after_failure,
    end_payment,
    next_station,
    start_attempt,
    start_check,
    take_birth,
    timer_fell_due,
    welcome,
)
from sandbox.engine.posting import post, upgrade, wants_upgrade
from sandbox.engine.stations import arrive, count_area, start_waiting
from sandbox.engine.timers import ring_drop, ring_first, ring_put, soonest_timer


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
def is_over(source: int, scalars: Int64Array) -> bool:
    """Whether no payment is in flight and none will be born."""
    return source == -1 and scalars[X_ENDED] == scalars[X_NEXT_ID]


@part
def first_event(
    slots: Int64Array, heap: Int64Array, rings: Int64Array, scalars: Int64Array, soonest: int
) -> tuple[int, int, int]:
    """The earliest event in flight: when, whose slot, and which ring it comes from (-1: the heap).

    At one instant: an upgrade, then the lowest payment id, then the heap before a timer.
    """
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
    return now, slot, ring


@part
def heap_event(
    slots: Int64Array, heap: Int64Array, rings: Int64Array, stations: Int64Array, tables: Int64Array,
    accounts: Int64Array, rules: Int64Array, box_spent: Int64Array, scalars: Int64Array, slot: int, now: int,
) -> tuple[int, int, int, int, int, int]:  # fmt: skip
    """The heap's first event: a rest is over or a service ends; returns as `service_ended`."""
    scalars[X_HOLE] = 1
    state = slots[slot, F_STATE]
    if state == RETRY_LATER:
        return ATTEMPT, -1, SETTLED, 0, 0, 0
    if state == CHECK_LATER:
        return ARRIVE, start_check(slots, rings, rules, scalars, slot, now), TIMED_OUT, 0, 0, 0
    return service_ended(slots, heap, rings, stations, tables, accounts, rules, box_spent, scalars, slot, now)


@part
def service_ended(
    slots: Int64Array, heap: Int64Array, rings: Int64Array, stations: Int64Array, tables: Int64Array,
    accounts: Int64Array, rules: Int64Array, box_spent: Int64Array, scalars: Int64Array, slot: int, now: int,
) -> tuple[int, int, int, int, int, int]:  # fmt: skip
    """A server is freed; returns what follows, the next station, and the ledger's answer (outcome, three amounts)."""
    state, station = slots[slot, F_STATE], slots[slot, F_STATION]
    count_area(stations, station, now)
    stations[station, S_BUSY] -= 1
    stations[station, S_SERVED] += 1
    if stations[station, S_QUEUE] > 0:
        start_waiting(slots, heap, stations, tables, scalars, station, now)
    if state == CHECK_SERVING:
        return ANSWERED, station, TIMED_OUT, 0, 0, 0
    if station == stations.shape[0] - 1:
        payer, payee, amount = slots[slot, F_PAYER], slots[slot, F_PAYEE], slots[slot, F_AMOUNT]
        outcome, packet, top_up, redeemed = post(accounts, rules, stations, box_spent, scalars, payer, payee, amount)
        if outcome != SETTLED:
            asks = wants_upgrade(accounts, payer, payee, outcome)
            if asks >= 0:
                scalars[X_UPGRADES_ASKED] += 1
                ring_put(rings, scalars, UPGRADE_RING, now + rules[R_KYC_DELAY], asks, 0)
        return END, station, outcome, packet, top_up, redeemed
    if state == EXPIRED:
        return FAIL, station, TIMED_OUT, 0, 0, 0
    return ARRIVE, next_station(slots, stations, slot), SETTLED, 0, 0, 0


@part
def timer_event(
    slots: Int64Array, rings: Int64Array, stations: Int64Array, accounts: Int64Array, scalars: Int64Array,
    ring: int, slot: int, now: int,
) -> int:  # fmt: skip
    """A timer of this ring falls due; returns what follows for the payment."""
    if ring == UPGRADE_RING:
        upgrade(accounts, rings[UPGRADE_RING, 1, scalars[X_RINGS + 2 * UPGRADE_RING]])
        scalars[X_UPGRADES_DONE] += 1
    ring_drop(rings, scalars, ring)
    return NOTHING if ring == UPGRADE_RING else timer_fell_due(slots, stations, slot, now)


@compiled
def advance(
    slots: Int64Array, heap: Int64Array, rings: Int64Array, stations: Int64Array, tables: Int64Array,
    births: Int64Array, sources: Int64Array, out: Int64Array, accounts: Int64Array, rules: Int64Array,
    box_spent: Int64Array, scalars: Int64Array, until: int,
) -> int:  # fmt: skip
    """Clear every event before `until`; returns why it stopped. `scalars[X_NOW]` is the time of the last event."""
    source, at_birth, claim, look_for_birth = -1, INFINITE, False, True
    room, soonest = 0, 0
    while True:
        if look_for_birth:
            source = first_source(births, sources)
            if source < -1:
                scalars[X_STALLED] = -2 - source
                return NEED_BIRTHS
            at_birth, claim, look_for_birth = INFINITE, False, False
            if source >= 0:
                at_birth = births[source, B_TIME, sources[source, 0]]
                claim = births[source, B_TAG, sources[source, 0]] & TAG_CLAIM != 0
        if room <= 0:
            room = room_for(slots, rings, out, scalars)
            if room <= 0:
                return OUT_FULL if scalars[X_OUT] >= out.shape[1] else GROW
        now, slot, ring = first_event(slots, heap, rings, scalars, soonest)
        if soonest <= now:
            soonest = soonest_timer(rings, scalars)
        is_birth = at_birth < now or (claim and at_birth == now and ring != UPGRADE_RING)
        if is_birth:
            now = at_birth
        elif ring == UPGRADE_RING and now > scalars[X_DURATION] and is_over(source, scalars):
            return REACHED
        if now >= until:
            return REACHED
        scalars[X_NOW] = now
        room -= 1

        # What happened, and what follows for which payment.
        follows, station, reason, outcome, packet, top_up, redeemed = NOTHING, -1, TIMED_OUT, SETTLED, 0, 0, 0
        if is_birth:
            slot = take_birth(births, sources, slots, accounts, box_spent, scalars, source, now)
            look_for_birth = True
            follows, outcome = welcome(slots, accounts, rules, slot)
        elif ring >= 0:
            follows = timer_event(slots, rings, stations, accounts, scalars, ring, slot, now)
        else:
            follows, station, outcome, packet, top_up, redeemed = heap_event(
                slots, heap, rings, stations, tables, accounts, rules, box_spent, scalars, slot, now
            )
            if outcome != SETTLED:
                # A check may have been sent or an upgrade asked for.
                soonest = 0
        if follows == ATTEMPT:
            follows, station = ARRIVE, start_attempt(slots, rings, rules, scalars, slot, now)
            soonest = min(soonest, now + rules[R_PATIENCE])

        if follows == ARRIVE:
            follows = NOTHING
            if not arrive(slots, heap, stations, tables, scalars, station, slot, now):
                follows = UNANSWERED if slots[slot, F_STATE] == CHECK_WAITING else FAIL
                reason = UNAVAILABLE
        if follows in (FAIL, ANSWERED, UNANSWERED):
            outcome = reason if follows == FAIL else TIMED_OUT
            follows = END if after_failure(slots, heap, rules, scalars, slot, now, follows, reason) else NOTHING
        if scalars[X_HOLE] == 1:
            scalars[X_HOLE] = 0
            pop(heap, scalars[X_HEAP], slots)
            scalars[X_HEAP] -= 1
        if follows == END:
            end_payment(slots, out, accounts, rules, scalars, slot, now, outcome, packet, top_up, redeemed)
            if scalars[X_STOP] != 0:
                return TRIPPED
