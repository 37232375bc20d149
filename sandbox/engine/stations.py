"""Stations: servers, one first-come-first-served queue, a door that may be closed, and what is counted there.

A station is a row of `stations`, a job a slot; the queue is a chain through the slots, so that who gives up leaves it
at once.
"""

from __future__ import annotations

import numpy as np

from sandbox.core.compiled import compiled, inlined, rare
from sandbox.core.draws import Int64Array, mix, quantile
from sandbox.core.layout import State, draw, in_flight, scalar, station
from sandbox.engine.arrays import Rail
from sandbox.engine.heap import pop, push, replace_first


@inlined
def schedule(rail: Rail, due: int, slot: int) -> None:
    """Enter the payment's next event; the first entry's place is used if its event is being worked off."""
    slots, heap, scalars = rail.slots, rail.heap, rail.scalars
    if scalars[scalar.HEAP_HOLE] == 1:
        scalars[scalar.HEAP_HOLE] = 0
        replace_first(heap, scalars[scalar.HEAP_SIZE], due, slot, slots)
    else:
        push(heap, scalars[scalar.HEAP_SIZE], due, slot, slots)
        scalars[scalar.HEAP_SIZE] += 1


@inlined
def remove_worked_off(rail: Rail) -> None:
    """Remove the first entry if its event is being worked off and no other has taken its place."""
    slots, heap, scalars = rail.slots, rail.heap, rail.scalars
    if scalars[scalar.HEAP_HOLE] == 1:
        scalars[scalar.HEAP_HOLE] = 0
        pop(heap, scalars[scalar.HEAP_SIZE], slots)
        scalars[scalar.HEAP_SIZE] -= 1


@inlined
def count_area(stations: Int64Array, here: int, now: int) -> None:
    """Bring the time integrals of queue, busy servers and servers up to now."""
    elapsed = now - stations[here, station.COUNTED_UNTIL]
    if elapsed > 0:
        stations[here, station.QUEUE_AREA] += stations[here, station.QUEUE_LENGTH] * elapsed
        stations[here, station.BUSY_AREA] += stations[here, station.BUSY] * elapsed
        stations[here, station.CAPACITY_AREA] += stations[here, station.CAPACITY] * elapsed
        stations[here, station.COUNTED_UNTIL] = now


@inlined
def start_service(rail: Rail, here: int, slot: int, now: int) -> None:
    """A server takes the job: counts its wait, draws its service and schedules its end. The caller counted the area."""
    slots, stations, tables = rail.slots, rail.stations, rail.tables
    waited = now - slots[slot, in_flight.ARRIVED_AT]
    attempt, stage, state = slots[slot, in_flight.ATTEMPT], slots[slot, in_flight.STAGE], slots[slot, in_flight.STATE]
    is_check = state == State.CHECK_WAITING
    purpose = attempt * draw.ATTEMPT + (draw.CHECK + slots[slot, in_flight.CHECKS] * 1024 if is_check else stage)
    drawn = quantile(tables, stations[here, station.SERVICE_TABLE], mix(np.uint64(slots[slot, in_flight.KEY]), purpose))
    served = max(1, drawn * stations[here, station.PACE] // 1000)
    if is_check:
        slots[slot, in_flight.STATE] = State.CHECK_SERVING
    else:
        slots[slot, in_flight.STATE] = State.SERVING
        slots[slot, in_flight.WAITS + (stage >> 1)] += waited
        slots[slot, in_flight.SERVICES + (stage >> 1)] += served
    stations[here, station.BUSY] += 1
    stations[here, station.SERVICES_BEGUN] += 1
    stations[here, station.WAIT_SUM] += waited
    stations[here, station.SERVICE_SUM] += served
    schedule(rail, now + served, slot)


@inlined
def leave_queue(slots: Int64Array, stations: Int64Array, here: int, slot: int) -> None:
    """Unlink a waiting job, wherever in the queue it stands. The caller counted the area."""
    behind, ahead = slots[slot, in_flight.NEXT], slots[slot, in_flight.PREVIOUS]
    if ahead >= 0:
        slots[ahead, in_flight.NEXT] = behind
    else:
        stations[here, station.QUEUE_HEAD] = behind
    if behind >= 0:
        slots[behind, in_flight.PREVIOUS] = ahead
    else:
        stations[here, station.QUEUE_TAIL] = ahead
    stations[here, station.QUEUE_LENGTH] -= 1


@rare
def start_waiting(rail: Rail, here: int, now: int) -> None:
    """Start whoever waits while servers are free and the station is open."""
    slots, stations = rail.slots, rail.stations
    while (
        stations[here, station.QUEUE_LENGTH] > 0
        and stations[here, station.IS_OPEN] == 1
        and stations[here, station.BUSY] < stations[here, station.CAPACITY]
    ):
        slot = stations[here, station.QUEUE_HEAD]
        leave_queue(slots, stations, here, slot)
        start_service(rail, here, slot, now)


@inlined
def join_queue(slots: Int64Array, stations: Int64Array, here: int, slot: int) -> None:
    """Stand at the end of the queue. The caller counted the area."""
    tail = stations[here, station.QUEUE_TAIL]
    slots[slot, in_flight.NEXT] = -1
    slots[slot, in_flight.PREVIOUS] = tail
    if tail >= 0:
        slots[tail, in_flight.NEXT] = slot
    else:
        stations[here, station.QUEUE_HEAD] = slot
    stations[here, station.QUEUE_TAIL] = slot
    stations[here, station.QUEUE_LENGTH] += 1
    stations[here, station.QUEUE_MAX] = max(stations[here, station.QUEUE_MAX], stations[here, station.QUEUE_LENGTH])


@inlined
def arrive(rail: Rail, here: int, slot: int, now: int) -> bool:
    """A job comes to a station: served, queued, or (False) refused because the station is closed."""
    slots, stations = rail.slots, rail.stations
    stations[here, station.ARRIVALS] += 1
    slots[slot, in_flight.STATION] = here
    if stations[here, station.IS_OPEN] == 0:
        stations[here, station.REFUSED] += 1
        return False
    count_area(stations, here, now)
    slots[slot, in_flight.ARRIVED_AT] = now
    if stations[here, station.QUEUE_LENGTH] == 0 and stations[here, station.BUSY] < stations[here, station.CAPACITY]:
        start_service(rail, here, slot, now)
    else:
        join_queue(slots, stations, here, slot)
    return True


@compiled
def capacity_changed(rail: Rail, here: int, now: int) -> None:
    """After a control event set a station's capacity, door or pace: start whoever may start.

    Call `count_until` before the change, so that the past is counted at the old values.
    """
    start_waiting(rail, here, now)


@compiled
def count_until(stations: Int64Array, now: int) -> None:
    """Bring every station's time integrals up to now."""
    for here in range(stations.shape[0]):
        count_area(stations, here, now)
