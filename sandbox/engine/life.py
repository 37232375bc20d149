"""The life of one payment in flight: born, attempted, asked about, tried again, ended (clearing rules, sections 2 and
3)."""

from __future__ import annotations

import numpy as np

from sandbox.core.compiled import inlined, rare
from sandbox.core.draws import Int64Array, below, mix
from sandbox.core.layout import (
    INFINITE,
    Follows,
    Outcome,
    State,
    account,
    birth,
    code,
    draw,
    ended,
    in_flight,
    rule,
    scalar,
    station,
    stop,
    tags,
    timers,
    trait,
)
from sandbox.core.prefetch import prefetch
from sandbox.engine.arrays import Rail
from sandbox.engine.stations import count_area, leave_queue, schedule
from sandbox.engine.timers import ring_put


@inlined
def take_birth(rail: Rail, source: int, now: int) -> int:
    """A payment enters (returns its slot), or a red packet is claimed (returns -1)."""
    births, sources, slots, accounts, scalars = rail.births, rail.sources, rail.slots, rail.accounts, rail.scalars
    at = sources[source, 0]
    sources[source, 0] = at + 1
    tag = births[source, birth.TAG, at]
    payer, payee = births[source, birth.PAYER, at], births[source, birth.PAYEE, at]
    if tag & tags.CLAIM:
        accounts[payer, account.PACKET] = births[source, birth.AMOUNT, at]
        accounts[payer, account.TRAITS] |= payee << trait.PACKET_CAMPAIGN_SHIFT
        return -1
    prefetch(accounts, payer)
    prefetch(accounts, payee)
    if rail.box_spent.size > 1:
        prefetch(rail.box_spent, payer)
    slot = scalars[scalar.FREE_SLOT]
    scalars[scalar.FREE_SLOT] = slots[slot, in_flight.NEXT]
    slots[slot, in_flight.ID] = scalars[scalar.NEXT_ID]
    scalars[scalar.NEXT_ID] += 1
    scalars[scalar.SUBMITTED] += 1
    slots[slot, in_flight.SUBMITTED_AT] = now
    slots[slot, in_flight.PAYER] = payer
    slots[slot, in_flight.PAYEE] = payee
    slots[slot, in_flight.AMOUNT] = births[source, birth.AMOUNT, at]
    slots[slot, in_flight.TAG] = tag
    slots[slot, in_flight.KEY] = births[source, birth.KEY, at]
    slots[slot, in_flight.ATTEMPT] = 0
    slots[slot, in_flight.ROUTE] = births[source, birth.ROUTE, at]
    return slot


@inlined
def welcome(rail: Rail, slot: int) -> tuple[Follows, Outcome]:
    """What follows for a payment just submitted, and its outcome if it ends: it is turned away if it would cross the
    edge of a box that lets nothing in or out."""
    slots, accounts, rules = rail.slots, rail.accounts, rail.rules
    if slot < 0:
        return Follows.NOTHING, Outcome.SETTLED
    if rules[rule.CONTAINED] == 0 or rules[rule.BOX_ON] == 0:
        return Follows.ATTEMPT, Outcome.SETTLED
    payer, payee = slots[slot, in_flight.PAYER], slots[slot, in_flight.PAYEE]
    if (accounts[payer, account.TRAITS] ^ accounts[payee, account.TRAITS]) & trait.IN_BOX == 0:
        return Follows.ATTEMPT, Outcome.SETTLED
    for column in range(6):
        slots[slot, in_flight.WAITS + column] = 0
    return Follows.END, Outcome.OUTSIDE_BOX


@inlined
def next_station(slots: Int64Array, stations: Int64Array, slot: int) -> int:
    """Move the payment's stage on and return its next station (clearing rules, section 2)."""
    stage, here, route = slots[slot, in_flight.STAGE], slots[slot, in_flight.STATION], slots[slot, in_flight.ROUTE]
    payee_institution = route >> 16
    slots[slot, in_flight.STATE] = State.WAITING
    if stage == 0 and stations[route & trait.INSTITUTION_MASK, station.VIA] >= 0:
        slots[slot, in_flight.STAGE] = 1
        return stations[route & trait.INSTITUTION_MASK, station.VIA]
    if stage <= 1:
        operator = stations[payee_institution, station.VIA]
        if operator >= 0 and operator != here:
            slots[slot, in_flight.STAGE] = 2
            return operator
    if stage <= 2 and payee_institution != here:
        slots[slot, in_flight.STAGE] = 3
        return payee_institution
    slots[slot, in_flight.STAGE] = in_flight.LEDGER_STAGE
    return stations.shape[0] - 1


@inlined
def start_attempt(rail: Rail, slot: int, now: int) -> int:
    """Begin an attempt; returns the station at which it arrives."""
    slots, rings, rules, scalars = rail.slots, rail.rings, rail.rules, rail.scalars
    slots[slot, in_flight.ATTEMPT] += 1
    slots[slot, in_flight.STAGE] = 0
    slots[slot, in_flight.STATE] = State.WAITING
    slots[slot, in_flight.SERIAL] += 1
    for column in range(6):
        slots[slot, in_flight.WAITS + column] = 0
    if rules[rule.PATIENCE] < INFINITE:
        ring_put(rings, scalars, timers.PATIENCE, now + rules[rule.PATIENCE], slot, slots[slot, in_flight.SERIAL])
    return slots[slot, in_flight.ROUTE] & trait.INSTITUTION_MASK


@inlined
def start_check(rail: Rail, slot: int, now: int) -> int:
    """Send a status check; returns the station at which it arrives."""
    slots, rings, rules, scalars = rail.slots, rail.rings, rail.rules, rail.scalars
    slots[slot, in_flight.CHECKS] += 1
    slots[slot, in_flight.STAGE] = 0
    slots[slot, in_flight.STATE] = State.CHECK_WAITING
    slots[slot, in_flight.SERIAL] += 1
    ring_put(rings, scalars, timers.CHECK, now + rules[rule.CHECK_INTERVAL], slot, slots[slot, in_flight.SERIAL])
    return slots[slot, in_flight.ROUTE] & trait.INSTITUTION_MASK


@inlined
def timer_fell_due(slots: Int64Array, stations: Int64Array, slot: int, now: int) -> Follows:
    """Patience, or the wait for a check's answer, is over; returns what follows."""
    state = slots[slot, in_flight.STATE]
    if state == State.SERVING:
        slots[slot, in_flight.STATE] = State.EXPIRED
    if state != State.WAITING and state != State.CHECK_WAITING:
        return Follows.NOTHING
    here = slots[slot, in_flight.STATION]
    count_area(stations, here, now)
    leave_queue(slots, stations, here, slot)
    stations[here, station.WITHDRAWN] += 1
    return Follows.FAIL if state == State.WAITING else Follows.UNANSWERED


@inlined
def rest(rail: Rail, slot: int, state: State, due: int) -> None:
    """Let the payment rest until `due`."""
    slots = rail.slots
    slots[slot, in_flight.STATE] = state
    slots[slot, in_flight.SERIAL] += 1
    schedule(rail, due, slot)


@rare
def after_failure(rail: Rail, slot: int, now: int, what: Follows, reason: Outcome) -> Follows:
    """An attempt or a check came to nothing (or a check was answered): rest until the next step (NOTHING), or end
    (END)."""
    slots, rules = rail.slots, rail.rules
    if what == Follows.FAIL:
        slots[slot, in_flight.CHECKS] = 0
    if what == Follows.UNANSWERED or (
        what == Follows.FAIL and reason == Outcome.TIMED_OUT and rules[rule.MAX_CHECKS] > 0
    ):
        if slots[slot, in_flight.CHECKS] >= rules[rule.MAX_CHECKS]:
            return Follows.END
        rest(rail, slot, State.CHECK_LATER, now + rules[rule.CHECK_INTERVAL])
        return Follows.NOTHING
    attempt = slots[slot, in_flight.ATTEMPT]
    if attempt >= rules[rule.MAX_ATTEMPTS]:
        return Follows.END
    jitter = below(mix(np.uint64(slots[slot, in_flight.KEY]), attempt * draw.ATTEMPT + draw.BACKOFF), 1000)
    pause = max(1, (rules[rule.BACKOFF] << (attempt - 1)) * (500 + jitter) // 1000)
    rest(rail, slot, State.RETRY_LATER, now + pause)
    return Follows.NOTHING


@inlined
def end_payment(rail: Rail, slot: int, now: int, outcome: Outcome, packet: int, top_up: int, redeemed: int) -> None:
    """Write an ended payment into `out` and free its slot."""
    slots, out, accounts, rules, scalars = rail.slots, rail.out, rail.accounts, rail.rules, rail.scalars
    at = scalars[scalar.OUT_SIZE]
    payer, payee, route = slots[slot, in_flight.PAYER], slots[slot, in_flight.PAYEE], slots[slot, in_flight.ROUTE]
    payer_meta, payee_meta = accounts[payer, account.TRAITS], accounts[payee, account.TRAITS]
    inside = 1 if rules[rule.BOX_ON] == 1 and (payer_meta & payee_meta & trait.IN_BOX) != 0 else 0
    out[ended.ID, at] = slots[slot, in_flight.ID]
    out[ended.SUBMITTED_AT, at] = slots[slot, in_flight.SUBMITTED_AT]
    out[ended.ENDED_AT, at] = now
    out[ended.PAYER, at] = payer
    out[ended.PAYEE, at] = payee
    out[ended.AMOUNT, at] = slots[slot, in_flight.AMOUNT]
    out[ended.CODES, at] = (
        outcome
        | (slots[slot, in_flight.ATTEMPT] << code.ATTEMPT_SHIFT)
        | (inside << code.IN_BOX_SHIFT)
        | ((payer_meta & trait.CLASS_MASK) << code.CLASS_SHIFT)
        | (((payee_meta >> trait.CATEGORY_SHIFT) & trait.CATEGORY_MASK) << code.CATEGORY_SHIFT)
        | ((route & trait.INSTITUTION_MASK) << code.PAYER_INSTITUTION_SHIFT)
        | ((route >> 16) << code.PAYEE_INSTITUTION_SHIFT)
        | (((payer_meta & trait.IN_BOX) // trait.IN_BOX) << code.PAYER_IN_SHIFT)
        | (((payee_meta & trait.IN_BOX) // trait.IN_BOX) << code.PAYEE_IN_SHIFT)
    )
    out[ended.TAG, at] = slots[slot, in_flight.TAG]
    out[ended.PACKET, at] = packet
    out[ended.TOP_UP, at] = top_up
    out[ended.REDEEMED, at] = redeemed
    out[ended.KEY, at] = slots[slot, in_flight.KEY]
    for side in range(3):
        out[ended.WAITS + side, at] = slots[slot, in_flight.WAITS + side]
        out[ended.SERVICES + side, at] = slots[slot, in_flight.SERVICES + side]
    if slots[slot, in_flight.TAG] & tags.ORDER:
        scalars[scalar.STOP] |= stop.ORDER
    scalars[scalar.OUT_SIZE] = at + 1
    scalars[scalar.ENDED] += 1
    slots[slot, in_flight.SERIAL] += 1
    slots[slot, in_flight.NEXT] = scalars[scalar.FREE_SLOT]
    scalars[scalar.FREE_SLOT] = slot
