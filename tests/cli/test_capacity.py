"""The verb capacity and --stress, from the outside."""

import json

import pytest

from sandbox.cli.main import status_of

TOWN = """
title: A town
question: How much?
duration: 10 min
population: {wallets: 50, corporates: 0}
merchants: {count: 5}
institutions: {bank: {share: 100 %, servers: 1, service: {shape: exponential, mean: 20 ms}}}
demand: {segments: {shops: {payments: 20 /s, profile: flat, ticket: {median: 1 fen, sigma: 0}}}}
"""


@pytest.fixture
def town(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "town.yaml").write_text(TOWN)
    return tmp_path


def capacity(*more):
    return status_of(
        [
            "capacity",
            "town.yaml",
            "--by",
            "payments",
            "--precision",
            "20 %",
            "--processes",
            "1",
            "--replications",
            "1",
            *more,
        ]
    )


def test_the_knee_is_printed_and_kept(town, capsys):
    assert capacity("--planned", "1.5x", "--out", "ramp") == 0
    printed = capsys.readouterr().out
    assert "bank saturates first" in printed
    assert (town / "ramp" / "report.html").exists()
    found = json.loads((town / "ramp" / "summary.json").read_text())["capacity"]
    assert 1.5 < found["holds"] < 2.6  # 50 a second fit
    assert found["planned"]["load"] == 1.5


def test_json_and_nothing_else(town, capsys):
    assert capacity("--json", "--no-report", "--answered", "none") == 0
    assert json.loads(capsys.readouterr().out)["capacity"]["bounds"]["answered"] is None


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--planned", "much"), "'much' is no load such as 3x"),
        (("--planned", "-2x"), "'-2x' is no load such as 3x"),
        (("--p99", "5"), "'5'"),
        (("--answered", "120 %"), "'120 %'"),
        (("--by", "magic"), "--by is given twice"),
        (("--set", "demand.segments=null"), "no segments of demand"),
    ],
)
def test_bad_input_is_refused_and_nothing_is_left(town, capsys, words, said):
    assert capacity(*words) == 2
    assert said in capsys.readouterr().err
    assert [file.name for file in town.iterdir()] == ["town.yaml"]


def test_stress_ranks_in_lines(town, capsys):
    assert (
        status_of(
            [
                "compare",
                "town.yaml",
                "--stress",
                "each:institution",
                "--replications",
                "2",
                "--processes",
                "1",
                "--out",
                "s",
            ]
        )
        == 0
    )
    assert "bank  loses 100 % of the settled value" in capsys.readouterr().out


@pytest.mark.parametrize(
    "words", [("--stress", "each:person"), ("--stress", "each:institution", "--set", "ledger.servers=2")]
)
def test_stress_says_what_it_cannot_do(town, capsys, words):
    assert status_of(["compare", "town.yaml", *words]) == 2
    assert "each:institution" in (said := capsys.readouterr().err) or "--stress goes with one SCENARIO" in said
