"""Rows of `crossborder.parquet`, each checked before a message is made of it: a run folder may come from anywhere.

Units: `_fen` are minor units of the currency named beside them, `_us` microseconds since the scenario's start.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow as pa

from sandbox.features.crossborder.currencies import MINOR_DIGITS
from sandbox.language import N_, _
from sandbox.records import Run, RunError
from sandbox.tables import arrow_schema, table_file

TABLE: Final = "crossborder"
SHARED_LEDGER, CORRESPONDENT = "shared_ledger", "correspondent"
ARRANGEMENTS: Final = (CORRESPONDENT, SHARED_LEDGER)
SETTLED, REFUSED, RETURNED, LOST, PENDING = "settled", "refused", "returned", "lost", "pending"
OUTCOMES: Final = (SETTLED, REFUSED, RETURNED, LOST, PENDING)

BATCH_ROWS: Final = 4_096
"""Rows held at a time."""
MOST_FEN: Final = 10**18
"""What an amount of the standard must stay below: eighteen digits."""
MOST_US: Final = 10**15
"""Thirty years."""
MOST_NAME: Final = 100
"""Characters that a name may have; the standard has room for 140 in a line of text."""
MOST_WORD: Final = 35
LEAST_RATE, MOST_RATE = 1e-10, 1e10
"""What fits into eleven digits, ten of them after the point."""
MOST_AGENTS: Final = 64
UETR: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
PLAIN: Final = re.compile(r"[^\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]+")
"""What XML can hold and a name needs: no control characters, no halves of a surrogate."""


class PaymentRow(NamedTuple):
    """One payment through one arrangement; the columns of the table that messages are made of, in its order."""

    payment_id: int
    path: str
    uetr: str
    corridor: str
    purpose: str
    payer: int
    payee: int
    payer_bank: str
    payee_bank: str
    from_jurisdiction: str
    to_jurisdiction: str
    payer_currency: str
    payee_currency: str
    amount_fen: int
    credited_fen: int | None
    value_usd_cents: int
    fee_fen: int
    submitted_at_us: int
    completed_at_us: int | None
    outcome: str
    reason: str | None
    agents: tuple[str, ...]
    dealer: str | None
    pvp: bool
    settled_at_us: int | None
    rate: float | None


def payments(run: Run, rows: int | None = None) -> Iterator[PaymentRow]:
    """The rows in order, or the first `rows` of them.

    Raises:
        RunError: the run has no such table, or a row cannot be: which one, and what is wrong with it.
    """
    file = run.path / table_file(TABLE)
    number, last = 0, (-1, "")
    for batch in _batches(run, PaymentRow._fields):
        for values in zip(*(batch[name].to_pylist() for name in PaymentRow._fields), strict=True):
            if number == rows:
                return
            payment = _checked(file, number, values)
            key = payment.payment_id, payment.path
            if key <= last:
                raise _damaged(file, number, N_("damaged: not in the order of payment_id and path"))
            number, last = number + 1, key
            yield payment


def count(run: Run, most: int | None) -> int:
    """How many rows the first `most` payments have (None: all); a payment has one for each arrangement.

    Raises:
        RunError: as `payments`.
    """
    rows = found = 0
    last = None
    for batch in _batches(run, ["payment_id"]):
        for number in batch["payment_id"].to_pylist():
            if number != last:
                last, found = number, found + 1
                if most is not None and found > most:
                    return rows
            rows += 1
    return rows


def _batches(run: Run, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """The table in pieces, of the types that it is to have, with nothing in it that cannot be read."""
    file = run.path / table_file(TABLE)
    expected = arrow_schema(TABLE)
    for batch in run.arrow_batches(TABLE, columns, BATCH_ROWS):
        for name in columns:
            is_type, to_be = (_plain(schema.field(name).type) for schema in (batch.schema, expected))
            if is_type != to_be:
                message = N_("{file}: column {name} holds {is_type}, not {to_be}")
                raise RunError(_(message, file=file, name=name, is_type=is_type, to_be=to_be))
        try:
            batch.validate(full=True)
        except pa.ArrowInvalid as error:
            raise RunError(_("{file}: damaged: {error}", file=file, error=error)) from error
        yield batch


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _damaged(file: Path, number: int, message: str, **values: object) -> RunError:
    return RunError(_("{file}: row {number}: {problem}", file=file, number=number, problem=_(message, **values)))


def _checked(file: Path, number: int, values: tuple[Any, ...]) -> PaymentRow:
    row = dict(zip(PaymentRow._fields, values, strict=True))
    for name, value in row.items():
        what = _CHECKS[name](value)
        if what:
            raise _damaged(file, number, N_("{name} is {value}; {what}"), name=name, value=f"{value!r:.80}", what=what)
    row["agents"] = tuple(json.loads(row["agents"]))
    payment = PaymentRow(**row)
    if payment.fee_fen > payment.amount_fen:
        raise _damaged(file, number, N_("fee_fen is more than amount_fen, which it is part of"))
    missing = [name for name in _needed(payment) if row[name] is None]
    if missing:
        message = N_("{outcome}, but without {missing}")
        raise _damaged(file, number, message, outcome=payment.outcome, missing=", ".join(missing))
    return payment


def _needed(payment: PaymentRow) -> tuple[str, ...]:
    """Columns that a payment which ended like this has."""
    if payment.outcome == SETTLED:
        bound = payment.path == SHARED_LEDGER and payment.pvp and exchanged(payment)
        return ("credited_fen", "completed_at_us", "settled_at_us", *(("dealer",) if bound else ()))
    return () if payment.outcome == PENDING else ("completed_at_us", "reason")


def exchanged(payment: PaymentRow) -> bool:
    """Whether another currency arrives than left."""
    return payment.payer_currency != payment.payee_currency


Check = Callable[[Any], str | None]
"""What is wrong with a value; None if nothing is."""


def _number(most: int) -> Check:
    def check(value: Any) -> str | None:
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < most:
            return None
        return f"expected a whole number, at least 0 and below {most}"

    return check


def _text(most: int) -> Check:
    def check(value: Any) -> str | None:
        if isinstance(value, str) and len(value) <= most and PLAIN.fullmatch(value):
            return None
        return f"expected text of at most {most} characters, none of them a control character"

    return check


def _one_of(*words: str) -> Check:
    return lambda value: None if value in words else f"expected one of {', '.join(words)}"


def _optional(check: Check) -> Check:
    return lambda value: None if value is None else check(value)


def _uetr(value: Any) -> str | None:
    return None if isinstance(value, str) and UETR.fullmatch(value) else "expected a UUID of version 4 in lower case"


def _currency(value: Any) -> str | None:
    known = isinstance(value, str) and value in MINOR_DIGITS
    return None if known else "expected a currency by its three letters, one that a scenario may name"


def _flag(value: Any) -> str | None:
    return None if isinstance(value, bool) else "expected true or false"


def is_rate(value: float) -> bool:
    """Whether the standard can say this rate; what is no number is none."""
    return LEAST_RATE < value < MOST_RATE


def _rate(value: Any) -> str | None:
    known = isinstance(value, float) and is_rate(value)
    return None if known else f"expected a rate between {LEAST_RATE} and {MOST_RATE:g}"


def _agents(value: Any) -> str | None:
    try:
        names = json.loads(value)
    except (TypeError, ValueError, RecursionError):
        names = None
    name = _text(MOST_NAME)
    if isinstance(names, list) and len(names) <= MOST_AGENTS and not any(map(name, names)):
        return None
    return f"expected a JSON list of at most {MOST_AGENTS} names"


_CHECKS: Final[dict[str, Check]] = {
    "payment_id": _number(2**63),
    "path": _one_of(*ARRANGEMENTS),
    "uetr": _uetr,
    "corridor": _text(MOST_NAME),
    "purpose": _text(MOST_WORD),
    "payer": _number(2**63),
    "payee": _number(2**63),
    "payer_bank": _text(MOST_NAME),
    "payee_bank": _text(MOST_NAME),
    "from_jurisdiction": _text(MOST_NAME),
    "to_jurisdiction": _text(MOST_NAME),
    "payer_currency": _currency,
    "payee_currency": _currency,
    "amount_fen": _number(MOST_FEN),
    "credited_fen": _optional(_number(MOST_FEN)),
    "value_usd_cents": _number(MOST_FEN),
    "fee_fen": _number(MOST_FEN),
    "submitted_at_us": _number(MOST_US),
    "completed_at_us": _optional(_number(MOST_US)),
    "outcome": _one_of(*OUTCOMES),
    "reason": _optional(_text(MOST_WORD)),
    "agents": _agents,
    "dealer": _optional(_text(MOST_NAME)),
    "pvp": _flag,
    "settled_at_us": _optional(_number(MOST_US)),
    "rate": _optional(_rate),
}
