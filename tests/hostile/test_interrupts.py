"""Ctrl-C at any moment of a sweep: it says so in a line, exit status 130, and leaves nothing half and nobody.

Real processes and real signals, to the command alone and to its whole group, as a terminal sends them. The moments are
drawn with a seed, over as long as an undisturbed sweep takes, and count from where the command listens.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox import records
from sandbox.experiment.store import FILE
from tests.conftest import SMALL_TOWN

pytestmark = [
    pytest.mark.usefixtures("signals_count"),
    pytest.mark.skipif(os.name != "posix", reason="groups of processes are POSIX's"),
]

LONGEST_S = 180
GONE_S = 20
MOMENTS = 14
COMMAND = """
import os, sys
from sandbox.cli import main
ready, real = int(sys.argv.pop(1)), main.status_of
def status_of(arguments):
    os.write(ready, b"x")
    return real(arguments)
main.status_of = status_of
main.main()
"""
"""Says when Python has started and the command listens: a hundredth of a second of imports of ours lies before."""


def sweep(town: Path, out: Path, processes: int) -> tuple[subprocess.Popen[str], int]:
    """A sweep that has begun, and where it says so."""
    ready, write = os.pipe()
    try:
        words = ["sweep", town, "--vary", "ledger.servers=4,5,6", "--processes", str(processes)]
        process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, str(write), *words, "--replications", "1", "--no-report", "--out", out],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, pass_fds=[write],
        )  # fmt: skip
    finally:
        os.close(write)
    return process, ready


def processes_of(group: int) -> list[int]:
    """Who is left of a group and is no zombie."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with contextlib.suppress(OSError):
                state, _, of_group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
                if int(of_group) == group and state != "Z":
                    found.append(int(folder.name))
    return found


def interrupted(town: Path, place: Path, processes: int, delay_s: float, group: bool, presses: int) -> int:
    """Press Ctrl-C so long after the start; returns the exit status."""
    place.mkdir()
    process, ready = sweep(town, place / "sweep", processes)
    with os.fdopen(ready, "rb") as begun:
        begun.read(1)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(delay_s)
    for _ in range(presses):
        with contextlib.suppress(ProcessLookupError):
            (os.killpg if group else os.kill)(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=LONGEST_S)
    until_s = time.monotonic() + GONE_S
    while left := processes_of(process.pid):
        assert time.monotonic() < until_s, left
        time.sleep(0.05)
    assert "Traceback" not in errors
    assert "bug" not in errors
    assert {file.name.removesuffix("-wal").removesuffix("-shm") for file in place.iterdir()} <= {"sweep", FILE}
    whole = (place / "sweep").exists()
    if whole:
        assert records.read_json(place / "sweep" / records.MANIFEST)["status"] == "complete"
    assert process.returncode in ((0, 130) if whole else (130,)), errors
    return process.returncode


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("scenario") / "town.yaml"
    file.write_text(SMALL_TOWN.replace("duration: 2 h", "duration: 10 min"), encoding="utf-8")
    return file


@pytest.mark.parametrize(("delay_s", "group"), [(0.0, True), (2.0, False)])
def test_ctrl_c_early(town: Path, tmp_path: Path, delay_s: float, group: bool) -> None:
    interrupted(town, tmp_path / "here", 2, delay_s, group, presses=2)


@pytest.mark.slow
@pytest.mark.parametrize("processes", [1, 2])
def test_ctrl_c_at_any_moment(town: Path, tmp_path: Path, processes: int) -> None:
    began_s = time.monotonic()
    process, ready = sweep(town, tmp_path / "undisturbed" / "sweep", processes)
    _, errors = process.communicate(timeout=LONGEST_S)
    os.close(ready)
    assert process.returncode == 0, errors
    took_s = time.monotonic() - began_s
    draws = random.Random(processes)
    ended = [
        interrupted(
            town, tmp_path / str(number), processes, draws.random() * took_s, draws.random() < 0.5, draws.choice((1, 3))
        )
        for number in range(MOMENTS // 2)
    ]
    assert 130 in ended
