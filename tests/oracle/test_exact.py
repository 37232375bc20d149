"""Rail and oracle agree on generated worlds: payment by payment, to the microsecond and the fen.

What has to have happened in those worlds is asserted too, so that agreement is never that of two idle machines.
"""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from sandbox.tables import OUTCOMES
from tests.oracle.compare import Case, Room, check, compare, read_inputs, run_rail
from tests.oracle.worlds import case_of, cases

SITUATIONS = (
    *OUTCOMES, "retry", "timed out in service", "withdrawn", "check answered", "check unanswered, timed_out",
    "check unanswered, unavailable", "gave up asking", "tie at a station", "overlapping faults", "indirect payer",
    "two operators' gateways", "top_up", "trigger", "liquidity_order", "issued", "redeemed", "redeemed by payee",
    "upgrade asked", "upgrade done", "packet partly spent", "packet and own money", "expired", "paid oneself",
    "in the box", "turned away", "client_cap", "exposure_cap", "tripped", "leg_ended",
    "box_started", "day_ended", "frozen at midnight", "interest_credited", "interest in fen",
)  # fmt: skip
"""Each must happen in several of the generated worlds."""

SEVERAL = 5


def agree_on(number: int) -> Counter[str]:
    """Half of them fixed worlds, half drawn until so many agreed; in how many of them each situation happened."""
    worlds: Counter[str] = Counter()

    def count(case: Case) -> None:
        happened = check(case)
        worlds.update(situation for situation, times in happened.items() if times > 0)
        worlds["worlds"] += 1
        worlds["payments in all"] += happened["payments"]

    for seed in range(number // 2):
        count(case_of(seed))

    @settings(
        max_examples=number // 2,
        deadline=None,
        database=None,
        phases=(Phase.explicit, Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(cases())
    def agree(case: Case) -> None:
        count(case)

    agree()
    return worlds


def assert_all_happened(worlds: Counter[str], number: int) -> None:
    assert worlds["worlds"] >= number
    assert worlds["payments in all"] >= 30 * number
    rare = {situation: worlds[situation] for situation in SITUATIONS if worlds[situation] < SEVERAL}
    assert not rare, f"these hardly happened, so nothing was compared: {rare}"


def test_rail_and_oracle_agree_on_generated_worlds() -> None:
    assert_all_happened(agree_on(300), 300)


@pytest.mark.slow
def test_rail_and_oracle_agree_on_many_generated_worlds() -> None:
    assert_all_happened(agree_on(2_000), 2_000)


@pytest.mark.parametrize("room", [Room(slots=1, births=1, out=1), Room(slots=2, births=3, out=7)])
def test_small_buffers_change_nothing(room: Room) -> None:
    """Births a few at a time, slots and timers that must grow, a window of a few payments: the same results."""
    grown = 0
    for seed in range(12):
        case = case_of(seed)
        world = case.world()
        inputs = read_inputs(world)
        compare(inputs, run_rail(world, case.orders, room), case.orders)
        grown += len(inputs.births) > room.slots
    assert grown == 12


def test_sources_give_the_same_births_in_any_portions() -> None:
    """What the oracle reads in portions is what the rail gets in portions of its own."""
    for seed in range(12):
        case = case_of(seed)
        plain = Case(case.scenario, orders=case.orders)
        whole, planned = plain.world(), plain.world()
        read_inputs(planned)
        room = Room(slots=64, births=5, out=50)
        ended = run_rail(whole, case.orders, room).ended
        assert ended == run_rail(planned, case.orders).ended
        assert ended
