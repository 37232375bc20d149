"""Folders made to break the audit: wrong tables, bombs, links, texts that steer a terminal. Each is named."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sandbox import files, parquet, records
from sandbox.audit.auditor import audit
from sandbox.audit.booking import new_books
from sandbox.audit.proof import make_proof
from sandbox.parquet import FREE_BYTES, MOST_TIMES
from sandbox.records import RunError
from sandbox.tables import OUTCOMES, TABLES, arrow_schema, table_file
from tests.journal.folders import copy_of, seal_again, told


@pytest.fixture(scope="module")
def spoiled(evening: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy; every test brings back what it broke."""
    return copy_of(evening, tmp_path_factory.mktemp("hostile") / "run")


@pytest.fixture(autouse=True)
def mended(evening: Path) -> Iterator[None]:
    """The shared run is left alone."""
    before = {file.name: file.stat().st_mtime_ns for file in evening.iterdir()}
    yield
    assert before == {file.name: file.stat().st_mtime_ns for file in evening.iterdir()}


def replaced(folder: Path, evening: Path, name: str, table: pa.Table, **options: Any) -> str:
    """What is said when this stands in the place of a table, everything signed again."""
    file = folder / table_file(name)
    try:
        pq.write_table(table, file, **options)
        seal_again(folder)
        return told(audit(folder))
    finally:
        for each in (file.name, records.JOURNAL, records.MANIFEST):
            shutil.copy(evening / each, folder / each)


def of_kind(column: str, kind: str, count: int) -> pa.Array:
    """A column of another kind."""
    values: dict[str, Any] = {
        "texts": ["x"] * count, "nothing": pa.nulls(count), "lists": [[1, 2]] * count, "reals": [float("nan")] * count,
        "nulls": pa.nulls(count, pa.int64()), "wide": pa.array([1] * count, pa.uint64()),
    }  # fmt: skip
    return pa.array(values[kind]) if isinstance(values[kind], list) else values[kind]


@pytest.mark.parametrize("kind", ["texts", "nothing", "lists", "reals", "nulls", "wide"])
@pytest.mark.parametrize("name", ["payments", "ledger"])
def test_columns_of_another_kind_are_named(spoiled: Path, evening: Path, name: str, kind: str) -> None:
    table = pq.read_table(evening / table_file(name))
    for at, column in enumerate(TABLES[name][:3]):
        if column.nullable and kind == "nulls":
            continue
        wrong = table.set_column(at, column.name, of_kind(column.name, kind, len(table)))
        found = replaced(spoiled, evening, name, wrong)
        assert f"{name}.parquet: it is not the table of docs/run-folder.md: column {column.name} is " in found
        assert found.count(f"{name}.parquet: ") == 1, "and it is said once"


@pytest.mark.parametrize("name", ["payments", "wallets", "events"])
def test_a_column_gone_doubled_or_moved_is_named(spoiled: Path, evening: Path, name: str) -> None:
    table = pq.read_table(evening / table_file(name))
    last = table.column_names[-1]
    assert f"no column {last}" in replaced(spoiled, evening, name, table.drop_columns([last]))
    doubled = table.append_column(table.schema.field(0), table.column(0))
    assert "a column stands twice" in replaced(spoiled, evening, name, doubled)
    assert "another order" in replaced(spoiled, evening, name, table.select(table.column_names[::-1]))


def bomb(name: str, rows: int, text: str = "x") -> pa.Table:
    """A table of so many rows that are all the same, by way of dictionaries."""
    columns = []
    for column in TABLES[name]:
        kind = arrow_schema(name).field(column.name).type
        if pa.types.is_dictionary(kind):
            columns.append(pa.DictionaryArray.from_arrays(pa.nulls(rows, pa.int32()).fill_null(0), [text]))
        elif column.kind == "long_text":
            columns.append(pa.array([text]).take(pa.nulls(rows, pa.int32()).fill_null(0)))
        else:
            columns.append(pa.nulls(rows, kind).fill_null(False if kind == pa.bool_() else 0))
    return pa.table(columns, schema=arrow_schema(name))


@pytest.mark.parametrize("name", ["ledger", "payments"])
def test_a_small_file_that_would_fill_the_memory_is_not_read(spoiled: Path, evening: Path, name: str) -> None:
    rows = FREE_BYTES // 8 // len(TABLES[name]) + 1_200_000
    found = replaced(spoiled, evening, name, bomb(name, rows), compression="zstd")
    assert f"{name}.parquet: it is not the table of docs/run-folder.md: its " in found
    assert "would fill" in found


def test_a_long_text_a_hundred_thousand_times_is_not_read(
    spoiled: Path, evening: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet, "FREE_BYTES", 1 << 20)
    found = replaced(spoiled, evening, "ledger", bomb("ledger", 2_000, "x" * 100_000), compression="zstd")
    assert "ledger.parquet: it is not the table of docs/run-folder.md: its " in found


def test_what_a_run_writes_is_far_from_the_bound(evening: Path) -> None:
    for file in evening.glob("*.parquet"):
        meta = pq.read_metadata(file)
        assert 8 * meta.num_rows * meta.num_columns < MOST_TIMES * file.stat().st_size / 20


@pytest.mark.parametrize("to", ["/dev/zero", "/dev/null", "/nowhere", "itself", "a pipe", "holes"])
@pytest.mark.parametrize(
    "name", [records.SUMMARY, records.JOURNAL, records.SCENARIO, "payments.parquet", "ledger.parquet"]
)
def test_what_is_no_file_is_not_read(spoiled: Path, evening: Path, name: str, to: str) -> None:
    file = spoiled / name
    file.unlink()
    try:
        if to == "a pipe":
            os.mkfifo(file)
        elif to == "holes":
            shutil.copy(evening / name, file)
            os.truncate(file, 1 << 40)
        else:
            file.symlink_to(file if to == "itself" else to)
        assert f"{name}: " in told(audit(spoiled))
        with pytest.raises(RunError):
            make_proof(spoiled, 1 if name in (records.JOURNAL, "payments.parquet", "ledger.parquet") else 123456789)
    finally:
        file.unlink()
        shutil.copy(evening / name, file)


@pytest.mark.parametrize("to", ["/dev/zero", "/dev/null", "/nowhere"])
def test_a_manifest_that_is_no_file_is_none(spoiled: Path, evening: Path, to: str) -> None:
    file = spoiled / records.MANIFEST
    file.unlink()
    file.symlink_to(to)
    with pytest.raises(RunError, match="not a finished run"):
        audit(spoiled)
    file.unlink()
    shutil.copy(evening / file.name, file)


@pytest.mark.parametrize("name", [records.MANIFEST, records.SUMMARY])
def test_a_gigantic_file_is_not_read_to_its_end(
    spoiled: Path, evening: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, most = files.read_ordinary, (evening / name).stat().st_size - 1
    monkeypatch.setattr(files, "read_ordinary", lambda path: read(path, most))
    assert f"{name}: " in (found := told(audit(spoiled)))
    assert "it is longer than" in found


def edit_manifest(folder: Path, edit: Callable[[dict[str, Any]], Any]) -> str:
    """What is said of a manifest after an edit."""
    file = folder / records.MANIFEST
    before = file.read_bytes()
    manifest = json.loads(before)
    edit(manifest)
    file.write_text(json.dumps(manifest, indent=2))
    try:
        return told(audit(folder))
    finally:
        file.write_bytes(before)


@pytest.mark.parametrize(
    "name",
    ["..", ".", "", "a/b", "/etc/passwd", "x" * 5000, "\0", "\x1b[2J", "\ud800", "a\nb", "\u202e"],
)
def test_names_that_no_file_has_are_told_in_plain_text(spoiled: Path, name: str) -> None:
    for part in ("tables", "files"):
        found = edit_manifest(spoiled, lambda manifest, part=part: manifest[part].update({name: {"rows": 1}}))
        assert any(words in found for words in ("and it is not here", "no manifest", "cannot be read"))
        assert all(line.isprintable() and len(line) < 600 for line in found.splitlines())


@pytest.mark.parametrize(
    "edit",
    [
        lambda manifest: manifest.update(record=[1]),
        lambda manifest: manifest.update(version="\ud800"),
        lambda manifest: manifest.update(tables=dict.fromkeys(manifest["tables"], 7)),
        lambda manifest: manifest.update(files=dict.fromkeys(manifest["files"])),
        lambda manifest: manifest.update(seal=[]),
        lambda manifest: manifest.update(seed=None),
        lambda manifest: manifest.update(scenario={"name": 1e300}),
    ],
)
def test_a_manifest_of_nonsense_is_named(spoiled: Path, edit: Callable[[dict[str, Any]], Any]) -> None:
    assert edit_manifest(spoiled, edit)


def test_books_have_room_for_every_code_that_passes() -> None:
    """A code beyond would be written beyond the books: compiled code does not look."""
    import numpy as np

    books = new_books(1, np.zeros(1, dtype=np.int64))
    assert books.counts.shape[1] == len(OUTCOMES)
