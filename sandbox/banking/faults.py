"""Outages, capacity losses and slow-downs, with recovery. Overlapping faults of one station add up (clearing rules,
section 2)."""

from __future__ import annotations

from sandbox.banking.control import Control, Process
from sandbox.engine.layout import S_CAPACITY, S_OPEN, S_SERVERS, S_SLOW
from sandbox.scenario.schema import Fault


def station_under(faults: list[Fault], servers: int) -> tuple[int, int, int]:
    """Open flag, servers and slow-down (permille) of a station while these faults are on.

    >>> station_under([], 10)
    (1, 10, 1000)
    >>> half = Fault(station="ledger", kind="capacity_loss", starts=0, lasts=1, loss=0.5)
    >>> slow = Fault(station="ledger", kind="slow_down", starts=0, lasts=1, factor=2.5)
    >>> station_under([half, half, slow], 10)
    (1, 2, 2500)
    """
    is_open, left, slow = 1, 1.0, 1.0
    for fault in faults:
        if fault.kind == "outage":
            is_open = 0
        elif fault.kind == "capacity_loss":
            left *= 1.0 - fault.loss
        else:
            slow *= fault.factor
    # A hair is added before the floors, so that 10 servers x (1 - 0.9) are one server and not none.
    return is_open, int(servers * left + 1e-9), max(1, int(1000 * slow + 1e-9))


def fault(control: Control, one: Fault, active: dict[str, list[Fault]]) -> Process:
    """Break a station and mend it again; `active` holds the faults that are on, by station."""
    yield control.wait_until(one.starts)
    active.setdefault(one.station, []).append(one)
    _apply(control, one, active[one.station], "fault_began")
    yield control.env.timeout(one.lasts)
    active[one.station].remove(one)
    _apply(control, one, active[one.station], "fault_ended")


def _apply(control: Control, one: Fault, on: list[Fault], event: str) -> None:
    station = control.world.station_names.index(one.station)
    row = control.world.stations[station]
    control.stations.before_change()
    row[S_OPEN], row[S_CAPACITY], row[S_SLOW] = station_under(on, int(row[S_SERVERS]))
    control.stations.after_change(station)
    control.record(
        "fault",
        event,
        one.station,
        kind=one.kind,
        servers=int(row[S_CAPACITY]),
        open=bool(row[S_OPEN]),
        slow_permille=int(row[S_SLOW]),
    )
