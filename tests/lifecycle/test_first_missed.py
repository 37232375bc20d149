"""When a review first saw that a gate was missed, and when it was mended: against the log of a run."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import pytest

import sandbox
from sandbox.features.lifecycle.reviews import first_missed


def test_the_first_fault_and_its_mending_are_those_of_the_log(tmp_path: Any) -> None:
    scenario = sandbox.load("sandbox-life-cycle", {"rules.box.plan.rollout": None, "scale": 0.5})
    run = sandbox.run(scenario, out=tmp_path / "run")
    log = pd.read_parquet(run.path / "events.parquet")
    log = log[(log.event == "review") & (log.subject == "harbour bank")]
    rows = [(at, json.loads(detail)) for at, detail in zip(log.at_us, log.detail, strict=True)]
    missed = [(number, at) for number, (at, one) in enumerate(rows, 1) if "missed" in one["reason"]]
    mended = [at for at, one in rows if one["reason"] == "mended"]
    bank, garage = run.summary["lifecycle"]["applicants"]
    assert (bank["first_missed"]["review"], bank["first_missed"]["at_us"]) == missed[0]
    assert bank["first_missed"]["gates"] == rows[missed[0][0] - 1][1]["reason"].removeprefix("missed: ")
    assert [bank["mended_us"]] == mended[:1]
    assert (garage["first_missed"], garage["mended_us"], garage["reason"]) == (None, None, "no_licence")


@pytest.mark.parametrize(
    ("verdicts", "decisions", "found"),
    [
        (["passed", "passed"], ["hold", "advance"], (None, None)),
        (["passed", "broken", "passed"], ["resume", "suspend", "resume"], (2, 30)),
        (["missed", "missed"], ["remediate", "exit"], (1, None)),
    ],
)
def test_of_reviews(verdicts: list[str], decisions: list[str], found: tuple[int | None, int | None]) -> None:
    reviews = [
        {"at_us": 10 * at, "decision": decision, "kpis": [{"gate": "liquidity", "verdict": verdict}]}
        for at, (verdict, decision) in enumerate(zip(verdicts, decisions, strict=True), 1)
    ]
    said = first_missed(reviews)
    assert (said["first_missed"] and said["first_missed"]["review"], said["mended_us"]) == found
