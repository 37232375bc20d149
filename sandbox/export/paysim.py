"""PaySim's layout (Lopez-Rojas, Elmir and Axelsson 2016; the columns as published): one row a movement of money.

A settled payment is a PAYMENT (to a merchant) or a TRANSFER. What was topped up for it is a CASH_IN before it, what was
passed on into the payee's bank account a DEBIT after it; interest and compensation are CASH_IN, redemptions DEBIT.
Steps are hours, from 1. Balances are true running balances: the ledger's opening, changed by every movement of the run,
and checked against its closing. The part of a payment that came out of a red packet does not touch the payer's balance.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from sandbox.export.balances import Balances
from sandbox.export.files import new_files, stem
from sandbox.export.lines import ROWS, Ints, as_bytes, chosen, lines, whole, yuan
from sandbox.language import N_, _
from sandbox.records import SCENARIO, Run, RunError
from sandbox.scenario.load import load

HEADER: Final = (
    "step", "type", "amount", "nameOrig", "oldbalanceOrg", "newbalanceOrig", "nameDest", "oldbalanceDest",
    "newbalanceDest", "isFraud", "isFlaggedFraud",
)  # fmt: skip
TYPES: Final = ("CASH_IN", "PAYMENT", "TRANSFER", "DEBIT", "")
CASH_IN, PAYMENT, TRANSFER, DEBIT, HIDDEN = range(5)
"""HIDDEN: a movement between institutions and issuers, which changes balances and is no row."""
FLAGGED_FEN: Final = 200_000_00
"""The published rule: a transfer of more than 200,000 is flagged."""
STEP_US: Final = 3_600_000_000
COLUMNS: Final = (
    "completed_at_us", "payer", "payee", "amount_fen", "payer_institution", "payee_institution", "outcome", "label",
    "packet_fen", "top_up_fen", "redeemed_fen",
)  # fmt: skip
PLACES: Final = 4
"""Places in the order of rows that each payment has: postings before it, top-up, payment, redemption."""


class Moves(NamedTuple):
    """Movements in order: when, which type, who, whom, how much; how much of it leaves the payer; whether illicit."""

    at_us: Ints
    type: Ints
    payer: Ints
    payee: Ints
    amount: Ints
    leaves: Ints
    fraud: Ints


class Accounts(NamedTuple):
    """The ledger's accounts: first letter of the name (an index in `LETTERS`), opening and closing balances (fen)."""

    letter: Ints
    opening: Ints
    closing: Ints
    owner: list[str]
    kind: list[str]


LETTERS: Final = ("C", "M", "B")
"""Customers, merchants, and banks: all that is neither."""


def file_name(name: str) -> str:
    """The file."""
    return f"{name}_PaySim.csv"


def export(run: Run, folder: Path, force: bool = False) -> list[Path]:
    """Write the file; returns where it is.

    Raises:
        RunError: the run did not keep what is needed, or its tables do not add up.
        OutputError: the file is there already, and no `force`.
    """
    if "postings" not in run.tables:
        raise RunError(
            _("{path}: this run has no ground truth; a scenario has it by its section `crime`", path=run.path)
        )
    total = int(run.summary["throughput"]["payments"])
    recorded = sum(len(batch) for batch in run.arrow_batches("payments", ["payment_id"], ROWS))
    if recorded != total:
        message = N_("{path}: {recorded} of {total} payments are recorded; balances need --record all")
        raise RunError(_(message, path=run.path, recorded=f"{recorded:,}", total=f"{total:,}"))
    accounts = _accounts(run)
    balances = Balances(accounts.opening)
    name = file_name(stem(run))
    with new_files(folder, (name,), force) as (stream,):
        stream.write((",".join(HEADER) + "\n").encode())
        for moves in _moves(run, accounts):
            stream.write(as_bytes(_lines(moves, balances, accounts)))
        _check(run, balances, accounts)
    return [folder / name]


def _accounts(run: Run) -> Accounts:
    ledger = run.arrow("ledger", ["owner", "kind", "opening_fen", "closing_fen"])
    kinds = ledger["kind"].cast(pa.string()).to_pylist()
    letters = {"wallet": 0, "corporate": 0, "merchant": 1}
    return Accounts(
        np.array([letters.get(kind, 2) for kind in kinds], dtype=np.int64),
        ledger["opening_fen"].to_numpy(),
        ledger["closing_fen"].to_numpy(),
        ledger["owner"].to_pylist(),
        kinds,
    )


def _funding(run: Run, accounts: Accounts) -> dict[str, int]:
    """The account that tops up and redeems for an institution's customers: its own, or its operator's."""
    institutions = load(str(run.path / SCENARIO)).scenario.institutions
    own = {
        owner: number
        for number, (owner, kind) in enumerate(zip(accounts.owner, accounts.kind, strict=True))
        if kind == "institution"
    }
    return {name: own[one.via if one.kind == "indirect" and one.via else name] for name, one in institutions.items()}


def _moves(run: Run, accounts: Accounts) -> Iterator[Moves]:
    """All movements of the run, batch by batch, in order."""
    funding = _funding(run, accounts)
    postings = {name: one.to_numpy() for name, one in zip(*_named(run.arrow("postings")), strict=True)}
    begun = 0
    for batch in run.arrow_batches("payments", COLUMNS, ROWS):
        ended = begun + len(batch)
        first, last = np.searchsorted(postings["after"], [begun, ended])
        yield _together(
            [
                _of_postings({name: one[first:last] for name, one in postings.items()}, begun, accounts),
                *_of_payments(batch, funding, accounts),
            ]
        )
        begun = ended
    first = int(np.searchsorted(postings["after"], begun))
    yield _together([_of_postings({name: one[first:] for name, one in postings.items()}, begun, accounts)])


def _named(table: pa.Table) -> tuple[list[str], list[Any]]:
    return table.column_names, table.columns


Placed = tuple[Ints, Moves]
"""Movements, and each one's place in the order of the batch."""


def _together(parts: list[Placed]) -> Moves:
    order = np.argsort(np.concatenate([places for places, __ in parts]), kind="stable")
    return Moves(*(np.concatenate(one)[order] for one in zip(*(moves for __, moves in parts), strict=True)))


def _of_postings(rows: dict[str, Ints], begun: int, accounts: Accounts) -> Placed:
    """Postings outside payments: a customer's is a DEBIT, one to a customer a CASH_IN, whose row names the customer."""
    payer, payee = rows["payer"], rows["payee"]
    types = np.full(payer.size, HIDDEN, dtype=np.int64)
    types[accounts.letter[payee] < 2] = CASH_IN
    types[accounts.letter[payer] < 2] = DEBIT
    moves = Moves(
        rows["at_us"], types, payer, payee, rows["amount_fen"], rows["amount_fen"], np.zeros(payer.size, dtype=np.int64)
    )
    return (rows["after"] - begun) * PLACES, moves


def _of_payments(batch: pa.RecordBatch, funding: dict[str, int], accounts: Accounts) -> Iterator[Placed]:
    """Settled payments with their top-ups and redemptions."""
    places = np.flatnonzero(pc.equal(batch["outcome"].cast(pa.string()), "settled").to_numpy(zero_copy_only=False))
    rows = batch.take(pa.array(places))
    at_us, payer, payee, amount, packet, top_up, redeemed = (
        rows[name].to_numpy(zero_copy_only=False).astype(np.int64)
        for name in (
            "completed_at_us", "payer", "payee", "amount_fen", "packet_fen", "top_up_fen", "redeemed_fen",
        )
    )  # fmt: skip
    fraud = rows["label"].is_valid().to_numpy(zero_copy_only=False).astype(np.int64)
    types = np.where(accounts.letter[payee] == 1, PAYMENT, TRANSFER)
    yield places * PLACES + 2, Moves(at_us, types, payer, payee, amount, amount - packet, fraud)
    for part, customer, side, place, kind in (
        (top_up, payer, "payer", 1, CASH_IN),
        (redeemed, payee, "payee", 3, DEBIT),
    ):
        some = np.flatnonzero(part)
        bank = _banks(rows[f"{side}_institution"], funding)[some]
        who = customer[some]
        ends = (bank, who) if kind == CASH_IN else (who, bank)
        honest = np.zeros(some.size, dtype=np.int64)
        moves = Moves(at_us[some], np.full(some.size, kind), ends[0], ends[1], part[some], part[some], honest)
        yield places[some] * PLACES + place, moves


def _banks(institutions: pa.Array, funding: dict[str, int]) -> Ints:
    places = pc.index_in(institutions.cast(pa.string()), pa.array(list(funding))).to_numpy(zero_copy_only=False)
    return np.asarray(np.array(list(funding.values()), dtype=np.int64)[places.astype(np.int64)])


def _lines(moves: Moves, balances: Balances, accounts: Accounts) -> pa.Array:
    """Lines of the movements that are rows; balances move on by all of them."""
    both = np.empty(2 * moves.payer.size, dtype=np.int64)
    both[0::2], both[1::2] = moves.payer, moves.payee
    changes = np.empty_like(both)
    changes[0::2], changes[1::2] = -moves.leaves, moves.amount
    changes[np.repeat(moves.payer == moves.payee, 2)] = 0  # a payment to oneself moves nothing
    held = balances.apply(both, changes)
    shown = np.flatnonzero(moves.type != HIDDEN)
    cash_in = moves.type[shown] == CASH_IN
    # The row of a CASH_IN names the customer first, although the money comes from the bank.
    origin, other = 2 * shown + cash_in, 2 * shown + ~cash_in
    flagged = (moves.type[shown] == TRANSFER) & (moves.amount[shown] > FLAGGED_FEN)
    sides = []
    for side in (origin, other):
        sides += [_names(both[side], accounts), yuan(held.before[side]), yuan(held.after[side])]
    return lines(
        [
            whole(moves.at_us[shown] // STEP_US + 1), chosen(TYPES, moves.type[shown]), yuan(moves.amount[shown]),
            *sides, whole(moves.fraud[shown]), whole(flagged.astype(np.int64)),
        ]
    )  # fmt: skip


def _names(numbers: Ints, accounts: Accounts) -> pa.Array:
    return pc.binary_join_element_wise(chosen(LETTERS, accounts.letter[numbers]), whole(numbers), "")


def _check(run: Run, balances: Balances, accounts: Accounts) -> None:
    """Every balance must have come out as the ledger closed.

    Escrow only in sum: which campaign a packet came from is no column.
    """
    escrow: npt.NDArray[np.bool_] = np.array([kind == "escrow" for kind in accounts.kind])
    packets = sum(int(pc.sum(one["packet_fen"]).as_py() or 0) for one in _settled_packets(run))
    apart = int(balances.now[escrow].sum()) - packets - int(accounts.closing[escrow].sum())
    if apart or np.any(balances.now[~escrow] != accounts.closing[~escrow]):
        wrong = np.flatnonzero((balances.now != accounts.closing) & ~escrow)
        which = f"account {int(wrong[0])}" if wrong.size else "escrow"
        raise RunError(
            _("{path}: damaged: {which} does not end with the balance that the ledger says", path=run.path, which=which)
        )


def _settled_packets(run: Run) -> Iterator[pa.RecordBatch]:
    yield from run.arrow_batches("payments", ["packet_fen"], ROWS)
