"""`verify` says nothing of a sound folder, and names the block, row or balance that does not hold of another.

The hardest hands hold the ledger's key and sign everything again; then only what can be recomputed gives them away.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox import records, tables
from sandbox.journal import chain
from sandbox.records import RunError
from sandbox.scenario import gallery
from sandbox.tables import TABLES, table_file
from sandbox.verify.check import Verified, verify
from tests.journal.folders import (
    copy_of,
    cover_up,
    covered,
    edit_cell,
    kept,
    make_run,
    read_table,
    seal_again,
    sign_line_again,
    write_table,
)


def told(found: Verified) -> str:
    return "\n".join(map(str, found.problems))


def test_a_sound_folder_holds(evening: Path) -> None:
    found = verify(evening)
    assert told(found) == ""
    assert found.ok
    assert (found.payments, found.blocks, found.signatures, found.tables) == (600, 1, 4, 7)
    assert found.covers == "least_balances"


@pytest.mark.parametrize("record", ["none", "sample:0.3"])
def test_a_folder_with_fewer_payments_holds(record: str, tmp_path: Path) -> None:
    found = verify(make_run(tmp_path / "run", record))
    assert told(found) == ""
    assert found.blocks == (0 if record == "none" else 1)
    assert found.covers == "no_balances"


def test_a_report_and_whatever_else_lies_there_is_not_looked_at(evening: Path, tmp_path: Path) -> None:
    copy = copy_of(evening, tmp_path / "copy")
    (copy / "report.html").write_text("anything")
    (copy / "notes.txt").write_text("mine")
    assert told(verify(copy)) == ""


def test_the_same_scenario_and_seed_give_the_same_journal(evening: Path, tmp_path: Path) -> None:
    again = make_run(tmp_path / "again")
    assert (again / records.JOURNAL).read_bytes() == (evening / records.JOURNAL).read_bytes()
    assert (again / records.MANIFEST).read_bytes() != (evening / records.MANIFEST).read_bytes()  # time and duration
    other = make_run(tmp_path / "other", seed=2)
    first, second = (chain.read_journal(run / records.JOURNAL) for run in (evening, other))
    assert first.public != second.public


def test_many_small_blocks_hold_and_the_journal_does_not_depend_on_how_payments_arrive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sandbox.engine import journal, simulation
    from sandbox.verify import check, payments

    for module in (chain, journal, check):
        monkeypatch.setattr(module, "BLOCK_ROWS", 128)
    for module in (chain, check):
        monkeypatch.setattr(module, "PART_ROWS", 64)
    monkeypatch.setattr(payments, "ROWS", 100)
    first = make_run(tmp_path / "first")
    assert verify(first).blocks == 5
    monkeypatch.setattr(simulation, "OUT", 77)
    monkeypatch.setattr(simulation.new_rail, "__defaults__", (simulation.FIRST_SLOTS, simulation.BIRTHS, 77))
    second = make_run(tmp_path / "second")
    assert told(verify(second)) == ""
    blocks = [(run / records.JOURNAL).read_bytes().splitlines()[:-1] for run in (first, second)]
    assert blocks[0] == blocks[1]
    with kept(first / table_file("payments")):
        edit_cell(first, "payments", "payee_gateway_wait_us", 300, lambda value: value + 1)
        assert "rows 256 to 319: block 2 does not hold" in told(verify(first))


# --- what is no run ------------------------------------------------------------------------------------------------


def test_what_is_no_run_is_no_run(tmp_path: Path, evening: Path) -> None:
    for place, reason in (
        (tmp_path / "gone", "no such folder"),
        (evening / records.SUMMARY, "is a file"),
        (tmp_path, "not a fin"),
    ):
        with pytest.raises(RunError, match=reason):
            verify(place)


@pytest.mark.parametrize(
    "name", ["scenario.yaml", "summary.json", "journal.jsonl", "payments.parquet", "events.parquet"]
)
@pytest.mark.parametrize("what", ["gone", "empty", "a folder"])
def test_a_file_that_is_gone_or_empty_is_named(evening: Path, tmp_path: Path, name: str, what: str) -> None:
    copy = copy_of(evening, tmp_path / "copy")
    (copy / name).unlink()
    if what == "empty":
        (copy / name).touch()
    elif what == "a folder":
        (copy / name).mkdir()
    assert f"{name}: " in told(verify(copy))


def test_a_table_that_the_manifest_does_not_know_is_named(evening: Path, tmp_path: Path) -> None:
    copy = copy_of(evening, tmp_path / "copy")
    (copy / "alerts.parquet").write_bytes((copy / "events.parquet").read_bytes())
    assert told(verify(copy)) == "alerts.parquet: it is here, and the manifest does not know it"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "NaN",
        "[" * 100_000,
        '{"tables": NaN}',
        '{"a": 1, "a": 2}',
        "\udcff",
        '{"tables": {}, "files": 3}',
    ],
)
@pytest.mark.parametrize("name", [records.MANIFEST, records.SUMMARY, records.JOURNAL, records.SCENARIO])
def test_hostile_files_are_named_without_a_traceback(evening: Path, name: str, text: str) -> None:
    with kept(evening / name):
        (evening / name).write_bytes(text.encode("utf-8", "surrogateescape"))
        found = verify(evening)
        assert f"{name}: " in told(found)
        assert all(len(str(one)) < 500 for one in found.problems)


# --- somebody without the key --------------------------------------------------------------------------------------


def test_an_edited_row_is_named_closely(evening: Path) -> None:
    with kept(*covered(evening)):
        edit_cell(evening, "payments", "amount_fen", 123, lambda value: value + 1)
        found = told(verify(evening))
    assert "payments.parquet: its SHA-256 is" in found
    assert "payments.parquet: rows 0 to 599: block 0 does not hold" in found


@pytest.mark.parametrize("name", sorted(set(TABLES) - tables.OPTIONAL_TABLES))
def test_digests_made_to_fit_break_the_seal(evening: Path, name: str) -> None:
    with kept(*covered(evening)):
        columns = read_table(evening, name)
        write_table(evening, name, {column: values[:-1] for column, values in columns.items()})
        cover_up(evening)
        found = told(verify(evening))
    assert "manifest.json: its seal is not the ledger's signature of what it says" in found
    assert (
        f"journal.jsonl: line 3: its digests of tables and files are not those of the manifest: first {name}" in found
    )


def change(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    def edit(manifest: dict[str, Any]) -> None:
        manifest[name] = value

    return edit


@pytest.mark.parametrize(
    "edit",
    [
        change("version", "9.9.9"),
        change("created_at", "2020-01-01T00:00:00+00:00"),
        change("took_s", 0.0),
        change("machine", "another"),
        change("python", "2.7"),
        change("packages", {}),
        change("record", "none"),
        change("seed", 8),
        change("more", 1),
        lambda manifest: manifest.pop("seal"),
        lambda manifest: manifest["seal"].pop("signature"),
        lambda manifest: manifest["seal"].update(signature="00" * 64),
        lambda manifest: manifest["seal"]["signed_by"].update(name="another"),
        lambda manifest: manifest["scenario"].update(name="another"),
        lambda manifest: manifest["tables"].pop("events"),
        lambda manifest: manifest["files"].pop("journal.jsonl"),
    ],
)
def test_nothing_in_the_manifest_can_change(evening: Path, edit: Callable[[dict[str, Any]], Any]) -> None:
    with kept(evening / records.MANIFEST):
        manifest = json.loads((evening / records.MANIFEST).read_text())
        edit(manifest)
        (evening / records.MANIFEST).write_text(records_text(manifest))
        assert not verify(evening).ok


def records_text(manifest: dict[str, Any]) -> str:
    from sandbox.runfolder import json_text

    return json_text(manifest)


@pytest.mark.parametrize(
    "respell",
    [lambda text: text + "\n", lambda text: text.replace("  ", " "), lambda text: text.replace('": ', '":', 1)],
)
def test_even_the_spelling_of_the_manifest_counts(evening: Path, respell: Callable[[str], str]) -> None:
    with kept(evening / records.MANIFEST):
        (evening / records.MANIFEST).write_text(respell((evening / records.MANIFEST).read_text()))
        assert told(verify(evening)).startswith("manifest.json: not written as a run writes it")


def test_a_journal_of_another_run_is_refused(evening: Path, tmp_path: Path) -> None:
    other = make_run(tmp_path / "other", seed=2)
    with kept(*covered(evening)):
        for name in (records.JOURNAL, records.MANIFEST):
            (evening / name).write_bytes((other / name).read_bytes())
        found = told(verify(evening))
    assert "journal.jsonl: line 1: the ledger's key is not the one of the seed" in found


# --- somebody with the key -----------------------------------------------------------------------------------------


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
        found = told(verify(evening))
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
        found = told(verify(evening))
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
        assert f"payments.parquet: row {row}: {reason}" in told(verify(evening))


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
        found = told(verify(evening))
    assert "ledger.parquet: row 40: " in found
    assert reason in found


def test_money_from_nothing_is_named(evening: Path) -> None:
    with kept(*covered(evening)):
        for column in ("opening_fen", "closing_fen"):
            edit_cell(evening, "ledger", column, 40, lambda value: value + 7)
        seal_again(evening)
        found = told(verify(evening))
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
        found = told(verify(evening))
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
        found = told(verify(evening))
    assert f"ledger.parquet: row {row}: " in found


def test_with_all_postings_every_balance_is_exact(evening: Path, tmp_path: Path) -> None:
    """Postings worked out here by subtraction, as if the run had kept them."""
    copy = copy_of(evening, tmp_path / "copy")
    add_postings(copy)
    found = verify(copy)
    assert told(found) == ""
    assert found.covers == "every_balance"
    edit_cell(copy, "postings", "amount_fen", 0, lambda value: value + 1)
    seal_again(copy)
    found = told(verify(copy))
    assert "by the tables of payments and postings" in found
    edit_cell(copy, "postings", "payer", 0, lambda _: 10**9)
    seal_again(copy)
    assert "postings.parquet: row 0: payer is no account of the ledger" in told(verify(copy))


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


@pytest.mark.parametrize("column", ["balance_fen", "settled", "account"])
def test_a_wallet_that_the_ledger_does_not_know_so_is_named(evening: Path, column: str) -> None:
    with kept(*covered(evening)):
        edit_cell(evening, "wallets", column, 30, lambda value: value + 10_000)
        seal_again(evening)
        assert "wallets.parquet: row 30: " in told(verify(evening))


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
        found = told(verify(evening))
    assert "summary.json: " in found
    assert str(here[last]) in found


@pytest.mark.parametrize(
    ("number", "edit", "reason"),
    [
        (0, change("block_rows", 128), "line 1: the header: block_rows is 128"),
        (0, change("words", {}), "line 1: the header's words: lacks"),
        (0, lambda line: line["words"]["kind"].reverse(), "line 2: it does not follow on line 1"),
        (1, change("block", 1), "line 2: block 0: it says block 1"),
        (1, change("rows", 599), "line 3: the closing line: it says 1 blocks and 600 rows"),
        (1, change("root", "00" * 32), "line 2: block 0: its root does not follow from its parts"),
        (1, change("previous", "00" * 32), "line 2: it does not follow on line 1"),
        (1, change("more", 1), "line 2: block 0: does not know 'more'"),
        (2, change("rows", 599), "line 3: the closing line: it says 1 blocks and 599 rows"),
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
        assert f"journal.jsonl: {reason}" in told(verify(evening))


def test_a_line_signed_by_another_key_is_named(evening: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.journal import folders

    with kept(*covered(evening)):
        monkeypatch.setattr(folders, "ledger_key", lambda seed: chain.ledger_key(seed + 1))
        sign_line_again(evening, 1, lambda line: None)
        assert "journal.jsonl: line 2 (block 0): the signature is not the ledger's of this line" in told(
            verify(evening)
        )


# --- every run -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", gallery.names())
def test_every_scenario_of_the_gallery_leaves_a_sound_folder(name: str, tmp_path: Path) -> None:
    import sandbox

    loaded = sandbox.load(name, set={"scale": 0.02})
    assert told(verify(sandbox.run(loaded, out=tmp_path / "run").path)) == ""
