"""AMLworld's layout: a file of transactions and a file of laundering patterns (Altman et al. 2023, IBM).

One row is one settled payment, in the order in which payments ended. The column `Account` stands twice, as published;
pandas reads the second as `Account.1`. Payment formats are the nearest of the published words. Instances of patterns
stand as blocks of the same rows between BEGIN and END; what is in no pattern is laundering without a block.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sandbox.export.files import new_files, stem
from sandbox.export.lines import ROWS, Ints, as_bytes, chosen, lines, yuan
from sandbox.features.crime.schema import NO_PATTERN
from sandbox.language import _
from sandbox.records import Run, RunError

HEADER: Final = (
    "Timestamp", "From Bank", "Account", "To Bank", "Account", "Amount Received", "Receiving Currency", "Amount Paid",
    "Payment Currency", "Payment Format", "Is Laundering",
)  # fmt: skip
FORMATS: Final = {
    "retail": "Credit Card", "campaign": "Cash", "transfer": "ACH", "wholesale": "Wire", "government": "Cheque",
    "fee": "ACH",
}  # fmt: skip
OTHER_FORMAT: Final = "ACH"
CURRENCY: Final = "Yuan"
COLUMNS: Final = (
    "payment_id", "completed_at_us", "payer", "payee", "amount_fen", "kind", "payer_institution", "payee_institution",
    "outcome", "label",
)  # fmt: skip
SIZES: Final = {"fan_in": "{}-degree Fan-In", "fan_out": "{}-degree Fan-Out", "cycle": "{} hops", "random": "{} hops"}
"""What the published file says of an instance's size, for patterns of which it says something."""
PAYER, PAYEE = 2, 4
"""Places of the accounts in a line."""


def file_names(name: str) -> tuple[str, str]:
    """The two files, named as the published ones."""
    return f"{name}_Trans.csv", f"{name}_Patterns.txt"


def export(run: Run, folder: Path, force: bool = False) -> list[Path]:
    """Write both files; returns where they are.

    Raises:
        RunError: the run has no ground truth.
        OutputError: a file is there already, and no `force`.
    """
    if "patterns" not in run.tables:
        raise RunError(
            _("{path}: this run has no ground truth; a scenario has it by its section `crime`", path=run.path)
        )
    start = datetime.fromisoformat(run.summary["scenario"]["start"])
    names = file_names(stem(run))
    truth = _Truth(run)
    institutions = run.arrow("ledger", ["owner", "kind"])
    banks = institutions.filter(pc.equal(institutions["kind"], "institution"))["owner"].to_pylist()
    with new_files(folder, names, force) as (transactions, patterns):
        transactions.write((",".join(HEADER) + "\n").encode())
        for batch in run.arrow_batches("payments", COLUMNS, ROWS):
            settled = batch.filter(pc.equal(batch["outcome"].cast(pa.string()), "settled"))
            text = lines(_columns(settled, banks, start))
            transactions.write(as_bytes(text))
            truth.see(settled["payment_id"].to_numpy(), text)
        truth.write(patterns)
    return [folder / name for name in names]


def _columns(batch: pa.RecordBatch, banks: list[str], start: datetime) -> list[pa.Array]:
    at = pc.add(batch["completed_at_us"], int((start - datetime(1970, 1, 1)).total_seconds()) * 1_000_000)
    count = len(at)
    numbers = pa.array([f"{number:03d}" for number in range(1, len(banks) + 1)])
    kinds = batch["kind"].cast(pa.string())
    known = pc.index_in(kinds, pa.array(list(FORMATS)))
    formats = pc.fill_null(pa.array(list(FORMATS.values())).take(known), OTHER_FORMAT)
    amounts = yuan(batch["amount_fen"].to_numpy())
    currency = pa.array([CURRENCY] * count, type=pa.string())
    sides = []
    for side in ("payer", "payee"):
        places = pc.index_in(batch[f"{side}_institution"].cast(pa.string()), pa.array(banks))
        sides += [numbers.take(places), account_names(batch[side].to_numpy())]
    return [
        pc.strftime(at.cast(pa.timestamp("us")), format="%Y/%m/%d %H:%M"),
        *sides, amounts, currency, amounts, currency, formats,
        chosen(("0", "1"), batch["label"].is_valid().to_numpy(zero_copy_only=False)),
    ]  # fmt: skip


def account_names(accounts: Ints) -> pa.Array:
    """Nine signs like the published ones, the last one a letter, so that none reads as a number."""
    return pa.array([f"8{number:07X}B" for number in accounts.tolist()], type=pa.string())


class _Truth:
    """Which payments belong to which instance; gathers their lines as they go by."""

    def __init__(self, run: Run) -> None:
        table = run.arrow("patterns", ["payment_id", "pattern", "instance"])
        names = table["pattern"].cast(pa.string()).to_pylist()
        owners = zip(table["payment_id"].to_pylist(), names, table["instance"].to_pylist(), strict=True)
        self._instance = {number: (name, instance) for number, name, instance in owners if name != NO_PATTERN}
        self._ids = np.array(sorted(self._instance), dtype=np.int64)
        self._lines: dict[tuple[str, int], list[str]] = {}

    def see(self, ids: Ints, text: pa.Array) -> None:
        """Keep the lines of payments that are in a pattern."""
        for place in np.flatnonzero(np.isin(ids, self._ids)).tolist():
            self._lines.setdefault(self._instance[int(ids[place])], []).append(text[place].as_py())

    def write(self, stream: object) -> None:
        """All blocks, in the order in which their first payment ended."""
        for (name, __), block in self._lines.items():
            title = name.upper().replace("_", "-")
            size = f":  Max {SIZES[name].format(_size(name, block))}" if name in SIZES else ""
            text = f"BEGIN LAUNDERING ATTEMPT - {title}{size}\n{''.join(block)}END LAUNDERING ATTEMPT - {title}\n\n"
            stream.write(text.encode())  # type: ignore[attr-defined]


def _size(name: str, block: list[str]) -> int:
    """How many pay or are paid in a fan; how many hops there are elsewhere."""
    place = {"fan_in": PAYER, "fan_out": PAYEE}.get(name)
    return len(block) if place is None else len({line.split(",")[place] for line in block})
