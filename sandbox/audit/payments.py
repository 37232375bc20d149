"""`payments.parquet` as the columns that the journal hashes, a window at a time, and what no payment can be.

Compiled code that books payments runs over these columns, so what could lead it astray (an account that is none, a code
that no text has) is found here first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from sandbox.audit.arrow import Flags, coded, opened, plain
from sandbox.core.draws import Int64Array
from sandbox.core.layout import Outcome, code, ended, tags
from sandbox.journal.chain import NULLABLE_WORDS
from sandbox.language import N_, _
from sandbox.tables import table_file

PAYMENTS: Final = table_file("payments")
ROWS: Final = 65_536
"""Rows read at a time."""

_STAGES: Final = ("payer_gateway", "payee_gateway", "ledger")
INTEGERS: Final[dict[str, int]] = {
    "payment_id": ended.ID,
    "submitted_at_us": ended.SUBMITTED_AT,
    "completed_at_us": ended.ENDED_AT,
    "payer": ended.PAYER,
    "payee": ended.PAYEE,
    "amount_fen": ended.AMOUNT,
    "packet_fen": ended.PACKET,
    "top_up_fen": ended.TOP_UP,
    "redeemed_fen": ended.REDEEMED,
    **{f"{stage}_wait_us": ended.WAITS + number for number, stage in enumerate(_STAGES)},
    **{f"{stage}_service_us": ended.SERVICES + number for number, stage in enumerate(_STAGES)},
}
"""Columns of whole numbers, and where they stand."""
NOT_BELOW_ZERO: Final = tuple(name for name in INTEGERS if name != "completed_at_us")

TEXTS: Final[dict[str, tuple[str, int, int, int]]] = {
    "outcome": ("outcome", ended.CODES, 0, 4),
    "payer_class": ("payer_class", ended.CODES, code.CLASS_SHIFT, 3),
    "category": ("category", ended.CODES, code.CATEGORY_SHIFT, 7),
    "payer_institution": ("institution", ended.CODES, code.PAYER_INSTITUTION_SHIFT, 16),
    "payee_institution": ("institution", ended.CODES, code.PAYEE_INSTITUTION_SHIFT, 16),
    "source": ("source", ended.TAG, 0, tags.KIND_SHIFT),
    "kind": ("kind", ended.TAG, tags.KIND_SHIFT, tags.LABEL_SHIFT - tags.KIND_SHIFT),
    "label": ("label", ended.TAG, tags.LABEL_SHIFT, 8),
}
"""Columns of text: which of the journal's words, which column of codes, at which bit, how many bits."""


class Window(NamedTuple):
    """Payments as columns (ended.ROWS, number), good until the next window is read; and the first row's number."""

    first_row: int
    out: Int64Array
    codes: dict[str, Int64Array]
    """The codes of each column of text."""
    fault: tuple[int, str] | None
    """The first row that no payment can be, and why. Rows from there on are not to be booked."""


class Ids:
    """Numbers of payments, each to be met once: where all payments are recorded, they are 0 to `count` - 1."""

    def __init__(self, count: int) -> None:
        self._row = np.full(count, -1, dtype=np.int64)
        """Where each was met."""

    def take(self, window: Window) -> int | None:
        """The first row of a window whose number was met before, or is none of them."""
        ids, rows = window.out[ended.ID], np.arange(window.first_row, window.first_row + window.out.shape[1])
        wrong = (ids < 0) | (ids >= self._row.size)
        if not wrong.any():
            wrong = self._row[ids] >= 0
            # Written from the last to the first: of equal numbers the first row stays.
            self._row[ids[::-1]] = rows[::-1]
            wrong |= self._row[ids] != rows
        return int(rows[np.argmax(wrong)]) if wrong.any() else None


def code_of(words: Mapping[str, Sequence[str]], name: str) -> dict[str | None, int]:
    """Codes by text; with null, where there may be null."""
    nullable = name in NULLABLE_WORDS
    found: dict[str | None, int] = {None: 0} if nullable else {}
    for number, text in enumerate(words[name], start=int(nullable)):
        found.setdefault(text, number)
    return found


def windows(
    folder: Path, words: Mapping[str, Sequence[str]], accounts: int, row_groups: list[int] | None = None, first: int = 0
) -> Iterator[Window]:
    """Read the table from its beginning to its end, or some of its row groups in a row.

    Args:
        folder: the run folder.
        words: texts behind codes, from the journal's header.
        accounts: how many accounts the ledger has.
        row_groups: which, if not all.
        first: number of the first row read.

    Raises what `opened` raises.
    """
    codes = {name: code_of(words, name) for name in {entry[0] for entry in TEXTS.values()}}
    buffer = np.zeros((ended.ROWS, ROWS), dtype=np.int64)
    with opened(folder, "payments") as source:
        for batch in source.iter_batches(ROWS, row_groups=row_groups, use_threads=False):
            yield _window(batch, first, buffer[:, : len(batch)], codes, accounts)
            first += len(batch)


def _window(
    batch: pa.RecordBatch, first: int, out: Int64Array, codes: dict[str, dict[str | None, int]], accounts: int
) -> Window:
    faults: list[tuple[int, str]] = []
    unanswered = np.zeros(len(batch), dtype=np.bool_)
    for name, place in INTEGERS.items():
        values, missing = plain(batch.column(name))
        out[place] = values
        if missing is not None:
            if name == "completed_at_us":
                unanswered = missing
            else:
                _fault(faults, missing, _("{name} is null", name=name))
    out[ended.ENDED_AT, unanswered] = out[ended.SUBMITTED_AT, unanswered] - 1
    attempts, no_attempt = plain(batch.column("attempt"))
    inside, nowhere = plain(batch.column("in_box"))
    for missing in (no_attempt, nowhere):
        if missing is not None:
            _fault(faults, missing, _("attempt or in_box is null"))
    out[ended.CODES] = attempts.astype(np.int64) << code.ATTEMPT_SHIFT
    out[ended.CODES] |= inside.astype(np.int64) << code.IN_BOX_SHIFT
    out[ended.TAG] = 0
    found: dict[str, Int64Array] = {}
    for name, (of, column, shift, bits) in TEXTS.items():
        found[name], unknown = coded(batch.column(name), codes[of])
        if unknown is not None:
            message = N_("{name} is {unknown}, which the journal does not know")
            _fault(faults, found[name] < 0, _(message, name=name, unknown=repr(unknown)))
        if codes[of] and max(codes[of].values()) >> bits:
            _fault(
                faults, np.ones(len(batch), dtype=np.bool_), _("more words of {of} than a code can tell apart", of=of)
            )
        out[column] |= np.maximum(found[name], 0) << shift
    _find_faults(faults, out, found["outcome"], attempts, unanswered, accounts)
    return Window(first, out, found, min(faults, key=lambda fault: fault[0], default=None))


def _find_faults(
    faults: list[tuple[int, str]], out: Int64Array, outcome: Int64Array, attempts: npt.NDArray[np.int8],
    unanswered: Flags, accounts: int,
) -> None:  # fmt: skip
    """What no payment can be, whatever the run was."""
    for name in NOT_BELOW_ZERO:
        if len(outcome) and int(out[INTEGERS[name]].min()) < 0:
            _fault(faults, out[INTEGERS[name]] < 0, _("{name} is below zero", name=name))
    for name in ("payer", "payee"):
        if len(outcome) and int(out[INTEGERS[name]].max()) >= accounts:
            _fault(faults, out[INTEGERS[name]] >= accounts, _("{name} is no account of the ledger", name=name))
    message = N_("attempt is not 0 to {attempt_mask}")
    _fault(faults, (attempts < 0) | (attempts > code.ATTEMPT_MASK), _(message, attempt_mask=code.ATTEMPT_MASK))
    _fault(faults, unanswered != (outcome >= Outcome.UNAVAILABLE), _("outcome and completed_at_us do not agree"))
    message = N_("it was completed before it was submitted")
    _fault(faults, ~unanswered & (out[ended.ENDED_AT] < out[ended.SUBMITTED_AT]), _(message))
    answered = np.flatnonzero(~unanswered)
    early = answered[1:][np.diff(out[ended.ENDED_AT, answered]) < 0]
    if early.size:
        faults.append((int(early[0]), _("it was completed before the one above it")))
    moved = out[ended.PACKET] | out[ended.TOP_UP] | out[ended.REDEEMED]
    message = N_("it did not settle, yet packet_fen, top_up_fen or redeemed_fen moved")
    _fault(faults, (outcome != Outcome.SETTLED) & (moved != 0), _(message))
    _fault(faults, out[ended.PACKET] > out[ended.AMOUNT], _("packet_fen is more than amount_fen"))


def _fault(faults: list[tuple[int, str]], where: Flags, reason: str) -> None:
    if where.any():
        faults.append((int(np.argmax(where)), reason))
