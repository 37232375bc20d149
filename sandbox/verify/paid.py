"""Settled payments of a run by number: what bills and trades say was paid for is looked up here."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sandbox.tables import table_file

_COLUMNS = ["payment_id", "payer", "payee", "amount_fen", "completed_at_us", "outcome"]


def settled_payments(folder: Path, numbers: Iterable[int]) -> dict[int, tuple[int, int, int, int]]:
    """Payer, payee, sum (fen) and end (us) of those of these payments that settled."""
    wanted = np.unique(np.fromiter(numbers, dtype=np.int64))
    found: dict[int, tuple[int, int, int, int]] = {}
    if not wanted.size:
        return found
    with pq.ParquetFile(folder / table_file("payments")) as file:
        for batch in file.iter_batches(columns=_COLUMNS):
            table = pa.Table.from_batches([batch])
            mine = np.isin(table.column("payment_id").to_numpy(), wanted)
            if not mine.any():
                continue
            kept = table.filter(pa.array(mine)).filter(pc.field("outcome") == "settled")
            for row in kept.select(_COLUMNS[:-1]).to_pylist():
                found[row["payment_id"]] = (row["payer"], row["payee"], row["amount_fen"], row["completed_at_us"])
    return found
