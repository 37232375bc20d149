"""The audit does bills and trades again from the files: a sound run passes, and thieves who hold all keys are named."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sandbox
from sandbox.audit.auditor import audit
from sandbox.audit.joint import Folder
from sandbox.control import Process
from sandbox.core.moves import in_proportion
from sandbox.features.bills import register as bills
from sandbox.features.bills.audit import audit as audit_bills
from sandbox.features.bills.bill import Package, State
from sandbox.features.bills.market import BillMarket
from sandbox.features.data_exchange import anchors, people
from sandbox.features.data_exchange.audit import _shares
from sandbox.features.data_exchange.audit import audit as audit_trades
from sandbox.journal.register import Entry
from sandbox.tables import table_file
from tests.journal.folders import edit_cell, kept, read_table, write_table
from wallets.strict_json import canonical

SCENARIO = """\
title: Both
question: Do both registers hold?
seed: 3
duration: 16 days
series: {bin: 1 days}
institutions: {north: {share: 50 %}, south: {share: 50 %}}
population: {wallets: 9, corporates: 2}
merchants: {count: 1}
demand: {segments: {shops: {payments: 10 /day}}}
faults: [{station: south, starts: 60 h, lasts: 60 h}]
bills:
  core: {count: 1, orders: 0.4 /day, order: 500000 CNY, bank_accepted: 0 %}
  tiers: [{firms: 2}, {firms: 2, passes_on: 50 %}]
  tenor: 5 days
  failures: [{firm: core 1, at: 10 days}]
data_exchange:
  products:
    warnings: {kind: metered, price: 50 fen, calls: 20000, lasts: 3 days, personal: 5 %}
    speeds: {price: 20000 CNY, personal: 1 %}
  pay_people: 5 days
  buyers: 3
  orders: 2 /day
  anchor_every: 6 h
"""
SEED = 3


def write(folder: Path) -> Path:
    file = folder / "both.yaml"
    file.write_text(SCENARIO, encoding="utf-8")
    return sandbox.run(file, out=folder / "run").path


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("both"))


def problems(run: Path, table: str = "") -> list[str]:
    """What the checks say, of bills or of data where a table of one of them was changed."""
    summary = json.loads((run / "summary.json").read_text())
    bills_found = [] if table.startswith("data") else list(audit_bills(Folder(run, SEED, True, summary, None)))
    data_found = [] if table.startswith("bill") else list(audit_trades(Folder(run, SEED, True, summary, None)))
    return [str(one) for one in (*bills_found, *data_found)]


def test_a_sound_run_passes(run: Path) -> None:
    assert audit(run).problems == []
    moves = {"discharge", "dishonour", "recourse", "refuse", "lose", "split", "take", "retract"}
    assert moves <= set(read_table(run, "bill_entries")["move"])
    assert {"batch", "recognise", "invoice", "use", "pay_out"} <= set(read_table(run, "data_register")["move"])


def _rewrite_bill(run: Path, row: int, change: Callable[[dict[str, Any]], None]) -> None:
    """Change an entry of a bill; chain and sign everything after it anew, with everybody's keys."""
    table = read_table(run, "bill_entries")
    last: dict[int, bytes] = {}
    entries: list[Entry] = []
    for number, text in enumerate(table["content"]):
        content = json.loads(text)
        if number == row:
            change(content)
        if content["bill"] in last:
            content["previous"] = last[content["bill"]].hex()
        entry = Entry(content, bills.FORM.hash_of(content))
        last[content["bill"]] = entry.hash
        table["content"][number] = canonical(content).decode()
        table["at_us"][number], table["by"][number] = content["at_us"], content["by"]
        entries.append(entry)
    table["signature"] = [one.hex() for one in bills.BillRegister().signatures(SEED, entries)]
    write_table(run, "bill_entries", table)


def _rewrite_data(run: Path, row: int, change: Callable[[dict[str, Any]], None]) -> None:
    """The same for the exchange's register, with the exchange's key alone."""
    table = read_table(run, "data_register")
    previous = bytes(32)
    entries: list[Entry] = []
    for number, text in enumerate(table["content"]):
        content = json.loads(text)
        if number == row:
            change(content)
        content["previous"] = previous.hex()
        entries.append(Entry(content, anchors.FORM.hash_of(content)))
        previous = entries[-1].hash
        table["content"][number] = canonical(content).decode()
        table["at_us"][number] = content["at_us"]
    table["signature"] = [one.hex() for one in anchors.DataRegister().signatures(SEED, entries)]
    write_table(run, "data_register", table)


def _without(run: Path, row: int) -> None:
    table = read_table(run, "data_register")
    write_table(run, "data_register", {name: column[:row] + column[row + 1 :] for name, column in table.items()})


def _row(run: Path, table: str, move: str) -> int:
    return int(read_table(run, table)["move"].index(move))


def _anchor_row(run: Path) -> int:
    return int(read_table(run, "events")["event"].index("register_anchored"))


def _account(run: Path, owner: str) -> int:
    table = read_table(run, "ledger")
    return next(
        int(account) for account, name in zip(table["account"], table["owner"], strict=True) if name.startswith(owner)
    )


def _retail(run: Path) -> int:
    """A payment in a shop."""
    table = read_table(run, "payments")
    return next(
        row for row, (source, outcome) in enumerate(zip(table["source"], table["outcome"], strict=True))
        if (source, outcome) == ("shops", "settled")
    )  # fmt: skip


def _paid_bill(run: Path) -> int:
    return int(read_table(run, "bills")["state"].index("discharged"))


def _from_pool(run: Path) -> int:
    return int(read_table(run, "postings")["payer"].index(_account(run, "pool of the people")))


def _from_escrow(run: Path) -> int:
    return int(read_table(run, "postings")["payer"].index(_account(run, "escrow of the data")))


def _other_figure(text: str, section: str = "data_exchange") -> str:
    said = json.loads(text)
    said[section]["face_fen" if section == "bills" else "people_fen"] += 1
    return json.dumps(said)


def _other_hash(text: str) -> str:
    said = json.loads(text)
    said["receipts"] = "00" * 32
    return json.dumps(said, sort_keys=True)


Thief = Callable[[Path], None]
THIEVES: dict[str, tuple[str, Thief, str]] = {
    "a cell": ("bill_entries", lambda run: edit_cell(run, "bill_entries", "by", 5, lambda by: by + 1), "row 5"),
    "a signature": (
        "bill_entries",
        lambda run: edit_cell(run, "bill_entries", "signature", 7, lambda text: text[2:] + text[:2]),
        "row 7: the signature",
    ),
    "a discharge that nobody paid": (
        "bill_entries",
        lambda run: _rewrite_bill(
            run, _row(run, "bill_entries", "discharge"), lambda one: one.update(payment=10**6)
        ),
        "no money moved",
    ),
    "a cheaper discount": (
        "bill_entries",
        lambda run: _rewrite_bill(run, _row(run, "bill_entries", "offer"), lambda one: one.update(price_fen=1)),
        "fen moved, not 1",
    ),
    "another bearer": ("bills", lambda run: edit_cell(run, "bills", "holder", 0, lambda one: one + 1), "holder is"),
    "a cheaper invoice": (
        "data_trades",
        lambda run: edit_cell(run, "data_trades", "paid_fen", 0, lambda fen: fen + 1),
        "row 0: paid_fen",
    ),
    "another key": (
        "data_register",
        lambda run: _rewrite_data(run, _row(run, "data_register", "deliver"), lambda one: one.update(key="00" * 32)),
        "not the key that was promised",
    ),
    "a register written anew": (
        "data_register",
        lambda run: _rewrite_data(run, _row(run, "data_register", "order"), lambda one: one.update(product="other")),
        "data_register.parquet|its batch is not that|digest",
    ),
    "an anchor": (
        "events",
        lambda run: edit_cell(run, "events", "detail", _anchor_row(run), _other_hash),
        "the signature is not the one of the ledger",
    ),
    "an anchor left out": (
        "events",
        lambda run: edit_cell(run, "events", "event", _anchor_row(run), lambda _: "nothing"),
        "it is number 1; 0 comes next",
    ),
    "an entry left out": (
        "data_register",
        lambda run: _without(run, 3),
        "row 3: entry: it is number 4",
    ),
    "a payment that bought no bill": (
        "payments",
        lambda run: edit_cell(run, "payments", "payee", _retail(run), lambda _: _account(run, "core 1 tier 1 firm 1")),
        "no entry of the register says what for",
    ),
    "a payment into escrow for no trade": (
        "payments",
        lambda run: edit_cell(run, "payments", "payee", _retail(run), lambda _: _account(run, "escrow of the data")),
        "no entry of the register says what for",
    ),
    "a bill accepted by another kind": (
        "bills", lambda run: edit_cell(run, "bills", "kind", 0, lambda _: "bank"), "kind is bank"
    ),
    "a loss that nobody had": (
        "bills", lambda run: edit_cell(run, "bills", "borne_by", _paid_bill(run), lambda _: 3), "borne_by is 3"
    ),
    "a share of another": (
        "data_shares",
        lambda run: edit_cell(run, "data_shares", "amount_fen", 0, lambda fen: fen + 1),
        "not those that the register has the digest of",
    ),
    "shares left out": (
        "data_shares",
        lambda run: write_table(run, "data_shares", {k: v[:-1] for k, v in read_table(run, "data_shares").items()}),
        "not those that the register has the digest of",
    ),
    "a posting out of the pool": (
        "postings",
        lambda run: edit_cell(run, "postings", "payee", _from_pool(run), lambda _: _account(run, "data buyer 1")),
        "had paid account",
    ),
    "a posting out of escrow too early": (
        "postings",
        lambda run: edit_cell(run, "postings", "at_us", _from_escrow(run), lambda at_us: at_us - 1),
        "the escrow had paid",
    ),
    "a figure of the summary": (
        "summary.json",
        lambda run: (run / "summary.json").write_text(_other_figure((run / "summary.json").read_text())),
        r"data_exchange\.people_fen is",
    ),
    "a bill more in the summary": (
        "summary.json",
        lambda run: (run / "summary.json").write_text(_other_figure((run / "summary.json").read_text(), "bills")),
        r"bills\.face_fen is",
    ),
    "a posting out of the escrow": (
        "postings",
        lambda run: edit_cell(run, "postings", "amount_fen", 0, lambda fen: fen + 1),
        "the escrow had paid|the escrow holds",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", THIEVES)
def test_every_thief_is_named(run: Path, name: str) -> None:
    table, thief, why = THIEVES[name]
    with kept(run / (table if "." in table else table_file(table))):
        thief(run)
        found = problems(run, table)
        assert found
        assert re.search(why, found[0]), found


def test_whoever_holds_the_exchange_s_key_cannot_favour_anybody(run: Path) -> None:
    """Shares are changed, and the register says so from then on, signed: they are not in proportion to use."""
    with kept(run / table_file("data_shares"), run / table_file("data_register")):
        table = read_table(run, "data_shares")
        first = [row for row, number in enumerate(table["pay_out"]) if number == 0]
        most, least = (pick(first, key=table["amount_fen"].__getitem__) for pick in (max, min))
        table["amount_fen"][most] -= 2
        table["amount_fen"][least] += 2
        write_table(run, "data_shares", table)
        columns = (np.array([table[name][row] for row in first]) for name in ("account", "used", "amount_fen"))
        digest = anchors.PayOutShares(*columns).digest().hex()
        _rewrite_data(run, _row(run, "data_register", "pay_out"), lambda one: one.update(shares=digest))
        assert "is not that of the register's batch" in problems(run, "data")[0], "the ledger's anchors give it away"
        register = anchors.DataRegister()
        for text in read_table(run, "data_register")["content"]:
            register.apply(json.loads(text))
        assert "in proportion to use" in str(next(_shares(run, register, []))), "and so do the shares"


def test_nothing_is_left_of_the_thieves(run: Path) -> None:
    assert problems(run) == []


def _free(self: Package, at_us: int, part: Any, receipt: Any) -> None:
    part.state, part.ended_us, self.last_move_us = State.DISCHARGED, at_us, at_us
    self.used.add(receipt.number)


def _pays_a_fen(self: BillMarket, bill: int, payer: int, payee: int, amount_fen: int) -> Process:
    return (yield from _PAY(self, bill, payer, payee, 1 if payer in self.chains.firms() else amount_fen))


def _to_the_first(amount_fen: int, weights: Any) -> Any:
    found = in_proportion(amount_fen, weights)
    found[0] += found[1:].sum()
    found[1:] = 0
    return found


_PAY = BillMarket._pay


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run of a simulator in which a bill is discharged for a fen, and one person gets all of the pool."""
    with monkeypatch.context() as patch:
        patch.setattr(Package, "discharge", _free)
        patch.setattr(BillMarket, "_pay", _pays_a_fen)
        patch.setattr(people, "in_proportion", _to_the_first)
        made = write(tmp_path)
    return made


def test_a_simulator_that_moves_the_wrong_money_is_caught(broken: Path) -> None:
    found = [str(one) for one in audit(broken).problems]
    assert any("bill_entries.parquet" in one and "no money moved" in one for one in found), found
    assert any("data_shares.parquet" in one and "in proportion to use" in one for one in found), found
