"""The recorder: ended payments and observations to Parquet, a window at a time, in bounded memory.

It writes by the description in `sandbox.records` and knows nothing of the simulation. Integers are delta-packed and
compressed with zstd: measured at about a quarter of the cost and a fifth of the size of the defaults.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from sandbox.engine.draws import Int64Array
from sandbox.engine.layout import (
    C_ATTEMPT_MASK,
    C_ATTEMPT_SHIFT,
    C_CATEGORY_SHIFT,
    C_CLASS_SHIFT,
    C_IN_BOX_SHIFT,
    C_OUTCOME_MASK,
    C_PAYEE_INSTITUTION_SHIFT,
    C_PAYER_INSTITUTION_SHIFT,
    CATEGORY_MASK,
    CLASS_MASK,
    INSTITUTION_MASK,
    O_AMOUNT,
    O_CODES,
    O_ENDED,
    O_ID,
    O_KEY,
    O_PACKET,
    O_PAYEE,
    O_PAYER,
    O_REDEEMED,
    O_SERVICES,
    O_SUBMITTED,
    O_TAG,
    O_TOP_UP,
    O_WAITS,
    TAG_KIND_SHIFT,
    TAG_LABEL_SHIFT,
    UNAVAILABLE,
)  # fmt: skip
from sandbox.records import OUTCOMES, TABLES, arrow_schema, table_file
from wallets.classes import CLASS_NAMES

ROW_GROUP: Final = 131_072


def open_table(folder: Path, name: str) -> pq.ParquetWriter:
    """Start a table of the run folder."""
    schema = arrow_schema(name)
    texts = [column.name for column in TABLES[name] if column.kind == "text"]
    integers = [column.name for column in TABLES[name] if column.kind in ("int64", "int8")]
    return pq.ParquetWriter(
        folder / table_file(name),
        schema,
        compression="zstd",
        use_dictionary=texts,
        column_encoding=dict.fromkeys(integers, "DELTA_BINARY_PACKED"),
        write_statistics=[
            column for column in ("payment_id", "submitted_at_us", "account", "at_us") if column in schema.names
        ],
    )


def write_rows(folder: Path, name: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Write a small table from rows in the order of its columns."""
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True)) if rows else [[] for _ in TABLES[name]]
    arrays = [
        pa.array(list(values), type=field.type) for values, field in zip(columns, arrow_schema(name), strict=True)
    ]
    with open_table(folder, name) as writer:
        writer.write_table(pa.Table.from_arrays(arrays, schema=arrow_schema(name)))


def write_columns(
    folder: Path, name: str, columns: dict[str, npt.NDArray[Any]], dictionaries: dict[str, Sequence[str]] | None = None
) -> None:
    """Write a table from numpy columns; in a nullable column -1 and NaN are nulls, in a text column numbers are
    words."""
    arrays = []
    for column in TABLES[name] if columns else ():
        values = columns[column.name]
        if column.kind == "text":
            arrays.append(words(values, (dictionaries or {})[column.name]))
        elif column.nullable:
            arrays.append(pa.array(values, mask=np.isnan(values) if values.dtype.kind == "f" else values < 0))
        else:
            arrays.append(pa.array(np.ascontiguousarray(values)))
    with open_table(folder, name) as writer:
        if arrays:
            writer.write_table(pa.Table.from_arrays(arrays, schema=arrow_schema(name)))


class Names:
    """The words behind the codes of a payment."""

    def __init__(
        self,
        *,
        kinds: Sequence[str],
        categories: Sequence[str],
        institutions: Sequence[str],
        sources: Sequence[str],
        labels: Sequence[str],
    ) -> None:
        self.kinds, self.categories, self.institutions = list(kinds), list(categories), list(institutions)
        self.sources, self.labels = list(sources), list(labels)


def words(codes: npt.NDArray[np.integer[Any]], names: Sequence[str], nullable: bool = False) -> pa.Array:
    """Codes as dictionary-encoded text; with `nullable`, code 0 is null and name k has code k + 1."""
    dictionary = pa.array(list(names) or [""], type=pa.string())
    first = 1 if nullable else 0
    indices = pa.array((codes - first).astype(np.int32), mask=codes == 0 if nullable else None)
    return pa.DictionaryArray.from_arrays(indices, dictionary)


class PaymentsWriter:
    """`payments.parquet`, all payments, a sample of them or none."""

    def __init__(self, folder: Path, names: Names, record: str | float = "all") -> None:
        self._names = names
        self._writer = open_table(folder, "payments")
        self._schema = arrow_schema("payments")
        share = {"all": 1.0, "none": 0.0}.get(record, record) if isinstance(record, str) else record
        self._share = float(share)
        self.rows = 0

    def write(self, out: Int64Array) -> None:
        """Append ended payments: (OUT_COLUMNS, number)."""
        if self._share < 1.0:
            # The key is uniform, and the same for a payment under every policy: so is the sample.
            keep = (out[O_KEY].view(np.uint64) >> np.uint64(11)).astype(np.float64) < self._share * 2.0**53
            out = np.ascontiguousarray(out[:, keep])
        if out.shape[1] == 0:
            return
        self._writer.write_table(self._table(out), row_group_size=ROW_GROUP)
        self.rows += out.shape[1]

    def close(self) -> None:
        """Finish the file."""
        self._writer.close()

    def _table(self, out: Int64Array) -> pa.Table:
        codes, tags, names = out[O_CODES], out[O_TAG], self._names
        outcome = (codes & C_OUTCOME_MASK).astype(np.int8)

        def field(shift: int, mask: int) -> npt.NDArray[np.int32]:
            return ((codes >> shift) & mask).astype(np.int32)

        arrays = [
            pa.array(out[O_ID]),
            pa.array(out[O_SUBMITTED]),
            pa.array(out[O_ENDED], mask=outcome >= UNAVAILABLE),
            pa.array(out[O_PAYER]),
            pa.array(out[O_PAYEE]),
            pa.array(out[O_AMOUNT]),
            words((tags >> TAG_KIND_SHIFT) & 15, names.kinds),
            words(field(C_CATEGORY_SHIFT, CATEGORY_MASK), names.categories, nullable=True),
            words(field(C_PAYER_INSTITUTION_SHIFT, INSTITUTION_MASK), names.institutions),
            words(field(C_PAYEE_INSTITUTION_SHIFT, INSTITUTION_MASK), names.institutions),
            words(outcome, OUTCOMES),
            pa.array(((codes >> C_ATTEMPT_SHIFT) & C_ATTEMPT_MASK).astype(np.int8)),
            pa.array((codes >> C_IN_BOX_SHIFT) & 1 == 1),
            words((tags >> TAG_LABEL_SHIFT) & 255, names.labels, nullable=True),
            words(tags & 63, names.sources),
            words(field(C_CLASS_SHIFT, CLASS_MASK), CLASS_NAMES),
            pa.array(out[O_PACKET]),
            pa.array(out[O_TOP_UP]),
            pa.array(out[O_REDEEMED]),
        ]
        for side in range(3):
            arrays += [pa.array(out[O_WAITS + side]), pa.array(out[O_SERVICES + side])]
        return pa.Table.from_arrays(arrays, schema=self._schema)
