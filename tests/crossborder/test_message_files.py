"""Archives and index hold what was written, and no run folder makes a wrong message or half an export."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import pyarrow as pa
import pytest

from sandbox.cli.main import status_of
from sandbox.features.crossborder.messages import export
from sandbox.features.crossborder.messages.rows import PaymentRow
from sandbox.records import RunError, open_run
from tests.crossborder.crossings import LEDGER, PLAIN, messages, run_folder


def rows() -> list[PaymentRow]:
    return [
        one._replace(payment_id=number, uetr=f"0f0e0d0c-0b0a-4908-8706-{number:012x}")
        for number in range(5)
        for one in (PLAIN, LEDGER)
    ]


def arguments(run: Path, out: Path, *more: str) -> list[str]:
    return ["export", str(run), "--as", "iso20022", "--out", str(out), *more]


def test_archives_hold_what_the_index_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = run_folder(tmp_path / "run", rows())
    assert status_of(arguments(run, tmp_path / "one")) == 0
    assert sorted(file.name for file in (tmp_path / "one").iterdir()) == [
        "abroad_ISO20022.zip", "abroad_ISO20022_banks.csv", "abroad_ISO20022_messages.csv",
    ]  # fmt: skip
    with (tmp_path / "one" / "abroad_ISO20022_messages.csv").open(encoding="utf-8", newline="") as stream:
        index = list(csv.DictReader(stream))
    with ZipFile(tmp_path / "one" / "abroad_ISO20022.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [line["file"] for line in index]
        assert {one.compress_type for one in archive.infolist()} == {ZIP_STORED}
        whole = {name: archive.read(name) for name in archive.namelist()}
    assert Counter(line["message"] for line in index) == {"pacs.008": 15, "pacs.009": 5, "pacs.002": 10, "camt.054": 10}
    assert {line["uetr"] for line in index} == {payment.uetr for payment in rows()}
    told = {f"{one.kind}/{one.name}.xml": one.text for payment in rows() for one in messages(payment)}
    assert told == whole

    monkeypatch.setattr(export, "ARCHIVE_ROWS", 4)
    parts = export.export(open_run(run), tmp_path / "parts")[2:]
    assert [file.name for file in parts] == [f"abroad_ISO20022_{number}.zip" for number in (1, 2, 3)]
    found: dict[str, bytes] = {}
    for file in parts:
        with ZipFile(file) as archive:
            found |= {name: archive.read(name) for name in archive.namelist()}
    assert found == whole


def test_the_first_payments_only_and_the_same_bytes_every_time(tmp_path: Path) -> None:
    run = run_folder(tmp_path / "run", rows())
    assert status_of(arguments(run, tmp_path / "some", "--most", "2")) == 0
    lines = (tmp_path / "some" / "abroad_ISO20022_messages.csv").read_text().splitlines()[1:]
    assert {line.split(",")[0] for line in lines} == {"0", "1"}
    assert len(lines) == 16
    assert status_of(arguments(run, tmp_path / "again", "--most", "2")) == 0
    for file in (tmp_path / "some").iterdir():
        assert file.read_bytes() == (tmp_path / "again" / file.name).read_bytes()
    assert status_of(arguments(run, tmp_path / "some")) == 2  # there already


def test_a_run_without_payments_across_borders_is_refused(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    run = run_folder(tmp_path / "run", rows())
    (run / "crossborder.parquet").rename(run / "payments.parquet")
    (run / "manifest.json").write_text('{"status": "complete", "format": 1, "scenario": {"name": "abroad"}}')
    assert status_of(arguments(run, tmp_path / "out")) == 2
    assert "no payments across borders; a scenario has them by `crossborder`" in capfd.readouterr().err
    assert status_of(["export", str(run), "--as", "paysim", "--out", str(tmp_path / "out"), "--most", "1"]) == 2
    assert "--most goes with --as iso20022" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"uetr": "; DROP TABLE"}, "uetr is '; DROP TABLE'; expected a UUID"),
        ({"uetr": PLAIN.uetr.upper()}, "in lower case"),
        ({"path": "../../etc"}, "expected one of correspondent, shared_ledger"),
        ({"payer_currency": "ZZZ"}, "payer_currency is 'ZZZ'; expected a currency"),
        ({"amount_fen": -1}, "amount_fen is -1; expected a whole number"),
        ({"amount_fen": 10**18}, "below 1000000000000000000"),
        ({"fee_fen": 100_001}, "fee_fen is more than amount_fen"),
        ({"credited_fen": None}, "settled, but without credited_fen"),
        ({"completed_at_us": None, "outcome": "refused"}, "refused, but without completed_at_us, reason"),
        ({"submitted_at_us": 10**18}, "submitted_at_us is 1000000000000000000; expected"),
        ({"path": "shared_ledger", "agents": [], "pvp": True}, "settled, but without dealer"),
        ({"path": "shared_ledger", "agents": [], "pvp": True, "dealer": "nobody"}, "no bank 'nobody' in the scenario"),
        ({"outcome": "gone"}, "expected one of settled, refused"),
        ({"corridor": "elsewhere"}, "no corridor 'elsewhere' in the scenario"),
        ({"corridor": "a\x00b"}, "none of them a control character"),
        ({"corridor": ""}, "corridor is ''; expected text"),
        ({"payer_bank": "Bank of Nowhere"}, "payment 7 (correspondent): no bank 'Bank of Nowhere' in the scenario"),
        ({"to_jurisdiction": "atlantis"}, "no jurisdiction 'atlantis' in the scenario"),
        ({"rate": float("nan")}, "rate is nan; expected a rate"),
        ({"rate": -1.0}, "rate is -1.0; expected a rate"),
        ({"agents": 3}, "expected a JSON list of at most 64 names"),
        ({"agents": ["x"] * 65}, "expected a JSON list of at most 64 names"),
        ({"agents": [["x"]]}, "expected a JSON list of at most 64 names"),
    ],
)
def test_a_row_that_cannot_be_is_named(
    change: dict[str, Any], words: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run = run_folder(tmp_path / "run", [PLAIN._replace(payment_id=6), PLAIN._replace(**change)])
    assert status_of(arguments(run, tmp_path / "out")) == 2
    said = capfd.readouterr().err
    assert words in said
    assert "crossborder.parquet: " in said
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(("name", "stem"), [("a: b?", "a_ b_"), ("红" * 80, "红" * 33), ("c\\d.", "c_d_")])
def test_files_are_named_so_that_any_system_can_write_them(tmp_path: Path, name: str, stem: str) -> None:
    run = run_folder(tmp_path / "run", rows())
    manifest = json.loads((run / "manifest.json").read_text())
    (run / "manifest.json").write_text(json.dumps({**manifest, "scenario": {"name": name}}))
    assert next(file.name for file in export.export(open_run(run), tmp_path / "out")) == f"{stem}_ISO20022_messages.csv"


def test_columns_that_hold_something_else_are_named(tmp_path: Path) -> None:
    many = rows()
    for name, (column, wrong) in enumerate(
        (
            ("payment_id", pa.array([str(number) for number in range(len(many))])),
            ("submitted_at_us", pa.array([2**62] * len(many), type=pa.timestamp("ns"))),
            ("agents", pa.array([["x"]] * len(many))),
            ("uetr", pa.array([b"\xff"] * len(many))),
        )
    ):
        run = run_folder(tmp_path / str(name), many, **{column: wrong})
        with pytest.raises(RunError, match=f"column {column} is "):
            export.export(open_run(run), tmp_path / "out")
    back = run_folder(tmp_path / "back", many, payment_id=pa.array(list(range(len(many)))[::-1]))
    with pytest.raises(RunError, match="row 1: damaged: not in the order of payment_id and path"):
        export.export(open_run(back), tmp_path / "out")
    evil = run_folder(tmp_path / "evil", many)
    (evil / "manifest.json").write_text('{"status": "complete", "format": 1, "scenario": {"name": "../../evil"}}')
    with pytest.raises(RunError, match="which no file can be called after"):
        export.export(open_run(evil), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_name_in_csv_is_no_formula() -> None:
    assert export._csv([("name", "=1+2", -5), ("@a", "a=b", "")]) == b"name,'=1+2,-5\n'@a,a=b,\n"
