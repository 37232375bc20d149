"""Runs that are killed, stopped or run out of disk leave nothing that looks finished.

Real processes, real signals, a real file-size limit and a real full disk. Kills come at moments spread over a run,
wherever it then is; and at exact places, by `DRIVER`, where one table stands in for the simulation to save time.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox import records, tables
from sandbox.files import sha256
from tests.conftest import SMALL_TOWN

COMMAND = Path(sys.executable).with_name("ecny-sandbox")
LONGEST_S = 120

DRIVER = """
import json, os, signal, sys
import pandas, pyarrow, pyarrow.parquet
from sandbox import disk, records, runfolder, running
from sandbox.cli import failures, main, run, verbs
from sandbox.engine import recorder
from sandbox.journal import chain, seal
from sandbox.scenario import load

def simulate(loaded, folder, record, progress):
    key = chain.ledger_key(loaded.scenario.seed)
    header = chain.header_of(key.public, {**dict.fromkeys(chain.WORDS, ()), **chain.KNOWN_WORDS})
    (folder / records.JOURNAL).write_bytes(chain.signed_line(header, key)[0])
    pyarrow.parquet.write_table(pyarrow.table({"payment_id": [1, 2, 3]}), folder / "payments.parquet")
    return {"throughput": {}}

def drive(place, call, number, out, arguments):
    os.dup2(os.open(out, os.O_CREAT | os.O_WRONLY), 2)
    owner = next(one for one in (os, disk, runfolder) if hasattr(one, place))
    original, calls = getattr(owner, place), 0
    def kill(*args, **kwargs):
        nonlocal calls
        calls += 1
        if calls == call:
            os.kill(os.getpid(), number)
        return original(*args, **kwargs)
    for module in list(sys.modules.values()):
        if getattr(module, place, None) is original:
            setattr(module, place, kill)
    running._simulate = simulate
    try:
        main.main(arguments)
    except SystemExit as ended:
        os._exit(ended.code)  # taking all those modules apart would take longer than the run

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        drive(*json.loads(line))
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""Imports once, and is a process of its own for every line that it reads."""


@pytest.fixture(scope="module")
def busy_town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario of some 100,000 payments: long enough to be hit in every phase."""
    file = tmp_path_factory.mktemp("scenario") / "busy-town.yaml"
    file.write_text(SMALL_TOWN.replace("24000 /day", "1200000 /day"), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def took_s(busy_town: Path, tmp_path_factory: pytest.TempPathFactory) -> float:
    """Seconds that a whole run takes once everything is compiled."""
    out = tmp_path_factory.mktemp("whole") / "run"
    for _ in range(2):
        started = time.perf_counter()
        subprocess.run([COMMAND, "run", busy_town, "--out", out, "--force", "--quiet"], check=True, timeout=LONGEST_S)
    return time.perf_counter() - started


def assert_nothing_looks_finished(place: Path) -> None:
    """Nothing below `place` opens as a run, and nothing but hidden working folders is there."""
    for folder in place.iterdir():
        assert folder.name.startswith("."), folder
        assert records.WORKING in folder.name, folder
        with pytest.raises(records.RunError):
            records.open_run(folder)


def assert_whole(run: Path) -> None:
    """The run opens, and each table has the bytes that the manifest says."""
    manifest = records.open_run(run).manifest
    assert manifest["tables"]
    for name, entry in manifest["tables"].items():
        assert sha256(run / tables.table_file(name)) == entry["sha256"], name


def start(scenario: Path, out: Path, *more: str) -> subprocess.Popen[str]:
    command = [COMMAND, "run", scenario, "--out", out, *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def wait_until_begun(process: subprocess.Popen[str], place: Path) -> None:
    """Until the run has its working folder."""
    deadline = time.monotonic() + LONGEST_S
    while not any(records.WORKING in folder.name for folder in place.iterdir()):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.005)


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.0, 0.3, 0.8])
def test_killed_at_some_moment(busy_town: Path, small_town: Path, took_s: float, tmp_path: Path, share: float) -> None:
    out = (place := tmp_path / "runs") / "run"
    place.mkdir()
    process = start(busy_town, out)
    wait_until_begun(process, place)
    time.sleep(share * took_s)
    process.kill()
    process.communicate(timeout=LONGEST_S)
    if out.exists():  # it was quicker this time
        assert_whole(out)
        return
    assert_nothing_looks_finished(place)
    subprocess.run([COMMAND, "run", small_town, "--out", out, "--quiet", "--no-report"], check=True, timeout=LONGEST_S)
    assert [folder.name for folder in place.iterdir()] == ["run"]
    assert_whole(out)


@dataclass(frozen=True)
class Driver:
    """Runs scenarios, each in a process of its own."""

    process: subprocess.Popen[str]

    def run(self, place: str, scenario: Path, out: Path, *more: str, number: int = signal.SIGKILL) -> tuple[int, str]:
        """Run a scenario and send it a signal when it calls a function the n-th time, given as `function:n`.

        Returns the exit status, and what was said about errors.
        """
        name, call = place.split(":")
        errors = scenario.with_name("errors.txt")
        arguments = ["run", str(scenario), "--out", str(out), "--no-report", "--quiet", *more]
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        print(json.dumps([name, int(call), number, str(errors), arguments]), file=self.process.stdin, flush=True)
        return int(self.process.stdout.readline()), errors.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def driver() -> Iterator[Driver]:
    command = [sys.executable, "-c", DRIVER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Driver(process)


@pytest.fixture(scope="module")
def finished(driver: Driver, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A finished run of the driver, to be copied."""
    folder = tmp_path_factory.mktemp("finished")
    (folder / "small-town.yaml").write_text(SMALL_TOWN, encoding="utf-8")
    status, errors = driver.run("sha256:99", folder / "small-town.yaml", folder / "run", "--seed", "9")
    assert status == 0, errors
    return folder / "run"


PLACES = [
    "_make_working_folder:1",
    "mkdir:1",
    "write_text:1",
    "write_json:1",
    "draft:2",
    "sha256:1",
    "sha256:4",
    "_rows:2",
    "tree_to_disk:1",
    "to_disk:3",
    "fsync:2",
    "check_out:2",
    "replace:2",
    "move:1",
    "move:3",
]


@pytest.mark.parametrize(
    ("place", "force"), [*((place, False) for place in PLACES), *((place, True) for place in PLACES[1::2])]
)
def test_killed_at_an_exact_place(
    driver: Driver, small_town: Path, finished: Path, tmp_path: Path, place: str, force: bool
) -> None:
    runs = tmp_path / "runs"
    runs.mkdir()
    out = runs / "run"
    if force:
        shutil.copytree(finished, out)
    status, errors = driver.run(place, small_town, out, *(["--force"] if force else []))
    assert status == -signal.SIGKILL, errors
    if force:
        assert_whole(out)
        assert records.open_run(out).manifest["seed"] == 9
        out = out.rename(tmp_path / "aside")
    assert_nothing_looks_finished(runs)


@pytest.mark.usefixtures("signals_count")
@pytest.mark.parametrize(
    ("place", "number", "status"),
    [(place, *((signal.SIGTERM, 143) if at % 3 == 2 else (signal.SIGINT, 130))) for at, place in enumerate(PLACES)],
)
def test_stopped_at_an_exact_place(
    driver: Driver, small_town: Path, tmp_path: Path, place: str, number: int, status: int
) -> None:
    runs = tmp_path / "runs"
    runs.mkdir()
    ended, errors = driver.run(place, small_town, runs / "run", number=number)
    assert "Traceback" not in errors
    if (runs / "run").exists():  # the signal waited until the folder had its name
        assert ended in (0, status)
        assert_whole(runs / "run")
    else:
        assert ended == status, errors
    assert [folder.name for folder in runs.iterdir()] == ["run"] * (runs / "run").exists()


@pytest.mark.slow
@pytest.mark.usefixtures("signals_count")
@pytest.mark.parametrize(("share", "number", "status"), [(0.4, signal.SIGINT, 130), (0.1, signal.SIGTERM, 143)])
def test_stopped_at_some_moment(
    busy_town: Path, took_s: float, tmp_path: Path, share: float, number: signal.Signals, status: int
) -> None:
    out = tmp_path / "run"
    process = start(busy_town, out)
    wait_until_begun(process, tmp_path)
    time.sleep(share * took_s)
    process.send_signal(number)
    _, errors = process.communicate(timeout=LONGEST_S)
    if out.exists():  # it was quicker this time
        assert_whole(out)
        return
    assert process.returncode == status, errors
    assert list(tmp_path.iterdir()) == []
    assert "Traceback" not in errors


def run_limited(scenario: Path, out: Path, file_bytes: int | None = None) -> subprocess.CompletedProcess[str]:
    def limit() -> None:
        if file_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))

    command = [COMMAND, "run", scenario, "--out", out]
    return subprocess.run(command, capture_output=True, text=True, timeout=LONGEST_S, preexec_fn=limit)


def assert_disk_full(done: subprocess.CompletedProcess[str], place: Path) -> None:
    assert done.returncode == 1, done.stderr
    assert "the disk is full" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""
    assert list(place.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("file_bytes", [100, 500_000])
def test_a_file_that_may_not_grow(busy_town: Path, took_s: float, tmp_path: Path, file_bytes: int) -> None:
    assert took_s > 0  # compiled before the limit is set, so that the limit meets the run's own files
    assert_disk_full(run_limited(busy_town, tmp_path / "run", file_bytes), tmp_path)


MOUNTED = """
mount -t tmpfs -o "size=$2" tmpfs "$1" || exit 1
trap "" HUP INT TERM
echo there
cat
umount --lazy "$1"
"""
"""A disk that is there until nobody writes to this shell any more, were it because the writer was killed."""


@contextlib.contextmanager
def small_disk(place: Path, size: str) -> Iterator[Path]:
    place.mkdir()
    if shutil.which("mount") is None or os.geteuid() != 0:
        pytest.skip("a small disk needs root")
    command = ["sh", "-c", MOUNTED, "sh", place, size]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, **pipes, start_new_session=True) as shell:  # type: ignore[call-overload]
        if shell.stdout.read(6) != b"there\n":
            pytest.skip("no tmpfs can be mounted here")
        yield place
    assert not place.is_mount()


@pytest.mark.slow
def test_a_small_disk_goes_with_whoever_has_it(tmp_path: Path) -> None:
    code = """
import os, pathlib, signal, sys
from tests.hostile.test_kills import small_disk
with small_disk(pathlib.Path(sys.argv[1]), "64k") as place:
    assert place.is_mount()
    in_use = open(place / "file", "w")
    os.kill(os.getpid(), signal.SIGKILL)
"""
    with small_disk(tmp_path / "mine", "64k"):
        done = subprocess.run([sys.executable, "-c", code, tmp_path / "its"])
    assert done.returncode == -signal.SIGKILL
    until_s = time.monotonic() + LONGEST_S
    while (tmp_path / "its").is_mount():
        assert time.monotonic() < until_s
        time.sleep(0.01)


@pytest.mark.slow
@pytest.mark.parametrize("size", ["64k", "2m"])
def test_a_disk_that_is_full(busy_town: Path, took_s: float, tmp_path: Path, size: str) -> None:
    assert took_s > 0
    with small_disk(tmp_path / "disk", size) as disk:
        assert_disk_full(run_limited(busy_town, disk / "run"), disk)


REPLAY = """
import json, sys, sandbox
run = sandbox.run(sys.argv[1], seed=int(sys.argv[2]), out=sys.argv[3])
print(json.dumps({name: entry["sha256"] for name, entry in run.manifest["tables"].items()}))
"""


def hashes(scenario: Path, out: Path, seed: int = 5, **environment: str) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", REPLAY, scenario, str(seed), out],
        capture_output=True,
        text=True,
        check=True,
        timeout=LONGEST_S,
        env={**os.environ, **environment},
    )
    tables: dict[str, str] = json.loads(done.stdout)
    return tables


@pytest.mark.slow
def test_the_same_scenario_and_seed_give_the_same_bytes(small_town: Path, tmp_path: Path) -> None:
    first, *others = (hashes(small_town, tmp_path / value, PYTHONHASHSEED=value) for value in ("0", "1", "random"))
    assert set(first) == set(tables.TABLES) - tables.optional_tables()
    assert others == [first, first]
    other_seed = hashes(small_town, tmp_path / "other", seed=6)
    assert other_seed["payments"] != first["payments"]
