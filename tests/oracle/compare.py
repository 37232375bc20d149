"""Run one world on the rail and in the oracle, and say where they differ."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import numpy as np

from sandbox.base.simulated import ALWAYS
from sandbox.control import Component
from sandbox.core.layout import account, code, ended, scalar, station, trait
from sandbox.engine.arrays import new_rail
from sandbox.engine.simulation import Simulation
from sandbox.scenario.schema import Scenario
from sandbox.tables import OUTCOMES
from sandbox.world import World, build
from tests.oracle.drive import drive
from tests.oracle.inputs import Inputs, coarsen, read_inputs
from tests.oracle.oracle import Ended, Oracle, Result
from tests.oracle.orders import NO_ORDERS, Entry, Orders
from tests.oracle.tape import Tape

ACCOUNT_NUMBERS = ("balance", "debits", "credits", "klass", "can_top_up", "frozen", "packet", "settled", "client")
COUNTED = {
    "arrivals": station.ARRIVALS,
    "refused": station.REFUSED,
    "withdrawn": station.WITHDRAWN,
    "served": station.SERVED,
    "wait_us": station.WAIT_SUM,
    "service_us": station.SERVICE_SUM,
    "queue_us": station.QUEUE_AREA,
}
"""Counters of stations; the time integral of a queue is the sum of the times spent in it."""


CONTRACTS = "contract"
"""Its events, whose names are those of campaigns' too, the oracle does not know."""


@dataclass(frozen=True)
class Room:
    """First sizes of the rail's buffers; they grow."""

    slots: int
    births: int
    out: int


@dataclass(frozen=True)
class Case:
    """A world to run twice."""

    scenario: Scenario
    grid_us: int = 1
    """Births are moved back onto this grid."""
    self_every: int = 0
    """Every so-manieth payment goes to its own payer (0: none)."""
    orders: Orders = NO_ORDERS

    def world(self) -> World:
        """The world, not yet run."""
        world = build(self.scenario, self.scenario.seed)
        if self.grid_us > 1 or self.self_every:
            coarsen(world, self.grid_us, self.self_every)
        return world


@dataclass
class RailResult:
    """The rail's side of a comparison."""

    ended: list[Ended]
    accounts: list[dict[str, int]]
    happened: list[tuple[int, str, str | None, dict[str, Any]]]
    stations: dict[str, dict[str, int]]
    upgrades: tuple[int, int]
    box: tuple[int, int]
    """Value settled inside the box, and clients."""
    tape: tuple[Entry, ...]
    """What parts of the run did."""
    ended_us: int
    busy_until_us: int
    """The same if a part may have kept the run going, else 0."""


def check(case: Case) -> Counter[str]:
    """Raise AssertionError where rail and oracle differ; returns what happened in the world."""
    world = case.world()
    inputs = read_inputs(world)
    rail = run_rail(world, case.orders)
    return compare(inputs, rail, case.orders)


def compare(inputs: Inputs, rail: RailResult, orders: Orders = NO_ORDERS) -> Counter[str]:
    """Run the oracle on these inputs, and on what parts of the run did, and compare."""
    oracle = Oracle(inputs, replace(orders, tape=rail.tape, busy_until_us=rail.busy_until_us))
    result = oracle.run()
    difference = first_difference(rail, result)
    assert difference is None, difference
    seen = result.seen
    seen["payments"] = len(result.ended)
    seen["submitted by parts"] = oracle.ordered
    seen["overlapping faults"] = int(oracle.control.most_broken > 1)
    seen["frozen at midnight"] = oracle.control.kept_by_freezes
    seen.update(one.event for one in result.happened)
    seen["interest in fen"] = sum(
        one.numbers["amount_fen"] for one in result.happened if one.event == "interest_credited"
    )
    return seen


def more_than(simulation: Simulation, kinds: tuple[type[Component], ...]) -> bool:
    """Whether a run has parts of other kinds."""
    return any(type(component) not in kinds for component in simulation.components)


def run_rail(
    world: World,
    orders: Orders = NO_ORDERS,
    room: Room | None = None,
    prepare: Callable[[Simulation], None] = lambda simulation: None,
) -> RailResult:
    """Run a world as the product does; `prepare` may add parts and processes."""
    tape = Tape(world)
    simulation = Simulation(world)
    if room is not None:
        simulation.rail = new_rail(world, slots=room.slots, births=room.births, out=room.out)
    drive(simulation, orders)
    prepare(simulation)
    windows: list[np.ndarray] = [np.zeros((ended.ROWS, 0), dtype=np.int64)]
    simulation.on_window.append(lambda window: windows.append(window.copy()))
    # What goes on in every run the oracle works out itself.
    with tape.recording(simulation) if more_than(simulation, ALWAYS) else nullcontext():
        simulation.run()
    simulation.observer.series()
    columns = np.concatenate(windows, axis=1)
    keeps_going = any(type(component).busy is not Component.busy for component in simulation.components)
    return RailResult(
        ended=[_ended(column) for column in columns.T.tolist()],
        accounts=[_account(row) for row in world.ledger.accounts.tolist()],
        happened=[
            (at_us, event, subject, json.loads(detail) if detail else {})
            for at_us, actor, event, subject, detail in simulation.log.rows
            if actor != CONTRACTS
        ],
        stations={
            name: {word: int(simulation.observer.totals[number, column]) for word, column in COUNTED.items()}
            for number, name in enumerate(world.station_names)
        },
        upgrades=(int(world.scalars[scalar.UPGRADES_ASKED]), int(world.scalars[scalar.UPGRADES_DONE])),
        box=(int(world.scalars[scalar.BOX_TOTAL]), int(world.scalars[scalar.CLIENTS])),
        tape=tuple(tape.entries),
        ended_us=int(simulation.env.now),
        # Only where a part may keep the run going: else the oracle finds its end by itself.
        busy_until_us=int(simulation.env.now) if keeps_going else 0,
    )


def _ended(row: list[int]) -> Ended:
    codes = row[ended.CODES]
    return Ended(
        payment_id=row[ended.ID],
        submitted_us=row[ended.SUBMITTED_AT],
        ended_us=row[ended.ENDED_AT],
        payer=row[ended.PAYER],
        payee=row[ended.PAYEE],
        amount=row[ended.AMOUNT],
        tag=row[ended.TAG],
        outcome=OUTCOMES[codes & code.OUTCOME_MASK],
        attempt=codes >> code.ATTEMPT_SHIFT & code.ATTEMPT_MASK,
        in_box=bool(codes >> code.IN_BOX_SHIFT & 1),
        payer_inside=bool(codes >> code.PAYER_IN_SHIFT & 1),
        payee_inside=bool(codes >> code.PAYEE_IN_SHIFT & 1),
        klass=codes >> code.CLASS_SHIFT & trait.CLASS_MASK,
        category=codes >> code.CATEGORY_SHIFT & trait.CATEGORY_MASK,
        payer_institution=codes >> code.PAYER_INSTITUTION_SHIFT & trait.INSTITUTION_MASK,
        payee_institution=codes >> code.PAYEE_INSTITUTION_SHIFT & trait.INSTITUTION_MASK,
        packet=row[ended.PACKET],
        top_up=row[ended.TOP_UP],
        redeemed=row[ended.REDEEMED],
        waits=tuple(row[ended.WAITS : ended.WAITS + 3]),
        services=tuple(row[ended.SERVICES : ended.SERVICES + 3]),
    )


def _account(row: list[int]) -> dict[str, int]:
    meta = row[account.TRAITS]
    return {
        "balance": row[account.BALANCE],
        "debits": row[account.DEBITS],
        "credits": row[account.CREDITS],
        "klass": meta & trait.CLASS_MASK,
        "can_top_up": int(bool(meta & trait.CAN_TOP_UP)),
        "frozen": int(bool(meta & trait.FROZEN)),
        "packet": row[account.PACKET],
        "settled": row[account.STAMP] >> account.STAMP_COUNT_SHIFT,
        "client": int(bool(meta & trait.CLIENT)),
    }


def first_difference(rail: RailResult, oracle: Result) -> str | None:
    """The first thing in which rail and oracle differ, in words; None if they agree."""
    return (
        _payments(rail.ended, oracle.ended)
        or _accounts(rail.accounts, [_numbers(one) for one in oracle.accounts])
        or _events(rail, oracle)
        or _stations(rail.stations, oracle.stations)
        or _differ("upgrades", rail.upgrades, (oracle.seen["upgrade asked"], oracle.seen["upgrade done"]))
        or _differ("the box", rail.box, oracle.box)
        or _differ("the end", rail.ended_us, oracle.ended_us)
    )  # fmt: skip


def _numbers(account: Any) -> dict[str, int]:
    return {word: int(getattr(account, word)) for word in ACCOUNT_NUMBERS}


def _payments(rail: list[Ended], oracle: list[Ended]) -> str | None:
    for place, (ours, theirs) in enumerate(zip(rail, oracle, strict=False)):
        if ours != theirs:
            different = [one.name for one in fields(Ended) if getattr(ours, one.name) != getattr(theirs, one.name)]
            return f"payment {place} to end differs in {different}:\n  rail   {asdict(ours)}\n  oracle {asdict(theirs)}"
    return _differ("number of payments", len(rail), len(oracle))


def _accounts(rail: list[dict[str, int]], oracle: list[dict[str, int]]) -> str | None:
    for number, (ours, theirs) in enumerate(zip(rail, oracle, strict=True)):
        if ours != theirs:
            return f"account {number} differs:\n  rail   {ours}\n  oracle {theirs}"
    return None


def _events(rail: RailResult, oracle: Result) -> str | None:
    """Control events the oracle knows of, in order; of each, the numbers it knows of."""
    known = {one.event for one in oracle.happened}
    rows = [row for row in rail.happened if row[1] in known]
    for ours, theirs in zip(rows, oracle.happened, strict=False):
        numbers = {name: ours[3].get(name) for name in theirs.numbers}
        if (*ours[:3], numbers) != (theirs.at_us, theirs.event, theirs.subject, theirs.numbers):
            return f"control event differs:\n  rail   {ours}\n  oracle {theirs}"
    return _differ("number of control events", len(rows), len(oracle.happened))


def _stations(rail: dict[str, dict[str, int]], oracle: dict[str, Counter[str]]) -> str | None:
    for name, counts in oracle.items():
        theirs = {word: counts[word] for word in COUNTED}
        if rail[name] != theirs:
            return f"station {name} differs:\n  rail   {rail[name]}\n  oracle {theirs}"
    return None


def _differ(what: str, rail: object, oracle: object) -> str | None:
    return None if rail == oracle else f"{what}: rail {rail}, oracle {oracle}"
