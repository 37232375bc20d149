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

from sandbox.core.compiled import compiled, inlined
from sandbox.core.draws import Int64Array
from sandbox.core.layout import (
    INFINITE,
    Follows,
    Outcome,
    State,
    Stopped,
    birth,
    in_flight,
    rule,
    scalar,
    station,
    tags,
    timers,
)
from sandbox.engine.arrays import Rail
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
from sandbox.engine.stations import arrive, count_area, remove_worked_off, start_waiting
from sandbox.engine.timers import ring_drop, ring_first, ring_put, soonest_timer


@inlined
def first_source(births: Int64Array, sources: Int64Array) -> int:
    """The source whose next birth is earliest (the lowest number at a tie), -1 if none is left, -2-k if k ran empty."""
    best, best_time = -1, INFINITE
    for source in range(sources.shape[0]):
        at = sources[source, 0]
        if at >= sources[source, 1]:
            if sources[source, 2] == 0:
                return -2 - source
        elif births[source, birth.TIME, at] < best_time:
            best, best_time = source, births[source, birth.TIME, at]
    return best


@inlined
def room_for(rail: Rail) -> int:
    """How many events surely fit: each takes at most one slot, one place in one ring and one place in `out`."""
    slots, rings, out, scalars = rail.slots, rail.rings, rail.out, rail.scalars
    in_flight = scalars[scalar.NEXT_ID] - scalars[scalar.ENDED]
    longest = max(scalars[scalar.RINGS + 1], max(scalars[scalar.RINGS + 3], scalars[scalar.RINGS + 5]))
    return min(slots.shape[0] - in_flight, min(rings.shape[2] - longest, out.shape[1] - scalars[scalar.OUT_SIZE]))


@inlined
def is_over(source: int, scalars: Int64Array) -> bool:
    """Whether no payment is in flight and none will be born."""
    return source == -1 and scalars[scalar.ENDED] == scalars[scalar.NEXT_ID]


@inlined
def first_event(rail: Rail, soonest: int) -> tuple[int, int, int]:
    """The earliest event in flight: when, whose slot, and which ring it comes from (-1: the heap).

    At one instant: an upgrade, then the lowest payment id, then the heap before a timer.
    """
    slots, heap, rings, scalars = rail.slots, rail.heap, rail.rings, rail.scalars
    now, slot, ring = INFINITE, -1, -1
    if scalars[scalar.HEAP_SIZE] > 0:
        now, slot = heap[0, 0], heap[0, 1]
    if soonest <= now:
        for number in range(2):
            timer = ring_first(rings, scalars, number, slots)
            if timer <= now and timer < INFINITE:
                whose = rings[number, 1, scalars[scalar.RINGS + 2 * number]]
                if timer < now or slots[whose, in_flight.ID] < slots[slot, in_flight.ID]:
                    now, slot, ring = timer, whose, number
        if scalars[scalar.RINGS + 2 * timers.UPGRADE + 1] > 0:
            timer = rings[timers.UPGRADE, 0, scalars[scalar.RINGS + 2 * timers.UPGRADE]]
            if timer <= now:
                now, ring = timer, timers.UPGRADE
    return now, slot, ring


@inlined
def heap_event(rail: Rail, slot: int, now: int) -> tuple[Follows, int, Outcome, int, int, int]:
    """The heap's first event: a rest is over or a service ends; returns as `service_ended`."""
    slots, scalars = rail.slots, rail.scalars
    scalars[scalar.HEAP_HOLE] = 1
    state = slots[slot, in_flight.STATE]
    if state == State.RETRY_LATER:
        return Follows.ATTEMPT, -1, Outcome.SETTLED, 0, 0, 0
    if state == State.CHECK_LATER:
        return Follows.ARRIVE, start_check(rail, slot, now), Outcome.TIMED_OUT, 0, 0, 0
    return service_ended(rail, slot, now)


@inlined
def service_ended(rail: Rail, slot: int, now: int) -> tuple[Follows, int, Outcome, int, int, int]:
    """A server is freed; returns what follows, the next station, and the ledger's answer (outcome, three amounts)."""
    slots, rings, stations, scalars = rail.slots, rail.rings, rail.stations, rail.scalars
    state, here = slots[slot, in_flight.STATE], slots[slot, in_flight.STATION]
    count_area(stations, here, now)
    stations[here, station.BUSY] -= 1
    stations[here, station.SERVED] += 1
    if stations[here, station.QUEUE_LENGTH] > 0:
        start_waiting(rail, here, now)
    if state == State.CHECK_SERVING:
        return Follows.ANSWERED, here, Outcome.TIMED_OUT, 0, 0, 0
    if here == stations.shape[0] - 1:
        payer, payee, amount = slots[slot, in_flight.PAYER], slots[slot, in_flight.PAYEE], slots[slot, in_flight.AMOUNT]
        outcome, packet, top_up, redeemed = post(rail, payer, payee, amount)
        if outcome != Outcome.SETTLED:
            asks = wants_upgrade(rail.accounts, payer, payee, outcome)
            if asks >= 0:
                scalars[scalar.UPGRADES_ASKED] += 1
                ring_put(rings, scalars, timers.UPGRADE, now + rail.rules[rule.KYC_DELAY], asks, 0)
        return Follows.END, here, outcome, packet, top_up, redeemed
    if state == State.EXPIRED:
        return Follows.FAIL, here, Outcome.TIMED_OUT, 0, 0, 0
    return Follows.ARRIVE, next_station(slots, stations, slot), Outcome.SETTLED, 0, 0, 0


@inlined
def timer_event(rail: Rail, ring: int, slot: int, now: int) -> Follows:
    """A timer of this ring falls due; returns what follows for the payment."""
    rings, scalars = rail.rings, rail.scalars
    if ring == timers.UPGRADE:
        upgrade(rail.accounts, rings[timers.UPGRADE, 1, scalars[scalar.RINGS + 2 * timers.UPGRADE]])
        scalars[scalar.UPGRADES_DONE] += 1
    ring_drop(rings, scalars, ring)
    return Follows.NOTHING if ring == timers.UPGRADE else timer_fell_due(rail.slots, rail.stations, slot, now)


@compiled
def advance(rail: Rail, until: int) -> Stopped:
    """Clear every event before `until`; returns why it stopped. `scalars[scalar.NOW]` is the time of the last event."""
    births, sources, scalars = rail.births, rail.sources, rail.scalars
    source, at_birth, claim, look_for_birth = -1, INFINITE, False, True
    room, soonest = 0, 0
    while True:
        if look_for_birth:
            source = first_source(births, sources)
            if source < -1:
                scalars[scalar.EMPTY_SOURCE] = -2 - source
                return Stopped.NEED_BIRTHS
            at_birth, claim, look_for_birth = INFINITE, False, False
            if source >= 0:
                at_birth = births[source, birth.TIME, sources[source, 0]]
                claim = births[source, birth.TAG, sources[source, 0]] & tags.CLAIM != 0
        if room <= 0:
            room = room_for(rail)
            if room <= 0:
                return Stopped.OUT_FULL if scalars[scalar.OUT_SIZE] >= rail.out.shape[1] else Stopped.GROW
        now, slot, ring = first_event(rail, soonest)
        if soonest <= now:
            soonest = soonest_timer(rail.rings, scalars)
        is_birth = at_birth < now or (claim and at_birth == now and ring != timers.UPGRADE)
        if is_birth:
            now = at_birth
        elif ring == timers.UPGRADE and now > scalars[scalar.DURATION] and is_over(source, scalars):
            return Stopped.REACHED
        if now >= until:
            return Stopped.REACHED
        scalars[scalar.NOW] = now
        room -= 1

        # What happened, and what follows for which payment.
        follows, goes_to, reason, outcome = Follows.NOTHING, -1, Outcome.TIMED_OUT, Outcome.SETTLED
        packet, top_up, redeemed = 0, 0, 0
        if is_birth:
            slot = take_birth(rail, source, now)
            look_for_birth = True
            follows, outcome = welcome(rail, slot)
        elif ring >= 0:
            follows = timer_event(rail, ring, slot, now)
        else:
            follows, goes_to, outcome, packet, top_up, redeemed = heap_event(rail, slot, now)
            if outcome != Outcome.SETTLED:
                # A check may have been sent or an upgrade asked for.
                soonest = 0
        if follows == Follows.ATTEMPT:
            follows, goes_to = Follows.ARRIVE, start_attempt(rail, slot, now)
            soonest = min(soonest, now + rail.rules[rule.PATIENCE])

        if follows == Follows.ARRIVE:
            follows = Follows.NOTHING
            if not arrive(rail, goes_to, slot, now):
                follows = (
                    Follows.UNANSWERED if rail.slots[slot, in_flight.STATE] == State.CHECK_WAITING else Follows.FAIL
                )
                reason = Outcome.UNAVAILABLE
        if follows in (Follows.FAIL, Follows.ANSWERED, Follows.UNANSWERED):
            outcome = reason if follows == Follows.FAIL else Outcome.TIMED_OUT
            follows = after_failure(rail, slot, now, follows, reason)
        remove_worked_off(rail)
        if follows == Follows.END:
            end_payment(rail, slot, now, outcome, packet, top_up, redeemed)
            if scalars[scalar.STOP] != 0:
                return Stopped.TRIPPED
