"""The rail gives the same bytes compiled, uncompiled, and compiled with bound checks.

Uncompiled, every index is checked by numpy, and a warning (an overflow that is not meant, for one) is an error.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.core.compiled import IS_COMPILED
from tests.oracle.digest import digest

ROOT = Path(__file__).parents[2]
SEEDS = range(100, 125)


def digests(environment: dict[str, str], *options: str) -> list[str]:
    """First how the rail ran, then the digest of each world, out of a process of its own."""
    command = [sys.executable, *options, "-m", "tests.oracle.digest", *map(str, SEEDS)]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1]


@pytest.fixture(scope="module")
def here() -> list[str]:
    """The digests in this process."""
    found = [digest(seed) for seed in SEEDS]
    assert len(set(found)) == len(found)
    return found


@pytest.mark.skipif(not IS_COMPILED, reason="numba is absent or switched off")
def test_uncompiled_gives_the_same_bytes(here: list[str]) -> None:
    assert digests({"ECNY_SANDBOX_COMPILED": "0"}, "-W", "error") == ["not compiled", *here]


@pytest.mark.slow
@pytest.mark.skipif(not IS_COMPILED, reason="numba is absent or switched off")
def test_bound_checks_change_nothing(here: list[str], tmp_path: Path) -> None:
    """Compiled anew, into a cache of its own: a cached function would run without the checks."""
    environment = {"NUMBA_BOUNDSCHECK": "1", "XDG_CACHE_HOME": str(tmp_path)}
    assert digests(environment) == ["compiled", *here]
    assert any(tmp_path.rglob("*.nbc")), "nothing was compiled"
