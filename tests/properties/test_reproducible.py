"""The same scenario and seed give the same bytes in every process, whatever its surroundings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.properties.towns import TOWN

ROOT = Path(__file__).resolve().parents[2]
REPLAY = """
import json, sys
import sandbox
run = sandbox.run(sys.argv[1], out=sys.argv[2], set={"duration": sys.argv[3]})
found = {name: entry["sha256"] for name, entry in run.manifest["tables"].items()}
print(json.dumps([found, run.summary], sort_keys=True))
"""
HASHED = """
import numpy as np, sandbox.core.draws as draws
draws.stream = lambda seed, *names: np.uint64(hash((seed, *names)) & (2**64 - 1))
"""
"""A mistake on purpose: streams named by Python's hash, which differs from process to process."""


def replay(
    out: Path, *, duration: str = "4 days", program: str = REPLAY, flags: tuple[str, ...] = (), **surroundings: str
) -> str:
    place = out.parent / f"{out.name} cwd"
    place.mkdir()
    done = subprocess.run(
        [sys.executable, *flags, "-c", program, TOWN, out, duration],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
        cwd=place,
        env={**os.environ, "PYTHONPATH": str(ROOT), **surroundings},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_fresh_processes_give_the_same_bytes(tmp_path: Path) -> None:
    """In all that is around them at once; where they differ, one after the other shows what it is."""
    first, other = (
        replay(tmp_path / "0", duration="1 day", PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C", OMP_NUM_THREADS="1"),
        replay(
            tmp_path / "1", duration="1 day", flags=("-O",), PYTHONHASHSEED="1", TZ="Asia/Shanghai", LC_ALL="C.UTF-8"
        ),
    )
    tables, summary = json.loads(first)
    assert {"payments", "ledger", "wallets", "series", "stations", "events"} <= set(tables)
    assert summary["outcomes"]["settled"] > 1_000
    assert other == first


def test_uncompiled_gives_the_same_bytes(tmp_path: Path) -> None:
    compiled, plain = (replay(tmp_path / flag, duration="12 h", ECNY_SANDBOX_COMPILED=flag) for flag in ("1", "0"))
    assert plain == compiled


@pytest.mark.slow
def test_draws_that_depend_on_the_process_would_be_seen(tmp_path: Path) -> None:
    program = HASHED + REPLAY
    one, two = (replay(tmp_path / value, program=program, duration="6 h", PYTHONHASHSEED=value) for value in ("1", "2"))
    assert one != two
