"""What a review decides, case by case; the roll-out's findings; regimes side by side; presets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sandbox.base.box_state import Caps, tightest, together
from sandbox.base.simulated import ALWAYS
from sandbox.features.lifecycle.further_runs import breaches, regime, rolled_out, under_preset
from sandbox.features.lifecycle.reviews import (
    BROKEN,
    MISSED,
    PASSED,
    UNMEASURED,
    Circumstances,
    Measured,
    Row,
    decide,
    judge,
)
from sandbox.scenario.schema.plan import Gates, Plan, RollOut, plan_under_preset
from sandbox.scenario.schema.plan_presets import PRESETS
from sandbox.simulate import simulate
from tests.oversight.boxes import HOUR, MIN, Box, Pay, S, plan_of, scenario

CALM = Circumstances(in_stage_us=10, shortest_us=10, few_payments=False, corrections_left=1)


def rows(*verdicts: str) -> list[Row]:
    return [Row(f"gate {number}", 1.0, 1.0, None, verdict) for number, verdict in enumerate(verdicts)]


@pytest.mark.parametrize(
    ("verdicts", "changes", "action", "reason"),
    [
        ([PASSED, PASSED], {}, "advance", "all gates passed"),
        ([PASSED, UNMEASURED], {}, "advance", "all gates passed"),
        ([PASSED], {"in_stage_us": 9}, "hold", "shortest time not over"),
        ([UNMEASURED], {"few_payments": True}, "hold", "too few payments"),
        ([PASSED, MISSED], {}, "remediate", "missed: gate 1"),
        ([MISSED, MISSED], {"corrections_left": 0}, "exit", "missed: gate 0, gate 1"),
        ([MISSED, BROKEN], {}, "suspend", "broken: gate 1"),
        ([MISSED], {"few_payments": True}, "remediate", "missed: gate 0"),
        ([PASSED], {"in_correction": True, "correction_left_us": 5}, "resume", "mended"),
        ([PASSED], {"in_correction": True, "in_stage_us": 0}, "resume", "mended"),
        ([MISSED], {"in_correction": True, "correction_left_us": 5}, "hold", "missed: gate 0"),
        ([MISSED], {"in_correction": True, "correction_left_us": 0}, "exit", "missed: gate 0"),
        ([PASSED], {"in_correction": True, "few_payments": True}, "exit", "too few payments"),
        ([PASSED], {"in_correction": True, "few_payments": True, "correction_left_us": 1}, "hold", "too few payments"),
        ([BROKEN], {"in_correction": True}, "suspend", "broken: gate 0"),
    ],
)
def test_decisions(verdicts: list[str], changes: dict[str, Any], action: str, reason: str) -> None:
    assert decide(rows(*verdicts), CALM._replace(**changes)) == (action, reason)


def test_what_was_measured_is_held_against_the_gates() -> None:
    measured = Measured(
        payments=1_000, settled=940, failed=20, settled_fen=10_000_000, p99_latency_us=2_000_001, complaints=2,
        fraud_fen=10_000, reports_on_time=None, liquidity=0.01,
    )  # fmt: skip
    found = {row.gate: (row.value, row.verdict) for row in judge(measured, Gates(), least_payments=1_000)}
    assert found == {
        "success_share": (940 / 960, MISSED), "p99_latency": (2_000_001, MISSED),
        "complaints_per_10000": (20.0, PASSED), "fraud_loss_bp": (10.0, PASSED),
        "reports_on_time": (None, UNMEASURED), "liquidity": (0.01, MISSED),
    }  # fmt: skip
    few = {row.gate: row.verdict for row in judge(measured, Gates(), least_payments=1_001)}
    assert set(few.values()) == {UNMEASURED, MISSED}
    assert few["liquidity"] == MISSED


def test_caps_of_several() -> None:
    assert (tightest([5, None, 3]), together([5, 3]), together([5, None])) == (3, 8, None)
    assert Caps() == (None, None, None, None)


# --- the roll-out ---------------------------------------------------------------------------------------------------


def series(**columns: list[float]) -> dict[str, Any]:
    calm: dict[str, list[float]] = {
        "at_us": [0, 60, 120], "ended": [100, 100, 100], "settled": [100, 100, 100], "unavailable": [0, 0, 0],
        "timed_out": [0, 0, 0], "latency_p99_us": [9, 9, 9], "liquidity_least_share": [1.0, np.nan, 1.0],
    }  # fmt: skip
    return {name: np.array(values) for name, values in (calm | columns).items()}


def stations(utilisation: list[float]) -> dict[str, Any]:
    return {
        "at_us": np.array([0, 60, 60, 120]),
        "station": np.array([0, 0, 1, 1]),
        "utilisation": np.array(utilisation),
    }


def test_what_breaks_first() -> None:
    plan = Plan.model_validate(plan_of(gates={"p99_latency": {"target": 10}}))
    names = ["bank", "ledger"]
    assert breaches(series(), stations([0.1] * 4), names, plan, 0.9) == []
    found = breaches(
        series(latency_p99_us=[9, 9, 11], settled=[100, 97, 50], timed_out=[0, 3, 50]),
        stations([0.1, 0.95, 0.9, 0.91]), names, plan, 0.9,
    )  # fmt: skip
    assert [(one.at_us, one.subject, one.bins) for one in found] == [
        (60, "success_share", 2), (60, "bank", 1), (120, "p99_latency", 1), (120, "ledger", 1),
    ]  # fmt: skip
    few = series(settled=[100, 97, 50], timed_out=[0, 3, 50], ended=[100, 99, 99])
    assert breaches(few, stations([0.1] * 4), names, plan, 0.9) == [], "bins with few payments are not judged"


GRADUATES = plan_of(
    stages={"only": {"next": "graduated", "shortest": 10 * MIN, "offered_to": 1.0}}, review_every=10 * MIN,
    least_payments=2, rollout={"factor": 20, "lasts": HOUR},
)  # fmt: skip
SLOW_GATE = {"bank": {"share": 1.0, "servers": 1, "service": {"shape": "fixed", "mean": 200_000}}}
DEMAND = {"segments": {"shops": {"payments": 8_000.0, "profile": "flat"}}}


def test_roll_out_of_what_graduated() -> None:
    """One server of 200 ms serves 5 a second; 8,000 a day are few, twenty times as many are 1.9 a second."""
    one = scenario(GRADUATES, institutions=SLOW_GATE, demand=DEMAND)
    summary = simulate(one, None, name="box")
    rollout = summary["rollout"]
    assert summary["lifecycle"]["applicants"][0]["stage"] == "graduated"
    assert (rollout["wallets"], rollout["factor"]) == (4_000, 20.0)
    assert rollout["payments"] == pytest.approx(20 * 8_000 / 24, rel=0.05)
    assert rollout["busiest_station"] == "bank"
    assert rollout["first"] is None
    tight = scenario({**GRADUATES, "rollout": {"factor": 60, "lasts": HOUR, "utilisation": 0.9}},
                     institutions=SLOW_GATE, demand=DEMAND)  # fmt: skip
    broke = simulate(tight, None, name="box")["rollout"]
    assert broke["first"]["subject"] in ("bank", "p99_latency")
    assert {one["subject"] for one in broke["findings"]} >= {"bank", "p99_latency"}


def test_no_roll_out_without_a_graduation() -> None:
    assert "rollout" not in simulate(
        scenario({**GRADUATES, "longest": None, "least_payments": 1_000}), None, name="box"
    )


def test_the_roll_out_has_neither_box_nor_faults() -> None:
    fault = {"station": "bank", "kind": "outage", "starts": 0, "lasts": 1}
    larger = rolled_out(scenario(GRADUATES, faults=[fault]), RollOut(factor=3, lasts=HOUR))
    assert (larger.scale, larger.faults, larger.rules.box.enabled, larger.rules.box.plan) == (3.0, [], False, None)


# --- regimes --------------------------------------------------------------------------------------------------------


def test_regimes_side_by_side_are_what_each_is_alone() -> None:
    pays = {"segments": {"shops": {"payments": 30_000.0}}}
    plan = {"preset": "hangzhou", "applicants": [{"institution": "bank"}], "pace": 3_000, "least_payments": 5,
            "compare": ["asic_2016", "hkma", "hangzhou"]}  # fmt: skip
    one = scenario(plan, demand=pays)
    lines = {line["preset"]: line for line in simulate(one, None, name="box")["regimes"]}
    assert list(lines) == ["hangzhou", "asic_2016", "hkma"]
    alone = Box(under_preset(one, "asic_2016"))
    assert lines["asic_2016"]["clients"] == 100
    (stopped,) = lines["asic_2016"]["applicants"]
    assert (stopped["reason"], stopped["about"]) == ("automatic_stop", "client_cap")
    assert regime("asic_2016", "admitted", {**alone.life.summary(), "containment": alone.edge}) == lines["asic_2016"]


@pytest.mark.parametrize("preset", list(PRESETS))
def test_every_preset_is_a_plan(preset: str) -> None:
    plan = plan_under_preset(Plan.model_validate(plan_of(pace=1_000)), preset)
    assert plan.pace == 1_000
    assert plan.stages[plan.way()[-1]].next == "graduated"
    assert plan.automatic_stop == preset.startswith("asic")
    if preset.startswith("asic"):
        (stage,) = plan.stages.values()
        assert (stage.participants, stage.total_exposure) == (100, 5_000_000 * 470)


def test_a_box_without_a_plan_has_no_life() -> None:
    summary = simulate(scenario(None), None, name="box")
    assert not {"lifecycle", "containment", "complaints", "compensation"} & set(summary)
    still = Box(scenario(plan_of(), box={"enabled": False}), [Pay(S, 0, 100)])
    assert tuple(type(component) for component in still.simulation.components) == ALWAYS
