"""Everything at once: a box with a life, criminals, analysts who freeze, incidents, red packets, people who flee."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from sandbox.base.campaigns import Campaigns
from sandbox.base.replay import state_at
from sandbox.control import Process
from sandbox.core.layout import Outcome, account, code, ended, rule, tags
from sandbox.engine.simulation import Simulation
from sandbox.features.crime.criminals import Criminals
from sandbox.features.lifecycle.complaints import FRAUD
from sandbox.features.supervision.incidents import IncidentReporting
from sandbox.scenario.schema import Scenario, scenario_from
from tests.lifecycle.test_life_exact import ALL_COMPLAIN, every_minute
from tests.lifecycle.test_life_properties import Watched, lives
from tests.oversight.boxes import DAY, HOUR, MIN, Box, Pay, plan_of, scenario

FIRST = 0
"""Wallet that is frozen."""


def with_everything(one: Scenario, **more: Any) -> Scenario:
    """The same town with crime, supervision, freezes, incidents, red packets, cohorts, a flight, changes of rules."""
    data: dict[str, Any] = one.model_dump(exclude={"sources"})
    data["crime"] = {"share": 0.05, "fast": 2 * HOUR, "period": DAY}
    data["supervision"] = {
        "cases": {
            "triage": {"shape": "fixed", "mean": 10 * MIN}, "report": {"least_amount": 0, "least_payments": 1},
            "freezes": {"after": 20 * MIN, "lasts": 5 * HOUR, "keep_reports": 5},
        },
        "incidents": {
            "least_payments": 2, "detection": {"shape": "fixed", "mean": 5 * MIN},
            "first_report": {"shape": "fixed", "mean": 3 * HOUR},
        },
    }  # fmt: skip
    data["campaigns"] = {
        "spring": {"registered": 60, "winners": 40, "packet": 5_000, "starts": HOUR, "lasts": 30 * HOUR,
                   "claim_within": 10 * HOUR}
    }  # fmt: skip
    data["population"]["cohorts"] = {
        "old": {"share": 0.2, "activity": 0.5},
        "cards": {"share": 0.1, "smartphone": False},
    }
    data["flight"] = {"news": [{"at": 5 * HOUR, "reach": 0.5, "within": 4 * HOUR}], "holding_limit": 200_000}
    data["rules"]["changes"] = [
        {"at": 20 * HOUR, "box": {"per_payment_cap": 3_000, "outside": "allow"}},
        {"at": 26 * HOUR, "wallet_limits": {"preset": "2021+"}, "box": {"per_payment_cap": 300_000}},
    ]
    return scenario_from(data | more)


def detail(box: Box, event: str, number: int = -1) -> dict[str, Any]:
    found: dict[str, Any] = json.loads([row[4] for row in box.simulation.log.rows if row[2] == event][number] or "{}")
    return found


# --- the events alone -----------------------------------------------------------------------------------------------


@given(lives().map(with_everything))
@settings(max_examples=8)
def test_the_events_alone_tell_of_freezes_and_incidents_too(one: Scenario) -> None:
    run = Watched(one)
    for at_us, live in run.seen:
        assert state_at(run.box.events, at_us) == live, at_us
    if one.rules.box.containment:
        assert set(run.box.edge["crossed"].values()) == {0}


def test_in_such_a_town_there_is_something_to_tell() -> None:
    plan = {"applicants": [{"institution": "bank"}], "pace": 6, "gates": {"p99_latency": {"target": 25_000}}}
    faults = [{"station": "bank", "kind": "outage", "starts": 15 * HOUR, "lasts": 3 * HOUR}]
    demand = {"segments": {"shops": {"payments": 1500.0}, "people": {"payments": 500.0, "payee": "personal"}}}
    one = scenario(plan, {"participants": 0.7, "containment": True}, duration=2 * DAY, demand=demand, faults=faults)
    run = Watched(with_everything(one, series={"bin": HOUR}))
    assert any(state.frozen for _, state in run.seen)
    assert any(state.incidents for _, state in run.seen)
    assert len({state.caps.per_payment_fen for _, state in run.seen}) > 2
    assert all(state_at(run.box.events, at_us) == state for at_us, state in run.seen)
    assert set(run.box.edge["crossed"].values()) == {0}
    assert run.box.edge["inside"]["settled"] > 100
    without = {name: list(values) for name, values in run.box.events.items()}
    place = without["event"].index("released")
    for values in without.values():
        del values[place]
    assert any(state_at(without, at_us) != state for at_us, state in run.seen), "an event that is missing is seen"


def test_the_events_of_a_box_without_a_plan_tell_of_its_caps() -> None:
    changes = [{"at": 20 * MIN, "box": {"per_payment_cap": 70_000}}]
    one = scenario(None, {"starts": 10 * MIN, "per_payment_cap": 50_000})
    data = one.model_dump(exclude={"sources"})
    data["rules"]["changes"] = changes
    events = Box(scenario_from(data)).events
    states = [state_at(events, at_us) for at_us in (5 * MIN, 10 * MIN, DAY)]
    found = [(state.on, state.caps.per_payment_fen) for state in states]
    assert found == [
        (False, None),
        (True, 50_000),
        (True, 70_000),
    ]


# --- freezes bind at midnight and when a test ends ------------------------------------------------------------------


def frozen(from_us: int, until_us: int | None, *accounts: int) -> Any:
    """Freeze wallets (by number) for some time."""

    def prepare(simulation: Simulation) -> None:
        control = simulation.control

        def process() -> Process:
            rows = [control.world.blocks["personal"].first + one for one in accounts]
            yield control.wait_until(from_us)
            for row in rows:
                control.freeze(row)
                control.record("regulator", "frozen", str(row))
            if until_us is not None:
                yield control.wait_until(until_us)
                for row in rows:
                    control.record("regulator", "released", str(row))
                    control.release(row)

        simulation.env.process(process())

    return prepare


@pytest.mark.parametrize("until_us", [None, 30 * HOUR])
def test_at_midnight_a_frozen_wallet_keeps_what_it_holds(until_us: int | None) -> None:
    one = scenario(
        None, {"enabled": False}, duration=49 * HOUR, series={"bin": HOUR},
        behaviour={"redeem_share": 1.0, "keep_balance": 30_000},
    )  # fmt: skip
    nights: list[tuple[int, int]] = []

    def prepare(simulation: Simulation) -> None:
        frozen(HOUR, until_us, FIRST)(simulation)

        def look() -> Process:
            first = simulation.world.blocks["personal"].first
            for hour in (25, 49):
                yield simulation.control.wait_until(hour * HOUR)
                nights.append(tuple(simulation.control.accounts[[first, first + 1], account.BALANCE].tolist()))

        simulation.env.process(look())

    Box(one, prepare=prepare)
    second = 100_000 if until_us is None else 30_000
    assert nights == [(100_000, 30_000), (second, 30_000)]


REVIEWED = {
    "review_every": 10 * MIN, "least_payments": 1, "gates": {"p99_latency": {"target": 11_000}},
    "tolerance": {"corrections": 0},
}  # fmt: skip
"""Every payment takes 20 ms, so the first review ends the test."""


def test_who_is_frozen_when_the_test_ends_is_paid_back_when_the_freeze_ends() -> None:
    seen: list[tuple[int, int]] = []

    def prepare(simulation: Simulation) -> None:
        frozen(5 * MIN, 30 * MIN, FIRST, 7)(simulation)
        frozen(6 * MIN, None, 8)(simulation)

        def look() -> Process:
            first = simulation.world.blocks["personal"].first
            for minute in (11, 29, 31):
                yield simulation.control.wait_until(minute * MIN)
                seen.append(tuple(simulation.control.accounts[[first, first + 1], account.BALANCE].tolist()))

        simulation.env.process(look())

    box = Box(scenario(plan_of(**REVIEWED)), [Pay(MIN, 1, 100), Pay(20 * MIN, FIRST, 100)], prepare=prepare)
    assert box.stages()[-1] == ("wound_down", 10 * MIN)
    assert [one.outcome for one in box.ended] == ["settled", "frozen"]
    assert seen == [(100_000, 0), (100_000, 0), (0, 0)]
    redeemed = [row for row in box.simulation.log.rows if row[2] == "participants_redeemed"]
    assert [row[0] for row in redeemed] == [10 * MIN, 30 * MIN, 30 * MIN]
    assert detail(box, "participants_redeemed", 0) == {
        "reason": "wound down", "participants": 197, "amount_fen": 197 * 100_000 - 100, "left_fen": 300_000,
        "frozen": 3,
    }  # fmt: skip
    assert detail(box, "participants_redeemed") == {
        "reason": "freeze over", "participants": 1, "amount_fen": 100_000, "left_fen": 100_000, "frozen": 1,
    }  # fmt: skip
    assert box.life.summary()["lifecycle"]["applicants"][0]["redeemed"] == {
        "participants": 199, "amount_fen": 199 * 100_000 - 100, "left_fen": 100_000, "frozen": 1,
    }  # fmt: skip


def test_a_red_packet_outlives_the_test() -> None:
    """It is the campaign's money: the holder spends it outside, and what is left goes back to the treasury."""
    campaign = {"registered": 200, "winners": 150, "packet": 5_000, "starts": 0, "lasts": 50 * MIN,
                "claim_within": 5 * MIN, "claimed": 1.0, "payments_per_claimer": 3.0}  # fmt: skip
    box = Box(scenario(plan_of(**REVIEWED), campaigns={"spring": campaign}))
    assert box.stages()[-1] == ("wound_down", 10 * MIN)
    (result,) = box.simulation.one(Campaigns).results
    spent = np.concatenate(box._windows, axis=1)
    late = spent[:, spent[ended.ENDED_AT] > 10 * MIN]
    assert (late[ended.CODES] & code.OUTCOME_MASK == Outcome.SETTLED).any()
    assert detail(box, "expired")["returned_fen"] >= detail(box, "expired")["unspent_fen"] > 0
    assert box.life.applicants[0].redeemed is not None
    assert box.life.applicants[0].redeemed.left_fen == 0
    assert result is not None


# --- rules that change beside a plan --------------------------------------------------------------------------------


def test_a_change_of_rules_tightens_a_stage_and_never_loosens_it() -> None:
    stages = {"only": {"next": "graduated", "shortest": 10 * DAY, "offered_to": 1.0, "per_payment": 500}}
    data = scenario(plan_of(stages=stages)).model_dump(exclude={"sources"})
    data["rules"]["changes"] = [
        {"at": minute * MIN, "box": {"per_payment_cap": cap}} for minute, cap in ((10, 300), (20, 900), (30, 400))
    ]
    caps: list[int] = []

    def prepare(simulation: Simulation) -> None:
        def look() -> Process:
            for minute in (9, 11, 21, 31):
                yield simulation.control.wait_until(minute * MIN)
                caps.append(int(simulation.world.rules[rule.PER_PAYMENT_CAP]))

        simulation.env.process(look())

    pays = [Pay(minute * MIN, minute, 450) for minute in (9, 11, 21, 31)]
    box = Box(scenario_from(data), pays, prepare=prepare)
    assert caps == [500, 300, 500, 400]
    assert [one.outcome for one in box.ended] == ["settled", "box_cap", "settled", "box_cap"]
    changed = detail(box, "box_changed", 0)
    assert (changed["reason"], changed["per_payment_cap"], changed["box"]["per_payment_fen"]) == (
        "rules.changes[0]", 300, 300,
    )  # fmt: skip
    assert [state_at(box.events, minute * MIN).caps.per_payment_fen for minute in (9, 11, 21, 31)] == caps


# --- what reviews measure, with real incident reports and real criminals --------------------------------------------


@pytest.mark.parametrize(("takes_min", "share", "decision"), [(8, 1.0, "hold"), (20, 0.0, "remediate")])
def test_reports_on_time_is_measured_by_the_incident_desk(takes_min: int, share: float, decision: str) -> None:
    """An outage at minute 1, noticed at 3; the first report is due at 13, the second long after the review."""
    plan = plan_of(
        review_every=30 * MIN, least_payments=10**6, gates={"reports_on_time": {"target": 0.9}},
        tolerance={"corrections": 1, "correction": 10 * DAY, "suspension": DAY},
    )  # fmt: skip
    clocks = [{"report": "first", "within": 10 * MIN}, {"report": "last", "within": 10 * HOUR}]
    incidents = {
        "clocks": clocks, "detection": {"shape": "fixed", "mean": 2 * MIN},
        "first_report": {"shape": "fixed", "mean": takes_min * MIN}, "later_sigma": 0.0,
    }  # fmt: skip
    faults = [{"station": "bank", "kind": "outage", "starts": MIN, "lasts": 5 * MIN}]
    box = Box(scenario(plan, faults=faults, supervision={"incidents": incidents}), every_minute())
    reporting = box.simulation.control.component(IncidentReporting)
    assert reporting is not None
    assert [(one.report, one.due_us, one.filed_us) for one in reporting.incidents[0].reports] == [
        ("first", 13 * MIN, (3 + takes_min) * MIN), ("last", 10 * HOUR + 3 * MIN, None),
    ]  # fmt: skip
    review = box.life.applicants[0].reviews[0]
    values = {row["gate"]: row["value"] for row in review["kpis"]}
    assert values["reports_on_time"] == share
    assert review["decision"] == decision


def test_the_fund_pays_victims_of_real_crime_to_the_fen() -> None:
    fund = {"amount": 10**9, "fraud_share": 1.0}
    plan = plan_of(fund=fund, complaints={**ALL_COMPLAIN, "intake": 7 * HOUR, "staff": 1_000, "handling": MIN})
    demand = {"segments": {"shops": {"payments": 3_000.0}, "people": {"payments": 3_000.0, "payee": "personal"}}}
    crime = {
        "share": 0.3, "period": 10 * HOUR, "fast": 2 * HOUR,
        "patterns": {name: {} for name in ("mule_layering", "account_takeover", "merchant_collusion")},
    }  # fmt: skip
    one = scenario(plan, {"participants": 0.7}, duration=DAY, series={"bin": HOUR}, demand=demand, crime=crime)
    box = Box(one)
    control = box.simulation.control
    criminals = control.component(Criminals)
    assert criminals is not None
    payments = np.concatenate(box._windows, axis=1)
    lost = payments[
        :, (payments[ended.TAG] & tags.LOSS != 0) & (payments[ended.CODES] & code.OUTCOME_MASK == Outcome.SETTLED)
    ]
    assert int(lost[ended.AMOUNT].sum()) == sum(one.amount_fen for one in criminals.log.losses) > 0
    inside = lost[:, lost[ended.CODES] >> code.IN_BOX_SHIFT & 1 == 1]
    assert 0 < inside.shape[1] < lost.shape[1]
    last_intake = max(row[0] for row in box.simulation.log.rows if row[2] == "complaints_filed")
    taken = inside[:, inside[ended.ENDED_AT] < last_intake]
    expected: dict[int, int] = {}
    for key, amount in zip(taken[ended.KEY].tolist(), taken[ended.AMOUNT].tolist(), strict=True):
        victim = control.victims[key]
        expected[victim] = expected.get(victim, 0) + amount
    paid: dict[int, int] = {}
    for complaint in box.life.office.complaints:
        assert complaint.reason == FRAUD
        assert complaint.paid_fen == complaint.claim_fen
        paid[complaint.account] = paid.get(complaint.account, 0) + complaint.paid_fen
    assert {whose: fen for whose, fen in paid.items() if fen} == expected
    losers = {(one.account, one.at_us) for one in criminals.log.losses}
    assert set(expected) <= {account for account, _ in losers}
    assert box.life.summary()["compensation"]["by_reason"]["fraud"] == sum(expected.values())
