"""Ten thousand random changes to a run folder, each of them caught; in process, and only up to the first problem."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from pathlib import Path

import pytest

import sandbox
from sandbox.audit.auditor import audit
from tests.journal.folders import change_byte, change_length, covered, edit_row, kept, read_table

HANDS = {"byte": 5, "row": 4, "length": 1}
"""What is done, and how often."""


def uncaught(folder: Path, count: int, seed: int) -> tuple[list[str], Counter[str]]:
    """Change the folder so many times; what nobody noticed, and how often each file was changed."""
    rng, missed, changed = random.Random(seed), [], Counter[str]()
    tables = {file.stem: read_table(folder, file.stem) for file in folder.glob("*.parquet")}
    assert audit(folder).ok
    for turn in range(count):
        hand = rng.choices(list(HANDS), list(HANDS.values()))[0]
        if hand == "byte":
            file, data, what = change_byte(folder, rng)
        elif hand == "length":
            file, data, what = change_length(folder, rng)
        else:
            file, data, what = edit_row(folder, tables, rng)
        if data == file.read_bytes():
            continue  # a row that equals its neighbour was swapped with it, or a byte repeated
        with kept(file):
            file.write_bytes(data)
            changed[file.name] += 1
            if audit(folder, first_only=True).ok:
                missed.append(what)
        if turn % 1000 == 0:
            assert audit(folder).ok, "an unmodified folder passes"
    assert audit(folder).ok
    return missed, changed


def test_random_changes_are_caught(evening: Path) -> None:
    missed, changed = uncaught(evening, 150, 1)
    assert missed == []
    assert set(changed) == {file.name for file in covered(evening)}


@pytest.mark.long
def test_ten_thousand_random_changes_are_caught(evening: Path, tmp_path: Path) -> None:
    missed, changed = uncaught(shutil.copytree(evening, tmp_path / "run"), 10_100, 2)
    assert missed == []
    assert sum(changed.values()) >= 10_000


RUNS: dict[str, dict[str, object]] = {
    "cloned-cards": {"duration": "40 h", "offline.attacks.ring.starts": "20 h"},
    "digital-bills": {"scale": 0.01},
    "data-exchange": {"duration": "3 d"},
    "purpose-bound-subsidy": {"scale": 0.02, "contracts.subsidies.food.vouchers": 200},
    "mbridge-or-correspondent": {"duration": "2 d", "scale": 0.3},
}
"""Small runs with every table that some part writes: by purse, bills, data, contracts, across borders, postings."""


@pytest.mark.long
@pytest.mark.parametrize("name", RUNS)
def test_ten_thousand_changes_of_runs_with_other_tables_are_caught(name: str, tmp_path: Path) -> None:
    """2,100 of each."""
    folder = sandbox.run(sandbox.load(name, set=RUNS[name]), out=tmp_path / "run").path
    missed, changed = uncaught(folder, 2_150, 4)
    assert missed == []
    assert sum(changed.values()) >= 2_100
    assert set(changed) == {file.name for file in covered(folder)}


def test_a_change_is_looked_at_to_the_end_without_a_crash(evening: Path) -> None:
    """Not only the first problem: every check goes on over broken files."""
    rng = random.Random(3)
    for _ in range(20):
        file, data, what = change_byte(evening, rng)
        with kept(file):
            file.write_bytes(data)
            assert not audit(evening).ok, what
