"""Tables of a run folder, opened only if they are what they should be, and their columns as numpy arrays.

A file may come from anybody: `sandbox.parquet` opens it. Columns are taken by their buffers: pandas is not imported.
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

from sandbox import parquet
from sandbox.core.draws import Int64Array
from sandbox.parquet import WrongTable, wrong_schema
from sandbox.tables import table_file

Flags = npt.NDArray[np.bool_]
WHAT_READING_RAISES: Final = (
    *parquet.WHAT_READING_RAISES, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError
)  # fmt: skip
"""What a broken file, or a sound one that says what no run says, may lead to."""


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
    with parquet.opened(file) as source:
        wrong = wrong_schema(source.schema_arrow, name)
        if wrong is not None:
            raise WrongTable(file.name, wrong)
        yield source


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


def read(folder: Path, name: str, columns: list[str]) -> pa.Table:
    """Some columns of a table. Raises what `opened` raises."""
    with opened(folder, name):
        return parquet.read(folder / table_file(name), columns)


def _bits(data: pa.Buffer, offset: int, count: int) -> Flags:
    bits = np.unpackbits(np.frombuffer(data, dtype=np.uint8), bitorder="little")
    return bits[offset : offset + count].astype(np.bool_)
