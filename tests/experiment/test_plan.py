"""What is asked by commands and from Python: refused clearly with nothing written, or carried out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import sandbox
from sandbox.cli.main import status_of
from sandbox.experiment import execution
from sandbox.experiment.compare import compare
from sandbox.experiment.errors import ExperimentError
from sandbox.experiment.folder import open_experiment
from sandbox.experiment.words import verdict
from sandbox.records import RunError, open_run
from sandbox.runfolder import OutputError
from sandbox.stats.intervals import Interval, PairedDifference


@pytest.fixture
def here(small_town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder; the scenario is beside it."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return small_town


REFUSED = [
    (["sweep", "TOWN", "--vary", "ledger.server=4,8"], "Did you mean 'ledger.servers'?"),
    (["sweep", "TOWN", "--vary", "ledger.servers=4,many"], "expected a whole number"),
    (["sweep", "TOWN", "--vary", "ledger.servers="], "no value to try"),
    (["sweep", "TOWN", "--vary", "ledger.servers=4,,8"], "no value to try"),
    (["sweep", "TOWN", "--vary", "ledger.servers"], "PATH=V1,V2"),
    (["sweep", "TOWN", "--vary", "ledger.servers=4", "--vary", "ledger.servers=8"], "set twice"),
    (["sweep", "TOWN", "--vary", "ledger.servers=4,4"], "a value is given twice"),
    (["sweep", "TOWN", "--vary", "ledger.servers=4..8"], "a grid needs `values`"),
    (["sweep", "TOWN", "--vary", "ledger.servers=8..4", "--design", "sobol"], "`low` must be below `high`"),
    (["sweep", "TOWN", "--vary", "rules.regime=digital_cash..digital_deposit", "--design", "sobol"], "has no order"),
    (["sweep", "TOWN", "--vary", "seed=1,2"], "'seed' is the same in all runs"),
    (["sweep", "TOWN", "--vary", "title=a,b"], "'title' is the same in all runs"),
    (["sweep", "TOWN", "--vary", "ledger.servers=0,4,many"], "0 is too small"),
    (["sweep", "TOWN", "--vary", "ledger.servers=0,4,many"], "many cannot stand there"),
    (["sweep", "TOWN", "--vary", "scale=1", "--uncertain", "scale=1..2"], "is a lever already"),
    (["sweep", "TOWN"], "nothing is to be varied"),
    (["sweep", "TOWN", "--vary", "scale=1,2", "--metric", "throughput.setled"], "Did you mean 'throughput.settled'?"),
    (["sweep", "TOWN", "--vary", "ledger.servers=4,8", "--replications", "60000"], "more than 100,000"),
    (["sweep", "TOWN", "--vary", "scale=1,2", "--cluster", "tcp://127.0.0.1:9"], "no cluster answers at tcp://127"),
    (["sweep", "TOWN", "--vary", "scale=1,2", "--cluster", "nonsense://x"], "'nonsense://x' is no address"),
    (["sweep", "TOWN", "--vary", "scale=1,2", "--cluster", "node7"], "'node7' is no address of a scheduler"),
    (["sweep", "TOWN", "--vary", "scale=1,2", "--cluster", "tcp://node7"], "'tcp://node7' is no address"),
    (["sweep", "nowhere", "--vary", "ledger.servers=4"], "neither a scenario of the gallery nor a file"),
    (["compare", "TOWN"], "one policy alone"),
    (["compare", "TOWN", "--set", "ledger.server=4"], "ledger.server"),
    (["compare", "TOWN", "--set", "ledger.servers"], "not PATH=VALUE"),
    (["compare", "TOWN", "operator-outag"], "Did you mean 'operator-outage'?"),
    (["run", "TOWN", "--replications", "3", "--record", "all"], "--record is for one run"),
    (["run", "TOWN", "--processes", "2"], "--processes is for many runs"),
    (["run", "TOWN", "--metric", "throughput.settled"], "--metric is for many runs"),
    (["run", "TOWN", "--precision", "throughput.settled"], "METRIC=SHARE"),
    (["run", "TOWN", "--precision", "throughput.settled=200%"], "is not a share above 0 and at most 1"),
    (["run", "TOWN", "--precision", "throughput.setled=2%"], "Did you mean 'throughput.settled'?"),
]  # fmt: skip


@pytest.mark.parametrize(("words", "says"), REFUSED, ids=[" ".join(words[2:]) or words[0] for words, _ in REFUSED])
def test_refused_with_nothing_written(
    words: list[str], says: str, here: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.experiment.cluster.CONNECT_S", 0.5)
    line = [str(here) if word == "TOWN" else word for word in words]
    if "--processes" not in line:
        line += ["--processes", "1"] if words[0] != "run" or "--precision" in line else []
    assert status_of(line) == 2
    shown = capfd.readouterr()
    assert says in shown.err
    assert "Traceback" not in shown.err
    assert shown.out == ""
    assert list(Path.cwd().iterdir()) == []


def test_too_large_is_told_with_runs_and_time_and_done_with_a_yes(
    here: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execution, "MANY_RUNS", 5)
    line = ["sweep", str(here), "--vary", "ledger.servers=1,2,4,8", "--replications", "2", "--processes", "1"]
    assert status_of(line) == 2
    said = capfd.readouterr().err
    assert "6 runs, about" in said  # two of the eight were the pilot
    assert "from a pilot of 2" in said
    assert "--yes" in said
    assert list(Path.cwd().iterdir()) == []
    assert status_of([*line, "--yes", "--quiet"]) == 0
    (folder,) = Path("sweeps").glob("small-town-*")
    assert open_experiment(folder).manifest["runs"] == 8


def test_long_is_told_too(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(execution, "LONG_S", 1e-6)
    with pytest.raises(ExperimentError, match="if you want that, add --yes"):
        sandbox.sweep(here, {"ledger.servers": [1, 2, 4]}, replications=1, processes=1)


def test_flags_take_the_place_of_the_experiment(here: Path) -> None:
    experiment = "{levers: {ledger.servers: {values: [1, 4]}}, replications: 2, metrics: [throughput.settled]}"
    here.write_text(f"{here.read_text()}experiment: {experiment}\n")
    own = sandbox.sweep(here, processes=1)
    assert own.summary["design"]["runs"] == 4
    assert own.summary["metrics"] == ["throughput.settled"]
    other = sandbox.sweep(here, {"rules.kyc_delay": ["1 h"]}, replications=1, processes=1)
    assert [one["path"] for one in other.summary["factors"]] == ["rules.kyc_delay"]
    assert own.path != other.path
    assert status_of(["sweep", str(here), "--quiet", "--force", "--processes", "1"]) == 0
    assert open_experiment(own.path).manifest["repeated"] == 4


def test_an_experiment_is_no_run_and_is_never_overwritten(here: Path) -> None:
    done = sandbox.replicate(here, 2, out="many", processes=1)
    with pytest.raises(OutputError, match="a finished run is there"):
        sandbox.replicate(here, 2, out="many", processes=1)
    with pytest.raises(RunError, match="an experiment of many runs"):
        open_run(done.path)
    sandbox.run(here, out="one")
    with pytest.raises(RunError, match="not the folder of a finished experiment"):
        open_experiment("one")
    again = sandbox.replicate(here, 3, out="many", force=True, processes=1)
    assert again.manifest["repeated"] == 2


def test_a_precision_is_reached_or_said_not_to_be(here: Path) -> None:
    done = sandbox.replicate(here, precision={"throughput.settled": 0.02}, processes=1)
    (said,) = done.summary["precision"]
    assert said["ok"]
    assert said["reached"] <= 0.02
    assert done.manifest["runs"] == said["runs"] >= execution.MIN_REPLICATIONS
    capped = sandbox.replicate(here, 11, precision={"throughput.settled": 1e-6}, processes=1)
    (said,) = capped.summary["precision"]
    assert not said["ok"]
    assert capped.manifest["runs"] == said["runs"] == said["most"] == 11


def test_variants_are_compared_on_common_random_numbers(here: Path) -> None:
    same = {"ledger.servers": "60"}
    strict = {"rules.wallet_limits.preset": "ccb_pilot_2020", "rules.kyc_delay": "1 h"}
    done = sandbox.compare(here, variants=[same, strict], replications=6, metrics=["throughput.settled"], processes=1)
    rows = {row["other"]: row for row in done.summary["comparisons"]}
    nothing = rows["ledger.servers=60"]
    assert nothing["difference"] == 0
    assert "the same in every pair" in nothing["words"]
    fall = rows["rules.wallet_limits.preset=ccb_pilot_2020; rules.kyc_delay=1 h"]
    assert fall["high"] < 0
    assert fall["clear"]
    assert " fall" in fall["words"]
    assert fall["removed"] > 0.5
    seeds = {
        policy: [job.seed for job in done.results.jobs if job.policy == policy] for policy in done.results.policies
    }
    assert len({tuple(one) for one in seeds.values()}) == 1


def test_a_comparison_that_ignores_pairing_would_be_seen(here: Path) -> None:
    """Pairs put together wrongly leave the variance where it was."""
    strict = {"rules.wallet_limits.preset": "ccb_pilot_2020"}
    done = sandbox.compare(here, variants=[strict], replications=8, metrics=["throughput.settled"], processes=1)
    (right,) = compare(done.results, ["throughput.settled"])
    jobs = list(done.results.jobs)
    order = [*range(8), *(8 + (at + 3) % 8 for at in range(8))]
    wrong = type(done.results)(tuple(jobs), done.results.metrics, done.results.values[order], {})
    (found,) = compare(wrong, ["throughput.settled"])
    assert right.paired is not None
    assert found.paired is not None
    assert found.paired.difference.value == pytest.approx(right.paired.difference.value)
    assert right.paired.variance_removed is not None
    assert found.paired.variance_removed is not None
    assert right.paired.variance_removed > 0.5 > found.paired.variance_removed
    assert (found.paired.difference.half_width or 0) > 1.5 * (right.paired.difference.half_width or 0)
    assert verdict("throughput.settled", None).endswith("missing in one of both policies")


@pytest.mark.parametrize(
    ("metric", "scale", "unit"),
    [
        ("cases.wait_us_max", 1e6, " s"),
        ("cases.wait_us_max", 3.6e9, " h"),
        ("bills.spent_fen", 100.0, " CNY"),
        ("crossborder.arrangements.shared_ledger.used_usd_cents", 100.0, " USD"),
        ("risk.bills.lost_share", 0.01, ""),
    ],
)
def test_an_interval_is_told_in_the_unit_of_the_size(metric: str, scale: float, unit: str) -> None:
    difference = Interval(-4 * scale, -6 * scale, -2 * scale)
    told = verdict(
        metric,
        PairedDifference(difference, 0.0, 0.0, pairs=9, variance_removed=None, p_value=0.001, adjusted_p_value=0.001),
    )
    assert f"4{unit}" in told
    assert "2 to 6" in told


def test_json_is_the_summary_and_nothing_else(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    line = ["compare", str(here), "--set", "ledger.servers=1", "--replications", "2", "--json", "--processes", "1"]
    assert status_of(line) == 0
    shown: dict[str, Any] = json.loads(capfd.readouterr().out)
    (folder,) = Path("sweeps").glob("compare-*")
    assert shown == open_experiment(folder).summary


def test_ctrl_c_keeps_what_is_finished_and_says_so(
    here: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sandbox.cli import many

    def interrupted(self: Any, done: int, total: int) -> None:
        self.done = done
        if done == 4:
            raise KeyboardInterrupt

    monkeypatch.setattr(many._Counter, "__call__", interrupted)
    line = ["run", str(here), "--replications", "6", "--processes", "1"]
    assert status_of(line) == 130
    assert "4 finished runs are kept" in capfd.readouterr().err
    assert [file.name for file in Path("sweeps").iterdir()] == ["finished-runs.sqlite"]
    monkeypatch.undo()


LONG = ("rules.wallet_limits.classes.IV.single", "rules.wallet_limits.classes.IV.daily")


def test_what_is_printed_fits_a_terminal(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    varied = [f"--vary={LONG[0]}=500 CNY,2000 CNY", f"--vary={LONG[1]}=600 CNY,5000 CNY"]
    command = ["sweep", str(here), *varied, "--replications", "2", "--processes", "1", "--no-report", "--out", "s"]
    assert status_of(command) == 0
    printed = capsys.readouterr().out.splitlines()
    assert max(map(len, printed)) <= 80
    assert any(line.startswith("single=500 CNY, daily=600 CNY, mean of 2 runs") for line in printed)
    assert any(line.startswith("The largest difference of each number") for line in printed)
    summary = open_experiment("s").summary
    assert summary["names"][f"{LONG[0]}=2000 CNY, {LONG[1]}=600 CNY"] == "single=2000 CNY, daily=600 CNY"
    leads = [row for row in summary["comparisons"] if row["leads"]]
    assert len(leads) == len({row["metric"] for row in leads})
    for lead in leads:
        others = [row for row in summary["comparisons"] if row["metric"] == lead["metric"] and row["clear"]]
        assert not others or abs(lead["difference"]) == max(abs(row["difference"]) for row in others)


def test_what_pairing_removed_is_printed(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command = ["compare", str(here), f"--set={LONG[0]}=50 CNY", "--replications", "4", "--processes", "1"]
    assert status_of([*command, "--no-report", "--metric", "throughput.settled"]) == 0
    removed = open_experiment(next(Path("sweeps").glob("compare-*"))).summary["comparisons"][0]["removed"]
    assert f"Common random numbers removed {100 * removed:.0f} % of the variance" in capsys.readouterr().out
