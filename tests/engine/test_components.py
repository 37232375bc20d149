"""What processes may do beside the rail: pay, freeze, stop the box, at exact microseconds."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.control import Component, PaymentResult, Process, Trip
from sandbox.core.layout import Outcome, account, code, ended, rule, scalar
from sandbox.engine.simulation import Simulation
from sandbox.market.population import issue_openings
from sandbox.market.sources import OrderSource
from tests.engine.handmade import MS, Town


def town_with_orders(town: Town, births: list[tuple[int, int, int, int]] | None = None) -> Simulation:
    """A simulation of the town's world that has the source of orders, and these payments of demand."""
    for birth in births or []:
        town.pay(*birth)
    issue_openings(town.world.ledger)
    town.world.sources[:] = [town._source(town._births, 0), OrderSource()]
    return Simulation(town.world)


def ends(simulation: Simulation) -> list[dict[str, int]]:
    """Filled while the simulation runs: each payment's end."""
    rows: list[dict[str, int]] = []

    def take(columns: Any) -> None:
        for column in columns.T:
            rows.append(
                {"id": int(column[ended.ID]), "ended": int(column[ended.ENDED_AT]), "codes": int(column[ended.CODES])}
            )

    simulation.control.listen(take)
    return rows


def outcome(row: dict[str, int]) -> int:
    return row["codes"] & code.OUTCOME_MASK


def test_a_process_pays_and_learns_how_it_ended_at_that_microsecond() -> None:
    town = Town()
    payer, payee = town.wallet(0, 1_000), town.shop(0)
    simulation = town_with_orders(town)
    control, told = simulation.control, []

    def pays() -> Process:
        yield control.wait_until(500 * MS)
        for number, amount in enumerate((300, 900, 700)):
            paid = yield control.pay(payer, payee, amount, key=number + 1)
            told.append((control.now, paid))

    control.env.process(pays())
    simulation.run()
    # One server of 100 ms, the ledger 10 ms, and nobody else: each takes 110 ms, one after the other.
    assert told == [
        (610 * MS, PaymentResult(0, Outcome.SETTLED, 610 * MS)),
        (720 * MS, PaymentResult(1, Outcome.INSUFFICIENT_BALANCE, 720 * MS)),
        (830 * MS, PaymentResult(2, Outcome.SETTLED, 830 * MS)),
    ]
    assert town.accounts[payee, account.BALANCE] == 1_000


def test_orders_queue_with_everybody_else() -> None:
    town = Town()
    payer, payee = town.wallet(0, 1_000), town.shop(0)
    simulation = town_with_orders(town, [(0, payer, payee, 100), (50, payer, payee, 100)])
    control, told = simulation.control, []

    def pays() -> Process:
        yield control.wait_until(20 * MS)
        paid = yield control.pay(payer, payee, 100, key=77, label="")
        told.append(paid)

    control.env.process(pays())
    simulation.run()
    # It comes second to the gateway: served from 100 to 200 ms, posted at 210 ms; the third payment after it.
    assert told == [PaymentResult(1, Outcome.SETTLED, 210 * MS)]


def test_many_orders_at_one_instant_are_all_born() -> None:
    town = Town(institutions={"bank": {"share": 1.0, "servers": 1, "service": {"shape": "fixed", "mean": 1}}},
                ledger={"servers": 1, "service": {"shape": "fixed", "mean": 1}})  # fmt: skip
    payer, payee = town.wallet(0, 10_000), town.shop(0)
    simulation = town_with_orders(town)
    control = simulation.control

    def pays() -> Process:
        yield control.wait_until(MS)
        events = [control.pay(payer, payee, 1, key=number) for number in range(9_000)]
        yield control.env.all_of(events)
        assert control.now == MS + 9_000 + 1

    control.env.process(pays())
    simulation.run()
    assert town.accounts[payee, account.BALANCE] == 9_000


def boxed(**changes: Any) -> tuple[Town, list[int], int]:
    town = Town(rules={"box": {"enabled": True, **changes.pop("box", {})}}, **changes)
    wallets = [town.wallet(number, 10_000, inside=True) for number in range(4)]
    return town, wallets, town.shop(0, inside=True)


def test_the_client_above_the_cap_stops_the_rail_at_its_payment() -> None:
    town, wallets, shop = boxed()
    births = [(1_000 * n, wallets[who], shop, 100) for n, who in enumerate((0, 1, 0, 2, 3))]
    simulation = town_with_orders(town, births)
    rules = town.world.rules
    rules[rule.CLIENT_CAP], rules[rule.BOX_TRIPS] = 2, 1
    control, told, rows = simulation.control, [], ends(simulation)

    def regulator() -> Process:
        trip: Trip = yield control.tripped
        told.append((control.now, trip))
        rules[rule.BOX_ON] = 0

    control.env.process(regulator())
    simulation.run()
    assert told == [(3_110 * MS, Trip("client_cap", 3, wallets[2], 100))]
    assert [outcome(row) for row in rows] == [
        Outcome.SETTLED,
        Outcome.SETTLED,
        Outcome.SETTLED,
        Outcome.BOX_CAP,
        Outcome.SETTLED,
    ]
    assert [row["codes"] >> code.IN_BOX_SHIFT & 1 for row in rows] == [1, 1, 1, 1, 0]
    assert int(town.world.scalars[scalar.CLIENTS]) == 2


def test_exposure_above_the_cap_stops_the_rail_and_a_disarmed_trigger_does_not() -> None:
    for armed in (1, 0):
        town, wallets, shop = boxed(box={"total_exposure_cap": 250})
        births = [(1_000 * n, wallets[0], shop, 100) for n in range(4)]
        simulation = town_with_orders(town, births)
        town.world.rules[rule.BOX_TRIPS] = armed
        control, told, rows = simulation.control, [], ends(simulation)

        def regulator(told: list[Trip] = told, control: Any = control) -> Process:
            told.append((yield control.tripped))

        control.env.process(regulator())
        simulation.run()
        assert told == ([Trip("exposure_cap", 2, wallets[0], 100)] if armed else [])
        assert [outcome(row) for row in rows] == [Outcome.SETTLED, Outcome.SETTLED, Outcome.BOX_CAP, Outcome.BOX_CAP]


def test_containment_turns_away_at_the_door() -> None:
    town, wallets, shop = boxed()
    outsider = town.wallet(3, 1_000)
    births = [(0, outsider, shop, 100), (0, wallets[0], shop, 100), (0, wallets[1], town.shop(1), 100)]
    simulation = town_with_orders(town, births)
    town.world.rules[rule.CONTAINED] = 1
    rows = ends(simulation)
    simulation.run()
    attempts = [row["codes"] >> code.ATTEMPT_SHIFT & code.ATTEMPT_MASK for row in rows]
    assert [(row["id"], outcome(row), row["ended"], attempt) for row, attempt in zip(rows, attempts, strict=True)] == [
        (0, Outcome.OUTSIDE_BOX, 0, 0), (2, Outcome.OUTSIDE_BOX, 0, 0), (1, Outcome.SETTLED, 110 * MS, 1),
    ]  # fmt: skip
    sides = [(row["codes"] >> code.PAYER_IN_SHIFT & 1, row["codes"] >> code.PAYEE_IN_SHIFT & 1) for row in rows]
    assert sides == [(0, 1), (1, 0), (1, 1)]


def test_a_freeze_binds_from_its_microsecond() -> None:
    town = Town()
    payer, payee = town.wallet(0, 1_000), town.shop(0)
    simulation = town_with_orders(town, [(0, payer, payee, 100), (1_000, payer, payee, 100), (2_000, payer, payee, 1)])
    control, rows = simulation.control, ends(simulation)

    def orders() -> Process:
        yield control.wait_until(1_110 * MS)  # the microsecond at which the second payment would be posted
        control.freeze(payer)
        yield control.wait_until(1_500 * MS)
        control.release(payer)

    control.env.process(orders())
    simulation.run()
    assert [outcome(row) for row in rows] == [Outcome.SETTLED, Outcome.FROZEN, Outcome.SETTLED]


def test_two_orders_in_flight_may_not_share_a_key() -> None:
    town = Town()
    payer, payee = town.wallet(0, 1_000), town.shop(0)
    simulation = town_with_orders(town)
    simulation.control.pay(payer, payee, 1, key=5)
    with pytest.raises(RuntimeError, match="same key"):
        simulation.control.pay(payer, payee, 1, key=5)


class Counting(Component):
    """A component that notes when it is called."""

    def __init__(self) -> None:
        self.calls: list[str] = []

    def start(self) -> None:
        self.calls.append("start")

    def finish(self) -> None:
        self.calls.append("finish")


def test_parts_start_before_the_first_payment_and_finish_after_the_last() -> None:
    town = Town()
    simulation = town_with_orders(town, [(0, town.wallet(0, 100), town.shop(0), 100)])
    component = Counting()
    simulation.components.append(component)
    simulation.control.listen(lambda columns: component.calls.append("payments"))
    assert simulation.control.component(Counting) is component
    simulation.run()
    assert component.calls == ["start", "payments", "finish"]
