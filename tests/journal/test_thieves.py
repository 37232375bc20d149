"""Hands that hold the ledger's key and sign everything again: only what can be recomputed gives them away."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox import records
from sandbox.audit.auditor import audit
from sandbox.journal import chain
from sandbox.tables import TABLES
from tests.journal.folders import (
    change,
    copy_of,
    covered,
    edit_cell,
    journal_again,
    kept,
    read_table,
    records_text,
    seal_again,
    sign_line_again,
    told,
    write_table,
)


@pytest.mark.parametrize("column", [column.name for column in TABLES["payments"]])
def test_every_column_of_a_payment_is_in_its_block(evening: Path, column: str) -> None:
    def other(value: Any) -> Any:
        if isinstance(value, bool):
            return not value
        return (
            value + 1
            if isinstance(value, int)
            else ("other" if value is None else None if column in ("category", "label") else value)
        )

    row = 11
    with kept(*covered(evening)):
        values = read_table(evening, "payments")[column]
        if isinstance(values[row], str) and column not in ("category", "label"):
            word = next((each for each in values if each != values[row]), "another")
            edit_cell(evening, "payments", column, row, lambda _: word)
        else:
            edit_cell(evening, "payments", column, row, other)
        seal_again(evening)
        found = told(audit(evening))
    if column == "label":  # this run has none, so none is known
        assert "payments.parquet: row 11: label is 'other', which the journal does not know" in found
    else:
        assert "rows 0 to 599: block 0 does not hold" in found
    assert "SHA-256" not in found
    assert "seal" not in found


@pytest.mark.parametrize("edit", ["gone", "twice", "swapped"])
def test_a_payment_gone_doubled_or_moved_is_not_in_its_block(evening: Path, edit: str) -> None:
    with kept(*covered(evening)):
        columns = read_table(evening, "payments")
        for values in columns.values():
            if edit == "gone":
                del values[300]
            elif edit == "twice":
                values.insert(300, values[300])
            else:
                values[300], values[301] = values[301], values[300]
        write_table(evening, "payments", columns)
        seal_again(evening)
        found = told(audit(evening))
    assert "block 0 does not hold" in found
    assert ("the journal is about 600 payments; the table has" in found) == (edit != "swapped")


IMPOSSIBLE = {
    "amount_fen": (lambda _: -1, "amount_fen is below zero"),
    "payer": (lambda _: 2**40, "payer is no account of the ledger"),
    "payee": (lambda _: -7, "payee is below zero"),
    "attempt": (lambda _: 99, "attempt is not 0 to 31"),
    "completed_at_us": (lambda _: None, "outcome and completed_at_us do not agree"),
    "packet_fen": (lambda _: 2**60, "packet_fen is more than amount_fen"),
    "outcome": (lambda _: "won", "outcome is 'won', which the journal does not know"),
    "source": (lambda _: "nowhere", "source is 'nowhere', which the journal does not know"),
}


@pytest.mark.parametrize("column", IMPOSSIBLE)
def test_a_row_that_no_payment_can_be_is_named(evening: Path, column: str) -> None:
    edit, reason = IMPOSSIBLE[column]
    with kept(*covered(evening)):
        row = read_table(evening, "payments")["outcome"].index("settled")
        edit_cell(evening, "payments", column, row, edit)
        seal_again(evening)
        assert f"payments.parquet: row {row}: {reason}" in told(audit(evening))


@pytest.mark.parametrize(
    ("column", "reason"),
    [
        ("closing_fen", "is not opening - debits + credits"),
        ("opening_fen", "is not opening - debits + credits"),
        ("debits_fen", "is not opening - debits + credits"),
        ("credits_fen", "is not opening - debits + credits"),
        ("account", "account 41 stands where account 40 should"),
    ],
)
def test_an_account_that_does_not_add_up_is_named(evening: Path, column: str, reason: str) -> None:
    with kept(*covered(evening)):
        edit_cell(evening, "ledger", column, 40, lambda value: value + 1)
        seal_again(evening)
        found = told(audit(evening))
    assert "ledger.parquet: row 40: " in found
    assert reason in found


def test_money_from_nothing_is_named(evening: Path) -> None:
    with kept(*covered(evening)):
        for column in ("opening_fen", "closing_fen"):
            edit_cell(evening, "ledger", column, 40, lambda value: value + 7)
        seal_again(evening)
        found = told(audit(evening))
    assert "ledger.parquet: the closings in CNY sum to 7 fen, not to zero" in found
    assert "summary.json: conservation.ok is True; by ledger.parquet it is False" in found


def test_payments_that_an_account_does_not_know_of_are_named(evening: Path) -> None:
    """Debits and credits lowered alike: the account adds up, the currency too; its payments do not."""
    with kept(*covered(evening)):
        ledger = read_table(evening, "ledger")
        row = next(at for at, kind in enumerate(ledger["kind"]) if kind == "merchant" and ledger["debits_fen"][at] > 0)
        gone, before = ledger["debits_fen"][row], ledger["credits_fen"][row]  # redeemed at midnight
        assert gone > 0
        for column in ("debits_fen", "credits_fen"):
            edit_cell(evening, "ledger", column, row, lambda value: value - gone)
        seal_again(evening)
        found = told(audit(evening))
    assert (
        f"ledger.parquet: row {row}: credits {before - gone} fen, less than the {before} fen that its payments brought"
        in found
    )


def test_an_operator_that_paid_no_top_ups_is_named(evening: Path) -> None:
    with kept(*covered(evening)):
        ledger = read_table(evening, "ledger")
        row = ledger["owner"].index("south")
        for column in ("debits_fen", "credits_fen"):
            edit_cell(evening, "ledger", column, row, lambda value: value - ledger["debits_fen"][row])
        seal_again(evening)
        found = told(audit(evening))
    assert f"ledger.parquet: row {row}: " in found


def test_with_all_postings_every_balance_is_exact(evening: Path, tmp_path: Path) -> None:
    """Postings worked out here by subtraction, as if the run had kept them."""
    copy = copy_of(evening, tmp_path / "copy")
    add_postings(copy)
    found = audit(copy)
    assert told(found) == ""
    assert found.covers == "every_balance"
    edit_cell(copy, "postings", "amount_fen", 0, lambda value: value + 1)
    seal_again(copy)
    found = told(audit(copy))
    assert "by the tables of payments and postings" in found
    edit_cell(copy, "postings", "payer", 0, lambda _: 10**9)
    seal_again(copy)
    assert "postings.parquet: row 0: payer is no account of the ledger" in told(audit(copy))


def add_postings(folder: Path) -> None:
    """Give the run the postings outside payments that its ledger must have had."""
    ledger, payments = read_table(folder, "ledger"), read_table(folder, "payments")
    left = [[*ledger["debits_fen"]], [*ledger["credits_fen"]]]
    behind = {"north": "north", "south": "south", "village": "south"}
    owner = {name: at for at, name in enumerate(ledger["owner"]) if ledger["kind"][at] == "institution"}
    escrow = ledger["kind"].index("escrow")
    for at, outcome in enumerate(payments["outcome"]):
        if outcome != "settled":
            continue
        row = {name: values[at] for name, values in payments.items()}
        payer, payee = row["payer"], row["payee"]
        moves = [
            (payer, payee, row["amount_fen"] - row["packet_fen"]),
            (escrow, payee, row["packet_fen"]),
            (owner[behind[row["payer_institution"]]], payer, row["top_up_fen"]),
            (payee, owner[behind[row["payee_institution"]]], row["redeemed_fen"]),
        ]
        for out_of, into, amount_fen in moves:
            left[0][out_of] -= amount_fen
            left[1][into] -= amount_fen
    rows = []
    debits = [[at, fen] for at, fen in enumerate(left[0]) if fen]
    credits = [[at, fen] for at, fen in enumerate(left[1]) if fen]
    while debits:
        amount_fen = min(debits[-1][1], credits[-1][1])
        rows.append((debits[-1][0], credits[-1][0], amount_fen))
        for side in (debits, credits):
            side[-1][1] -= amount_fen
            if side[-1][1] == 0:
                side.pop()
    assert not credits
    zeros = [0] * len(rows)
    columns = dict(zip(("payer", "payee", "amount_fen"), map(list, zip(*rows, strict=True)), strict=True))
    write_table(folder, "postings", {"at_us": zeros, "after": zeros, **columns})
    manifest = json.loads((folder / records.MANIFEST).read_text())
    manifest["tables"]["postings"] = {"rows": len(rows), "sha256": ""}
    (folder / records.MANIFEST).write_text(records_text(manifest))
    seal_again(folder)


@pytest.mark.parametrize("column", ["at_us", "submitted", "settled", "settled_fen", "daily_limit"])
def test_a_bin_is_counted_again(evening: Path, column: str) -> None:
    """Something moved from one bin to the next: all sums hold, and the summary."""
    with kept(*covered(evening)):
        series = read_table(evening, "series")
        row = next(at for at, value in enumerate(series["submitted"]) if value)
        for at, by in ((row, 1), (row + 1, -1)):
            series[column][at] += by
            if column in ("settled", "daily_limit"):
                series["ended"][at] += by
        write_table(evening, "series", series)
        seal_again(evening)
        found = told(audit(evening))
    assert f"series.parquet: row {row}: {column} is " in found


def test_a_payment_moved_in_time_is_in_another_bin(evening: Path) -> None:
    """With blocks over it and everything signed again."""
    with kept(*covered(evening)):
        edit_cell(evening, "payments", "submitted_at_us", 599, lambda _: 0)
        journal_again(evening)
        found = told(audit(evening))
    assert "by payments.parquet it is" in found
    assert "block" not in found


def test_payments_out_of_order_are_named(evening: Path) -> None:
    with kept(*covered(evening)):
        columns = read_table(evening, "payments")
        ends = columns["completed_at_us"]
        row = next(at for at in range(99, 599) if None not in ends[at : at + 2] and ends[at] < ends[at + 1])
        for values in columns.values():
            values[row], values[row + 1] = values[row + 1], values[row]
        write_table(evening, "payments", columns)
        journal_again(evening)
        found = told(audit(evening))
    assert f"payments.parquet: row {row + 1}: it was completed before the one above it" in found


def test_journal_again_covers_its_tracks(evening: Path) -> None:
    """So what is found after it was found by working out again."""
    with kept(*covered(evening)):
        row = read_table(evening, "payments")["outcome"].index("timed_out")
        edit_cell(evening, "payments", "ledger_wait_us", row, lambda value: value + 1)
        journal_again(evening)
        assert told(audit(evening)) == ""


@pytest.mark.parametrize("column", ["balance_fen", "settled", "account"])
def test_a_wallet_that_the_ledger_does_not_know_so_is_named(evening: Path, column: str) -> None:
    with kept(*covered(evening)):
        edit_cell(evening, "wallets", column, 30, lambda value: value + 10_000)
        seal_again(evening)
        assert "wallets.parquet: row 30: " in told(audit(evening))


FIGURES = [
    "throughput.payments", "throughput.settled", "throughput.settled_fen", "outcomes.settled", "outcomes.outside_box",
    "outcomes.timed_out", "segments.0.payments", "segments.1.settled", "segments.0.settled_fen", "refusals.0.count",
    "refusals.1.value_fen", "conservation.ok", "conservation.by_currency.CNY.held_fen", "scenario.seed",
]  # fmt: skip


@pytest.mark.parametrize("path", FIGURES)
def test_a_figure_that_cannot_be_counted_again_is_named(evening: Path, path: str) -> None:
    with kept(*covered(evening)):
        file = evening / records.SUMMARY
        summary = json.loads(file.read_text())
        *above, last = path.split(".")
        here = summary
        for step in above:
            here = here[int(step)] if isinstance(here, list) else here[step]
        here[last] = not here[last] if isinstance(here[last], bool) else here[last] + 1
        file.write_text(json.dumps(summary))
        seal_again(evening)
        found = told(audit(evening))
    assert "summary.json: " in found
    assert str(here[last]) in found


@pytest.mark.parametrize(
    ("number", "edit", "reason"),
    [
        (0, change("block_rows", 128), "line 1: the header: block_rows is 128"),
        (0, change("words", {}), "line 1: the header's words: lacks"),
        (0, lambda line: line["words"]["outcome"].append("won"), "line 1: the header: words of outcome are not those"),
        (0, lambda line: line["words"]["payer_class"].reverse(), "line 1: the header: words of payer_class are not"),
        (0, lambda line: line["words"]["kind"].reverse(), "line 2: it does not follow on line 1"),
        (1, change("block", 1), "line 2: block 0: it says block 1"),
        (1, change("rows", 599), "line 3: the closing line: it says 1 blocks and 600 rows"),
        (1, change("root", "00" * 32), "line 2: block 0: its root does not follow from its parts"),
        (1, change("previous", "00" * 32), "line 2: it does not follow on line 1"),
        (1, change("more", 1), "line 2: block 0: does not know 'more'"),
        (2, change("rows", 599), "line 3: the closing line: it says 1 blocks and 599 rows"),
        (2, change("header", "00" * 32), "line 3: the closing line: its header is another line than the first"),
        (2, change("root", "00" * 32), "line 3: the closing line: its root does not follow from the blocks"),
        (2, change("tables", {}), "line 3: its digests of tables and files are not those of the manifest"),
        (2, change("files", []), "line 3: the closing line: tables and files are no objects"),
    ],
)  # fmt: skip
def test_a_line_that_was_signed_again_does_not_fit(
    evening: Path, number: int, edit: Callable[[dict[str, Any]], None], reason: str
) -> None:
    with kept(*covered(evening)):
        sign_line_again(evening, number, edit)
        assert f"journal.jsonl: {reason}" in told(audit(evening))


def test_a_line_signed_by_another_key_is_named(evening: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.journal import folders

    with kept(*covered(evening)):
        monkeypatch.setattr(folders, "ledger_key", lambda seed: chain.ledger_key(seed + 1))
        sign_line_again(evening, 1, lambda line: None)
        assert "journal.jsonl: line 2 (block 0): the signature is not the ledger's of this line" in told(audit(evening))
