"""Outages, capacity losses and slow-downs, with recovery. Overlapping faults of one station add up (clearing rules,
section 2)."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from math import floor
from typing import Final

from sandbox.control import Component, Control, Process
from sandbox.core.layout import account, station, trait
from sandbox.scenario.schema import Fault
from sandbox.scenario.schema.world import Closure

SLOWEST_PERMILLE: Final = 1_000_000
"""However many slow-downs are on, service takes at most 1,000 times as long: the rail's integers hold no more."""


def station_under(faults: list[Fault], servers: int) -> tuple[int, int, int]:
    """Open flag, servers and slow-down (permille) of a station while these faults are on.

    >>> station_under([], 10)
    (1, 10, 1000)
    >>> half = Fault(station="ledger", kind="capacity_loss", starts=0, lasts=1, loss=0.5)
    >>> slow = Fault(station="ledger", kind="slow_down", starts=0, lasts=1, factor=2.5)
    >>> station_under([half, half, slow], 10)
    (1, 2, 2500)
    """
    is_open, left, slow = 1, Fraction(1), Fraction(1)
    for fault in faults:
        # A share or factor is meant as it is written in decimals: 10 servers less 90 % are one server, not 0.99...98.
        if fault.kind == "outage":
            is_open = 0
        elif fault.kind == "capacity_loss":
            left *= 1 - Fraction(str(fault.loss))
        else:
            slow *= Fraction(str(fault.factor))
    return is_open, floor(servers * left), min(SLOWEST_PERMILLE, max(1, floor(1000 * slow)))


class Faults(Component):
    """Stations that fail, and merchants that stop accepting."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def start(self) -> None:
        """A process for each."""
        control, scenario = self._control, self._control.world.scenario
        active: dict[str, list[Fault]] = {}
        closed: Counter[int] = Counter()
        for one in scenario.faults:
            control.env.process(fault(control, one, active))
        for closure in scenario.merchants.closures:
            control.env.process(_closure(control, closure, closed))


def fault(control: Control, one: Fault, active: dict[str, list[Fault]]) -> Process:
    """Break a station and mend it again; `active` holds the faults that are on, by station."""
    yield control.wait_until(one.starts)
    active.setdefault(one.station, []).append(one)
    _apply(control, one, active[one.station], "fault_began")
    yield control.env.timeout(one.lasts)
    active[one.station].remove(one)
    _apply(control, one, active[one.station], "fault_ended")


def _apply(control: Control, one: Fault, on: list[Fault], event: str) -> None:
    here = control.world.station_names.index(one.station)
    row = control.world.stations[here]
    control.machine.before_change()
    row[station.IS_OPEN], row[station.CAPACITY], row[station.PACE] = station_under(on, int(row[station.SERVERS]))
    control.machine.after_change(here)
    control.record(
        "fault",
        event,
        one.station,
        kind=one.kind,
        servers=int(row[station.CAPACITY]),
        open=bool(row[station.IS_OPEN]),
        slow_permille=int(row[station.PACE]),
    )


def _closure(control: Control, one: Closure, closed: Counter[int]) -> Process:
    """Close a merchant and open it again, unless another closure or an order of the regulator still holds."""
    block = control.world.blocks["merchant"]
    yield control.wait_until(one.starts)
    if one.merchant >= block.count:  # a smaller world than the scenario names, by `scale`
        return
    who, name = block.first + one.merchant, block.name(one.merchant)
    if control.accounts[who, account.TRAITS] & trait.FROZEN and not closed[who]:
        return
    closed[who] += 1
    control.freeze(who)
    control.record("fault", "merchant_closed", name)
    yield control.env.timeout(one.lasts)
    closed[who] -= 1
    if not closed[who]:
        control.release(who)
        control.record("fault", "merchant_opened", name)
