"""`ecny-sandbox validate`: what holds, what does not, and that its table says so."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.cli.main import status_of
from sandbox.features.flight import ecb_study as flight
from sandbox.validation import cases, luohu
from sandbox.validation.check import Case, Check, CheckOverSeeds, near, unjudged
from sandbox.validation.words import words

QUICK = ("luohu", "mbridge-2022", "remittance", "flight")
SOURCES = Path(__file__).parents[2] / "docs" / "sources.md"


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A cheap case in the place of Luohu."""
    monkeypatch.setitem(cases.CASES, "luohu", f"{__name__}:made_up")
    return monkeypatch


def made_up(seed: int) -> Iterator[Check]:
    yield near("luohu.claimed", 100, "Beijing News reprint", 0.05, 98 + seed)
    yield unjudged("luohu.settled", 7.5, ".1%")


def too_many(seed: int) -> Iterator[Check]:
    yield from made_up(seed + 30)


def rows(shown: str) -> list[str]:
    return [" ".join(line.split()) for line in shown.splitlines()]


def test_what_holds(only: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(["validate", "luohu", "--seeds", "3"]) == 0
    shown = capsys.readouterr().out
    assert "red packets claimed 100 100 (99 to 101) 95 to 105 holds Beijing News reprint" in rows(shown)
    assert "payments settled 750.0 % (750.0 % to 750.0 %)" in rows(shown)
    assert "Fitted: payments that a claimer sets out to make" in shown
    assert shown.endswith("1 of 1 numbers lie between their limits.\n")


def test_what_does_not(only: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    only.setitem(cases.CASES, "luohu", f"{__name__}:too_many")
    assert status_of(["validate", "luohu"]) == 1
    shown = capsys.readouterr().out
    assert "red packets claimed 100 129 95 to 105 OFF Beijing News reprint" in rows(shown)
    assert "0 of 1 numbers lie" in shown


def test_as_json(only: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert status_of(["validate", "luohu", "--seeds", "2", "--json"]) == 0
    claimed, settled = json.loads(capsys.readouterr().out)["luohu"]
    assert claimed == {
        "what": "luohu.claimed", "published": "100", "source": "Beijing News reprint", "mean": 99.5,
        "found": [99, 100], "least": 95.0, "most": 105.0, "holds": True,
    }  # fmt: skip
    assert settled["holds"] is None


def test_another_published_number_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """The real case, with the truth changed by ten per cent."""
    assert all(row.holds for row in Case("luohu", luohu.checks).rows([1]))
    monkeypatch.setattr(luohu, "PAYMENTS", round(1.1 * luohu.PAYMENTS))
    wrong = [row.check.what for row in Case("luohu", luohu.checks).rows([1]) if not row.holds]
    assert wrong == ["luohu.settled"]


def test_what_is_not_a_number_does_not_hold() -> None:
    assert not CheckOverSeeds(near("luohu.claimed", 100, "", 0.05, 100), [100, math.nan]).holds


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[] if name in QUICK else pytest.mark.slow) for name in cases.names() if name != "queues"],
)
def test_every_number_has_words_and_a_source_that_is_listed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a flight, which takes its time, with made-up numbers."""
    monkeypatch.setattr(flight, "wave", lambda limit, seed=1, **changes: flight.Wave(limit, 699.0, 0.08, 3, 0.01, "a"))
    sources = SOURCES.read_text(encoding="utf-8")
    rows = cases.case(name).rows([1])
    assert len(rows) >= 2
    for row in rows:
        assert words(row.check.what)
        assert row.check.source in sources
        assert bool(row.check.published) == bool(row.check.source)
        assert row.judged or not row.check.published
