"""What is dated after the end of the run is accepted, for runs are made shorter, and is told: by `check` and `run` with
its place and a mend, and by the report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reports.document import Paragraph
from reports.sections.build import build
from reports.source import read
from sandbox.cli.main import status_of
from sandbox.scenario.load import load
from sandbox.scenario.past_end import begin_past_end

PACKETS = {"registered": 100, "winners": 10, "packet": "5 CNY", "lasts": "9 h", "claim_within": "2 h"}
WEEK = {"population.wallets": 300, "population.corporates": 5, "merchants.count": 10, "scale": 0.1}


def test_what_begins_when_demand_is_over() -> None:
    change = {"wallet_limits": {"preset": "2021+"}}
    changes = {
        "duration": "2 days",
        "rules.changes": [{"at": "47 h", **change}, {"at": "48 h", **change}],
        "faults": [{"station": "ledger", "starts": "3 days", "lasts": "1 h"}],
        "campaigns": {"spring": {**PACKETS, "starts": "60 h"}},
        "rules.box": {"enabled": True, "starts": "2 days"},
    }
    found = begin_past_end(load("city-retail-day", overrides=changes).scenario)
    assert found == ["rules.box.starts", "rules.changes[1].at", "faults[0].starts", "campaigns.spring.starts"]
    assert begin_past_end(load("rule-change-mid-run").scenario) == []
    assert begin_past_end(load("digital-bills", overrides={"duration": "90 days"}).scenario) == ["bills.failures[0].at"]


LATE = """\
title: Late
question: What never happens?
duration: 24 h
faults:
  - {station: ledger, starts: 30 h, lasts: 1 h}
  - {station: ledger, starts: 23 h, lasts: 2 h}
  - {station: ledger, starts: 22 h, lasts: 2 h}
campaigns:
  spring: {registered: 100, winners: 10, packet: 5 CNY, starts: 20 h,
    lasts: 9 h, claim_within: 2 h}
merchants:
  closures: [{merchant: 0, starts: 1 day, lasts: 1 h}]
rules:
  changes:
    - at: 25 h
      wallet_limits: {preset: ccb_pilot_2020}
demand:
  segments: {a: {payments: 5 /day}}
  festivals: [{at: 26 h, peak_to_mean: 3}]
offline:
  network: [{starts: 23 h, lasts: 2 h}, {starts: 23 h, lasts: 2 h, every: 3 h}]
  attacks: {copies: {group: people, starts: 2 days}}
  purses: {people: {share: 10 %}}
"""
TOLD = {
    (5, "faults[0].starts"): "begins after 30 h, but the run ends after 1 day, so it never happens; let it begin",
    (6, "faults[1].lasts"): "lasts until 25 h, but the run ends after 1 day; raise `duration` to see its end",
    (10, "campaigns.spring.lasts"): "lasts until 29 h",
    (12, "merchants.closures[0].starts"): "begins after 1 day",
    (15, "rules.changes[0].at"): "begins after 25 h",
    (19, "demand.festivals[0].at"): "begins after 26 h",
    (21, "offline.network[0].lasts"): "lasts until 25 h",
    (22, "offline.attacks.copies.starts"): "begins after 2 days",
}


def test_check_tells_what_never_happens_and_what_has_no_end(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "late.yaml"
    file.write_text(LATE)
    notes = load(file).notes
    assert {(one.line, one.path) for one in notes} == set(TOLD)
    assert status_of(["check", str(file)]) == 0
    out, err = capfd.readouterr()
    assert out == f"{file}: good\n"
    for (line, path), says in TOLD.items():
        assert f"{file}:{line}: {path}: note: it {says}" in err


def test_what_ends_with_the_run_is_not_told(tmp_path: Path) -> None:
    file = tmp_path / "late.yaml"
    file.write_text(LATE)
    assert load(file, overrides={"duration": "3 days"}).notes == ()
    assert load("operator-outage").notes == ()
    one = load("operator-outage", overrides={"duration": "1 h"}).notes[0]
    assert (Path(one.file).name, one.path) == ("operator-outage.yaml", "faults[0].starts")


def test_a_run_made_shorter_says_what_never_happened(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "short"
    sets = [word for path, value in {**WEEK, "duration": "100 h"}.items() for word in ("--set", f"{path}={value}")]
    assert status_of(["run", "rule-change-mid-run", "--out", str(folder), "--record", "none", *sets]) == 0
    assert "rules.changes[1].at: note: it begins after" in capfd.readouterr().err
    assert json.loads((folder / "summary.json").read_text())["scenario"]["too_late"] == ["rules.changes[1].at"]
    told = [
        block.text
        for section in build(read(folder)).sections
        for block in section.blocks
        if isinstance(block, Paragraph)
    ]
    assert "Never happened, for the run was over before: rules.changes[1].at." in told


MANY = [
    ["compare", "--set", "duration=12 min", "--replications", "1"],
    ["sweep", "--vary", "duration=12 min,1 h", "--replications", "1"],
    ["compare", "--set", "ledger.servers=9;duration=12 min", "--replications", "1"],
    ["run", "--set", "duration=12 min", "--replications", "2"],
    ["capacity", "--set", "duration=12 min", "--most", "1x", "--replications", "1"],
]


@pytest.mark.parametrize("asked", MANY, ids=lambda asked: " ".join(asked[:3]))
def test_whoever_asks_for_many_runs_is_told_once(
    asked: list[str], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "late.yaml"
    file.write_text(
        "title: A\nquestion: B\nduration: 1 h\npopulation: {wallets: 9}\nmerchants: {count: 2}\n"
        "demand: {segments: {retail: {payments: 900 /day}}}\n"
        "faults: [{station: ledger, starts: 10 min, lasts: 5 min}]\n",
        encoding="utf-8",
    )
    rest = [str(file), *asked[1:], "--processes", "1", "--no-report", "--out", str(tmp_path / "out")]
    assert status_of([asked[0], *rest]) == 0
    said = " ".join(capfd.readouterr().err.split())
    assert said.count("faults[0].lasts: note: it lasts until 15 min, but the run ends after 12 min") == 1
    assert status_of([asked[0], *rest, "--quiet", "--force"]) == 0
    assert capfd.readouterr().err == ""
