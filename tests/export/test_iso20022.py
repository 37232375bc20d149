"""Messages are valid, tell the payment's story to the minor unit, and no run folder makes a wrong one."""

from __future__ import annotations

import csv
import os
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import pyarrow as pa
import pytest
from hypothesis import given, settings
from lxml import etree
from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.parsers import XmlParser

from sandbox.cli.main import status_of
from sandbox.export.iso20022 import documents, export, values
from sandbox.export.iso20022 import story as stories
from sandbox.export.iso20022.codes import Directory
from sandbox.export.iso20022.rows import Payment
from sandbox.records import RunError, open_run
from sandbox.scenario.schema.crossborder import CrossBorder
from tests.export.crossings import (
    CROSSBORDER,
    DIRECTORY,
    INTERMEDIARIES,
    LEDGER,
    MAKER,
    PLAIN,
    Message,
    crossings,
    instant,
    messages,
    minor,
    run_folder,
)

SCHEMAS = Path(os.environ.get("ISO20022_SCHEMAS") or Path(__file__).parents[3] / "shared" / "iso20022")
"""The standard's own schemas; they are not part of this project."""
needs_schemas = pytest.mark.skipif(
    not SCHEMAS.is_dir(), reason="the schemas of ISO 20022 are not here; ISO20022_SCHEMAS may name their folder"
)
MODULES = {
    "pacs.008": documents.pacs008,
    "pacs.009": documents.pacs009,
    "pacs.002": documents.pacs002,
    "camt.054": documents.camt054,
}


@needs_schemas
@settings(max_examples=60)
@given(crossings())
def test_every_message_is_valid(payment: Payment) -> None:
    for message in messages(payment):
        schema = schema_of(message.kind)
        assert schema.validate(etree.fromstring(message.text)), schema.error_log


@needs_schemas
def test_an_invalid_message_would_be_seen() -> None:
    (message, *_) = messages(PLAIN)
    for right, wrong in (
        (b"<ChrgBr>SHAR</ChrgBr>", b""),
        (b"MAINCNT0001", b"mainland 1"),
        (b'Ccy="CNY">996', b'Ccy="CNY">-996'),
        (PLAIN.uetr.encode(), b"0f0e0d0c-0b0a-1908-8706-050403020100"),
    ):
        assert right in message.text
        assert not schema_of("pacs.008").validate(etree.fromstring(message.text.replace(right, wrong)))


DEALER_BIC = "DEALZZT0001"
PARSER = XmlParser(context=XmlContext())
_PARSED: dict[str, Any] = {}


def schema_of(kind: str) -> Any:
    if kind not in _PARSED:
        _PARSED[kind] = etree.XMLSchema(etree.parse(SCHEMAS / f"{documents.VERSIONS[kind]}.xsd"))
    return _PARSED[kind]


@settings(max_examples=40)
@given(crossings())
def test_a_message_reads_back_as_what_was_written(payment: Payment) -> None:
    """Nothing is in it that the classes of the standard do not know, and all stands where they put it."""
    for message in messages(payment):
        document = PARSER.from_bytes(message.text, MODULES[message.kind].Document)
        # The classes write times in fewer letters.
        shorter = re.sub(rb"(:\d\d)\.000\+", rb"\1+", message.text)
        assert MAKER._xml(message.kind, document) == re.sub(rb"(:\d\d(\.\d+)?)\+00:00<", rb"\1Z<", shorter)


@settings(max_examples=60)
@given(crossings())
def test_messages_tell_the_story(payment: Payment) -> None:
    check(payment, messages(payment))


def check(payment: Payment, told: list[Message]) -> None:
    """One payment, one reference, and every minor unit is somewhere."""
    assert len({message.name for message in told}) == len(told)
    for message in told:
        field = "OrgnlUETR" if message.kind == "pacs.002" else "UETR"
        assert message.of(field) == payment.uetr
        end_to_end = "OrgnlEndToEndId" if message.kind == "pacs.002" else "EndToEndId"
        assert message.of(end_to_end) == f"PAYMENT-{payment.payment_id}"
    kinds = Counter(message.kind for message in told)
    assert kinds["pacs.002"] == (payment.outcome != "pending")
    assert kinds["camt.054"] == (payment.outcome == "settled")
    legs = [message for message in told if message.kind in ("pacs.008", "pacs.009")]
    assert legs[0].of("PmtId", "InstrId") == legs[0].name
    assert instant(legs[0].of("CreDtTm")) == payment.submitted_at_us // 1000 * 1000
    (check_ledger if payment.path == "shared_ledger" else check_chain)(payment, legs)
    for message in told:
        if message.kind == "pacs.002":
            check_answer(payment, message, legs[0])
        if message.kind == "camt.054":
            check_arrival(payment, message)


def check_chain(payment: Payment, legs: list[Message]) -> None:
    bics = [DIRECTORY.bic(one) for one in (payment.payer_bank, *payment.agents, payment.payee_bank)]
    assert len(legs) == (len(bics) - 1 if payment.settled_at_us is not None else 1)
    left = payment.amount_fen
    for place, leg in enumerate(legs):
        assert leg.of("InstgAgt", "FinInstnId", "BICFI") == bics[place]
        assert leg.of("InstdAgt", "FinInstnId", "BICFI") == bics[place + 1]
        for slot in (1, 2, 3):
            before, after = bics[1:place][slot - 1 : slot], bics[place + 2 : -1][slot - 1 : slot]
            assert leg.all(f"PrvsInstgAgt{slot}", "FinInstnId", "BICFI") == before
            assert leg.all(f"IntrmyAgt{slot}", "FinInstnId", "BICFI") == after
        amount, currency = leg.sum_of("IntrBkSttlmAmt")
        assert currency == payment.payer_currency
        assert 0 <= amount <= left
        if leg.kind == "pacs.008":
            taken = [minor(one) for one in leg.elements("ChrgsInf", "Amt")]
            assert all(code == payment.payer_currency and fen > 0 for fen, code in taken)
            assert leg.sum_of("InstdAmt") == (payment.amount_fen, payment.payer_currency)
            assert amount + sum(fen for fen, _ in taken) == payment.amount_fen
        left = amount
    times = [instant(leg.of("CreDtTm")) for leg in legs]
    assert times == sorted(times)


def check_ledger(payment: Payment, legs: list[Message]) -> None:
    first, *pays = legs
    changed = payment.payer_currency != payment.payee_currency and payment.outcome == "settled"
    assert len(pays) == (changed and payment.pvp)
    kept = payment.amount_fen - payment.fee_fen, payment.payer_currency
    assert first.sum_of("IntrBkSttlmAmt") == ((payment.credited_fen, payment.payee_currency) if changed else kept)
    if pays:
        assert pays[0].kind == "pacs.009"
        assert pays[0].of("InstdAgt", "FinInstnId", "BICFI") == pays[0].of("Cdtr", "FinInstnId", "BICFI") == DEALER_BIC
        assert pays[0].sum_of("IntrBkSttlmAmt") == kept
        for leg in legs:
            assert leg.of("LclInstrm", "Prtry") == "PVP"
            assert leg.of("DbtDtTm") == leg.of("CdtDtTm")
            assert instant(leg.of("DbtDtTm")) == (payment.settled_at_us or 0) // 1000 * 1000


def check_answer(payment: Payment, message: Message, first: Message) -> None:
    assert message.of("OrgnlMsgId") == first.name
    assert message.of("OrgnlMsgNmId") == documents.VERSIONS[first.kind]
    settled = payment.outcome == "settled"
    assert message.of("TxSts") == ("ACCC" if settled else "RJCT")
    assert message.all("AddtlInf") == ([] if settled else [f"{payment.outcome}: {payment.reason}"])
    codes = {"screening": "RR04", "no_quote": "AM03", "new": "MS03"}
    assert message.all("Rsn", "Cd") == ([] if settled else [codes[payment.reason or ""]])


def check_arrival(payment: Payment, message: Message) -> None:
    assert message.sum_of("Ntry", "Amt") == (payment.credited_fen, payment.payee_currency)
    assert message.sum_of("InstdAmt", "Amt") == (payment.amount_fen, payment.payer_currency)
    assert sum(minor(one)[0] for one in message.elements("Rcrd", "Amt")) == payment.fee_fen
    if payment.fee_fen:
        assert message.sum_of("TtlChrgsAndTaxAmt") == (payment.fee_fen, payment.payer_currency)
    arrived = message.sum_of("TxAmt", "Amt")
    if payment.path == "correspondent":
        receivers = [DIRECTORY.bic(payment.payee_bank)]
        own = message.elements("Rcrd")[-1:] if payment.fee_fen else []
        last = [minor(one.find("{*}Amt")) for one in own if one.find(".//{*}BICFI").text in receivers]  # type: ignore
        assert arrived[0] - sum(fen for fen, _ in last) == payment.amount_fen - payment.fee_fen
    if payment.payer_currency == payment.payee_currency:
        assert payment.credited_fen == payment.amount_fen - payment.fee_fen
    else:
        assert message.of("TrgtCcy") == payment.payee_currency


def test_the_story_of_one_payment_to_the_letter() -> None:
    """Mainland to Japan over one intermediary: 10.01 of fees are 3.34, 3.34 and 3.33."""
    told = messages(PLAIN)
    assert [message.name for message in told] == ["7-C-008-1", "7-C-008-2", "7-C-002-1", "7-C-054-1"]
    one, two, answer, credit = told
    assert [leg.of("IntrBkSttlmAmt") for leg in (one, two)] == ["996.66", "993.32"]
    assert [leg.all("ChrgsInf", "Amt") for leg in (one, two)] == [["3.34"], ["3.34", "3.34"]]
    assert one.of("CreDtTm") == "2026-02-28T23:59:30.000+08:00"
    assert two.of("CreDtTm") == "2026-02-28T14:30:10.000-01:30"
    # It settles at ten past midnight at home, which is an hour later in Japan; the yuan are counted at home.
    assert one.of("IntrBkSttlmDt") == "2026-03-01"
    assert answer.of("FctvIntrBkSttlmDt", "DtTm") == "2026-02-28T14:30:10.000-01:30"
    assert credit.of("Ntry", "Amt") == "20790"
    assert credit.of("BookgDt", "DtTm") == "2026-03-01T01:00:30.000+09:00"
    assert credit.of("XchgRate") == "21"
    assert credit.of("TxAmt", "Amt") == "993.32"
    assert one.all("Dbtr", "Nm") == ["Customer 3"]
    assert one.of("Dbtr", "PstlAdr", "Ctry") == "CN"
    assert one.of("Purp", "Cd") == "GDDS"
    told = messages(LEDGER)
    assert [message.name for message in told] == ["7-L-008-1", "7-L-009-1", "7-L-002-1", "7-L-054-1"]
    assert [leg.of("IntrBkSttlmAmt") for leg in told[:2]] == ["20790", "989.99"]
    assert [leg.of("Purp", "Cd") for leg in told[:2]] == ["GDDS", "FREX"]
    assert told[0].of("XchgRate") == "21"


def test_a_bug_in_the_story_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    check(PLAIN, messages(PLAIN))

    def wrong(module: Any, name: str, value: Any, payment: Payment) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(module, name, value)
            with pytest.raises(AssertionError):
                check(payment, messages(payment))

    share = stories.charges
    wrong(stories, "charges", lambda payment: tuple(one._replace(fen=one.fen // 2) for one in share(payment)), PLAIN)
    wrong(stories, "agents", lambda payment: (payment.payer_bank, payment.payee_bank), PLAIN)
    wrong(values, "minor_digits", lambda currency: 2, LEDGER)
    wrong(documents, "_end_to_end", lambda payment: f"PAYMENT-{payment.path}", PLAIN)
    wrong(stories, "exchanged", lambda payment: False, LEDGER)


def test_identifiers_are_of_a_test_and_no_two_banks_share_one() -> None:
    banks = DIRECTORY.banks()
    assert len({bic for bic, _, _ in banks}) == len(banks) == len(CROSSBORDER.banks()) + len(INTERMEDIARIES) + 1
    assert all(len(bic) == 11 and bic[6:8] == "T0" for bic, _, _ in banks)
    assert DIRECTORY.bic("mainland bank 1") == "MAINCNT0001"
    many = {"jurisdictions": {"mainland": {"banks": 500}, "Main": {"country": "CN", "currency": "CNY",
            "utc_offset": 8, "banks": 500}}}  # fmt: skip
    crowded = Directory(CrossBorder.model_validate({**CROSSBORDER.model_dump(include={"corridors"}), **many}))
    assert len({bic for bic, _, _ in crowded.banks()}) == len(crowded.banks()) > 1000


def rows() -> list[Payment]:
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


@pytest.mark.parametrize("missing", ["pyiso20022", "xsdata"])
def test_a_missing_library_is_named_with_its_cure(
    missing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    run = run_folder(tmp_path / "run", rows())
    for name in list(sys.modules):
        if name.partition(".")[0] == missing or name == "sandbox.export.iso20022.documents":
            monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    assert status_of(arguments(run, tmp_path / "out")) == 2
    assert "pip install 'ecny-sandbox[iso20022]'" in capfd.readouterr().err
    assert not (tmp_path / "out").exists()


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
        ({"outcome": "lost"}, "expected one of settled, refused"),
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
        with pytest.raises(RunError, match=f"column {column} holds "):
            export.export(open_run(run), tmp_path / "out")
    back = run_folder(tmp_path / "back", many, payment_id=pa.array(list(range(len(many)))[::-1]))
    with pytest.raises(RunError, match="row 1: damaged: not in the order of payment_id and path"):
        export.export(open_run(back), tmp_path / "out")
    evil = run_folder(tmp_path / "evil", many)
    (evil / "manifest.json").write_text('{"status": "complete", "format": 1, "scenario": {"name": "../../evil"}}')
    with pytest.raises(RunError, match="which no file can be called after"):
        export.export(open_run(evil), tmp_path / "out")
    assert not (tmp_path / "out").exists()
