"""Opening Parquet files that may come from anybody: ordinary ones, that fill no more memory than goes with their size.

Parquet holds a thousand million equal numbers in a few bytes, and one long text for each of a million rows. So what a
file says that it would fill is looked at before it is read, and texts are written out only when it is known how long
they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sandbox.files import check_ordinary
from sandbox.parquet_pages import chunks
from sandbox.tables import TABLES, arrow_schema

WHAT_READING_RAISES: Final = (OSError, ValueError, MemoryError, OverflowError, pa.ArrowException)
"""What a broken Parquet file may lead to."""

MOST_TIMES: Final = 1_000
"""So many times its own size a table may fill in memory; tables that a run writes fill some ten times as much."""
FREE_BYTES: Final = 1 << 26
"""This much it may fill whatever its size."""
BATCH_ROWS: Final = 262_144


class WrongTable(ValueError):
    """A file is not the table that its name says."""

    def __init__(self, file: str, reason: str) -> None:
        super().__init__(reason)
        self.file = file


@contextmanager
def opened(file: Path, **options: Any) -> Iterator[pq.ParquetFile]:
    """A Parquet file, open.

    Raises:
        WrongTable: it would fill more memory than it may.
        OSError, ValueError, pyarrow.ArrowException: it cannot be read.
    """
    size = check_ordinary(file)
    _check_size(file, size, sum(chunk.fills + chunk.longest * chunk.values for chunk in chunks(file)))
    with pq.ParquetFile(file, memory_map=True, **options) as source:
        _check_size(file, size, 8 * source.metadata.num_rows * len(source.schema_arrow.names))
        yield source


def batches(file: Path, columns: Sequence[str] | None = None, rows: int = BATCH_ROWS) -> Iterator[pa.RecordBatch]:
    """Some columns, or all, in pieces of at most `rows` rows, each of them sound.

    Raises:
        As `opened`.
    """
    with opened(file) as source:
        schema = source.schema_arrow
        wanted = schema.names if columns is None else list(columns)
        texts = [name for name in wanted if _is_text(schema.field(name).type)]
    size = check_ordinary(file)
    with opened(file, read_dictionary=texts) as source:
        for batch in source.iter_batches(rows, columns=wanted):
            batch.validate(full=True)
            _check_size(file, size, sum(_written_out(batch.column(name)) for name in texts))
            arrays = [
                batch.column(name).cast(schema.field(name).type) if name in texts else batch.column(name)
                for name in wanted
            ]
            yield pa.RecordBatch.from_arrays(arrays, schema=pa.schema([schema.field(name) for name in wanted]))


def check(file: Path, name: str) -> None:
    """Look over a file that somebody else is to read as the table `name`.

    Raises:
        As `opened`; WrongTable, too, if its columns are others, or its texts would fill more memory than they may.
    """
    with opened(file) as source:
        wrong = wrong_schema(source.schema_arrow, name)
    if wrong is not None:
        raise WrongTable(file.name, wrong)
    texts, size = [column.name for column in TABLES[name] if column.kind in ("text", "long_text")], check_ordinary(file)
    with opened(file, read_dictionary=texts) as source:
        for batch in source.iter_batches(BATCH_ROWS, columns=texts):
            batch.validate(full=True)
            _check_size(file, size, sum(_written_out(column) for column in batch.columns))


def read(file: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Some columns, or all, of a file.

    Raises:
        As `opened`.
    """
    with opened(file) as source:
        schema = source.schema_arrow
    wanted = schema if columns is None else pa.schema([schema.field(name) for name in columns])
    found, fills, size = [], 0, check_ordinary(file)
    for batch in batches(file, columns):
        found.append(batch)
        fills += batch.nbytes
        _check_size(file, size, fills)
    return pa.Table.from_batches(found, wanted)


def wrong_schema(found: pa.Schema, name: str) -> str | None:
    """How the columns of a table differ from what they should be."""
    known = arrow_schema(name)
    wrong = wrong_columns(found, known, known.names)
    if wrong is None and found.names != known.names:
        return "columns that no run has, or in another order"
    return wrong


def wrong_columns(found: pa.Schema, known: pa.Schema, columns: Sequence[str], nulls: bool = False) -> str | None:
    """How some columns of a table differ from those that are known; `nulls`: they may hold nulls whatever is known."""
    if len(set(found.names)) < len(found.names):
        return "a column stands twice"
    for column in columns:
        if column not in found.names:
            return f"no column {column}"
        if column not in known.names:
            continue
        is_now, should_be = found.field(column), known.field(column)
        if not (is_now.type.equals(should_be.type) if nulls else is_now.equals(should_be)):
            return f"column {column} is {_type(is_now)}, not {_type(should_be)}"
    return None


def _type(field: pa.Field) -> str:
    return f"{field.type}{'' if field.nullable else ' without nulls'}"


def _is_text(kind: Any) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_binary(kind))


def _written_out(texts: pa.DictionaryArray) -> int:
    """How many bytes the texts of a column fill, each written out in its row."""
    return int(pc.sum(pc.binary_length(texts.dictionary).cast(pa.int64()).take(texts.indices)).as_py() or 0)


def _check_size(file: Path, size: int, fills: int) -> None:
    if fills > FREE_BYTES + MOST_TIMES * size:
        raise WrongTable(file.name, f"its {size:,} bytes would fill {fills:,} in memory")
