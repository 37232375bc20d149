"""The two passes over a payment trace: `inspect` before anything is written, `read` while the simulation runs.

Both run the same generator, so what the first accepts the second yields. Lines must be sorted by time: a line is
refused if it is earlier than a line above it that was not refused for another reason. A row for which the world has no
room is refused last, so it still counts for the order. Memory: a few tens of MiB, and the dictionary of names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from sandbox.market.trace.refusals import (
    CODE,
    EXAMPLES_KEPT,
    KINDS,
    MOST_FEN,
    REASONS,
    ROLES,
    Codes,
    Ints,
    Mask,
    Reason,
    Refusal,
    Tally,
    Verdict,
)
from sandbox.scenario.schema import Trace

if TYPE_CHECKING:
    from sandbox.market.trace.csv_rows import Chunk
    from sandbox.market.trace.parties import Numbering

_KIND_INDEX: Final = {kind: code for code, kind in enumerate(KINDS)}


@dataclass(frozen=True, slots=True)
class TraceWorld:
    """What a trace must fit into: how many parties there are, and the time it may span."""

    wallets: int
    corporates: int
    merchants: int
    duration_us: int
    start: datetime


@dataclass(frozen=True, slots=True)
class TraceBatch:
    """Accepted rows, in the order of the file, as columns of equal length.

    `row` counts accepted rows from 0. `payer` and `payee` are numbers among personal wallets, corporate wallets or
    merchants, as `payer_is_corporate` and `payee_kind` (0 personal, 1 corporate, 2 merchant) say. `kind` is a place in
    `KINDS`.
    """

    row: Ints
    at_us: Ints
    payer: Ints
    payee: Ints
    amount_fen: Ints
    kind: Codes
    payer_is_corporate: Mask
    payee_kind: Codes

    def __len__(self) -> int:
        return len(self.row)


@dataclass(frozen=True, slots=True)
class TraceQuality:
    """What `inspect` found.

    `payers` and `payees` count distinct names that pay and that are paid; `people`, `corporates` and `merchants` the
    distinct names of each sort. `size_bytes`, `modified_ns` and `sha256` say which file it was.
    """

    rows: int
    accepted: int
    refused: int
    refused_by_reason: dict[str, int]
    examples: tuple[Refusal, ...]
    payers: int
    payees: int
    people: int
    corporates: int
    merchants: int
    first_at_us: int
    last_at_us: int
    accepted_fen: int
    size_bytes: int
    modified_ns: int
    sha256: str


def inspect(trace: Trace, base_dir: Path, world: TraceWorld) -> TraceQuality:
    """Read the whole trace once and say how good it is.

    Raises `ScenarioErrors`, naming file, lines and reasons, if the file cannot be read as a trace, if a column is
    missing, if nothing in it is accepted, or if more than `trace.refused_at_most` of its lines are refused.
    """
    from sandbox.market.trace import errors, files
    from sandbox.market.trace.parties import Numbering

    path = files.trace_path(trace, base_dir)
    with files.open_regular(path) as stream:
        size_bytes, modified_ns = files.identity(stream)
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
    numbering = Numbering((world.wallets, world.corporates, world.merchants))
    tally = Tally()
    paying = tuple(_Seen() for _ in range(3))
    paid = tuple(_Seen() for _ in range(3))
    first_at_us, last_at_us, accepted_fen = -1, -1, 0
    for batch in _accepted(trace, path, world, numbering, tally):
        first_at_us = first_at_us if first_at_us >= 0 else int(batch.at_us[0])
        last_at_us = int(batch.at_us[-1])
        # A batch sums below 2^63: at most some 500,000 rows of 10^13 fen; the whole is a Python int.
        accepted_fen += int(batch.amount_fen.sum())
        for party in range(3):
            paying[party].add(batch.payer[batch.payer_is_corporate == party] if party < 2 else batch.payer[:0])
            paid[party].add(batch.payee[batch.payee_kind == party])
    people, corporates, merchants = numbering.counts()
    refused = tally.rows - tally.accepted
    if not tally.rows:
        errors.refuse(path, "the file holds no payments")
    if not tally.accepted or refused > trace.refused_at_most * tally.rows:
        errors.too_many_refused(path, trace, tally)
    return TraceQuality(
        rows=tally.rows, accepted=tally.accepted, refused=refused, refused_by_reason=tally.by_reason(),
        examples=tuple(tally.examples),
        payers=sum(seen.count() for seen in paying), payees=sum(seen.count() for seen in paid),
        people=people, corporates=corporates, merchants=merchants, first_at_us=first_at_us, last_at_us=last_at_us,
        accepted_fen=accepted_fen, size_bytes=size_bytes, modified_ns=modified_ns, sha256=sha256,
    )  # fmt: skip


def read(
    trace: Trace, base_dir: Path, world: TraceWorld, inspected: TraceQuality | None = None
) -> Iterator[TraceBatch]:
    """Yield the accepted rows in batches, none of them empty.

    Raises `ScenarioErrors` if the file cannot be read, or is no longer the one that was `inspected`.
    """
    from sandbox.market.trace import errors, files
    from sandbox.market.trace.parties import Numbering

    path = files.trace_path(trace, base_dir)
    if inspected is not None:
        with files.open_regular(path) as stream:
            if files.identity(stream) != (inspected.size_bytes, inspected.modified_ns):
                errors.refuse(path, "the file has changed since it was checked; start the run again")
    tally = Tally()
    numbering = Numbering((world.wallets, world.corporates, world.merchants))
    yield from _accepted(trace, path, world, numbering, tally)
    if inspected is not None and (tally.rows, tally.accepted) != (inspected.rows, inspected.accepted):
        errors.refuse(path, "the file changed while it was read; start the run again")


class _Seen:
    """Which numbers have occurred."""

    def __init__(self) -> None:
        self._mask: Mask = np.zeros(1024, dtype=np.bool_)

    def add(self, numbers: Ints) -> None:
        if len(numbers):
            top = int(numbers.max())
            if top >= len(self._mask):
                self._mask = np.concatenate([self._mask, np.zeros(top + 1, dtype=np.bool_)])
            self._mask[numbers] = True

    def count(self) -> int:
        return int(np.count_nonzero(self._mask))


def _accepted(trace: Trace, path: Path, world: TraceWorld, numbering: Numbering, tally: Tally) -> Iterator[TraceBatch]:
    """The one generator behind both passes: judges every row, counts in `tally`, yields what is accepted."""
    from sandbox.market.trace import errors, files
    from sandbox.market.trace.parties import TooManyNames

    latest_us = 0
    for chunk in files.chunks(trace, path):
        try:
            batch, verdict, latest_us = _judge(chunk, trace, world, numbering, latest_us, tally.accepted)
        except TooManyNames as error:
            errors.refuse(path, str(error))
        tally.rows += len(chunk.lines) + len(chunk.broken)
        tally.accepted += len(batch)
        tally.by_code += np.bincount(verdict.reason, minlength=len(tally.by_code)) if len(chunk.lines) else 0
        for reason, number in chunk.broken.by_reason.items():
            tally.by_code[CODE[reason]] += number
        if len(tally.examples) < EXAMPLES_KEPT:
            tally.examples = [*tally.examples, *_examples(chunk, verdict)][:EXAMPLES_KEPT]
        if len(batch):
            yield batch
    tally.by_code[0] = 0


def _judge(
    chunk: Chunk, trace: Trace, world: TraceWorld, numbering: Numbering, latest_us: int, first_row: int
) -> tuple[TraceBatch, Verdict, int]:
    """The accepted rows of a chunk, the verdict on all, and the latest time so far."""
    from sandbox.market.trace import parties, values

    rows = len(chunk.lines)
    verdict = Verdict(rows)
    at_us, codes = values.times(chunk.columns[0], trace.time_unit, world.start)
    verdict.note(codes, "time")
    verdict.refuse(at_us < 0, "time", Reason.TIME_NEGATIVE)
    verdict.refuse(at_us >= world.duration_us, "time", Reason.TIME_LATE)
    named = parties.distinct(chunk.columns[1], chunk.columns[2])
    verdict.note(named.payer_codes, "payer")
    verdict.note(named.payee_codes, "payee")
    amount_fen, codes = values.numbers(chunk.columns[3], trace.amount_unit)
    verdict.note(codes, "amount")
    verdict.refuse(amount_fen <= 0, "amount", Reason.AMOUNT_NOT_POSITIVE)
    verdict.refuse(amount_fen > MOST_FEN, "amount", Reason.AMOUNT_TOO_LARGE)
    kind: Codes = np.zeros(rows, dtype=np.int8)
    if trace.columns.kind is not None:
        kind, codes = values.words(chunk.columns[4], _KIND_INDEX)
        verdict.note(codes, "kind")
    payer_is, payee_is = parties.PAYER_OF[kind], parties.PAYEE_OF[kind]
    verdict.refuse((named.payer == named.payee) & (payer_is == payee_is), "payee", Reason.SELF_PAYMENT)

    good = verdict.good()
    in_order = at_us[good]
    if len(in_order):
        latest: Ints = np.maximum.accumulate(np.concatenate([np.array([latest_us]), in_order]))
        behind = np.zeros(rows, dtype=np.bool_)
        behind[good] = in_order < latest[:-1]
        verdict.refuse(behind, "time", Reason.TIME_BACKWARDS)
        latest_us = int(latest[-1])
    payer, payee = numbering.number(named, kind, verdict)
    good = verdict.good()

    def kept(column: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return column[good]

    batch = TraceBatch(
        row=np.arange(first_row, first_row + int(np.count_nonzero(good)), dtype=np.int64), at_us=kept(at_us),
        payer=kept(payer), payee=kept(payee), amount_fen=kept(amount_fen), kind=kept(kind),
        payer_is_corporate=kept(payer_is == parties.CORPORATE), payee_kind=kept(payee_is),
    )  # fmt: skip
    return batch, verdict, latest_us


def _examples(chunk: Chunk, verdict: Verdict) -> list[Refusal]:
    """The first few refusals of a chunk, by line."""
    from sandbox.market.trace import values

    found = list(chunk.broken.examples)
    for row in np.flatnonzero(verdict.reason)[:EXAMPLES_KEPT].tolist():
        role = int(verdict.role[row])
        shown = values.shown(chunk.columns[role], row)
        found.append(Refusal(int(chunk.lines[row]), ROLES[role], REASONS[verdict.reason[row] - 1], shown))
    return sorted(found, key=lambda one: one.line)
