"""A box's life worked out on paper, to the microsecond and the fen."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.base.box_state import STAGE
from sandbox.core.layout import account, rule, scalar
from sandbox.features.lifecycle.accounts import FUND
from sandbox.scenario.schema.plan_presets import FEN_PER_AUD
from tests.oversight.boxes import AT_ONCE, MIN, OPEN, QUICK, Box, Pay, S, plan_of, scenario

ASIC = {"preset": "asic_2016", "applicants": [{"institution": "bank"}]}
TAKES = 20_000
"""A payment's time (us)."""


def detail(box: Box, event: str, number: int = -1) -> dict[str, Any]:
    found = [row[4] for row in box.simulation.log.rows if row[2] == event]
    text = found[number]
    assert text is not None
    read: dict[str, Any] = json.loads(text)
    return read


# --- the automatic stop ---------------------------------------------------------------------------------------------


def test_asic_stops_at_the_payment_of_client_101() -> None:
    pays = [Pay(10 * S + one * S, one, 100) for one in range(150)]
    box = Box(scenario(ASIC), pays)
    ended = box.ended
    assert [one.outcome for one in ended] == ["settled"] * 100 + ["box_cap"] + ["settled"] * 49
    assert [one.in_box for one in ended] == [True] * 101 + [False] * 49
    (name, stopped_us) = box.stages()[-1]
    assert (name, stopped_us) == ("wound_down", ended[100].at_us)
    assert stopped_us == 110 * S + TAKES
    figures = detail(box, STAGE)["figures"]
    assert (figures["cap"], figures["clients"], figures["payment_id"]) == ("client_cap", 100, 100)
    assert int(box.world.scalars[scalar.CLIENTS]) == 100
    assert int(box.world.rules[rule.BOX_ON]) == 0


def test_a_client_who_pays_again_is_no_new_client() -> None:
    pays = [Pay(10 * S + one * S, one % 100, 100) for one in range(300)]
    box = Box(scenario(ASIC), pays)
    assert {one.outcome for one in box.ended} == {"settled"}
    assert box.stages()[-1] == ("admitted", 0)


def test_asic_stops_at_five_million_dollars() -> None:
    cap = 5_000_000 * FEN_PER_AUD
    free = {"stages": {"admitted": {"next": "graduated", "participants": "none", "per_participant": "none"}}}
    pays = [Pay(S, 0, cap - 1), Pay(2 * S, 1, 1), Pay(3 * S, 2, 1), Pay(4 * S, 0, 5)]
    box = Box(scenario({**ASIC, **free}), pays)
    assert [end.outcome for end in box.ended] == ["settled", "settled", "box_cap", "settled"]
    assert [end.in_box for end in box.ended] == [True, True, True, False]
    assert int(box.world.scalars[scalar.BOX_TOTAL]) == cap == 2_350_000_000
    assert box.stages()[-1] == ("wound_down", 3 * S + TAKES)
    assert detail(box, STAGE)["figures"]["cap"] == "exposure_cap"


def test_without_an_automatic_stop_customers_wait_and_the_cap_refuses() -> None:
    stages = {"only": {**OPEN["only"], "participants": 3, "total_exposure": 250}}
    pays = [Pay(S + one * S, one, 100) for one in range(200)]
    box = Box(scenario(plan_of(stages=stages)), pays)
    inside = [one for one in box.ended if one.in_box]
    assert [one.outcome for one in inside] == ["settled", "settled", "box_cap"]
    assert box.life.members.members(0).size == 3
    assert [name for name, _ in box.stages()] == ["applied", "only"]
    joined = detail(box, "participants_joined")
    assert joined == {"offered": 200, "participants": 3, "new": 3, "waiting": 197}


# --- admission ------------------------------------------------------------------------------------------------------

SLOW = {**AT_ONCE, "assessment": 10 * MIN, "comment_period": 20 * MIN}


@pytest.mark.parametrize(
    ("applicant", "admission", "pace", "stages", "reason"),
    [
        ({}, SLOW, 1, [("applied", 0), ("public_comment", 10 * MIN), ("only", 30 * MIN)], "registered"),
        ({}, SLOW, 2, [("applied", 0), ("public_comment", 5 * MIN), ("only", 15 * MIN)], "registered"),
        ({"applies": 8 * MIN}, AT_ONCE, 4, [("applied", 2 * MIN), ("only", 2 * MIN)], "registered"),
        ({"licensed": False}, {**SLOW, "licensed_only": True}, 1,
         [("applied", 0), ("refused", 10 * MIN)], "no licence"),
        ({"objection_upheld": True}, SLOW, 1,
         [("applied", 0), ("public_comment", 10 * MIN), ("refused", 30 * MIN)], "objection upheld"),
        ({"criteria": {"ready": False}}, {**SLOW, "criteria": ["in_scope", "ready"]}, 1,
         [("applied", 0), ("refused", 10 * MIN)], "criteria not met: ready"),
    ],
)  # fmt: skip
def test_who_is_let_in_and_when(
    applicant: dict[str, Any], admission: dict[str, Any], pace: float, stages: list[tuple[str, int]], reason: str
) -> None:
    applicants, fund = [{"institution": "bank", **applicant}], {"amount": 700}
    plan = plan_of(applicants=applicants, admission=admission, pace=pace, fund=fund)
    box = Box(scenario(plan))
    assert box.stages() == stages
    assert box.life.summary()["compensation"]["paid_in_fen"] == (700 if reason == "registered" else 0)
    assert box.life.applicants[0].timeline[-1]["reason"] == reason


def test_the_box_begins_when_it_starts_and_not_before() -> None:
    pays = [Pay(4 * MIN, 0, 100), Pay(6 * MIN, 0, 100)]
    box = Box(scenario(plan_of(), box={"starts": 5 * MIN}), pays)
    assert [one.in_box for one in box.ended] == [False, True]
    closed = Box(scenario(plan_of(), box={"starts": 5 * MIN, "outside": "refuse_all"}), pays)
    assert [one.outcome for one in closed.ended] == ["outside_box", "settled"], "where only the box may pay"


# --- stages and reviews ---------------------------------------------------------------------------------------------

HOURLY = {"review_every": 10 * MIN, "least_payments": 2}
TWO = {
    "small": {"next": "large", "shortest": 15 * MIN, "offered_to": 1.0, "per_payment": 500},
    "large": {"next": "graduated", "shortest": 10 * MIN, "offered_to": 1.0},
}


def every_minute(first: int = 0, last: int = 60) -> list[Pay]:
    return [Pay(one * MIN + S, one, 100) for one in range(first, last)]


def test_two_stages_to_graduation() -> None:
    box = Box(scenario(plan_of(stages=TWO, **HOURLY)), [*every_minute(), Pay(12 * MIN, 1, 501), Pay(22 * MIN, 1, 501)])
    assert box.stages() == [("applied", 0), ("small", 0), ("large", 20 * MIN), ("graduated", 30 * MIN)]
    life = box.life.applicants[0]
    assert [(one["decision"], one["payments"]) for one in life.reviews] == [
        ("hold", 10),
        ("advance", 11),
        ("advance", 11),
    ]
    by_time = {one.at_us: one for one in box.ended}
    assert by_time[12 * MIN + TAKES].outcome == "box_cap"
    assert by_time[22 * MIN + TAKES].outcome == "settled"
    assert [one.in_box for one in box.ended if one.at_us > 30 * MIN] == [False] * 30


def test_nobody_advances_without_payments_to_judge_by() -> None:
    box = Box(scenario(plan_of(stages=TWO, **HOURLY)), every_minute(50, 51))
    assert [one["reason"] for one in box.life.applicants[0].reviews] == ["too few payments"] * 6


OUT = {"station": "bank", "kind": "outage", "starts": 20 * MIN, "lasts": 5 * MIN}
MENDS = {"corrections": 1, "correction": 10 * MIN, "suspension": 10 * MIN}
STRICT = {"success_share": {"target": 0.9, "stop": 0.3}, "complaints_per_10000": {"target": 10_000, "stop": 10_000}}


@pytest.mark.parametrize(
    ("lasts_min", "tolerance", "stages"),
    [
        # 2 of 10 fail: below the target, above the stop line.
        (2, MENDS, [("large", 20), ("remediating", 30), ("large", 40), ("graduated", 50)]),
        (2, {**MENDS, "corrections": 0}, [("large", 20), ("wound_down", 30)]),
        # 8 of 10 fail: below the stop line.
        (8, MENDS, [("large", 20), ("suspended", 30), ("remediating", 40), ("large", 50), ("graduated", 60)]),
        (8, {**MENDS, "corrections": 0}, [("large", 20), ("suspended", 30), ("wound_down", 40)]),
    ],
)
def test_what_a_fault_comes_to(lasts_min: int, tolerance: dict[str, int], stages: list[tuple[str, int]]) -> None:
    plan = plan_of(stages=TWO, gates=STRICT, tolerance=tolerance, **HOURLY)
    one = scenario(plan, faults=[{**OUT, "starts": 21 * MIN, "lasts": lasts_min * MIN}])
    box = Box(one, every_minute())
    found = box.stages()
    assert found[2:] == [(name, minute * MIN) for name, minute in stages]


def test_what_is_not_mended_in_time_ends_the_test() -> None:
    plan = plan_of(stages=TWO, gates=STRICT, tolerance={**MENDS, "correction": 20 * MIN}, **HOURLY)
    faults = [{**OUT, "starts": (minute + 1) * MIN, "lasts": 2 * MIN} for minute in (20, 30, 40)]
    box = Box(scenario(plan, faults=faults), every_minute())
    decisions = [one["decision"] for one in box.life.applicants[0].reviews]
    assert decisions == ["hold", "advance", "remediate", "hold", "exit"]
    assert box.stages()[-1] == ("wound_down", 50 * MIN)


def test_time_runs_out() -> None:
    stages = {"only": {**OPEN["only"], "shortest": 35 * MIN}}
    box = Box(scenario(plan_of(stages=stages, longest=39 * MIN, **HOURLY)), every_minute())
    assert box.stages()[-1] == ("graduated", 39 * MIN), "what is ready at the last moment graduates"
    box = Box(scenario(plan_of(stages=stages, longest=35 * MIN, **HOURLY)), every_minute(0, 20))
    assert box.stages()[-1] == ("wound_down", 35 * MIN)
    assert box.life.applicants[0].timeline[-1]["reason"] == "time is up (too few payments)"


# --- complaints and compensation ------------------------------------------------------------------------------------

ALL_COMPLAIN = {"per_failure": 1.0, "per_fraud": 1.0, "intake": 10 * MIN, "staff": 1, "handling": 4 * MIN}


def test_losses_are_paid_in_turn_until_the_fund_is_empty() -> None:
    fund = {"amount": 1_000, "fraud_share": 0.8, "lost_service": 300}
    plan = plan_of(fund=fund, complaints=ALL_COMPLAIN)
    one = scenario(plan, faults=[{**OUT, "starts": 2 * MIN, "lasts": MIN}])
    pays = [
        Pay(MIN, 7, 500, lost=True), Pay(90 * S, 8, 500), Pay(150 * S, 3, 100), Pay(151 * S, 4, 100),
        Pay(152 * S, 5, 100), Pay(5 * MIN, 6, 100),
    ]  # fmt: skip
    box = Box(one, pays)
    fund_row = box.world.ledger.block(FUND).first
    complaints = box.life.office.complaints
    # Taken in at 10 min in the order of their ends; one person handles each in 4 minutes.
    assert [(one.reason, one.paid_fen, one.handled_us) for one in complaints] == [
        ("fraud", 400, 14 * MIN), ("lost_service", 300, 18 * MIN), ("lost_service", 300, 22 * MIN),
        ("lost_service", 0, 26 * MIN),
    ]  # fmt: skip
    assert int(box.world.ledger.accounts[fund_row, account.BALANCE]) == 0
    assert [box.balance(wallet) for wallet in (7, 8, 3, 4, 5, 6)] == [
        100_000 - 500 + 400, 99_500, 100_300, 100_300, 100_000, 99_900,
    ]  # fmt: skip
    summary = box.life.summary()
    assert summary["compensation"] == {
        "paid_in_fen": 1_000, "claimed_fen": 1_300, "paid_fen": 1_000, "unpaid_fen": 300, "left_fen": 0, "customers": 3,
        "by_reason": {"fraud": 400, "lost_service": 600},
    }  # fmt: skip
    assert summary["complaints"]["by_reason"] == {"fraud": 1, "lost_service": 3}


def test_a_full_wallet_is_paid_into_its_bank_account() -> None:
    plan = plan_of(fund={"amount": 1_000, "lost_service": 300}, complaints=ALL_COMPLAIN)
    one = scenario(plan, faults=[{**OUT, "starts": MIN, "lasts": MIN}])
    limits = {name: {"balance": 100_200} for name in ("I", "II", "III", "IV")}
    rules = one.rules.model_copy(
        update={"wallet_limits": one.rules.wallet_limits.model_validate({"preset": "2021+", "classes": limits})}
    )
    box = Box(one.model_copy(update={"rules": rules}), [Pay(90 * S, 3, 100)])
    assert box.balance(3) == 100_200
    assert detail(box, "compensated")["to_wallet_fen"] == 200


def test_complaints_and_losses_are_indicators() -> None:
    plan = plan_of(complaints={**ALL_COMPLAIN, "intake": MIN}, **HOURLY)
    one = scenario(plan, faults=[{**OUT, "starts": 2 * MIN, "lasts": MIN}])
    pays = [*every_minute(0, 10), Pay(8 * MIN + 30 * S, 150, 1_000, lost=True)]
    box = Box(one, pays)
    rows = {row["gate"]: row["value"] for row in box.life.applicants[0].reviews[0]["kpis"]}
    # 11 payments, one failed and one fraud (of 1,900 fen settled), both with a complaint.
    assert rows["success_share"] == 10 / 11
    assert rows["complaints_per_10000"] == 10_000 * 2 / 11
    assert rows["fraud_loss_bp"] == 10_000 * 1_000 / 1_900
    assert rows["p99_latency"] == TAKES
    assert rows["reports_on_time"] is None
    assert rows["liquidity"] == 1.0


# --- several applicants ---------------------------------------------------------------------------------------------

BANKS = {"bank": {"share": 0.5, "service": QUICK}, "rival": {"share": 0.5, "service": QUICK}}


def test_two_applicants_share_a_box() -> None:
    """Exposures add up; the end of one test leaves the other its own cap."""
    stages = {"only": {**OPEN["only"], "shortest": 5 * MIN, "total_exposure": 100_000, "per_payment": 900}}
    plan = plan_of(
        applicants=[{"institution": "bank"}, {"institution": "rival", "applies": 25 * MIN}], stages=stages, **HOURLY
    )
    caps: list[int] = []

    def look(simulation: Any) -> None:
        def watch() -> Any:
            for minute in (24, 26, 31):
                yield simulation.control.wait_until(minute * MIN)
                caps.append(int(simulation.world.rules[rule.EXPOSURE_CAP]))

        simulation.env.process(watch())

    # Nobody of the bank pays before minute 20, so that it graduates at 30.
    box = Box(scenario(plan, institutions=BANKS), every_minute(20, 60), prepare=look)
    assert box.stages()[-1] == ("graduated", 30 * MIN)
    assert box.stages("rival")[:2] == [("applied", 25 * MIN), ("only", 25 * MIN)]
    settled = box.life.meter.exposure_fen[0]
    assert settled > 0
    assert caps == [100_000, 200_000, 100_000 + settled]
    assert sum(box.life.meter.exposure_fen) == int(box.world.scalars[scalar.BOX_TOTAL])
