"""The audit says nothing of a sound folder, and names the block, row or balance that does not hold of another.

Hands that hold the ledger's key are in `test_thieves.py`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox import records, tables
from sandbox.audit.auditor import audit
from sandbox.journal import chain
from sandbox.records import RunError
from sandbox.scenario import gallery
from sandbox.scenario.errors import ScenarioErrors
from sandbox.tables import TABLES, table_file
from tests.journal.folders import (
    change,
    copy_of,
    cover_up,
    covered,
    edit_cell,
    kept,
    make_run,
    read_table,
    records_text,
    told,
    write_table,
)


def test_a_sound_folder_holds(evening: Path) -> None:
    found = audit(evening)
    assert told(found) == ""
    assert found.ok
    assert (found.payments, found.blocks, found.signatures, found.tables) == (600, 1, 4, 7)
    assert found.covers == "least_balances"


@pytest.mark.parametrize("record", ["none", "sample:0.3"])
def test_a_folder_with_fewer_payments_holds(record: str, tmp_path: Path) -> None:
    found = audit(make_run(tmp_path / "run", record))
    assert told(found) == ""
    assert found.blocks == (0 if record == "none" else 1)
    assert found.covers == "no_balances"


def test_a_report_and_whatever_else_lies_there_is_not_looked_at(evening: Path, tmp_path: Path) -> None:
    copy = copy_of(evening, tmp_path / "copy")
    (copy / "report.html").write_text("anything")
    (copy / "notes.txt").write_text("mine")
    assert told(audit(copy)) == ""


def test_the_same_scenario_and_seed_give_the_same_journal(evening: Path, tmp_path: Path) -> None:
    again = make_run(tmp_path / "again")
    assert (again / records.JOURNAL).read_bytes() == (evening / records.JOURNAL).read_bytes()
    assert (again / records.MANIFEST).read_bytes() != (evening / records.MANIFEST).read_bytes()  # time and duration
    other = make_run(tmp_path / "other", seed=2)
    first, second = (chain.read_journal(run / records.JOURNAL) for run in (evening, other))
    assert first.public != second.public


def test_many_small_blocks_hold_and_the_journal_does_not_depend_on_how_payments_arrive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sandbox.audit import auditor, payments
    from sandbox.engine import arrays, journal

    for module in (chain, journal, auditor):
        monkeypatch.setattr(module, "BLOCK_ROWS", 256)
    for module in (chain, auditor):
        monkeypatch.setattr(module, "PART_ROWS", 256)
    monkeypatch.setattr(payments, "ROWS", 100)
    first = make_run(tmp_path / "first")
    assert audit(first).blocks == 3
    monkeypatch.setattr(arrays, "OUT", 77)
    monkeypatch.setattr(arrays.new_rail, "__defaults__", (arrays.FIRST_SLOTS, arrays.BIRTHS, 77))
    second = make_run(tmp_path / "second")
    assert told(audit(second)) == ""
    blocks = [(run / records.JOURNAL).read_bytes().splitlines()[:-1] for run in (first, second)]
    assert blocks[0] == blocks[1]
    with kept(first / table_file("payments")):
        edit_cell(first, "payments", "payee_gateway_wait_us", 300, lambda value: value + 1)
        assert "rows 256 to 511: block 1 does not hold" in told(audit(first))


# --- what is no run ------------------------------------------------------------------------------------------------


def test_what_is_no_run_is_no_run(tmp_path: Path, evening: Path) -> None:
    for place, reason in (
        (tmp_path / "gone", "no such folder"),
        (evening / records.SUMMARY, "is a file"),
        (tmp_path, "not a fin"),
    ):
        with pytest.raises(RunError, match=reason):
            audit(place)


def test_an_experiment_is_no_run(tmp_path: Path) -> None:
    manifest = {"format": 1, "status": "complete", "kind": "sweep", "tables": {}, "files": {}, "scenario": {}}
    (tmp_path / records.MANIFEST).write_text(records_text(manifest))
    with pytest.raises(RunError, match="an experiment of many runs, which has no journal"):
        audit(tmp_path)


@pytest.mark.parametrize(
    "name", ["scenario.yaml", "summary.json", "journal.jsonl", "payments.parquet", "events.parquet"]
)
@pytest.mark.parametrize("what", ["gone", "empty", "a folder"])
def test_a_file_that_is_gone_or_empty_is_named(evening: Path, tmp_path: Path, name: str, what: str) -> None:
    copy = copy_of(evening, tmp_path / "copy")
    (copy / name).unlink()
    if what == "empty":
        (copy / name).touch()
    elif what == "a folder":
        (copy / name).mkdir()
    assert f"{name}: " in told(audit(copy))


def test_a_table_that_is_gone_is_named_once(evening: Path, tmp_path: Path) -> None:
    copy = copy_of(evening, tmp_path / "copy")
    (copy / "wallets.parquet").unlink()
    assert told(audit(copy)) == "wallets.parquet: the manifest names it, and it is not here"


def test_a_scenario_that_cannot_be_read_is_no_reason_to_doubt_the_ledger(evening: Path) -> None:
    with kept(evening / records.SCENARIO):
        (evening / records.SCENARIO).write_text("title: [unclosed")
        assert "ledger.parquet" not in told(audit(evening))


def test_a_table_that_the_manifest_does_not_know_is_named(evening: Path, tmp_path: Path) -> None:
    copy = copy_of(evening, tmp_path / "copy")
    (copy / "alerts.parquet").write_bytes((copy / "events.parquet").read_bytes())
    assert told(audit(copy)) == "alerts.parquet: it is here, and the manifest does not know it"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "NaN",
        "[" * 100_000,
        '{"tables": NaN}',
        '{"a": 1, "a": 2}',
        "\udcff",
        '{"tables": {}, "files": 3}',
    ],
)
@pytest.mark.parametrize("name", [records.MANIFEST, records.SUMMARY, records.JOURNAL, records.SCENARIO])
def test_hostile_files_are_named_without_a_traceback(evening: Path, name: str, text: str) -> None:
    with kept(evening / name):
        (evening / name).write_bytes(text.encode("utf-8", "surrogateescape"))
        found = audit(evening)
        assert f"{name}: " in told(found)
        assert all(len(str(one)) < 500 for one in found.problems)


# --- somebody without the key --------------------------------------------------------------------------------------


def test_an_edited_row_is_named_closely(evening: Path) -> None:
    with kept(*covered(evening)):
        edit_cell(evening, "payments", "amount_fen", 123, lambda value: value + 1)
        found = told(audit(evening))
    assert "payments.parquet: its SHA-256 is" in found
    assert "payments.parquet: rows 0 to 599: block 0 does not hold" in found


@pytest.mark.parametrize("name", sorted(set(TABLES) - tables.optional_tables()))
def test_digests_made_to_fit_break_the_seal(evening: Path, name: str) -> None:
    with kept(*covered(evening)):
        columns = read_table(evening, name)
        write_table(evening, name, {column: values[:-1] for column, values in columns.items()})
        cover_up(evening)
        found = told(audit(evening))
    assert "manifest.json: its seal is not the ledger's signature of what it says" in found
    assert (
        f"journal.jsonl: line 3: its digests of tables and files are not those of the manifest: first {name}" in found
    )


@pytest.mark.parametrize(
    "edit",
    [
        change("version", "9.9.9"),
        change("created_at", "2020-01-01T00:00:00+00:00"),
        change("took_s", 0.0),
        change("machine", "another"),
        change("python", "2.7"),
        change("packages", {}),
        change("record", "none"),
        change("seed", 8),
        change("more", 1),
        lambda manifest: manifest.pop("seal"),
        lambda manifest: manifest["seal"].pop("signature"),
        lambda manifest: manifest["seal"].update(signature="00" * 64),
        lambda manifest: manifest["seal"]["signed_by"].update(name="another"),
        lambda manifest: manifest["scenario"].update(name="another"),
        lambda manifest: manifest["tables"].pop("events"),
        lambda manifest: manifest["files"].pop("journal.jsonl"),
    ],
)
def test_nothing_in_the_manifest_can_change(evening: Path, edit: Callable[[dict[str, Any]], Any]) -> None:
    with kept(evening / records.MANIFEST):
        manifest = json.loads((evening / records.MANIFEST).read_text())
        edit(manifest)
        (evening / records.MANIFEST).write_text(records_text(manifest))
        assert not audit(evening).ok


@pytest.mark.parametrize(
    "respell",
    [lambda text: text + "\n", lambda text: text.replace("  ", " "), lambda text: text.replace('": ', '":', 1)],
)
def test_even_the_spelling_of_the_manifest_counts(evening: Path, respell: Callable[[str], str]) -> None:
    with kept(evening / records.MANIFEST):
        (evening / records.MANIFEST).write_text(respell((evening / records.MANIFEST).read_text()))
        assert told(audit(evening)).startswith("manifest.json: not written as a run writes it")


def test_a_journal_of_another_run_is_refused(evening: Path, tmp_path: Path) -> None:
    other = make_run(tmp_path / "other", seed=2)
    with kept(*covered(evening)):
        for name in (records.JOURNAL, records.MANIFEST):
            (evening / name).write_bytes((other / name).read_bytes())
        found = told(audit(evening))
    assert "journal.jsonl: line 1: the ledger's key is not the one of the seed" in found


# --- every run -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", gallery.names())
def test_every_scenario_of_the_gallery_leaves_a_sound_folder(name: str, tmp_path: Path) -> None:
    import sandbox

    try:
        loaded = sandbox.load(name, set={"scale": 0.02})
    except ScenarioErrors:  # a campaign or a network that a smaller town has no room for
        loaded = sandbox.load(name)
    assert told(audit(sandbox.run(loaded, out=tmp_path / "run").path)) == ""
