"""Stations: servers, one first-come-first-served queue, a door that may be closed, and what is counted there.

A station is a row of `stations`, a job a slot; the queue is a chain through the slots, so that who gives up leaves it
at once.
"""

from __future__ import annotations

import numpy as np

from sandbox.core.compiled import compiled, part, rare
from sandbox.core.draws import Int64Array, mix, quantile
from sandbox.core.layout import (
    CHECK_SERVING,
    CHECK_WAITING,
    DRAW_CHECK,
    F_ARRIVED,
    F_ATTEMPT,
    F_CHECKS,
    F_KEY,
    F_NEXT,
    F_PREVIOUS,
    F_SERVICES,
    F_STAGE,
    F_STATE,
    F_STATION,
    F_WAITS,
    S_ARRIVALS,
    S_BUSY,
    S_BUSY_AREA,
    S_CAPACITY,
    S_HEAD,
    S_OPEN,
    S_QUEUE,
    S_QUEUE_AREA,
    S_QUEUE_MAX,
    S_REFUSED,
    S_SERVER_AREA,
    S_SERVICE_SUM,
    S_SINCE,
    S_SLOW,
    S_STARTS,
    S_TABLE,
    S_TAIL,
    S_WAIT_SUM,
    SERVING,
    X_HEAP,
    X_HOLE,
)
from sandbox.engine.heap import push, replace_first


@part
def schedule(slots: Int64Array, heap: Int64Array, scalars: Int64Array, due: int, slot: int) -> None:
    """Enter the payment's next event; the first entry's place is used if its event is being worked off."""
    if scalars[X_HOLE] == 1:
        scalars[X_HOLE] = 0
        replace_first(heap, scalars[X_HEAP], due, slot, slots)
    else:
        push(heap, scalars[X_HEAP], due, slot, slots)
        scalars[X_HEAP] += 1


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
    slots: Int64Array,
    heap: Int64Array,
    stations: Int64Array,
    tables: Int64Array,
    scalars: Int64Array,
    station: int,
    now: int,
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


@compiled
def capacity_changed(
    slots: Int64Array,
    heap: Int64Array,
    stations: Int64Array,
    tables: Int64Array,
    scalars: Int64Array,
    station: int,
    now: int,
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
