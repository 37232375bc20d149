"""Packed columns give back every bit, whole or in windows; tables written from them are the same files as ever."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.engine import recorder
from sandbox.engine.packed import PackedColumns, narrowed
from sandbox.tables import TABLES, arrow_schema

whole = st.lists(st.one_of(st.integers(-2, 2), st.integers(-(2**63), 2**63 - 1)), min_size=1, max_size=6)
real = st.lists(st.sampled_from([0.0, -0.0, 1.5, float("nan"), float("inf")]), min_size=1, max_size=6)


@given(pieces=st.lists(st.one_of(whole, whole.map(lambda one: one[:1] * 5)), max_size=5), first=st.integers(0, 9))
def test_integers_come_back(pieces: list[list[int]], first: int) -> None:
    packed = PackedColumns()
    for piece in pieces:
        packed.add({"a": np.array(piece, dtype=np.int64)})
    said = [one for piece in pieces for one in piece]
    assert packed.rows == len(said)
    if pieces:
        assert packed["a"].tolist() == said
        assert packed["a"].dtype == np.int64
        first = min(first, len(said))
        assert packed.window("a", first, len(said)).tolist() == said[first:]


@given(pieces=st.lists(real, min_size=1, max_size=5))
def test_floats_come_back_to_the_bit(pieces: list[list[float]]) -> None:
    packed = PackedColumns()
    for piece in pieces:
        packed.add({"a": np.array(piece)})
    assert packed["a"].tobytes() == np.concatenate(pieces).tobytes()


def test_what_is_the_same_is_kept_once_and_small_numbers_are_kept_small() -> None:
    assert narrowed(np.zeros(1_000, dtype=np.int64)).nbytes == 8
    assert narrowed(np.full(1_000, np.nan)).nbytes == 8
    assert narrowed(np.arange(1_000) % 100).nbytes == 1_000
    assert narrowed(np.arange(1_000)).nbytes == 2_000
    packed = PackedColumns()
    tracemalloc.start()
    for _ in range(50):
        packed.add({"zeros": np.zeros(10_000, dtype=np.int64), "small": np.arange(10_000) % 100})
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert packed.rows == 500_000
    assert 500_000 < kept < 600_000  # a byte each, and next to nothing


def test_a_table_in_windows_has_the_row_groups_of_a_table_in_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = 250
    columns = {one.name: np.arange(rows) % 7 - 1 for one in TABLES["stations"]}
    columns = {
        one.name: columns[one.name].astype(np.float64 if one.kind == "float64" else np.int64)
        for one in TABLES["stations"]
    } | {"station": np.arange(rows) % 2}
    packed = PackedColumns()
    for first in range(0, rows, 30):
        packed.add({name: values[first : first + 30] for name, values in columns.items()})
    names = {"station": ["a", "b"]}
    recorder.write_columns(tmp_path, "stations", packed, names)
    in_one = pq.read_table(tmp_path / "stations.parquet")
    expected = tmp_path / "expected"
    expected.mkdir()
    with recorder.open_table(expected, "stations") as writer:
        writer.write_table(pa.table(in_one, schema=arrow_schema("stations")), row_group_size=100)
    monkeypatch.setattr(recorder, "TOGETHER", 100)
    recorder.write_columns(tmp_path, "stations", packed, names)
    assert (tmp_path / "stations.parquet").read_bytes() == (expected / "stations.parquet").read_bytes()


def test_the_number_of_rows_put_together_is_that_of_pyarrow(tmp_path: Path) -> None:
    schema = pa.schema([("a", pa.int8())])
    with pq.ParquetWriter(tmp_path / "a.parquet", schema) as writer:
        writer.write_table(pa.table({"a": np.zeros(recorder.TOGETHER + 1, dtype=np.int8)}, schema=schema))
    groups = pq.ParquetFile(tmp_path / "a.parquet").metadata
    assert [groups.row_group(0).num_rows, groups.row_group(1).num_rows] == [recorder.TOGETHER, 1]
