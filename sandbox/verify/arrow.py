"""Tables of a run folder, opened only if they are what they should be, and their columns as numpy arrays.

A file may come from anybody. So it is opened once its columns are those of the table, and once what it says that it
would fill in memory goes with its size: Parquet holds a thousand million equal numbers in a few bytes. Columns are
taken by their buffers: pandas is not imported.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from sandbox.core.draws import Int64Array
from sandbox.tables import TABLES, arrow_schema, table_file

Flags = npt.NDArray[np.bool_]
WHAT_READING_RAISES = (OSError, ValueError, MemoryError, pa.ArrowException)
"""What a broken Parquet file may lead to."""

MOST_TIMES: Final = 1_000
"""So many times its own size a table may fill in memory; tables that a run writes fill some ten times as much."""
FREE_BYTES: Final = 1 << 26
"""This much it may fill whatever its size."""
TEXT_ROWS: Final = 1_024
"""Rows of a table with long texts that are read at a time."""


class WrongTable(ValueError):
    """A file is not the table that its name says."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(reason)
        self.file = file


@contextmanager
def opened(folder: Path, name: str) -> Iterator[pq.ParquetFile]:
    """A table of a run folder.

    Raises:
        WrongTable: it has other columns, or would fill more memory than it may.
        OSError, ValueError, pyarrow.ArrowException: it cannot be read.
    """
    file = folder / table_file(name)
    if not file.is_file():
        raise WrongTable(file.name, "it is no file" if file.exists() else "there is none")
    with pq.ParquetFile(file, memory_map=True) as source:
        wrong = wrong_schema(source.schema_arrow, name)
        if wrong is not None:
            raise WrongTable(file.name, wrong)
        meta = source.metadata
        fills = sum(int(meta.row_group(number).total_byte_size) for number in range(meta.num_row_groups))
        _check_size(file, max(fills, 8 * meta.num_rows * len(TABLES[name])))
        yield source


def _check_size(file: Path, fills: int) -> None:
    size = file.stat().st_size
    if fills > FREE_BYTES + MOST_TIMES * size:
        raise WrongTable(file.name, f"its {size:,} bytes would fill {fills:,} in memory")


def plain(array: pa.Array) -> tuple[npt.NDArray[Any], Flags | None]:
    """Values of an integer or boolean column, and where they are missing (None: nowhere)."""
    missing = None
    if array.null_count:
        missing = ~_bits(array.buffers()[0], array.offset, len(array))
    data = array.buffers()[1]
    if len(array) == 0 or data is None:
        return np.zeros(len(array), dtype=np.int64), missing
    if pa.types.is_boolean(array.type):
        return _bits(data, array.offset, len(array)), missing
    values = np.frombuffer(data, dtype=array.type.to_pandas_dtype())
    return values[array.offset : array.offset + len(array)], missing


def coded(array: pa.DictionaryArray, codes: dict[str | None, int]) -> tuple[Int64Array, str | None]:
    """The code of each text of a column; and a text that has none, which then counts as -1."""
    texts = array.dictionary.to_pylist()
    by_index = np.array([codes.get(text, -1) for text in texts] + [codes.get(None, -1)], dtype=np.int64)
    indices, missing = plain(array.indices)
    places = indices.astype(np.int64) if missing is None else np.where(missing, len(texts), indices)
    if len(places) and not (int(places.min()) >= 0 and int(places.max()) <= len(texts)):
        raise ValueError("a text column points beyond its texts")
    found = by_index[places]
    wrong = np.flatnonzero(found < 0)
    return found, None if wrong.size == 0 else str(([*texts, "null"])[int(places[wrong[0]])])


class Texts(NamedTuple):
    """A dictionary-encoded column of a whole table."""

    codes: Int64Array
    names: list[str | None]
    """The text behind each code."""

    def among(self, *names: str) -> Flags:
        """Which rows hold one of these."""
        wanted = np.array([name in names for name in self.names] or [False], dtype=np.bool_)
        return np.asarray(wanted[self.codes])


def texts(table: pa.Table, name: str) -> Texts:
    """A text column of a table."""
    codes: dict[str | None, int] = {}
    parts = [np.zeros(0, dtype=np.int64)]
    for chunk in table.column(name).chunks:
        for text in [*chunk.dictionary.to_pylist(), None]:
            codes.setdefault(text, len(codes))
        parts.append(coded(chunk, codes)[0])
    return Texts(np.concatenate(parts), list(codes))


def numbers(table: pa.Table, name: str) -> Int64Array:
    """An integer column of a table, missing values as -1."""
    parts = []
    for chunk in table.column(name).chunks:
        values, missing = plain(chunk)
        parts.append(values.astype(np.int64) if missing is None else np.where(missing, -1, values))
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def wrong_schema(found: pa.Schema, name: str) -> str | None:
    """How the columns of a table differ from what they should be."""
    known = arrow_schema(name)
    if len(set(found.names)) < len(found.names):
        return "a column stands twice"
    for one in known:
        if one.name not in found.names:
            return f"no column {one.name}"
        if not found.field(one.name).equals(one):
            return f"column {one.name} is {_type(found.field(one.name))}, not {_type(one)}"
    return None if found.names == known.names else "columns that no run has, or in another order"


def _type(field: pa.Field) -> str:
    return f"{field.type}{'' if field.nullable else ' without nulls'}"


def read(folder: Path, name: str, columns: list[str]) -> pa.Table:
    """Some columns of a table. Raises what `opened` raises."""
    with opened(folder, name) as source:
        if not any(column.kind == "long_text" for column in TABLES[name] if column.name in columns):
            return source.read(columns=columns, use_threads=False)
        file, batches, fills = folder / table_file(name), [], 0
        for batch in source.iter_batches(TEXT_ROWS, columns=columns, use_threads=False):
            batches.append(batch)
            fills += batch.nbytes
            _check_size(file, fills)
        known = arrow_schema(name)
        return pa.Table.from_batches(batches, pa.schema([known.field(column) for column in columns]))


def _bits(data: pa.Buffer, offset: int, count: int) -> Flags:
    bits = np.unpackbits(np.frombuffer(data, dtype=np.uint8), bitorder="little")
    return bits[offset : offset + count].astype(np.bool_)
