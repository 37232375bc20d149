"""Settled payments of a run: what registers say was paid for is looked up here, and what was paid beside it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sandbox.audit.arrow import numbers, opened, read, texts

_COLUMNS: Final = ["payment_id", "payer", "payee", "amount_fen", "completed_at_us", "outcome"]


class Settled(NamedTuple):
    """A payment that settled."""

    payer: int
    payee: int
    amount_fen: int
    ended_us: int


def settled_payments(
    folder: Path, payments: Iterable[int] = (), payers: Iterable[int] = (), payees: Iterable[int] = ()
) -> dict[int, Settled]:
    """Payments that settled, by number: those asked for, and all from or to certain accounts."""
    wanted = {
        name: np.unique(np.fromiter(values, dtype=np.int64))
        for name, values in (("payment_id", payments), ("payer", payers), ("payee", payees))
    }
    found: dict[int, Settled] = {}
    with opened(folder, "payments") as file:
        for batch in file.iter_batches(columns=_COLUMNS):
            table = pa.Table.from_batches([batch])
            mine = np.zeros(len(table), dtype=np.bool_)
            for name, values in wanted.items():
                if values.size:
                    mine |= np.isin(table.column(name).to_numpy(), values)
            kept = table.filter(pa.array(mine)).filter(pc.field("outcome") == "settled")
            for row in kept.select(_COLUMNS[:-1]).to_pylist():
                found[row["payment_id"]] = Settled(*(row[name] for name in _COLUMNS[1:-1]))
    return found


def accounts_of_kind(folder: Path, *kinds: str) -> list[int]:
    """Accounts of the ledger of these kinds."""
    table = read(folder, "ledger", ["account", "kind"])
    return [int(one) for one in numbers(table, "account")[texts(table, "kind").among(*kinds)]]
