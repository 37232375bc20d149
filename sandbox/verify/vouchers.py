"""A run's pending transfers against themselves and the ledger: all of the money accounted for, each ended in one way,
and what is open is what the escrows hold."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from sandbox.core.draws import Int64Array
from sandbox.tables import table_file
from sandbox.verify.arrow import Flags, numbers, read, texts
from sandbox.verify.problems import Problem, problem

VOUCHERS: Final = table_file("vouchers")
ESCROWS: Final = ("contract_escrow", "sub_wallet")
"""Kinds of the accounts that hold what is pending."""


def check_vouchers(folder: Path) -> Iterator[Problem]:
    """Everything about a run's pending transfers; nothing if it has none."""
    if not (folder / VOUCHERS).is_file():
        return
    names = ("voucher", "amount_fen", "spent_fen", "returned_fen", "created_at_us", "ended_at_us", "ending")
    table = read(folder, "vouchers", list(names))
    number, amount, spent, returned = (numbers(table, name) for name in names[:4])
    endings = texts(table, "ending")
    is_open = endings.among("open")
    ended = np.asarray(table.column("ended_at_us").is_valid().to_numpy(zero_copy_only=False), dtype=np.bool_)
    held = amount - spent - returned
    wrong = (
        ("vouchers are not numbered from 0", number != np.arange(number.size)),
        ("an amount is below zero", (amount <= 0) | (spent < 0) | (returned < 0) | (held < 0)),
        ("its ending is none of posted, voided, expired, open", ~endings.among("posted", "voided", "expired", "open")),
        ("it has ended, and spent and returned are not its amount", ~is_open & (held != 0)),
        ("posted is that of which nothing came back", ~is_open & (endings.among("posted") != (returned == 0))),
        ("it is open and has a time of its ending, or has ended and has none", is_open == ended),
    )
    for reason, rows in wrong:
        if rows.any():
            yield problem(VOUCHERS, f"row {int(np.argmax(rows))}", "row", reason=reason)
            return
    yield from _escrows(folder, held, is_open)


def _escrows(folder: Path, held: Int64Array, is_open: Flags) -> Iterator[Problem]:
    ledger = read(folder, "ledger", ["kind", "closing_fen"])
    found = int(numbers(ledger, "closing_fen")[texts(ledger, "kind").among(*ESCROWS)].sum())
    said = int(held[is_open].sum())
    if found != said:
        yield problem(VOUCHERS, "", "escrow", found=found, said=said)
