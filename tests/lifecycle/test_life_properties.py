"""Whatever the plan: the events alone tell the state of the box, whoever is wound down is whole, nothing gets out."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.base.box_state import ApplicantState, BoxState, Caps
from sandbox.base.days import redeem_from
from sandbox.base.replay import state_at
from sandbox.core.layout import INFINITE, account, rule, trait
from sandbox.engine.simulation import Simulation
from sandbox.features.lifecycle import members
from sandbox.features.lifecycle.component import LifeCycle
from sandbox.features.lifecycle.members import Members
from sandbox.features.supervision.incidents import IncidentReporting
from sandbox.scenario.schema import Scenario
from tests.oversight.boxes import DAY, HOUR, MIN, QUICK, Box, scenario

PRESETS = ("own", "pboc", "fca", "asic", "asic_2016", "hkma", "hangzhou")
SHARES = {"bank": 0.6, "rival": 0.4}
OUTSIDE = ("allow", "refuse_crossing", "refuse_all")
FAULT = st.builds(
    lambda starts, lasts, kind: {
        "station": "bank", "kind": kind, "starts": starts * HOUR, "lasts": lasts * MIN,
        **({"factor": 200.0} if kind == "slow_down" else {}),
    },
    st.integers(2, 40), st.integers(10, 600), st.sampled_from(["outage", "slow_down"]),
)  # fmt: skip


@st.composite
def lives(draw: st.DrawFn) -> Scenario:
    """A town with a box of any preset at a pace at which much happens in two days."""
    preset = draw(st.sampled_from(PRESETS))
    alone = preset.startswith("asic")
    applicants = [{"institution": "bank"}]
    if not alone and draw(st.booleans()):
        later = draw(st.integers(0, 100)) * DAY
        applicants.append({"institution": "rival", "applies": 0 if preset == "own" else later})
    plan: dict[str, Any] = {
        "preset": preset,
        "applicants": applicants,
        "pace": draw(st.integers(4, 12) if preset == "own" else st.integers(200, 600)),
        "enrolment": draw(st.sampled_from([0, DAY, 20 * DAY])),
        "least_payments": draw(st.integers(1, 20)),
        "gates": {"success_share": {"target": 0.95, "stop": draw(st.sampled_from([0.0, 0.6]))},
                  "p99_latency": {"target": draw(st.sampled_from([25_000, 2_000_000]))}},
        "fund": {"amount": 5_000, "lost_service": 200},
        "complaints": {"per_failure": 0.5, "intake": 5 * DAY},
    }  # fmt: skip
    box = {
        "participants": draw(st.sampled_from([0.2, 0.7, 1.0])), "merchants": draw(st.sampled_from([0.5, 1.0])),
        "containment": draw(st.booleans()), "outside": draw(st.sampled_from(OUTSIDE)),
        "total_exposure_cap": draw(st.sampled_from([None, 50_000])),
    }  # fmt: skip
    more = {
        "duration": 2 * DAY, "series": {"bin": HOUR}, "seed": draw(st.integers(1, 1000)),
        "institutions": {name: {"share": share, "service": QUICK, "servers": 1} for name, share in SHARES.items()},
        "demand": {"segments": {"shops": {"payments": 1500.0}, "people": {"payments": 500.0, "payee": "personal"}}},
        "behaviour": {"redeem_share": 0.3},
        "faults": draw(st.lists(FAULT, max_size=2)),
    }  # fmt: skip
    return scenario(plan, box, **more)


def live_state(simulation: Simulation) -> BoxState:
    """The state as the accounts' bits, the rail's rules and the applicants' stages have it."""
    life = simulation.control.component(LifeCycle)
    assert life is not None
    world = simulation.world
    rules, people = world.rules, world.blocks["personal"]
    meta = world.ledger.accounts[people.rows, account.TRAITS]
    inside = (meta & trait.IN_BOX != 0, (meta >> trait.INSTITUTION_SHIFT) & trait.INSTITUTION_MASK)
    per_payment, per_participant, total, clients = (
        None if rules[column] == INFINITE else int(rules[column])
        for column in (rule.PER_PAYMENT_CAP, rule.PARTICIPANT_CAP, rule.EXPOSURE_CAP, rule.CLIENT_CAP)
    )
    applicants = {
        one.name: ApplicantState(one.stage, one.since_us, int(np.sum(inside[0] & (inside[1] == one.institution))))
        for one in life.applicants if one.stage
    }  # fmt: skip
    if not life.plan.automatic_stop:
        clients = life.caps.participants  # the waiting list holds this cap, not the rail
    reporting = simulation.control.component(IncidentReporting)
    return BoxState(
        bool(rules[rule.BOX_ON]),
        Caps(clients, per_payment, per_participant, total),
        applicants,
        frozenset(np.flatnonzero(world.ledger.accounts[:, account.TRAITS] & trait.FROZEN).tolist()),
        frozenset(one.station for one in reporting.incidents if one.over_us is None) if reporting else frozenset(),
    )


class Watched:
    """A run that was looked at every 37 minutes."""

    def __init__(self, one: Scenario) -> None:
        self.seen: list[tuple[int, BoxState]] = []
        self.box = Box(one, prepare=self._prepare)

    def _prepare(self, simulation: Simulation) -> None:
        def watch() -> Any:
            yield simulation.control.wait_until(17)
            while True:
                self.seen.append((simulation.control.now, live_state(simulation)))
                yield simulation.env.timeout(37 * MIN + 1)

        simulation.env.process(watch())


@given(lives())
@settings(max_examples=30)
def test_the_events_alone_tell_the_state_at_any_instant(one: Scenario) -> None:
    run = Watched(one)
    assert len(run.seen) > 70
    for at_us, live in run.seen:
        assert state_at(run.box.events, at_us) == live, at_us


def test_events_as_a_table_tell_the_same() -> None:
    run = Watched(scenario({"applicants": [{"institution": "bank"}], "pace": 100}, duration=HOUR * 30))
    frame = pd.DataFrame(run.box.events)
    assert [state_at(frame, at_us) for at_us, _ in run.seen] == [state for _, state in run.seen]


def test_an_event_that_is_missing_would_be_seen() -> None:
    run = Watched(scenario({"applicants": [{"institution": "bank"}], "pace": 20}, duration=HOUR * 30))
    events = run.box.events
    dropped = events["event"].index("stage_changed", 2)
    fewer = {name: values[:dropped] + values[dropped + 1 :] for name, values in events.items()}
    assert any(state_at(fewer, at_us) != state for at_us, state in run.seen)


# --- wind-down ------------------------------------------------------------------------------------------------------


def watched_redemption(found: list[tuple[Any, Any, int]]) -> Any:
    """Members.redeem that notes what each participant had before and after, and what institutions got."""
    original = Members.redeem

    def redeem(self: Members, number: int) -> Any:
        control, rows = self._control, self.members(number)
        banks = control.ledger.block("institution").rows
        before, held = (
            control.accounts[rows, account.BALANCE].copy(),
            int(control.accounts[banks, account.BALANCE].sum()),
        )
        back = original(self, number)
        got = int(control.accounts[banks, account.BALANCE].sum()) - held
        found.append((before, control.accounts[rows, account.BALANCE].copy(), got))
        assert back.amount_fen == got
        return back

    return redeem


def wound_down(minute: int, seed: int) -> tuple[Box, list[tuple[Any, Any, int]]]:
    """The bank misses a gate at its first review; at that instant, payments in flight and all, it is wound down."""
    plan = {
        "applicants": [{"institution": "bank"}], "review_every": minute * MIN, "least_payments": 1,
        "admission": {"comment_period": 0},
        "stages": {"only": {"next": "graduated", "shortest": 10 * DAY}},
        "gates": {"p99_latency": {"target": 11_000}}, "tolerance": {"corrections": 0},
    }  # fmt: skip
    demand = {"segments": {"shops": {"payments": 200_000.0}, "people": {"payments": 200_000.0, "payee": "personal"}}}
    one = scenario(plan, {"participants": 0.6}, demand=demand, seed=seed)
    found: list[tuple[Any, Any, int]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Members, "redeem", watched_redemption(found))
        return Box(one), found


def assert_whole(box: Box, found: list[tuple[Any, Any, int]]) -> None:
    ((before, after, got),) = found
    assert before.size > 80
    assert got == before.sum() > 0
    assert not after.any()
    assert box.life.summary()["lifecycle"]["applicants"][0]["redeemed"] == {
        "participants": int((before > 0).sum()), "amount_fen": int(before.sum()), "left_fen": 0, "frozen": 0,
    }  # fmt: skip


@given(st.integers(1, 60), st.integers(1, 10_000))
@settings(max_examples=8)
def test_wind_down_leaves_every_participant_whole(minute: int, seed: int) -> None:
    box, found = wound_down(minute, seed)
    assert_whole(box, found)
    assert box.stages()[-1] == ("wound_down", minute * MIN)


def test_a_fen_that_is_forgotten_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "redeem_from", lambda control, rows, amounts: redeem_from(control, rows, amounts - 1))
    with pytest.raises(AssertionError):
        assert_whole(*wound_down(10, 1))


# --- containment ----------------------------------------------------------------------------------------------------


@given(lives())
@settings(max_examples=20)
def test_with_containment_nothing_gets_out(one: Scenario) -> None:
    edge = Box(one).edge
    if one.rules.box.containment:
        assert set(edge["crossed"].values()) == {0}
    assert edge["crossed"]["settled"] == edge["outward"]["settled"] + edge["inward"]["settled"]


@pytest.mark.parametrize("contained", [False, True])
def test_containment_is_what_keeps_it_in(contained: bool) -> None:
    plan = {"applicants": [{"institution": "bank"}], "admission": {"comment_period": 0},
            "stages": {"only": {"next": "graduated", "offered_to": 0.5}}}  # fmt: skip
    demand = {"segments": {"shops": {"payments": 100_000.0}}}
    faults = [{"station": "bank", "kind": "outage", "starts": 20 * MIN, "lasts": 10 * MIN}]
    box = Box(scenario(plan, {"containment": contained}, demand=demand, faults=faults))
    crossed = box.edge["crossed"]
    assert (crossed["settled"] == 0) == (crossed["failed"] == 0) == contained
    assert (box.edge["inward"]["refused"] > 0) == contained
    assert box.edge["inside"]["settled"] > 100
