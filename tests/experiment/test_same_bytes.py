"""The same sweep is the same bytes: on one process, on two, on a cluster of which a worker is killed, stopped and
resumed.

Real processes, a real scheduler and real workers; slow but for the first.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox import sweep
from sandbox.experiment.cluster import Cluster
from sandbox.experiment.errors import WorkersError
from sandbox.experiment.folder import Experiment
from sandbox.experiment.store import FILE as STORE
from sandbox.experiment.table import FILE
from tests.experiment.clusters import OTHER_PYTHON, OTHER_VERSION, cluster, environment

VARY = {"ledger.servers": [1, 4], "rules.wallet_limits.preset": ["2021+", "ccb_pilot_2020"]}
BROKEN = {
    "institutions.ICBC.liquidity.floor": ["1 CNY", "200 million CNY"],
    "institutions.ICBC.liquidity.target": ["500 million CNY", "100 million CNY"],
}
"""Each value is good; the second floor is above the second target, so a quarter of the runs fails."""
REPLICATIONS = 6
RUNS = 4 * REPLICATIONS


def swept(scenario: Path, out: Path, **how: object) -> Experiment:
    return sweep(scenario, VARY, replications=REPLICATIONS, out=out / "sweep", **how)


def test_one_process_twice_and_another_order_of_questions(small_town: Path, tmp_path: Path) -> None:
    first = sweep(small_town, VARY, replications=2, out=tmp_path / "a" / "sweep", processes=1)
    assert first.manifest["repeated"] == 0
    sweep(small_town, {"ledger.servers": [4]}, replications=1, out=tmp_path / "b" / "other", processes=1)
    again = sweep(small_town, VARY, replications=2, out=tmp_path / "b" / "sweep", processes=1)
    assert (first.path / FILE).read_bytes() == (again.path / FILE).read_bytes()
    assert sorted(file.name for file in first.path.iterdir()) == [
        "manifest.json", "scenario.yaml", "summary.json", "sweep.parquet",
    ]  # fmt: skip
    larger = sweep(small_town, VARY, replications=3, out=tmp_path / "a" / "larger", processes=1)
    assert (larger.manifest["runs"], larger.manifest["repeated"]) == (12, 8)


@pytest.mark.slow
def test_one_two_and_a_cluster_that_loses_a_worker(small_town: Path, tmp_path: Path) -> None:
    one = swept(small_town, tmp_path / "one", processes=1)
    two = swept(small_town, tmp_path / "two", processes=2)
    with cluster(tmp_path, 3) as (address, processes):
        killed: list[int] = []

        def kill_half_way(done: int, total: int) -> None:
            if not killed and total == RUNS and done >= RUNS // 2:
                killed.append(processes[1].pid)
                os.kill(processes[1].pid, signal.SIGKILL)

        three = swept(small_town, tmp_path / "three", cluster=address, progress=kill_half_way)
        assert killed
        assert processes[1].wait(10) == -signal.SIGKILL
    expected = (one.path / FILE).read_bytes()
    assert (two.path / FILE).read_bytes() == expected
    assert (three.path / FILE).read_bytes() == expected
    assert not one.results.errors
    assert {key: one.manifest[key] for key in ("runs", "failed")} == {"runs": RUNS, "failed": 0}


SWEEP = """
import sys
from pathlib import Path
from tests.experiment.test_same_bytes import swept
if __name__ == "__main__":
    swept(Path(sys.argv[1]), Path(sys.argv[2]), processes=2)
"""


def kept_in(store: Path) -> int:
    if not store.exists():
        return 0
    connection = sqlite3.connect(store, timeout=30)
    try:
        return int(connection.execute("select count(*) from runs").fetchone()[0])
    except sqlite3.OperationalError:  # its tables are being made
        return 0
    finally:
        connection.close()


@pytest.mark.slow
def test_a_killed_sweep_resumes_and_repeats_nothing(small_town: Path, tmp_path: Path) -> None:
    whole = swept(small_town, tmp_path / "whole", processes=1)
    program = tmp_path / "program.py"
    program.write_text(SWEEP)
    stopped = tmp_path / "stopped"
    running = subprocess.Popen([sys.executable, str(program), str(small_town), str(stopped)], env=environment())
    deadline = time.monotonic() + 240
    while kept_in(stopped / STORE) < 8:
        assert time.monotonic() < deadline
        assert running.poll() is None, "it was over before it was killed"
        time.sleep(0.01)
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    assert not (stopped / "sweep").exists()
    time.sleep(1.0)  # its workers see that it is gone
    kept = kept_in(stopped / STORE)
    assert 8 <= kept < RUNS
    assert orphans(program) == []
    resumed = swept(small_town, stopped, processes=1)
    assert resumed.manifest["repeated"] == kept
    assert (resumed.path / FILE).read_bytes() == (whole.path / FILE).read_bytes()
    assert kept_in(stopped / STORE) == RUNS


def orphans(program: Path) -> list[str]:
    """Processes that a killed program left behind: they have its path in their command line or environment."""
    found = []
    for file in Path("/proc").glob("[0-9]*/environ"):
        try:
            if str(program) in file.with_name("cmdline").read_text(errors="replace"):
                found.append(file.parent.name)
        except OSError:
            continue
    return found


@pytest.mark.slow
def test_failed_runs_are_listed_and_lose_nobody(small_town: Path, tmp_path: Path) -> None:
    done = sweep(small_town, {**VARY, **BROKEN}, replications=1, out=tmp_path / "sweep", processes=2)
    assert done.manifest["failed"] == 4
    assert all("liquidity" in words for words in done.results.errors.values())
    assert [one["run"] for one in done.summary["failed"]] == sorted(done.results.errors)
    assert len(done.results.sample("throughput.settled")) == 12


@pytest.mark.slow
@pytest.mark.parametrize(
    ("program", "words"),
    [
        (OTHER_VERSION, r"sandbox 9\.9\S+ on Python 3"),
        (OTHER_PYTHON, r"sandbox .* on Python 3\.99, numpy"),
    ],
)
def test_a_worker_with_another_version_is_refused(program: str, words: str, small_town: Path, tmp_path: Path) -> None:
    with (
        cluster(tmp_path, 1, program) as (address, _),
        pytest.raises(WorkersError, match=words) as caught,
    ):
        swept(small_town, tmp_path / "sweeps", cluster=address)
    assert caught.value.refused
    assert not (tmp_path / "sweeps").exists()


@pytest.mark.slow
def test_a_cluster_that_goes_away_keeps_what_is_finished(small_town: Path, tmp_path: Path) -> None:
    with cluster(tmp_path, 1) as (address, processes):

        def end(done: int, total: int) -> None:
            if total == RUNS and done >= 6:
                processes[0].kill()

        with pytest.raises(WorkersError, match="goes on from what is finished") as caught:
            swept(small_town, tmp_path / "sweeps", cluster=address, progress=end)
    assert not caught.value.refused
    assert kept_in(tmp_path / "sweeps" / STORE) >= 6


@pytest.mark.slow
def test_a_cluster_whose_workers_all_go_keeps_what_is_finished(
    small_town: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sandbox.experiment.cluster.GONE_S", 3.0)
    with cluster(tmp_path, 1) as (address, processes):

        def end(done: int, total: int) -> None:
            if total == RUNS and done >= 6:
                processes[1].kill()

        with pytest.raises(WorkersError, match="have gone, and none has come for 3 s") as caught:
            swept(small_town, tmp_path / "sweeps", cluster=address, progress=end)
    assert not caught.value.refused
    assert kept_in(tmp_path / "sweeps" / STORE) >= 6


def test_a_cluster_without_workers_or_at_all_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.experiment.cluster.CONNECT_S", 1.0)
    with (
        pytest.raises(WorkersError, match=r"no cluster answers at tcp://127\.0\.0\.1:9") as caught,
        Cluster("tcp://127.0.0.1:9"),
    ):
        pass
    assert caught.value.refused
    with cluster(tmp_path, 0) as (address, _), pytest.raises(WorkersError, match="has no workers"), Cluster(address):
        pass
