"""`run`, with the simulation replaced by a stand-in: what is printed, what the folder holds, what failure leaves."""

from __future__ import annotations

import copy
import errno
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sandbox import api, records, running, tables
from sandbox.cli.main import status_of
from sandbox.cli.progress import ProgressBar
from sandbox.engine.journal import JournalWriter
from sandbox.engine.recorder import Names, write_rows
from sandbox.scenario.errors import ScenarioError, ScenarioErrors
from sandbox.scenario.schema import scenario_from

SUMMARY: dict[str, Any] = {
    "scenario": {"name": "town", "title": "A town", "duration_us": 86_400_000_000, "bin_us": 60_000_000},
    "throughput": {
        "payments": 12_345,
        "settled": 12_000,
        "settled_fen": 876_400_000_00,
        "settled_per_s_mean": 0.1389,
        "settled_per_s_peak": 41,
        "success_share": 12_000 / 12_345,
        "latency_ms": {"p50": 210.0, "p95": 480.5, "p99": 1234.0, "max": 15_000.0},
    },
    "outcomes": {"settled": 12_000, "daily_limit": 5, "single_limit": 340, "frozen": 0},
    "campaigns": {"packets": {"claimed": 47, "winners": 50, "payments": 62, "returned_fen": 12_345}},
    "risk": {
        "operational": {"busiest_station": "ICBC", "busiest_utilisation": 0.5, "worst_bin_success_share": 0.25},
        "liquidity": {"lowest_institution": "CCB", "lowest_share_of_target": 0.07, "orders": 3},
        "concentration": {"top_institution": "ABC", "top_institution_share": 0.2, "hhi_payer_institutions": 0.1},
        "consumer": {"refused_by_limit_share": 0.028, "insufficient_share": 0.00001},
    },
    "conservation": {"ok": True},
}


EMPTY = ("series", "stations", "events")
NO_NAMES = Names(kinds=[], categories=[], institutions=[], sources=[], labels=[])


class Town:
    """A loaded scenario, as far as `api.run` uses one."""

    name, digest, base_dir = "town", "0123456789abcdef" * 4, Path()

    def __init__(self, seed: int | None, overrides: dict[str, str]) -> None:
        shops = {"payments": "10 /day", "ticket": "qr_quantile"}
        self.scenario = scenario_from(
            {"title": "A town", "question": "How?", "demand": {"segments": {"shops": shops}}}
        ).model_copy(update={"seed": 7 if seed is None else seed})
        self.overrides = overrides

    notes = ()

    def resolved_yaml(self) -> str:
        return json.dumps(self.overrides)

    def parameters(self) -> list[dict[str, str]]:
        return [{column.name: "x" for column in tables.TABLES["parameters"]}]


@pytest.fixture
def simulated(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """Puts the stand-in in place; holds the summary it gives, what it was asked, and an error it raises if set."""
    stand_in: dict[str, Any] = {"summary": copy.deepcopy(SUMMARY), "error": None, "asked": []}

    def load(scenario: Any, set: dict[str, str], seed: int | None) -> Town:
        if scenario != "town":
            raise ScenarioErrors([ScenarioError(scenario, None, None, "", "no such scenario")])
        return Town(seed, set)

    def simulate(loaded: Town, folder: Path, record: Any, progress: Any) -> dict[str, Any]:
        stand_in["asked"].append(record)
        pq.write_table(pa.table({"payment_id": [1, 2, 3]}), folder / "payments.parquet")
        for name in EMPTY:
            write_rows(folder, name, [])
        JournalWriter(folder, NO_NAMES, loaded.scenario.seed).close()
        progress(0.5, "half way")
        if stand_in["error"] is not None:
            raise stand_in["error"]
        return stand_in["summary"]

    def draw(folder: Path) -> None:
        run = records.open_run(folder, unfinished=True)
        assert run.manifest["version"]
        (folder / "report.html").write_text(run.summary["scenario"]["title"])

    monkeypatch.setattr(api, "load", load)
    monkeypatch.setattr(running, "_simulate", simulate)
    monkeypatch.setattr("reports.render.render", draw)
    monkeypatch.chdir(tmp_path)
    return stand_in


def test_a_run_prints_what_happened_and_where_it_is(
    simulated: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    assert status_of(["run", "town"]) == 0
    shown = capfd.readouterr()
    folder = Path("runs/town-7-01234567")
    for words in (
        "A town",
        "town, seed 7: 1 day simulated in",
        "Campaign packets: 47 of 50 packets were claimed",
        "number of payments offered",
        "share settled",
        "876.4 million yuan  settled value",
        "Of 12,345 payments worth 876.4 million yuan, 97.2 % settled by number",
        "half took at most 210 ms, 99 of 100 at most 1.23 s",
        "Risks. Second threshold exceeded: Operational",
        "Every balance adds up, to the fen.",
        f"report      {folder}/report.html",
    ):
        assert words in shown.out
    assert shown.err == ""
    run = records.open_run(folder)
    assert run.summary == SUMMARY
    assert set(run.tables) == {"parameters", "payments", *EMPTY}
    assert (folder / "report.html").read_text() == "A town"
    assert not (folder / records.DRAFT_MANIFEST).exists()


def test_the_manifest_says_how_to_have_the_run_again(simulated: dict[str, Any]) -> None:
    assert status_of(["run", "town", "--seed", "3", "--out", "a", "--record", "sample:0.5", "--set", "x.y=1=2"]) == 0
    run = records.open_run("a")
    manifest = run.manifest
    assert (manifest["status"], manifest["seed"], manifest["record"]) == ("complete", 3, "sample:0.5")
    assert manifest["scenario"] == {"name": "town", "digest": Town.digest}
    assert manifest["tables"]["payments"]["rows"] == 3
    assert manifest["packages"]["simpy"]
    assert (run.path / records.SCENARIO).read_text() == '{"x.y": "1=2"}'
    assert simulated["asked"] == [0.5]


def test_json_is_the_summary_and_nothing_else(simulated: dict[str, Any], capfd: pytest.CaptureFixture[str]) -> None:
    assert status_of(["run", "town", "--json"]) == 0
    assert json.loads(capfd.readouterr().out) == SUMMARY


def test_quiet_prints_nothing_and_no_report_draws_none(
    simulated: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    assert status_of(["run", "town", "--quiet", "--no-report", "--out", "a"]) == 0
    shown = capfd.readouterr()
    assert (shown.out, shown.err) == ("", "")
    assert not (Path("a") / "report.html").exists()


def test_a_summary_without_a_part_leaves_its_lines_out(
    simulated: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    for part in ("risk", "campaigns"):
        del simulated["summary"][part]
    simulated["summary"]["throughput"]["latency_ms"] = dict.fromkeys(("p50", "p95", "p99", "max"))
    simulated["summary"]["conservation"]["ok"] = False
    assert status_of(["run", "town"]) == 0
    shown = capfd.readouterr().out
    assert "Operational" not in shown
    assert "Campaign" not in shown
    assert "–  " in shown
    assert "The books of this run do not balance" in shown
    assert "Every balance adds up" not in shown


def test_an_earlier_run_is_kept_without_force_and_replaced_with_it(
    simulated: dict[str, Any], capfd: pytest.CaptureFixture[str]
) -> None:
    assert status_of(["run", "town"]) == 0
    capfd.readouterr()
    simulated["summary"]["scenario"]["title"] = "Another town"
    assert status_of(["run", "town"]) == 2
    assert "--force" in capfd.readouterr().err
    assert records.open_run("runs/town-7-01234567").summary["scenario"]["title"] == "A town"
    assert len(simulated["asked"]) == 1, "refused before any work"
    assert status_of(["run", "town", "--force"]) == 0
    assert records.open_run("runs/town-7-01234567").summary["scenario"]["title"] == "Another town"


def test_an_unknown_scenario_is_2_and_writes_nothing(
    simulated: dict[str, Any], capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert status_of(["run", "twon"]) == 2
    assert "twon: no such scenario" in capfd.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), 1),
        (MemoryError(), 1),
        (ZeroDivisionError(), 1),
        (KeyboardInterrupt(), 130),
        (ScenarioErrors([ScenarioError("trace.csv", 3, None, "", "too many lines refused")]), 2),
    ],
)
def test_a_run_that_fails_leaves_nothing(
    simulated: dict[str, Any], error: BaseException, status: int, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    simulated["error"] = error
    assert status_of(["run", "town"]) == status
    assert len(capfd.readouterr().err.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_report_that_cannot_be_drawn_fails_the_run(
    simulated: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fail(folder: Path) -> None:
        raise ValueError("no such colour")

    monkeypatch.setattr("reports.render.render", fail)
    assert status_of(["run", "town"]) == 1
    assert list(tmp_path.iterdir()) == []


def test_a_summary_with_nan_is_never_written(simulated: dict[str, Any], tmp_path: Path) -> None:
    simulated["summary"]["throughput"]["success_share"] = float("nan")
    assert status_of(["run", "town"]) == 1
    assert list(tmp_path.iterdir()) == []


def test_progress_shows_on_a_terminal_only_and_leaves_no_trace(capfd: pytest.CaptureFixture[str]) -> None:
    with ProgressBar() as bar:
        bar(0.5, "half")
    assert capfd.readouterr().err == ""
    with ProgressBar(shown=True) as bar:
        bar(0.5, "half")
        bar(0.6, "too soon to draw again")
        bar(1.0, "done")
    shown = capfd.readouterr().err
    assert "50 %  half" in shown
    assert "too soon" not in shown
    assert "100 %  done" in shown
    assert shown.endswith(" \r")
    assert "\x1b" not in shown
