"""Scores worked out on paper; the frontier never shows more where less is seen; noise that a replay repeats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sandbox.core.layout import code, ended
from sandbox.features.supervision.frontier import AUTHORITIES, Attribution
from sandbox.features.supervision.schema.visibility import Visibility
from sandbox.features.supervision.scoring import Raised, Scores, median, stopped
from sandbox.features.supervision.visibility import LINKED_FROM
from sandbox.scenario.load import load
from sandbox.simulate import simulate

# id, submitted, ended, payer, payee, amount, outcome, label
TRUTH = np.array(
    [
        (10, 100, 110, 1, 2, 500, 0, 1),
        (11, 200, 210, 2, 3, 400, 0, 1),
        (12, 300, 310, 3, 4, 300, 0, 2),
        (13, 400, 410, 9, 1, 200, 0, 2),
        (14, 500, 510, 2, 5, 900, 1, 1),
        (15, 600, 610, 3, 6, 100, 0, 2),
    ]
).T
INSTANCES = {10: ("first", 0), 11: ("first", 0), 14: ("first", 0), 12: ("second", 0), 15: ("second", 0)}
ALERTS = [
    Raised("velocity", 2, 250, (11, 77)),
    Raised("velocity", 8, 260, (78, 79)),
    Raised("cycle", 3, 350, (12, 11)),
    Raised("cycle", None, 400, (80,)),
]


def test_scores_on_paper() -> None:
    """Four alerts, two right; of five settled illicit payments two are listed. Payment 13 is an instance by itself.
    After their alerts account 2 has nothing settled, account 3 sends payment 15."""
    found = Scores(TRUTH, ALERTS, INSTANCES).total()
    assert (found["alerts"], found["true_alerts"], found["precision"]) == (4, 2, 0.5)
    assert (found["payments_listed"], found["payment_precision"]) == (6, 2 / 6)
    assert (found["payments"], found["found"], found["recall"]) == (5, 2, 0.4)
    assert (found["value_fen"], found["value_recall"]) == (1500, 700 / 1500)
    assert (found["instances"], found["instances_found"]) == (3, 2)
    assert found["time_to_detect_us_median"] == 350 - 310
    assert found["stoppable_fen"] == 100
    assert stopped(TRUTH) == {"stopped": 1, "stopped_fen": 900}


def test_scores_by_pattern_and_detector() -> None:
    scores = Scores(TRUTH, ALERTS, INSTANCES)
    one, other = scores.by_pattern(["first", "second", "unseen"])
    assert (one["pattern"], one["payments"], one["recall"], one["time_to_detect_us_median"]) == ("first", 2, 0.5, 140)
    assert (other["pattern"], other["payments"], other["found"], other["instances"]) == ("second", 3, 1, 2)
    rows = {row["detector"]: row for row in scores.by_detector(["velocity", "cycle", "fan_in"])}
    assert (rows["velocity"]["precision"], rows["velocity"]["recall"]) == (0.5, 0.2)
    assert (rows["cycle"]["true_alerts"], rows["cycle"]["found"]) == (1, 2)
    assert rows["fan_in"] == {
        "detector": "fan_in", "alerts": 0, "true_alerts": 0, "precision": None, "found": 0, "recall": 0.0,
    }  # fmt: skip


def test_nothing_illicit_and_nothing_found_are_no_division() -> None:
    found = Scores(TRUTH[:, :0], [], {}).total()
    assert (found["precision"], found["recall"], found["time_to_detect_us_median"]) == (None, None, None)
    assert median([5, 1, 9, 7]) == 5


def test_shares_on_paper() -> None:
    """A company's payment, and people's of 3, 30 and 300 yuan: named by nobody below 2,000 yuan but the operators, who
    do not know class IV."""
    window = np.zeros((ended.ROWS, 5), dtype=np.int64)
    window[ended.AMOUNT] = [100, 300, 3_000, 30_000, 30_000]
    window[ended.CODES] = np.array([0, 2, 2, 3, 4]) << code.CLASS_SHIFT
    counted = Attribution(Visibility.model_validate({}), [1_000, 100_000])
    counted.take(window)
    assert counted.share(["operator"]) == 1 / 5
    assert counted.share(["central_bank"]) == 4 / 5
    assert counted.share(["regulator"], LINKED_FROM) == 4 / 5
    assert [counted.share(AUTHORITIES, anonymous_below=below) for below in (0, 1_000, 100_000)] == [1 / 5, 2 / 5, 4 / 5]
    assert counted.share(AUTHORITIES, anonymous_below=1_000, of_value=True) == 30_300 / 63_400
    rows = {row["viewer"]: row for row in counted.by_viewer()}
    assert (rows["operator"]["named"], rows["operator"]["pseudonym"]) == pytest.approx((4 / 5, 1 / 5))


# --- a whole run ------------------------------------------------------------------------------------------------------

CHANGES: dict[str, Any] = {
    "scale": 0.4, "duration": "2 days", "crime": {"share": "1 %"},
    "supervision": {"frontier": {"anonymous_below": ["50 CNY", "500 CNY", "100000000 CNY"]}},
}  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("scores")
    return folder, simulate(load("city-retail-day", overrides=CHANGES).scenario, folder, name="scores")


def test_the_frontier_of_a_run(run: tuple[Path, dict[str, Any]]) -> None:
    """Seeing less leaves more unattributed and less found; what is found without seeing anybody is of companies."""
    points = run[1]["risk"]["privacy"]["frontier"]
    assert [point["anonymous_below_fen"] for point in points] == [0, 5_000, 50_000, 10_000_000_000]
    shares = [point["unattributable_share"] for point in points]
    assert shares == sorted(shares)
    assert shares[0] < shares[1] < shares[2]
    recalls = [point["recall"] for point in points]
    assert recalls[0] > 1.5 * recalls[1] > 0
    assert recalls[0] > recalls[2] >= recalls[3]
    patterns = {row["pattern"]: row for row in run[1]["risk"]["financial_crime"]["by_pattern"]}
    assert points[3]["found"] < patterns["sub_threshold_structuring"]["payments"]


def test_scores_of_a_run_follow_from_its_tables(run: tuple[Path, dict[str, Any]]) -> None:
    """Precision and recall once more, in pandas, from alerts and labels."""
    folder, summary = run
    payments = pd.read_parquet(folder / "payments.parquet", columns=["payment_id", "label", "outcome", "amount_fen"])
    alerts = pd.read_parquet(folder / "alerts.parquet")
    alerts = alerts[alerts.kind == "alert"]
    ids = alerts.payment_ids.map(json.loads)
    illicit = payments[payments.label.notna() & (payments.outcome == "settled")].set_index("payment_id")
    right = ids.map(lambda one: any(payment in illicit.index for payment in one))
    listed = {payment for one in ids for payment in one}
    found = illicit[illicit.index.isin(listed)]
    crime = summary["risk"]["financial_crime"]
    assert crime["alerts"] == len(alerts) == summary["supervision"]["alerts"] > 50
    assert crime["precision"] == right.mean()
    assert crime["recall"] == len(found) / len(illicit)
    assert crime["value_recall"] == found.amount_fen.sum() / illicit.amount_fen.sum()
    assert sum(row["found"] for row in crime["by_pattern"]) == len(found)
    assert (ids.map(len) == alerts.payments).all()


def test_every_alert_explains_itself(run: tuple[Path, dict[str, Any]]) -> None:
    folder, summary = run
    payments = pd.read_parquet(folder / "payments.parquet").set_index("payment_id")
    alerts = pd.read_parquet(folder / "alerts.parquet")
    events = pd.read_parquet(folder / "events.parquet")
    told = {json.loads(row.detail)["alert_id"]: row for row in events[events.event == "alert"].itertuples()}
    bin_us = summary["scenario"]["bin_us"]
    for row in alerts[alerts.kind == "alert"].itertuples():
        figures, ids = json.loads(row.figures), json.loads(row.payment_ids)
        its = payments.loc[ids]
        assert ((its.payer == row.account) | (its.payee == row.account)).any()
        assert (its.outcome == "settled").all()
        last = figures["last_payment_us"]
        assert last == its.completed_at_us.max() <= row.at_us < last + bin_us
        event = told[row.alert_id]
        assert (event.at_us, event.subject) == (row.at_us, str(row.account))
        assert json.loads(event.detail)["figures"] == figures


def test_supervision_changes_nothing_that_is_paid(run: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    """Without freezes, watching is only watching."""
    quiet = {name: value for name, value in CHANGES.items() if name != "supervision"}
    simulate(load("city-retail-day", overrides=quiet).scenario, tmp_path, name="scores")
    for table in ("payments", "ledger"):
        assert (tmp_path / f"{table}.parquet").read_bytes() == (run[0] / f"{table}.parquet").read_bytes()


def test_noise_is_the_same_again_and_of_the_size_that_epsilon_says(tmp_path: Path) -> None:
    """Two runs agree; the mean error of the geometric mechanism is about 1 / sinh(epsilon)."""
    errors, alerts = {}, set()
    for epsilon in (0.2, 0.2, 2.0):
        changes = {
            "scale": 0.1, "duration": "1 day", "supervision": {"aggregates": {"epsilon": epsilon, "every": "10 min"}},
        }  # fmt: skip
        summary = simulate(load("city-retail-day", overrides=changes).scenario, tmp_path, name="noise")
        released = summary["risk"]["privacy"]["aggregates"]
        assert errors.setdefault(epsilon, released) == released
        alerts.add((tmp_path / "alerts.parquet").read_bytes())
        assert released["counts"] == 146 * 12
        assert released["error_mean"] == pytest.approx(1 / np.sinh(epsilon), rel=0.1)
    assert len(alerts) == 1
    assert errors[0.2]["error_mean"] > 5 * errors[2.0]["error_mean"]
