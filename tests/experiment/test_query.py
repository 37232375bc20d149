"""Questions in SQL: they see finished runs, and nothing else in the world."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import sandbox
from sandbox.cli.main import status_of
from sandbox.experiment.errors import ExperimentError
from sandbox.experiment.query import query_runs
from tests.conftest import SMALL_TOWN


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs, one of them deep, a sweep, a run that was never finished, and a folder that is none."""
    home = tmp_path_factory.mktemp("query")
    scenario = home / "small-town.yaml"
    scenario.write_text(SMALL_TOWN)
    sandbox.run(scenario, out=home / "runs" / "one")
    sandbox.run(scenario, seed=2, out=home / "runs" / "deep er" / "two")
    sandbox.sweep(scenario, {"ledger.servers": [1, 4]}, replications=2, out=home / "sweeps" / "s", processes=1)
    unfinished = home / "runs" / ".three.partial-1234"
    unfinished.mkdir()
    (unfinished / "manifest.json").write_text(json.dumps({"status": "complete", "tables": {}}))
    (home / "other").mkdir()
    (home / "other" / "manifest.json").write_text('{"name": "an extension of a browser"}')
    return home


def rows(question: str, folder: Path) -> list[dict[str, object]]:
    answer = query_runs(question, folder)
    assert answer is not None
    return answer.to_pylist()


def test_views_hold_every_run(folder: Path) -> None:
    runs = {name: sandbox.open_run(folder / name) for name in ("runs/one", "runs/deep er/two")}
    found = rows("select run, scenario, seed, digest from runs order by seed", folder)
    assert [row["run"] for row in found] == list(runs)
    assert [row["seed"] for row in found] == [1, 2]
    settled = rows(
        "select run, count(*) as n, sum(amount_fen)::bigint as fen from payments where outcome = 'settled'"
        " group by run",
        folder,
    )
    for row in settled:
        through = runs[str(row["run"])].summary["throughput"]
        assert (row["n"], row["fen"]) == (through["settled"], through["settled_fen"])
    (p99,) = rows("select value from metrics where run = 'runs/one' and metric = 'throughput.latency_ms.p99'", folder)
    assert p99["value"] == runs["runs/one"].summary["throughput"]["latency_ms"]["p99"]
    tables = {row["name"] for row in rows("select distinct table_name as name from information_schema.tables", folder)}
    assert {"ledger", "wallets", "series", "stations", "events", "parameters"} <= tables
    empty = rows("select count(*) as n from payments where run not in (select run from runs)", folder)
    assert empty == [{"n": 0}]


def test_sweeps_are_there_with_their_parameters(folder: Path) -> None:
    found = rows(
        "select parameters->>'ledger.servers' as servers, count(*) as n from sweeps"
        " where metric = 'throughput.settled' group by 1 order by 1",
        folder,
    )
    assert found == [{"servers": "1", "n": 2}, {"servers": "4", "n": 2}]


def test_one_run_alone(folder: Path) -> None:
    (row,) = rows("select run, seed from runs", folder / "runs" / "one")
    assert row == {"run": "one", "seed": 1}


@pytest.mark.parametrize(
    ("question", "says"),
    [("", "there is no question"), (";", "there is no question"), ("select 1; select 2", "2 questions; ask one")],
)
def test_what_is_not_one_question_is_refused(question: str, says: str, folder: Path) -> None:
    with pytest.raises(ExperimentError, match=says):
        query_runs(question, folder)


SECRET = "nobody-may-read-this"

FORBIDDEN = [
    "select * from read_csv('{secret}')",
    "select * from read_text('{secret}')",
    "select * from read_blob('{secret}')",
    "select * from '{secret}'",
    "select * from glob('{folder}/*')",
    "select * from read_parquet('{folder}/runs/one/payments.parquet')",
    "select * from read_csv('https://example.org/a.csv')",
    "copy (select 1) to '{folder}/out.csv'",
    "copy payments to '{folder}/out.parquet'",
    "export database '{folder}/out'",
    "attach '{folder}/out.db'",
    "create secret (type s3, key_id 'a', secret 'b')",
    "install httpfs",
    "load '{folder}/x.duckdb_extension'",
    "set enable_external_access = true",
    "set lock_configuration = false",
    "reset enable_external_access",
    "pragma temp_directory='{folder}'",
    "set python_enable_replacements = true",
    "select * from LOCKED",
    "select * from named",
    "select getenv('HOME')",
    "import database '{folder}'",
]


@pytest.mark.parametrize("question", FORBIDDEN)
def test_nothing_else_can_be_reached(question: str, folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    before = sorted(folder.rglob("*"))
    with pytest.raises(ExperimentError) as caught:
        query_runs(question.format(secret=secret, folder=folder), folder)
    assert SECRET not in str(caught.value)
    assert "\n" not in str(caught.value)
    assert sorted(folder.rglob("*")) == before


def test_the_command_prints_a_table_or_csv(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert status_of(["query", "select seed, null as nothing, 0.5 as half from runs order by seed", str(folder)]) == 0
    assert capfd.readouterr().out.splitlines() == ["seed  nothing  half", "1     -        0.5", "2     -        0.5"]
    assert status_of(["query", "select seed, scenario from runs order by seed", str(folder), "--csv"]) == 0
    assert capfd.readouterr().out.splitlines()[1:] == ['1,"small-town"', '2,"small-town"']
    assert status_of(["query", "select * from range(1500)", str(folder)]) == 0
    out = capfd.readouterr().out.splitlines()
    assert len(out) == 1002
    assert "500 more rows" in out[-1]


@pytest.mark.parametrize("question", ["selekt", "select * from nowhere", "", "select 1/"])
def test_what_is_no_question_is_refused(question: str, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    status = status_of(["query", question, str(folder)])
    shown = capfd.readouterr()
    assert (status, shown.err.count("\n")) in ((2, 1), (0, 0))
    assert "Traceback" not in shown.err


def test_a_folder_without_runs_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert status_of(["query", "select 1", str(tmp_path)]) == 2
    assert "no finished run" in capfd.readouterr().err
    assert os.listdir(tmp_path) == []


def test_a_value_with_a_line_break_makes_no_row_of_its_own(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    question = "select 'one' || chr(10) || 'forged' || chr(27) || '[2J' as said, 1 as n union all select 'two', 2"
    assert status_of(["query", f"{question} order by n", str(folder)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        f"{cell:18}  {n}" for cell, n in (("said", "n"), ("one\\nforged\\x1b[2J", 1), ("two", 2))
    ]
