"""Orders carried out beside the rail, by the means that a part of a run has."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np
import simpy

from sandbox.core.draws import mix
from sandbox.core.layout import INFINITE, account, rule, trait
from sandbox.engine.simulation import Simulation
from tests.oracle.orders import BoxRules, Chain, Freeze, Guard, Member, Orders

Process = Generator[simpy.Event, Any, None]


def drive(simulation: Simulation, orders: Orders) -> None:
    """Start the processes beside the rail."""
    start = simulation.env.process
    for freeze in orders.freezes:
        start(_freeze(simulation, freeze))
    for member in orders.members:
        start(_member(simulation, member))
    for box in orders.boxes:
        start(_box(simulation, box))
    for guard in orders.guards:
        start(_guard(simulation, guard))
    for chain in orders.chains:
        start(_chain(simulation, chain))


def _freeze(simulation: Simulation, one: Freeze) -> Process:
    yield simulation.control.wait_until(one.at_us)
    (simulation.control.freeze if one.frozen else simulation.control.release)(one.account)


def _member(simulation: Simulation, one: Member) -> Process:
    yield simulation.control.wait_until(one.at_us)
    meta = int(simulation.control.accounts[one.account, account.TRAITS])
    simulation.control.accounts[one.account, account.TRAITS] = (
        meta | trait.IN_BOX if one.inside else meta & ~trait.IN_BOX
    )


def _box(simulation: Simulation, one: BoxRules) -> Process:
    yield simulation.control.wait_until(one.at_us)
    rules = simulation.world.rules
    rules[rule.CLIENT_CAP] = INFINITE if one.client_cap is None else one.client_cap
    rules[rule.BOX_TRIPS], rules[rule.CONTAINED] = int(one.armed), int(one.contained)


def _guard(simulation: Simulation, one: Guard) -> Process:
    control, rules = simulation.control, simulation.world.rules
    while True:
        trip = yield control.tripped
        control.record(
            "regulator", "tripped", trip.reason,
            payment_id=trip.payment_id, payer=trip.payer, amount_fen=trip.amount_fen,
        )  # fmt: skip
        if one.act == "off":
            rules[rule.BOX_ON] = 0
        elif one.act == "refuse_all":
            rules[rule.OUTSIDE] = 2
        else:
            for cap in (rule.CLIENT_CAP, rule.EXPOSURE_CAP):
                if rules[cap] < INFINITE:
                    rules[cap] += rules[cap] // 2
        if one.rearm_us is not None:
            yield control.env.timeout(one.rearm_us)
            rules[rule.BOX_TRIPS] = 1


def _chain(simulation: Simulation, one: Chain) -> Process:
    control, number = simulation.control, 0

    def pay(leg: tuple[int, int, int]) -> simpy.Event:
        nonlocal number
        number += 1
        return control.pay(*leg, key=mix(np.uint64(one.key), number))

    def told(paid: Any) -> None:
        control.record("test", "leg_ended", None, payment_id=paid.payment_id, outcome=paid.outcome)

    yield control.wait_until(one.at_us)
    if one.together:
        for _ in range(2):
            done = [pay(leg) for leg in one.legs]
            yield control.env.all_of(done)
            for event in done:
                told(event.value)
        return
    for leg in one.legs:
        told((yield pay(leg)))
        if one.pause_us > 0:
            yield control.env.timeout(one.pause_us)
