"""Messages are valid, say what became of the payment to the minor unit, and no run folder makes a wrong one."""

from __future__ import annotations

import os
import re
from collections import Counter
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from lxml import etree
from xsdata.formats.dataclass.context import XmlContext
from xsdata.formats.dataclass.parsers import XmlParser

from sandbox.features.crossborder.messages import documents, values
from sandbox.features.crossborder.messages import flow as flows
from sandbox.features.crossborder.messages.codes import Directory
from sandbox.features.crossborder.messages.rows import PaymentRow
from sandbox.features.crossborder.messages.terms import Terms
from sandbox.features.crossborder.schema.section import CrossBorder
from tests.crossborder.crossings import (
    CROSSBORDER,
    DIGITS,
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
def test_every_message_is_valid(payment: PaymentRow) -> None:
    for message in messages(payment):
        schema = schema_of(message.kind)
        assert schema.validate(etree.fromstring(message.text)), schema.error_log


@needs_schemas
def test_an_invalid_message_would_be_seen() -> None:
    (message, *_) = messages(PLAIN)
    for right, wrong in (
        (b"<ChrgBr>SHAR</ChrgBr>", b""),
        (b"MAINCNT0001", b"mainland 1"),
        (b'Ccy="CNY">994', b'Ccy="CNY">-994'),
        (PLAIN.uetr.encode(), b"0f0e0d0c-0b0a-1908-8706-050403020100"),
    ):
        assert right in message.text
        assert not schema_of("pacs.008").validate(etree.fromstring(message.text.replace(right, wrong)))


PARSER = XmlParser(context=XmlContext())
_PARSED: dict[str, Any] = {}


def schema_of(kind: str) -> Any:
    if kind not in _PARSED:
        _PARSED[kind] = etree.XMLSchema(etree.parse(SCHEMAS / f"{documents.VERSIONS[kind]}.xsd"))
    return _PARSED[kind]


@settings(max_examples=40)
@given(crossings())
def test_a_message_reads_back_as_what_was_written(payment: PaymentRow) -> None:
    """Nothing is in it that the classes of the standard do not know, and all stands where they put it."""
    for message in messages(payment):
        document = PARSER.from_bytes(message.text, MODULES[message.kind].Document)
        # The classes write times in fewer letters.
        shorter = re.sub(rb"(:\d\d)\.000([+-])", rb"\1\2", message.text)
        assert MAKER._xml(message.kind, document) == re.sub(rb"(:\d\d(\.\d+)?)\+00:00<", rb"\1Z<", shorter)


@settings(max_examples=60)
@given(crossings())
def test_messages_say_what_became_of_a_payment(payment: PaymentRow) -> None:
    check(payment, messages(payment))


def check(payment: PaymentRow, told: list[Message]) -> None:
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


def check_chain(payment: PaymentRow, legs: list[Message]) -> None:
    bics = [DIRECTORY.bic(one) for one in (payment.payer_bank, *payment.agents, payment.payee_bank)]
    if payment.outcome == "settled":
        assert len(legs) == len(bics) - 1
        if payment.agents:
            assert legs[-1].sum_of("IntrBkSttlmAmt")[1] == payment.payee_currency
        assert legs[-1].of("InstdAgt", "FinInstnId", "BICFI") == bics[-1]
    elif payment.settled_at_us is None:
        assert len(legs) == 1
    taken_before, currencies = 0, []
    for place, leg in enumerate(legs):
        assert leg.of("InstgAgt", "FinInstnId", "BICFI") == bics[place]
        assert leg.of("InstdAgt", "FinInstnId", "BICFI") == bics[place + 1]
        for slot in (1, 2, 3):
            before, after = bics[1:place][slot - 1 : slot], bics[place + 2 : -1][slot - 1 : slot]
            assert leg.all(f"PrvsInstgAgt{slot}", "FinInstnId", "BICFI") == before
            assert leg.all(f"IntrmyAgt{slot}", "FinInstnId", "BICFI") == after
        currencies.append(leg.sum_of("IntrBkSttlmAmt")[1])
        if leg.kind == "pacs.008":
            charges = [minor(one) for one in leg.elements("ChrgsInf", "Amt")]
            assert all(code == payment.payer_currency and fen > 0 for fen, code in charges)
            assert leg.sum_of("InstdAmt") == (payment.amount_fen, payment.payer_currency)
            taken = sum(fen for fen, _ in charges)
            assert taken_before <= taken <= payment.fee_fen
            taken_before = taken
            check_worth(payment, leg, payment.amount_fen - taken)
    times = [instant(leg.of("CreDtTm")) for leg in legs]
    assert times == sorted(times)
    changes = {place for place, (one, two) in enumerate(pairwise(currencies)) if one != two}
    bound = {place for place, leg in enumerate(legs) if leg.all("LclInstrm", "Prtry")}
    if payment.outcome == "settled" or not payment.pvp:  # else legs are missing that the first one is bound to
        assert bound == (changes | {place + 1 for place in changes} if payment.pvp else set())


def check_worth(payment: PaymentRow, leg: Message, left: int) -> None:
    """A leg carries what is left of the payment, in its own currency at its own rate."""
    amount, currency = leg.sum_of("IntrBkSttlmAmt")
    if currency == payment.payer_currency:
        assert amount == left
        assert leg.all("XchgRate") == []
    elif leg.all("XchgRate"):
        rate = Fraction(leg.of("XchgRate"))
        digits = DIGITS.get(currency, 2) - DIGITS.get(payment.payer_currency, 2)
        expected = left * rate * Fraction(10) ** digits
        # The rate has eleven digits, and two sums are rounded to a minor unit; at most half is taken as charges.
        assert abs(amount - expected) <= 3 + expected / 10**5 + left * Fraction(10) ** (digits - 10)


def check_ledger(payment: PaymentRow, legs: list[Message]) -> None:
    first, *pays = legs
    changed = payment.payer_currency != payment.payee_currency and payment.outcome == "settled"
    assert len(pays) == (changed and payment.pvp)
    kept = payment.amount_fen - payment.fee_fen, payment.payer_currency
    assert first.sum_of("IntrBkSttlmAmt") == ((payment.credited_fen, payment.payee_currency) if changed else kept)
    if pays:
        assert first.of("ChrgBr") == "DEBT" if first.kind == "pacs.008" else True
        assert pays[0].kind == "pacs.009"
        dealer = DIRECTORY.bic(payment.dealer or "")
        assert pays[0].of("InstdAgt", "FinInstnId", "BICFI") == pays[0].of("Cdtr", "FinInstnId", "BICFI") == dealer
        assert pays[0].sum_of("IntrBkSttlmAmt") == kept
        for leg in legs:
            assert leg.of("LclInstrm", "Prtry") == "PVP"
            assert leg.of("DbtDtTm") == leg.of("CdtDtTm")
            assert instant(leg.of("DbtDtTm")) == (payment.settled_at_us or 0) // 1000 * 1000


def check_answer(payment: PaymentRow, message: Message, first: Message) -> None:
    assert message.of("OrgnlMsgId") == first.name
    assert message.of("OrgnlMsgNmId") == documents.VERSIONS[first.kind]
    settled = payment.outcome == "settled"
    status = {"settled": "ACCC", "lost": "BLCK"}
    assert message.of("TxSts") == status.get(payment.outcome, "RJCT")
    assert message.all("AddtlInf") == ([] if settled else [f"{payment.outcome}: {payment.reason}"])
    codes = {"screening": "RR04", "no_quote": "AM03", "new": "MS03"}
    assert message.all("Rsn", "Cd") == ([] if settled else [codes[payment.reason or ""]])


def check_arrival(payment: PaymentRow, message: Message) -> None:
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
        if arrived[1] == payment.payer_currency:
            assert arrived[0] - sum(fen for fen, _ in last) == payment.amount_fen - payment.fee_fen
    if payment.payer_currency == payment.payee_currency:
        assert payment.credited_fen == payment.amount_fen - payment.fee_fen
    else:
        assert message.of("TrgtCcy") == payment.payee_currency


def test_the_story_of_one_payment_to_the_letter() -> None:
    """Mainland to Japan over one intermediary that changes yuan into yen.

    The terms ask for 2.14, 1 and 1 dollar: of the fee of 10.01, 5.17 for the payer's bank and 2.42 for either other.
    """
    told = messages(PLAIN)
    assert [message.name for message in told] == ["7-C-008-1", "7-C-008-2", "7-C-002-1", "7-C-054-1"]
    one, two, answer, credit = told
    # 994.83 less 2.42 are 992.41; the payee got 20,790 for 989.99.
    assert [leg.sum_of("IntrBkSttlmAmt") for leg in (one, two)] == [(99_483, "CNY"), (20_840, "JPY")]
    assert [leg.all("ChrgsInf", "Amt") for leg in (one, two)] == [["5.17"], ["5.17", "2.42"]]
    assert [leg.all("XchgRate") for leg in (one, two)] == [[], ["21"]]
    assert [leg.of("ChrgBr") for leg in (one, two)] == ["SHAR", "SHAR"]
    assert credit.all("Rcrd", "Amt") == ["5.17", "2.42", "2.42"]
    assert one.of("CreDtTm") == "2026-02-28T23:59:30.000+08:00"
    assert two.of("CreDtTm") == "2026-02-28T14:30:10.000-01:30"
    # It settles at ten past midnight at home, which is an hour later in Japan; the yuan are counted at home.
    assert one.of("IntrBkSttlmDt") == "2026-03-01"
    assert answer.of("FctvIntrBkSttlmDt", "DtTm") == "2026-02-28T14:30:10.000-01:30"
    assert credit.of("Ntry", "Amt") == "20790"
    assert credit.of("BookgDt", "DtTm") == "2026-03-01T01:00:30.000+09:00"
    assert credit.of("XchgRate") == "21"
    assert credit.of("TxAmt", "Amt") == "20840"
    assert one.all("Dbtr", "Nm") == ["Customer 3"]
    assert one.of("Dbtr", "PstlAdr", "Ctry") == "CN"
    assert one.of("Purp", "Cd") == "GDDS"
    told = messages(LEDGER)
    assert [message.name for message in told] == ["7-L-008-1", "7-L-009-1", "7-L-002-1", "7-L-054-1"]
    assert [leg.of("IntrBkSttlmAmt") for leg in told[:2]] == ["20790", "989.99"]
    assert [leg.of("Purp", "Cd") for leg in told[:2]] == ["GDDS", "FREX"]
    assert told[0].of("XchgRate") == "21"
    assert told[0].of("ChrgBr") == "DEBT"


def test_a_way_through_the_dollar() -> None:
    """Of 10.01 the payer's bank gets 4.16, the others 1.95: 995.84, 993.89, 991.94 and 989.99 are left."""
    over_two = PLAIN._replace(
        payee_bank="kuwait bank 1", to_jurisdiction="kuwait", payee_currency="KWD", agents=("bank E", "global bank A"),
        credited_fen=43_000, rate=0.0434, value_usd_cents=14_000, pvp=True,
    )  # fmt: skip
    legs = messages(over_two)[:3]
    assert [leg.sum_of("IntrBkSttlmAmt")[1] for leg in legs] == ["CNY", "USD", "KWD"]
    # 140 dollars were worth 995.84; the payee got 43 dinars for 989.99.
    assert [leg.of("IntrBkSttlmAmt") for leg in legs] == ["995.84", "139.72", "43.084"]
    assert [leg.all("LclInstrm", "Prtry") for leg in legs] == [["PVP"]] * 3


def test_a_bug_in_the_story_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    check(PLAIN, messages(PLAIN))

    def wrong(module: Any, name: str, value: Any, payment: PaymentRow) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(module, name, value)
            with pytest.raises(AssertionError):
                check(payment, messages(payment))

    share = Terms.charges
    half = lambda terms, payment: tuple(one._replace(fen=one.fen // 2) for one in share(terms, payment))  # noqa: E731
    wrong(Terms, "charges", half, PLAIN)
    wrong(Terms, "currencies", lambda terms, payment: ("CNY", "CNY"), PLAIN)
    wrong(values, "minor_digits", lambda currency: 2, LEDGER)
    wrong(documents, "_end_to_end", lambda payment: f"PAYMENT-{payment.path}", PLAIN)
    wrong(flows, "name_of", lambda payment, kind, number: "7-C-008-1", PLAIN)


def test_identifiers_are_of_a_test_and_no_two_banks_share_one() -> None:
    banks = DIRECTORY.banks()
    assert len({bic for bic, _, _ in banks}) == len(banks) == len(CROSSBORDER.banks()) + len(INTERMEDIARIES)
    assert all(len(bic) == 11 and bic[6:8] == "T0" for bic, _, _ in banks)
    assert DIRECTORY.bic("mainland bank 1") == "MAINCNT0001"
    many = {"jurisdictions": {"mainland": {"banks": 500}, "Main": {"country": "CN", "currency": "CNY",
            "utc_offset": 8, "banks": 500}}}  # fmt: skip
    crowded = Directory(CrossBorder.model_validate({**CROSSBORDER.model_dump(include={"corridors"}), **many}))
    assert len({bic for bic, _, _ in crowded.banks()}) == len(crowded.banks()) > 1000
