"""The tools that visit environments see what differs, find Pythons that work, and shorten scenarios that exist."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sandbox.scenario import gallery
from sandbox.scenario.load import load
from tools import environments, visit
from tools.environments import Visited, differing

ROOT = Path(__file__).parents[1]


def test_every_change_visits_them() -> None:
    checked = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert "make --no-print-directory test-plain" in checked
    (target,) = (ROOT / "Makefile").read_text(encoding="utf-8").split("\ntest-plain:")[1:]
    assert "tools/environments.py" in target.split("\n\n")[0]


def test_what_differs_between_environments_is_seen() -> None:
    first = Visited("a", "", {"one": {"summary.json": "1", "ledger.parquet": "2"}, "two": {"summary.json": "3"}})
    same = first._replace(name="b")
    assert differing([first, same]) == []
    other = Visited("c", "", {"one": {"summary.json": "1", "ledger.parquet": "9"}})
    assert differing([first, same, other]) == [
        "one/ledger.parquet: a and c differ",
        "two/summary.json: a and c differ",
    ]
    more = Visited("d", "", {**first.digests, "two": {"summary.json": "3", "postings.parquet": "4"}})
    assert differing([first, more]) == ["two/postings.parquet: a and d differ"]


def test_a_python_that_does_not_start_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the commands of version managers whose version is not switched on."""
    for minor in environments.MINORS:
        (tmp_path / f"python3.{minor}").write_text("#!/bin/sh\nexit 127\n")
        (tmp_path / f"python3.{minor}").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert environments.pythons() == {sys.version_info[1]: sys.executable}


@pytest.mark.parametrize("name", gallery.names())
def test_every_scenario_can_be_shortened(name: str) -> None:
    assert set(visit.SHORTENED) <= set(gallery.names())
    short = load(name, overrides=visit.SHORTENED.get(name, visit.SMALL)).scenario
    assert short.scale * short.population.wallets <= 15_000


def test_a_wrong_answer_ends_a_visit(capsys: pytest.CaptureFixture[str]) -> None:
    assert visit.said("schema").startswith("{")
    with pytest.raises(visit.Wrong, match=r"show nowhere: exit 2, not 0\n.*nowhere"):
        visit.said("show", "nowhere")
