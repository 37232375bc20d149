"""The steady state of a run, end to end: what is cut, and whether means hold what queueing theory says."""

from __future__ import annotations

import json

import pytest

import sandbox
from sandbox.cli.main import status_of
from sandbox.experiment.warm_up import common_cut_us
from sandbox.simulate import simulate

STATION = {
    "title": "One queue",
    "question": "How long is it?",
    "duration": "4 h",
    "series": {"bin": "10 s", "steady_state": True},
    "institutions": {"one": {"share": "100 %", "servers": 1, "service": {"mean": "100 ms", "shape": "exponential"}}},
    "ledger": {"servers": 8, "service": {"mean": "1 ms", "shape": "fixed"}},
    "population": {"wallets": 200, "corporates": 2},
    "merchants": {"count": 5},
    "behaviour": {"patience": "none", "max_attempts": 1},
    "demand": {
        "segments": {"shops": {"payments": "5 /s", "profile": "flat", "ticket": {"median": "1 CNY", "sigma": 0}}},
    },
}


@pytest.fixture(scope="module")
def scenario_file(tmp_path_factory):
    file = tmp_path_factory.mktemp("steady") / "queue.yaml"
    file.write_text(json.dumps(STATION))
    return file


def test_utilisation_of_the_steady_state_is_what_is_offered(scenario_file):
    loaded = sandbox.load(scenario_file)
    summary = simulate(loaded.scenario, None, name="queue")
    steady = summary["steady_state"]
    busy, sent = steady["numbers"]["gateway_utilisation_max"], steady["numbers"]["submitted"]
    # Payer's and payee's gateway are the same station, and a payment inside one institution visits it once.
    assert sent["low"] < 5 * 10 < sent["high"]
    visits = summary["stations"][0]["served"] / summary["throughput"]["payments"]
    assert busy["low"] < 5 * visits * 0.1 < busy["high"]
    assert steady["bins"] == 4 * 360
    assert steady["cut_by"] == "mser5"
    assert steady["cut_us"] == pytest.approx(steady["cut_share"] * 4 * 3600e6)
    assert busy["batches"] == 20
    assert busy["batch_bins"] == (steady["bins"] - steady["cut_us"] // 10_000_000) // 20


def test_the_cut_of_the_scenario_is_the_cut(scenario_file):
    loaded = sandbox.load(scenario_file, set={"series.warm_up": "1 h"})
    steady = simulate(loaded.scenario, None, name="queue")["steady_state"]
    assert (steady["cut_by"], steady["cut_us"], steady["cut_share"]) == ("scenario", 3_600_000_000, 0.25)


def test_replications_share_one_cut(scenario_file, tmp_path):
    cut = common_cut_us(sandbox.load(scenario_file))
    done = sandbox.replicate(scenario_file, 3, out=tmp_path / "many", processes=1, metrics=["steady_state.cut_us"])
    row = next(one for one in done.summary["described"] if one["metric"] == "steady_state.cut_us")
    assert (row["least"], row["most"]) == (cut, cut)
    assert cut % 10_000_000 == 0


def test_a_run_without_one_says_nothing_of_it(scenario_file):
    loaded = sandbox.load(scenario_file, set={"series.steady_state": "false", "duration": "10 min"})
    assert "steady_state" not in simulate(loaded.scenario, None, name="queue")


def test_the_report_and_the_summary_say_what_was_left_out(scenario_file, tmp_path, capsys):
    cut = ["--set", "series.warm_up=1 h"]
    assert status_of(["run", str(scenario_file), *cut, "--record", "none", "--out", str(tmp_path / "run")]) == 0
    assert "In the long run " in capsys.readouterr().out
    page = (tmp_path / "run" / "report.md").read_text(encoding="utf-8")
    assert "as the scenario says: the first 1 h (25.0 %)" in page
    assert "| Use of the busiest gateway |" in page
