"""The plugin of mypy that keeps `sum` to whole numbers sees floats, and only those."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HEAD = """\
from collections.abc import Iterator
from typing import Any
class One:
    fen: int = 1
    share: float = 0.5
    kind: Any = None
ones: list[One] = []
by_name: dict[str, float] = {}
def found() -> dict[str, Any]:
    return {"a": sum(one.fen for one in ones), "b": sum(one.share for one in ones)}  # float
"""
LINES = {
    "sum([one.fen for one in ones])": True,
    "sum(one.fen > 3 for one in ones)": True,
    "sum(map(int, '12'))": True,
    "sum({1: 2}.values())": True,
    "sum([one.share for one in ones])": False,
    "sum(by_name.values())": False,
    "sum(one.share * 2 for one in ones)": False,
    "sum((one.fen for one in ones), 0.5)": False,
    "sum(one.kind for one in ones)": False,
    "sum(one.fen / 2 for one in ones)": False,
}


@pytest.mark.slow
def test_sums_of_floats_are_refused(tmp_path: Path) -> None:
    (tmp_path / "sums.py").write_text(HEAD + "\n".join(LINES) + "\n")
    (tmp_path / "mypy.ini").write_text(f"[mypy]\nplugins = {ROOT / 'tools' / 'whole_sums.py'}\n")
    line = [sys.executable, "-m", "mypy", "--config-file", "mypy.ini", "sums.py"]
    said = subprocess.run(line, cwd=tmp_path, capture_output=True, text=True, check=False).stdout
    refused = {int(one.split(":")[1]) for one in said.splitlines() if ": error: " in one}
    head = HEAD.count("\n")
    assert refused == {head} | {head + 1 + at for at, whole in enumerate(LINES.values()) if not whole}, said
