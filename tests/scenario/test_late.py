"""What is dated after the end of the run is accepted, for runs are made shorter, and is told."""

from __future__ import annotations

import json
from pathlib import Path

from reports.document import Paragraph
from reports.sections.build import build
from reports.source import read
from sandbox.cli.main import status_of
from sandbox.scenario.late import too_late
from sandbox.scenario.load import load

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
    found = too_late(load("city-retail-day", overrides=changes).scenario)
    assert found == ["rules.box.starts", "rules.changes[1].at", "faults[0].starts", "campaigns.spring.starts"]
    assert too_late(load("rule-change-mid-run").scenario) == []
    assert too_late(load("digital-bills", overrides={"duration": "90 days"}).scenario) == ["bills.failures[0].at"]


def test_a_run_made_shorter_says_what_never_happened(tmp_path: Path) -> None:
    folder = tmp_path / "short"
    sets = [word for path, value in {**WEEK, "duration": "100 h"}.items() for word in ("--set", f"{path}={value}")]
    assert status_of(["run", "rule-change-mid-run", "--out", str(folder), "--quiet", "--record", "none", *sets]) == 0
    assert json.loads((folder / "summary.json").read_text())["scenario"]["too_late"] == ["rules.changes[1].at"]
    told = [
        block.text
        for section in build(read(folder)).sections
        for block in section.blocks
        if isinstance(block, Paragraph)
    ]
    assert "Never happened, for the run was over before: rules.changes[1].at." in told
