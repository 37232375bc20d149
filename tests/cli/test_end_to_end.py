"""The real thing, small: a scenario file in, a whole run folder out, and the report drawn again from it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import sandbox
from sandbox import records, tables
from sandbox.cli.main import status_of
from sandbox.files import sha256
from tests.conftest import SMALL_TOWN


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the small town through the command line, with its report."""
    folder = tmp_path_factory.mktemp("runs")
    (folder / "town.yaml").write_text(SMALL_TOWN, encoding="utf-8")
    assert status_of(["run", str(folder / "town.yaml"), "--out", str(folder / "run"), "--quiet"]) == 0
    return folder / "run"


def table_hashes(run: sandbox.Run) -> dict[str, str]:
    return {name: entry["sha256"] for name, entry in run.manifest["tables"].items()}


def test_every_table_is_there_as_described(finished: Path) -> None:
    run = sandbox.open_run(finished)
    assert set(run.tables) == set(tables.TABLES) - tables.optional_tables()
    for name in run.tables:
        file = finished / tables.table_file(name)
        assert pq.read_schema(file).remove_metadata().equals(tables.arrow_schema(name)), name
        assert run.manifest["tables"][name] == {"rows": pq.read_metadata(file).num_rows, "sha256": sha256(file)}


def test_tables_and_summary_tell_one_story(finished: Path) -> None:
    run = sandbox.open_run(finished)
    summary, payments, ledger = run.summary, run.payments, run.ledger
    assert summary["throughput"]["payments"] == len(payments) > 1_000
    counts = payments.outcome.value_counts()
    assert set(summary["outcomes"]) == set(tables.OUTCOMES)
    assert {name: int(counts.get(name, 0)) for name in tables.OUTCOMES} == summary["outcomes"]
    assert (ledger.closing_fen == ledger.opening_fen - ledger.debits_fen + ledger.credits_fen).all()
    assert (ledger.groupby("currency", observed=True).closing_fen.sum() == 0).all()
    assert summary["conservation"]["ok"] is True
    assert run.series.submitted.sum() == len(payments)
    assert len(run.wallets) == 300
    assert run.parameters.path.is_unique


def test_nothing_but_the_run_is_there(finished: Path) -> None:
    files = {file.name for file in finished.iterdir()}
    files_of_tables = {tables.table_file(name) for name in set(tables.TABLES) - tables.optional_tables()}
    others = {
        records.MANIFEST,
        records.SCENARIO,
        records.SUMMARY,
        records.JOURNAL,
        records.REPORT_HTML,
        records.REPORT_MD,
        records.FIGURES,
    }
    assert files == files_of_tables | others
    assert {folder.name for folder in finished.parent.iterdir()} == {"town.yaml", "run"}


def test_the_report_is_drawn_again_to_the_byte_and_the_run_stays(finished: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(finished, tmp_path / "copy")
    (copy / records.REPORT_HTML).write_text("gone")
    shutil.rmtree(copy / records.FIGURES)
    assert status_of(["report", str(copy)]) == 0
    before = {file.relative_to(finished): file.read_bytes() for file in finished.rglob("*") if file.is_file()}
    after = {file.relative_to(copy): file.read_bytes() for file in copy.rglob("*") if file.is_file()}
    assert after == before
    assert [folder.name for folder in tmp_path.iterdir()] == ["copy"]


def test_what_is_no_run_has_no_report(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert status_of(["report", str(tmp_path)]) == 2
    assert "not a finished run" in capfd.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_the_resolved_scenario_gives_the_same_run(finished: Path, tmp_path: Path) -> None:
    first = sandbox.open_run(finished)
    again = sandbox.run(finished / records.SCENARIO, out=tmp_path / "again")
    expected = {**table_hashes(first), "parameters": table_hashes(again)["parameters"]}  # set by another file
    assert table_hashes(again) == expected
    assert again.manifest["scenario"]["digest"] == first.manifest["scenario"]["digest"]


def test_python_and_the_command_line_give_the_same_run(finished: Path, tmp_path: Path) -> None:
    loaded = sandbox.load(finished.parent / "town.yaml")
    seen: list[float] = []
    run = sandbox.run(loaded, out=tmp_path / "run", progress=lambda share, what: seen.append(share))
    assert table_hashes(run) == table_hashes(sandbox.open_run(finished))
    assert seen == sorted(seen)
    assert 0 < max(seen) <= 1
    with pytest.raises(ValueError, match="loaded already"):
        sandbox.run(loaded, seed=3)


def test_recording_less_changes_only_what_is_recorded(finished: Path, tmp_path: Path) -> None:
    whole = sandbox.open_run(finished)
    for record in ("sample:0.25", "none"):
        run = sandbox.run(finished.parent / "town.yaml", out=tmp_path / record, record=record)
        assert run.summary == whole.summary
        assert {**table_hashes(run), "payments": ""} == {**table_hashes(whole), "payments": ""}
        if record == "none":
            assert len(run.payments) == 0
        else:
            assert set(run.payments.payment_id) < set(whole.payments.payment_id)
            assert 0.15 < len(run.payments) / len(whole.payments) < 0.35


def test_a_set_value_and_a_seed_are_in_force_and_said(finished: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = finished.parent.parent / "set"
    command = ["run", str(finished.parent / "town.yaml"), "--out", str(out), "--no-report", "--json", "--seed", "5"]
    assert status_of([*command, "--set", "population.wallets=200"]) == 0
    run = sandbox.open_run(out)
    assert json.loads(capfd.readouterr().out) == run.summary
    assert run.summary["scenario"]["seed"] == run.manifest["seed"] == 5
    assert len(run.wallets) == 200
    (row,) = run.parameters[run.parameters.path == "population.wallets"].itertuples()
    assert (row.value, row.set_by) == ("200", "--set")
