"""Made-up payments across borders, run folders that hold them, and messages read back without the writer's classes."""

from __future__ import annotations

import json
import math
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st

from sandbox.features.crossborder.messages.codes import Directory
from sandbox.features.crossborder.messages.documents import Documents
from sandbox.features.crossborder.messages.flow import flow
from sandbox.features.crossborder.messages.rows import PaymentRow
from sandbox.features.crossborder.messages.terms import Terms
from sandbox.features.crossborder.messages.values import Clock
from sandbox.features.crossborder.schema.section import CrossBorder
from sandbox.files import sha256
from sandbox.records import FORMAT
from sandbox.tables import TABLES, arrow_schema, table_file

START = datetime(2026, 2, 28, 23, 59)
INTERMEDIARIES = ["global bank A", "global bank B", "<Bank> & 'C'", "银行", "bank E", "bank F"]
ABROAD: dict[str, Any] = {
    "jurisdictions": {
        "japan": {"country": "JP", "currency": "JPY", "utc_offset": 9},
        "kuwait": {"country": "KW", "currency": "KWD", "utc_offset": 3},
        "pilot zone": {"country": "CN", "currency": "CNY", "utc_offset": 8},
    },
    "currencies": {"JPY": {"per_usd": 150}, "KWD": {"per_usd": 0.31}},
    "corridors": {
        name: {
            "sender": "mainland", "receiver": "japan", "mean": "1000 USD", "payments": "1 /day", "individuals": people,
            "hours": "any",
        }
        for name, people in (("goods", False), ("a & b < c", True), ("商路", False), ("x" * 64, True))
    },
    "correspondent": {
        "intermediaries": {name: {"utc_offset": number - 1.5} for number, name in enumerate(INTERMEDIARIES)},
        "direct_pairs": ["CNY/HKD", "CNY/JPY"],
        "people": {
            "bearer": "payer", "payer_bank": {"fixed": "0 USD"}, "intermediary": {"fixed": "0 USD"},
            "payee_bank": {"fixed": "0 USD"},
        },
        "firms": {
            "bearer": "shared", "payer_bank": {"fixed": "2 USD", "share": 0.001}, "intermediary": {"fixed": "1 USD"},
            "payee_bank": {"fixed": "1 USD"},
        },
    },
}  # fmt: skip
"""Firms share charges; people bear them, and where nobody asks for anything all agents have the same part."""
SCENARIO = {"title": "Abroad", "question": "Does it arrive?", "start": START.isoformat(), "crossborder": ABROAD}
CROSSBORDER = CrossBorder.model_validate(ABROAD)
TERMS = Terms(CROSSBORDER)
DIRECTORY = Directory(CROSSBORDER)
MAKER = Documents(DIRECTORY, Clock(START, 480))
DIGITS = {"JPY": 0, "KWD": 3}
"""Of currencies that have not two."""

PLAIN = PaymentRow(
    payment_id=7,
    path="correspondent",
    uetr="0f0e0d0c-0b0a-4908-8706-050403020100",
    corridor="goods",
    purpose="trade",
    payer=3,
    payee=4,
    payer_bank="mainland bank 1",
    payee_bank="japan bank 2",
    from_jurisdiction="mainland",
    to_jurisdiction="japan",
    payer_currency="CNY",
    payee_currency="JPY",
    amount_fen=100_000,
    credited_fen=20_790,
    value_usd_cents=14_000,
    fee_fen=1_001,
    submitted_at_us=30_000_000,
    completed_at_us=90_000_000,
    outcome="settled",
    reason=None,
    agents=("global bank A",),
    dealer=None,
    pvp=False,
    settled_at_us=70_000_000,
    rate=21.0,
)
"""1,000.00 CNY less 10.01 of fees at 21: 20,789.79 JPY, which are 20,790."""
LEDGER = PLAIN._replace(path="shared_ledger", agents=(), dealer="kuwait bank 2", pvp=True)


@st.composite
def crossings(draw: st.DrawFn) -> PaymentRow:
    """Any payment that a run may hold."""
    places = CROSSBORDER.jurisdictions
    sender, receiver = draw(st.permutations(sorted(places)))[:2]
    path = draw(st.sampled_from(("correspondent", "shared_ledger")))
    outcome = draw(st.sampled_from(("settled", "settled", "settled", "refused", "returned", "lost", "pending")))
    names = st.lists(st.sampled_from(INTERMEDIARIES), unique=True, max_size=6)
    submitted = draw(st.integers(0, 10**12))
    settled_us, ended_us = (submitted + draw(st.integers(0, 10**12)) for _ in range(2))
    amount = draw(st.integers(1, 10**14))
    payer_currency = draw(st.sampled_from((places[sender].currency, "USD")))
    payee_currency = draw(st.sampled_from((places[receiver].currency, "USD")))
    fee = draw(st.integers(0, amount // 2))
    rate = draw(st.floats(1e-3, 1e3)) if payer_currency != payee_currency else None
    digits = DIGITS.get(payee_currency, 2) - DIGITS.get(payer_currency, 2)
    arrived = math.floor((amount - fee) * (rate or 1.0) * 10.0**digits) if rate else amount - fee
    is_settled = outcome == "settled"
    return PaymentRow(
        payment_id=draw(st.integers(0, 2**63 - 1)),
        path=path,
        uetr=str(draw(st.uuids(version=4))),
        corridor=draw(st.sampled_from(("goods", "a & b < c", "商路", "x" * 64))),
        purpose=draw(st.sampled_from(("trade", "remittance", "tourism", "commuting", "treasury", "new & other"))),
        payer=draw(st.integers(0, 2**63 - 1)),
        payee=draw(st.integers(0, 2**63 - 1)),
        payer_bank=f"{sender} bank {draw(st.integers(1, 5))}",
        payee_bank=f"{receiver} bank {draw(st.integers(1, 5))}",
        from_jurisdiction=sender,
        to_jurisdiction=receiver,
        payer_currency=payer_currency,
        payee_currency=payee_currency,
        amount_fen=amount,
        credited_fen=arrived if is_settled else None,
        value_usd_cents=draw(st.integers(0, 10**14)),
        fee_fen=fee,
        submitted_at_us=submitted,
        completed_at_us=None if outcome == "pending" else max(settled_us, ended_us),
        outcome=outcome,
        reason=None if is_settled or outcome == "pending" else draw(st.sampled_from(("screening", "no_quote", "new"))),
        agents=tuple(draw(names)) if path == "correspondent" else (),
        dealer=f"{draw(st.sampled_from(sorted(places)))} bank 3" if path == "shared_ledger" and is_settled else None,
        pvp=draw(st.booleans()),
        settled_at_us=settled_us if is_settled or (outcome in ("returned", "lost") and draw(st.booleans())) else None,
        rate=rate if is_settled else None,
    )


class Message(NamedTuple):
    """A message as anybody may read it."""

    kind: str
    name: str
    text: bytes
    root: ElementTree.Element

    def of(self, *path: str) -> str:
        """The text of the one element at the end of a path that may begin anywhere."""
        (found,) = self.all(*path)
        return found

    def all(self, *path: str) -> list[str]:
        """The text of every such element."""
        return [found.text or "" for found in self.elements(*path)]

    def elements(self, *path: str) -> list[ElementTree.Element]:
        """Every such element."""
        return self.root.findall(".//" + "/".join(f"{{*}}{name}" for name in path))

    def sum_of(self, *path: str) -> tuple[int, str]:
        """An amount in minor units, and its currency; its decimals must be those of the currency."""
        (found,) = self.elements(*path)
        return minor(found)


def minor(element: ElementTree.Element) -> tuple[int, str]:
    """An amount in minor units, and its currency."""
    text, currency = element.text or "", element.attrib["Ccy"]
    _, point, decimals = text.partition(".")
    assert len(decimals) == DIGITS.get(currency, 2), (text, currency)
    assert bool(point) == bool(decimals)
    return int(text.replace(".", "")), currency


def messages(payment: PaymentRow) -> list[Message]:
    """What is written of a payment."""
    made = MAKER.of(flow(payment, TERMS))
    return [Message(kind, name, text, ElementTree.fromstring(text)) for kind, name, text in made]


def instant(text: str) -> int:
    """Microseconds since the start of a time with its distance from UTC."""
    at = datetime.fromisoformat(text)
    assert at.tzinfo is not None
    return round((at - datetime.fromisoformat(START.isoformat() + "+08:00")) / timedelta(microseconds=1))


def run_folder(folder: Path, rows: list[PaymentRow], **columns: Any) -> Path:
    """A finished run with these rows; `columns` are put in place of what the rows say."""
    folder.mkdir()
    table: dict[str, Any] = {}
    for column in TABLES["crossborder"]:
        values = [getattr(row, column.name, 0) for row in rows]
        table[column.name] = [json.dumps(value) for value in values] if column.name == "agents" else values
    table["exposed_from_us"] = [None] * len(rows)
    schema = arrow_schema("crossborder")
    written = pa.table(table, schema=schema)
    for name, values in columns.items():
        written = written.set_column(written.schema.get_field_index(name), name, [values])
    pq.write_table(written, file := folder / table_file("crossborder"))
    tables = {"crossborder": {"sha256": sha256(file)}}
    manifest = {"status": "complete", "format": FORMAT, "scenario": {"name": "abroad"}, "tables": tables}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "summary.json").write_text("{}")
    (folder / "scenario.yaml").write_text(json.dumps(SCENARIO, ensure_ascii=False), encoding="utf-8")
    return folder
