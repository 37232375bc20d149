"""A proof of one payment: made with the run, checked without it, and good for nothing else."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox import records
from sandbox.audit.proof import BadProof, check_proof, make_proof
from sandbox.cli.main import status_of
from sandbox.journal import chain, merkle
from sandbox.journal.chain import block_of, closing_of, header_of, ledger_key, read_line, signed_line
from sandbox.journal.rows import GROUP
from sandbox.records import RunError, open_run
from tests.journal.folders import copy_of, covered, edit_cell, kept, read_table


def rows_of(folder: Path) -> list[dict[str, Any]]:
    columns = read_table(folder, "payments")
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


@pytest.mark.parametrize("row", [0, 255, 256, 300, 599])
def test_a_proof_proves_every_column(evening: Path, row: int) -> None:
    payment = rows_of(evening)[row]
    proof = make_proof(evening, payment["payment_id"])
    text = json.dumps(proof)
    assert check_proof(text) == check_proof(text.encode()) == payment
    public = ledger_key(open_run(evening).manifest["seed"]).public
    assert check_proof(proof, public) == payment
    with pytest.raises(BadProof, match="another key"):
        check_proof(proof, ledger_key(99).public)


def test_unanswered_payments_are_proved_too(evening: Path) -> None:
    payment = next(row for row in rows_of(evening) if row["outcome"] == "timed_out")
    assert payment["completed_at_us"] is None
    assert check_proof(make_proof(evening, payment["payment_id"])) == payment


def change(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    return lambda proof: proof.update({name: value})


def flip(text: str, at: int) -> str:
    return text[:at] + f"{int(text[at], 16) ^ 1:x}" + text[at + 1 :]


FORGED: dict[str, Callable[[dict[str, Any]], Any]] = {
    "another payment": lambda proof: proof.update(payment_id=proof["payment_id"] + 1_000_000),
    "no number": change("payment_id", "1"),
    "another kind": change("proof", "a poem"),
    "a name more": change("more", 1),
    "a name less": lambda proof: proof.pop("closing"),
    "a leaf with another bit": lambda proof: proof.update(leaf=flip(proof["leaf"], 100)),
    "a leaf cut": lambda proof: proof.update(leaf=proof["leaf"][:-2]),
    "no leaf": change("leaf", ""),
    "a leaf that is none": change("leaf", None),
    "a leaf not in hexadecimal": change("leaf", "zz"),
    "another place": lambda proof: proof.update(leaf_number=proof["leaf_number"] ^ 1),
    "beyond the block": change("leaf_number", 10**6),
    "a step gone": lambda proof: proof["leaf_path"].pop(),
    "a step more": lambda proof: proof["leaf_path"].append("00" * 32),
    "a step that is none": lambda proof: proof["leaf_path"].append(3),
    "a thousand steps": change("leaf_path", ["00" * 32] * 1000),
    "no path": change("leaf_path", {"0": "1"}),
    "a path above too long": change("block_path", ["00" * 32]),
    "another block": lambda proof: proof["block"].update(rows=1),
    "a block that is none": change("block", []),
    "another signature": lambda proof: proof["block"].update(signature=flip(proof["block"]["signature"], 9)),
    "closing's signature": lambda proof: proof["closing"].update(signature="11" * 64),
    "header's words": lambda proof: proof["header"]["words"]["kind"].reverse(),
    "header's key": lambda proof: proof["header"].update(key=ledger_key(99).public.as_object()),
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
def test_a_forged_proof_proves_nothing(evening: Path, forge: Callable[[dict[str, Any]], Any]) -> None:
    proof = json.loads(json.dumps(make_proof(evening, rows_of(evening)[100]["payment_id"])))
    check_proof(proof)
    forge(proof)
    with pytest.raises(BadProof):
        check_proof(proof)


def test_a_header_of_another_run_of_the_same_seed_is_refused(evening: Path) -> None:
    """It is signed by the same key; with its words the payment would read otherwise."""
    proof = make_proof(evening, rows_of(evening)[100]["payment_id"])
    key = ledger_key(open_run(evening).manifest["seed"])
    words = {**proof["header"]["words"], "institution": [*reversed(proof["header"]["words"]["institution"])]}
    proof["header"] = json.loads(signed_line(header_of(key.public, words), key)[0])
    with pytest.raises(BadProof, match="about another header"):
        check_proof(proof)


@pytest.mark.parametrize("source", ["", "[]", "{}", "NaN", "[" * 10**5, b"\xff", "x" * (5 << 20)])
def test_a_hostile_proof_is_refused(source: str | bytes) -> None:
    with pytest.raises(BadProof, match="proof"):
        check_proof(source)


def test_no_proof_of_what_is_not_there_or_does_not_hold(evening: Path, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="payment 123456789 is not there"):
        make_proof(evening, 123456789)
    copy = copy_of(evening, tmp_path / "copy")
    edit_cell(copy, "payments", "amount_fen", 5, lambda value: value + 1)
    with pytest.raises(RunError, match="block 0 does not hold"):
        make_proof(copy, rows_of(copy)[5]["payment_id"])
    (copy / records.JOURNAL).unlink()
    with pytest.raises(RunError, match="no proof can be made"):
        make_proof(copy, 1)


def test_a_proof_grows_with_the_logarithm() -> None:
    """Steps in and above the block, over journals of one to a million payments; all else in a proof has one size."""
    for payments in (1, 64, 65, 1_000, chain.BLOCK_ROWS, chain.BLOCK_ROWS + 1, 300_000, 1_000_000):
        blocks = [b"\0" * 32] * math.ceil(payments / chain.BLOCK_ROWS)
        leaves = [b"\1" * 32] * math.ceil(min(payments, chain.BLOCK_ROWS) / GROUP)
        steps = len(merkle.path(leaves, len(leaves) // 2)) + len(merkle.path(blocks, len(blocks) // 2))
        assert steps <= max(0, math.ceil(math.log2(payments / GROUP))) + 1


def test_a_whole_proof_grows_by_a_hash_when_payments_double(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole proofs of real runs, in bytes, with small blocks so that both trees grow."""
    from sandbox.audit import auditor, proof
    from sandbox.engine import journal
    from tests.journal.folders import make_run

    for module in (chain, journal, auditor, proof):
        monkeypatch.setattr(module, "BLOCK_ROWS", 256)
    sizes = []
    for share in (1, 4):
        run = make_run(tmp_path / str(share), **{"demand.segments.retail.payments": f"{1500 * share} /day"})
        rows = rows_of(run)
        made = json.dumps(make_proof(run, rows[130]["payment_id"]))
        assert check_proof(made) == rows[130]
        sizes.append((len(rows), len(made)))
    (few, small), (many, large) = sizes
    assert many > 2 * few
    assert large - small < 68 * (math.log2(many / few) + 1) + 300


def test_lines_of_a_journal_made_by_hand_read_back() -> None:
    key = ledger_key(5)
    words = {name: ["a", "b"] for name in chain.WORDS}
    line, hashed = signed_line(header_of(key.public, words), key)
    assert read_line(line, 1).hash == hashed
    block, block_hash = signed_line(block_of(0, 3, [merkle.leaf(b"x")], hashed), key)
    closing, _ = signed_line(closing_of(hashed, [block_hash], 3, {}, {}), key)
    for each in (block, closing):
        assert read_line(each, 2).content
        for spoiled in (each[:-1], each.replace(b":", b": ", 1), each + b"\n", each.replace(b"{", b"[", 1)):
            with pytest.raises(ValueError, match=r"this line|canonical"):
                read_line(spoiled, 2)


# --- the command line ----------------------------------------------------------------------------------------------


def test_the_command_line_says_it_all(evening: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert status_of(["audit", str(evening)]) == 0
    assert "everything holds (payments: 600, blocks: 1, tables: 7, signatures: 4)" in capfd.readouterr().out
    assert status_of(["audit", str(evening), "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["problems"] == []

    payment = rows_of(evening)[7]
    assert status_of(["audit", str(evening), "--proof", str(payment["payment_id"])]) == 0
    file = tmp_path / "proof.json"
    file.write_text(capfd.readouterr().out)
    assert status_of(["audit", str(file)]) == 0
    out, err = capfd.readouterr()
    assert json.loads(out) == payment
    assert ledger_key(open_run(evening).manifest["seed"]).public.point.hex() in err

    file.write_text(file.read_text().replace(f'"payment_id": {payment["payment_id"]}', '"payment_id": 987654321'))
    assert status_of(["audit", str(file)]) == 1
    assert "holds 0 payments 987654321" in capfd.readouterr().err


def test_the_command_line_names_what_does_not_hold(evening: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with kept(*covered(evening)):
        edit_cell(evening, "payments", "amount_fen", 123, lambda value: value + 1)
        assert status_of(["audit", str(evening)]) == 1
        out, err = capfd.readouterr()
        assert out == ""
        assert "payments.parquet: rows 0 to 599: block 0 does not hold" in err
        assert "does not hold. Take a sound copy, or run its scenario.yaml again" in err.splitlines()[-1]
        assert status_of(["audit", str(evening), "--json"]) == 1
        found = json.loads(capfd.readouterr().out)
        assert found["ok"] is False
        assert {one["file"] for one in found["problems"]} >= {"payments.parquet"}


@pytest.mark.parametrize(
    "arguments", [["gone"], ["."], [".", "--proof", "1"], ["gone", "--proof", "1"], [".", "--proof", "-1"]]
)
def test_what_is_no_run_is_bad_usage(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert status_of(["audit", *arguments]) == 2


def test_a_file_that_is_no_proof_is_said_to_be_none(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "proof.json"
    for data in (b"", b"\0" * 100, b"x" * (5 << 20)):
        file.write_bytes(data)
        assert status_of(["audit", str(file)]) == 1
        assert len(capfd.readouterr().err) < 300
