"""The recorder: ended payments and observations to Parquet, a window at a time, in bounded memory.

It writes by the description in `sandbox.records` and knows nothing of the simulation. Integers are delta-packed, which
leaves payments a fifth of their plain size; measured, compressing that further saves 5 % and costs a third more time,
and statistics an eighth, so payments go without. The tables of text are compressed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from sandbox.core.compiled import compiled
from sandbox.core.draws import Int64Array
from sandbox.core.layout import Outcome, code, ended, tags, trait
from sandbox.engine.columns import encoded, flags, numbers, texts, words
from sandbox.engine.packed import PackedColumns
from sandbox.tables import OUTCOMES, TABLES, Kind, arrow_schema, table_file
from wallets.classes import CLASS_NAMES

ROW_GROUP: Final = 131_072
TOGETHER: Final = 1_048_576
"""Rows of a row group of other tables, at most: pyarrow's own number."""


def open_table(folder: Path, name: str) -> pq.ParquetWriter:
    """Start a table of the run folder."""
    schema = arrow_schema(name)
    texts = [column.name for column in TABLES[name] if column.kind == "text"]
    integers = [column.name for column in TABLES[name] if column.kind in ("int64", "int8")]
    return pq.ParquetWriter(
        folder / table_file(name),
        schema,
        compression="none" if name == "payments" else "zstd",
        use_dictionary=texts,
        column_encoding=dict.fromkeys(integers, "DELTA_BINARY_PACKED"),
        write_statistics=False,
    )


def write_rows(folder: Path, name: str, rows: Sequence[Sequence[Any]]) -> None:
    """Write a small table from rows in the order of its columns."""
    by_column = list(zip(*rows, strict=True)) if rows else [() for _ in TABLES[name]]
    write_values(folder, name, {column.name: values for column, values in zip(TABLES[name], by_column, strict=True)})


def write_values(folder: Path, name: str, columns: Mapping[str, Sequence[Any] | npt.NDArray[Any]]) -> None:
    """Write a table from columns of Python values, None where there is none, or of numpy numbers."""
    arrays = [_column(column.kind, columns[column.name]) for column in TABLES[name]]
    with open_table(folder, name) as writer:
        writer.write_table(pa.Table.from_arrays(arrays, schema=arrow_schema(name)))


def _column(kind: Kind, values: Sequence[Any] | npt.NDArray[Any]) -> pa.Array:
    if kind == "text":
        return encoded(values)  # type: ignore[arg-type]
    if kind == "long_text":
        return texts(values)  # type: ignore[arg-type]
    if kind == "bool":
        return flags(np.asarray(values, dtype=np.bool_))
    if isinstance(values, np.ndarray):
        return numbers(values.astype(kind, copy=False))
    missing = np.array([value is None for value in values], dtype=np.bool_)
    return numbers(np.array([0 if value is None else value for value in values], dtype=kind), missing)


def write_columns(
    folder: Path, name: str, columns: PackedColumns, dictionaries: dict[str, Sequence[str]] | None = None
) -> None:
    """Write a table, so many rows at a time as Parquet puts together; in a nullable column -1 and NaN are nulls, in a
    text column numbers are words."""
    with open_table(folder, name) as writer:
        for first in range(0, columns.rows, TOGETHER):
            last = min(first + TOGETHER, columns.rows)
            arrays = []
            for column in TABLES[name]:
                values = columns.window(column.name, first, last)
                if column.kind == "text":
                    arrays.append(words(values, (dictionaries or {})[column.name]))
                elif column.nullable:
                    arrays.append(numbers(values, np.isnan(values) if values.dtype.kind == "f" else values < 0))
                else:
                    arrays.append(numbers(values))
            writer.write_table(pa.Table.from_arrays(arrays, schema=arrow_schema(name)))


class Names(NamedTuple):
    """The words behind the codes of a payment."""

    kinds: Sequence[str]
    categories: Sequence[str]
    institutions: Sequence[str]
    sources: Sequence[str]
    labels: Sequence[str]


WORD_COLUMNS: Final = 8
(W_KIND, W_CATEGORY, W_PAYER_INSTITUTION, W_PAYEE_INSTITUTION, W_OUTCOME, W_LABEL, W_SOURCE, W_CLASS) = range(8)


@compiled
def unpack(
    out: Int64Array, codes: npt.NDArray[np.int32], attempts: npt.NDArray[np.int8], inside: npt.NDArray[np.bool_]
) -> None:
    """Take the packed codes of ended payments apart, in one pass: `codes` is (WORD_COLUMNS, number)."""
    for i in range(out.shape[1]):
        packed, tag = out[ended.CODES, i], out[ended.TAG, i]
        codes[W_KIND, i] = (tag >> tags.KIND_SHIFT) & 15
        codes[W_CATEGORY, i] = (packed >> code.CATEGORY_SHIFT) & trait.CATEGORY_MASK
        codes[W_PAYER_INSTITUTION, i] = (packed >> code.PAYER_INSTITUTION_SHIFT) & trait.INSTITUTION_MASK
        codes[W_PAYEE_INSTITUTION, i] = (packed >> code.PAYEE_INSTITUTION_SHIFT) & trait.INSTITUTION_MASK
        codes[W_OUTCOME, i] = packed & code.OUTCOME_MASK
        codes[W_LABEL, i] = (tag >> tags.LABEL_SHIFT) & 255
        codes[W_SOURCE, i] = tag & 63
        codes[W_CLASS, i] = (packed >> code.CLASS_SHIFT) & trait.CLASS_MASK
        attempts[i] = (packed >> code.ATTEMPT_SHIFT) & code.ATTEMPT_MASK
        inside[i] = (packed >> code.IN_BOX_SHIFT) & 1 == 1


class Journal(Protocol):
    """What gets the recorded payments beside the table (`sandbox.engine.journal`)."""

    def add(self, out: Int64Array) -> None:
        """Take more ended payments."""

    def close(self) -> None:
        """Finish."""


class PaymentsWriter:
    """`payments.parquet`, all payments, a sample of them or none."""

    def __init__(self, folder: Path, names: Names, record: str | float = "all", journal: Journal | None = None) -> None:
        self._names = names
        self._journal = journal
        self._writer = open_table(folder, "payments")
        self._schema = arrow_schema("payments")
        share = {"all": 1.0, "none": 0.0}.get(record, record) if isinstance(record, str) else record
        self._share = float(share)
        self.rows = 0

    def write(self, out: Int64Array) -> None:
        """Append ended payments: (ended.ROWS, number)."""
        if self._share < 1.0:
            # The key is uniform, and the same for a payment under every policy: so is the sample.
            keep = (out[ended.KEY].view(np.uint64) >> np.uint64(11)).astype(np.float64) < self._share * 2.0**53
            out = np.ascontiguousarray(out[:, keep])
        if out.shape[1] == 0:
            return
        self._writer.write_table(self._table(out), row_group_size=ROW_GROUP)
        if self._journal is not None:
            self._journal.add(out)
        self.rows += out.shape[1]

    def close(self) -> None:
        """Finish the files."""
        self._writer.close()
        if self._journal is not None:
            self._journal.close()

    def _table(self, out: Int64Array) -> pa.Table:
        names, count = self._names, out.shape[1]
        codes = np.empty((WORD_COLUMNS, count), dtype=np.int32)
        attempts, inside = np.empty(count, dtype=np.int8), np.empty(count, dtype=np.bool_)
        unpack(out, codes, attempts, inside)
        unanswered = codes[W_OUTCOME] >= Outcome.UNAVAILABLE
        arrays = [
            numbers(out[ended.ID]),
            numbers(out[ended.SUBMITTED_AT]),
            numbers(out[ended.ENDED_AT], unanswered),
            numbers(out[ended.PAYER]),
            numbers(out[ended.PAYEE]),
            numbers(out[ended.AMOUNT]),
            words(codes[W_KIND], names.kinds),
            words(codes[W_CATEGORY], names.categories, nullable=True),
            words(codes[W_PAYER_INSTITUTION], names.institutions),
            words(codes[W_PAYEE_INSTITUTION], names.institutions),
            words(codes[W_OUTCOME], OUTCOMES),
            numbers(attempts),
            flags(inside),
            words(codes[W_LABEL], names.labels, nullable=True),
            words(codes[W_SOURCE], names.sources),
            words(codes[W_CLASS], CLASS_NAMES),
            numbers(out[ended.PACKET]),
            numbers(out[ended.TOP_UP]),
            numbers(out[ended.REDEEMED]),
        ]
        for side in range(3):
            arrays += [numbers(out[ended.WAITS + side]), numbers(out[ended.SERVICES + side])]
        return pa.Table.from_arrays(arrays, schema=self._schema)
