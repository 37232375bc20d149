"""A trace file, opened and mapped: chunks of the five columns, from CSV (plain or gzip) or Parquet.

What the file is, its first bytes say, not its name. Only regular files are opened. What makes the whole file useless
(missing, unreadable, a column missing) raises `ScenarioErrors`; a line that is wrong comes back in its chunk.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import zlib
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sandbox.files import BadFile, open_ordinary, reason
from sandbox.market.trace.csv_rows import Chunk, CsvTrace, NoHeader
from sandbox.market.trace.errors import no_column, refuse
from sandbox.market.trace.refusals import LONGEST_TEXT, Broken
from sandbox.parquet_pages import chunks as chunks_of
from sandbox.scenario.schema import Trace

BATCH_ROWS: Final = 65_536
BATCH_BYTES: Final = 64 * 1024 * 1024
MOST_COLUMN_BYTES: Final = 512 * 1024 * 1024
"""Of one mapped column in one row group of a Parquet file, uncompressed."""
_CUT_BYTES: Final = 4 * (LONGEST_TEXT + 1)

_NOT_CSV: Final = {
    b"PK\x03\x04": "a zip archive or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"BZh": "bzip2",
    b"\xfd7zXZ": "xz",
    b"(\xb5/\xfd": "zstd",
    b"%PDF": "a PDF",
    b"ARROW1": "an Arrow IPC file",
    b"ORC": "an ORC file",
    b"SQLite format 3": "an SQLite database",
}


def trace_path(trace: Trace, base_dir: Path) -> Path:
    """Where the trace is: relative to the scenario file's folder, or absolute."""
    return base_dir / trace.file


def _mapping(trace: Trace) -> dict[str, str]:
    columns = trace.columns
    named = {"time": columns.time, "payer": columns.payer, "payee": columns.payee, "amount": columns.amount}
    return named if columns.kind is None else {**named, "kind": columns.kind}


def open_regular(path: Path) -> BufferedReader:
    """Open a regular file for reading bytes; anything else (folder, pipe, device) raises `ScenarioErrors`."""
    try:
        return open_ordinary(path)
    except FileNotFoundError:
        refuse(path, "there is no such file; `demand.trace.file` is relative to the scenario file")
    except BadFile as error:
        refuse(path, str(error))
    except OSError as error:
        refuse(path, f"cannot be opened: {reason(error)}")


def identity(stream: BinaryIO) -> tuple[int, int]:
    """Size in bytes and time of the last change in ns: enough to notice that a file is no longer the same."""
    about = os.fstat(stream.fileno())
    return about.st_size, about.st_mtime_ns


def chunks(trace: Trace, path: Path) -> Iterator[Chunk]:
    """All rows of the file; `Chunk.columns` are time, payer, payee, amount and, if mapped, kind."""
    with open_regular(path) as stream:
        try:
            start = stream.read(16)
            stream.seek(0)
            for magic, what in _NOT_CSV.items():
                if start.startswith(magic):
                    refuse(path, f"is {what}; expected CSV or Parquet")
            if start.startswith(b"PAR1"):
                yield from _parquet(trace, path)
            elif path.suffix.lower() in (".parquet", ".pq") and start:
                refuse(path, "is not a Parquet file, though its name says so")
            elif start.startswith(b"\x1f\x8b"):
                yield from _csv(trace, path, gzip.GzipFile(fileobj=stream))  # type: ignore[arg-type]
            else:
                yield from _csv(trace, path, stream)
        except (OSError, EOFError, zlib.error, ValueError, OverflowError, MemoryError, pa.ArrowException) as error:
            refuse(path, f"cannot be read to its end: {reason(error)}")


def _places(trace: Trace, path: Path, names: list[str], line: int | None) -> list[int]:
    """Where the mapped columns are among the file's."""
    for role, name in _mapping(trace).items():
        if names.count(name) > 1:
            refuse(path, f"there are {names.count(name)} columns called {name!r} ({role})", line=line)
    missing = {role: name for role, name in _mapping(trace).items() if name not in names}
    if missing:
        no_column(path, missing, names, line)
    return [names.index(name) for name in _mapping(trace).values()]


def _csv(trace: Trace, path: Path, stream: BinaryIO) -> Iterator[Chunk]:
    try:
        opened = CsvTrace(stream)
    except NoHeader as error:
        refuse(path, str(error), line=1)
    yield from opened.chunks(_places(trace, path, opened.header, 1))


def _parquet(trace: Trace, path: Path) -> Iterator[Chunk]:
    names = list(_mapping(trace).values())
    with _opened(path) as file:
        schema = file.schema_arrow
        places = _places(trace, path, list(schema.names), None)
        for role, place in zip(_mapping(trace), places, strict=True):
            field = schema.field(place)
            expected = _expected(role, trace, field.type)
            if expected:
                refuse(path, f"the column is {field.type}; expected {expected}", column=field.name)
        texts = [name for name in names if _is_text(schema.field(name).type)]
        rows = _rows_at_a_time(path, set(names))
    # As dictionaries a text that is repeated is there once: a column of one long name would fill the memory.
    with _opened(path, read_dictionary=texts) as file:
        row = 1
        for batch in file.iter_batches(rows, columns=list(dict.fromkeys(names)), use_threads=False):
            lines = np.arange(row, row + batch.num_rows, dtype=np.int64)
            row += batch.num_rows
            yield Chunk(lines, [_short(batch.column(name)) for name in names], Broken())


@contextlib.contextmanager
def _opened(path: Path, **options: Any) -> Iterator[pq.ParquetFile]:
    # buffer_size streams the pages of a column; without it a whole row group would be held in memory.
    with pa.OSFile(str(path)) as source:
        yield pq.ParquetFile(source, pre_buffer=False, buffer_size=1 << 20, **options)


def _rows_at_a_time(path: Path, names: set[str]) -> int:
    """How many rows to read at a time, so that their mapped columns fill no more than BATCH_BYTES."""
    widest = 1.0
    for chunk in chunks_of(path):
        if chunk.column not in names:
            continue
        if chunk.fills > MOST_COLUMN_BYTES:
            problem = f"row group {chunk.group} holds {chunk.fills:,} bytes, more than {MOST_COLUMN_BYTES:,}"
            refuse(path, f"{problem}; write smaller row groups", column=chunk.column)
        widest = max(widest, chunk.fills / max(1, chunk.values))
    return max(1, min(BATCH_ROWS, int(BATCH_BYTES / widest)))


def _is_text(kind: Any) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _short(column: Any) -> Any:
    """A column whose texts are cut where it is sure that they are refused as too long.

    Raises:
        ValueError: it points beyond its texts.
    """
    if not pa.types.is_dictionary(column.type):
        return column
    bounds = pc.min_max(column.indices)
    if bounds["min"].is_valid and not 0 <= bounds["min"].as_py() <= bounds["max"].as_py() < len(column.dictionary):
        raise ValueError("a text column points beyond its texts")
    if not _is_text(column.type.value_type):
        return column
    if (pc.max(pc.binary_length(column.dictionary)).as_py() or 0) <= _CUT_BYTES:
        return column
    try:
        texts = pc.utf8_slice_codeunits(column.dictionary, 0, LONGEST_TEXT + 1)
    except pa.ArrowInvalid:  # not UTF-8: what is cut is refused either way
        whole = column.dictionary.cast(pa.large_binary())
        texts = pc.binary_slice(whole, 0, _CUT_BYTES).view(pa.large_string())
    return pa.DictionaryArray.from_arrays(column.indices, texts)


def _expected(role: str, trace: Trace, kind: Any) -> str | None:
    """What a Parquet column should be, if it is not."""
    types = pa.types
    if types.is_dictionary(kind):
        kind = kind.value_type
    text = types.is_string(kind) or types.is_large_string(kind) or types.is_null(kind)
    if role in ("payer", "payee"):
        return None if text or types.is_integer(kind) else "text or whole numbers"
    if role == "kind":
        return None if text else "text"
    if role == "time" and trace.time_unit == "iso":
        if types.is_timestamp(kind) and kind.tz is not None:
            return "local times without a time zone"
        return None if text or types.is_timestamp(kind) else "timestamps or text (time_unit: iso)"
    number = types.is_integer(kind) or types.is_float32(kind) or types.is_float64(kind) or types.is_decimal(kind)
    return None if text or number else "numbers"
