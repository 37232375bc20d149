"""Experiments on worlds in which next to nothing happens: every sentence holds, in the terminal and in the report."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sandbox.cli.main import status_of
from tests.hostile.test_tiny_worlds import wrong

WORLD = """
title: Few
question: q
duration: 10 min
population: {wallets: 2}
merchants: {count: 1}
institutions: {north: {share: 60 %}, south: {share: 40 %}}
demand: {segments: {retail: {payments: PAYMENTS /day, ticket: {median: 5 CNY}}}}
"""
ASKED = {
    "replications": ["run", "--replications", "2"],
    "compare": ["compare", "--set", "duration=20 min", "--replications", "2"],
    "stress": ["compare", "--stress", "each:institution", "--replications", "2"],
    "stress once": ["compare", "--stress", "each:institution", "--replications", "1"],
    "one point": ["sweep", "--vary", "duration=10 min"],
    "capacity": ["capacity", "--by", "payments", "--most", "1x", "--replications", "2"],
}
BELOW_NOTHING = re.compile(r"(?<![\d.])-[\d,.]+ (?:to|ms|yuan)|\bone run\b.*:")


def told(tmp_path: Path, capfd: pytest.CaptureFixture[str], payments: int, asked: list[str]) -> str:
    """What a person reads: the terminal's lines and the report."""
    file, out = tmp_path / "few.yaml", tmp_path / "out"
    file.write_text(WORLD.replace("PAYMENTS", str(payments)), encoding="utf-8")
    verb, *options = asked
    status = status_of([verb, str(file), *options, "--out", str(out), "--processes", "1"])
    said = capfd.readouterr()
    assert (status, "this is a bug" in said.err) == (0, False), said.err
    return said.out + (out / "report.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("payments", [0, 300])
@pytest.mark.parametrize("asked", ASKED)
def test_every_sentence_of_an_experiment_holds(
    asked: str, payments: int, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    if asked == "capacity" and not payments:
        pytest.skip("refused: tests/experiment/test_capacity.py")
    words = told(tmp_path, capfd, payments, ASKED[asked])
    assert wrong(words) == []
    assert "loses –" not in words
    assert "(– to –" not in words
    levels = [line for line in words.splitlines() if "difference" not in line and "may be unchanged" not in line]
    if asked in ("replications", "one point"):
        assert [line for line in levels if BELOW_NOTHING.search(line)] == []


def test_runs_in_which_a_number_is_missing_are_counted(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Two runs, in one of which something settles: a latency is of one run, and the others are of two."""
    words = told(tmp_path, capfd, 300, ASKED["replications"])
    assert "few, mean of 2 runs" in words
    assert re.search(r"p99 latency +54.4 ms +\(in 1 of them\)", words)
    assert re.search(r"number of settled payments +0.5 +0 to 6.85", words)


def test_nobody_loses_more_than_all_and_chance_is_named(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    words = " ".join(told(tmp_path, capfd, 300, ASKED["stress"]).split())
    assert (
        "north comes first: if it fails, 100 % of the settled value is lost, but that may be due to chance "
        "(-1,170.6 % to 100 %" in words
    )
    assert "matters most" not in words


def test_what_nothing_settles_in_nobody_can_harm(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    words = " ".join(told(tmp_path, capfd, 0, ASKED["stress"]).split())
    assert "Nothing settles in the scenario as it stands, so nobody's failing can lose any of it." in words
    assert "no difference at all" not in words
