"""Bugs put into the engine on purpose: the checks of the queues have to go red."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from sandbox.core.layout import in_flight, station
from sandbox.engine import stations
from sandbox.engine.arrays import Rail
from sandbox.validation.measure import observe
from sandbox.validation.queues import CASES, QueueCase, TheoryCheck
from sandbox.world import World

pytestmark = pytest.mark.slow


def case_of(name: str, payments_per_s: int) -> QueueCase:
    (found,) = [case for case in CASES if (case.name, case.payments_per_s) == (name, payments_per_s)]
    return found


def failed(checks: list[TheoryCheck]) -> set[str]:
    return {one.what for one in checks if not one.holds}


def one_server_more(world: World) -> None:
    world.stations[0, station.CAPACITY] += 1


def three_per_cent_faster(world: World) -> None:
    world.tables[:] = world.tables * 97 // 100


def nothing(world: World) -> None:
    """No mistake: the control."""


@pytest.mark.parametrize("case", [case_of("M/M/1", 70), case_of("M/M/5", 70), case_of("M/D/1", 50)], ids=str)
@pytest.mark.parametrize("mistake", [one_server_more, three_per_cent_faster, nothing])
def test_validation_catches_a_wrong_world(case: QueueCase, mistake: Any) -> None:
    scenario = case.scenario()
    wrong = failed(list(case.checks(scenario, observe(scenario, mistake))))
    if mistake is nothing:
        assert not wrong
    else:
        assert {"gateway: mean wait, ms", "gateway: mean queue", "gateway: use of servers"} <= wrong


# --- the rail itself, uncompiled and with a function replaced ---------------------------------------------------------


class OpenRail:
    """The rail as plain Python, so that one of its functions can be replaced."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self._modules = [module for name, module in sys.modules.items() if name.startswith("sandbox.engine.")]
        for module in self._modules:
            for name, one in vars(module).copy().items():
                if hasattr(one, "py_func"):
                    monkeypatch.setattr(module, name, one.py_func)

    def replace(self, name: str, function: Callable[..., object]) -> None:
        """Put a function in another's place, wherever the engine uses it."""
        users = [module for module in self._modules if name in vars(module)]
        assert users, f"the engine has no {name}"
        for module in users:
            self._monkeypatch.setattr(module, name, function)


@pytest.fixture
def open_rail(monkeypatch: pytest.MonkeyPatch) -> OpenRail:
    return OpenRail(monkeypatch)


def last_come_first_served(slots: Any, rows: Any, here: int, slot: int) -> None:
    """`join_queue`, at the wrong end."""
    head = rows[here, station.QUEUE_HEAD]
    slots[slot, in_flight.NEXT], slots[slot, in_flight.PREVIOUS] = head, -1
    if head >= 0:
        slots[head, in_flight.PREVIOUS] = slot
    else:
        rows[here, station.QUEUE_TAIL] = slot
    rows[here, station.QUEUE_HEAD] = slot
    rows[here, station.QUEUE_LENGTH] += 1
    rows[here, station.QUEUE_MAX] = max(rows[here, station.QUEUE_MAX], rows[here, station.QUEUE_LENGTH])


SHORT = {"duration": "6 min", "series.bin": "5 s"}


def observed_short(case: QueueCase) -> list[TheoryCheck]:
    scenario = case.scenario(SHORT)
    # A short run is blunter: what is asked here is whether a value is off, not how sharp it is.
    return [one._replace(sharp=1.0) for one in case.checks(scenario, observe(scenario))]


def test_the_open_rail_is_the_rail(open_rail: OpenRail) -> None:
    assert not failed(observed_short(case_of("M/M/1", 70)))


def test_validation_catches_a_queue_served_from_the_wrong_end(open_rail: OpenRail) -> None:
    open_rail.replace("join_queue", last_come_first_served)
    wrong = failed(observed_short(case_of("M/M/1", 70)))
    # The mean does not depend on the order of service; the distribution does.
    assert "gateway: mean queue" not in wrong
    assert any("share that spends above" in what for what in wrong)


def test_validation_catches_a_lost_wait(open_rail: OpenRail) -> None:
    right, starts = stations.start_service, 0

    def forgets(rail: Rail, here: int, slot: int, now: int) -> None:
        nonlocal starts
        starts += 1
        right(rail, here, slot, now)
        if starts % 10 == 0:
            rail.slots[slot, in_flight.WAITS] = 0

    open_rail.replace("start_service", forgets)
    case = case_of("M/M/1", 70)
    scenario = case.scenario(SHORT)
    seen = observe(scenario)
    table = seen.stations["bank"]
    counted_us = float(table["queue_mean"] @ (0 * table["at_us"] + scenario.series.bin))
    assert float(seen.waits_us[0].sum()) < 0.97 * counted_us
