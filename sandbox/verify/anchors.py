"""A data exchange's register and the payment ledger's anchors, worked out again from the tables alone.

In this order: every entry of the register (spelling, chain, what it says, the exchange's signature) with the trades
that follow from them; the anchors among the events (chain, batch, root, the ledger's signature) and their recognition;
the rows of `data_trades`; the payments into escrow and the receipts, where every payment is recorded; what left the
escrow. The first that does not hold is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from sandbox.core.moves import IllegalMove
from sandbox.datatrade.anchors import (
    ANCHOR_PURPOSE,
    ENTRY_PURPOSE,
    Anchor,
    Register,
    exchange_key,
    read_anchor,
    receipts_of,
)
from sandbox.datatrade.exchange import ANCHORED, FEES, PEOPLE
from sandbox.datatrade.numbers import exchange_rows, returned_fen
from sandbox.journal.chain import ledger_key
from sandbox.tables import TABLES, table_file
from sandbox.verify.arrow import read
from sandbox.verify.paid import settled_payments
from sandbox.verify.problems import Problem, problem
from wallets.signatures import SIGNATURE_BYTES, Signed, verify_many
from wallets.strict_json import BadText, canonical, hex_bytes, read_object

REGISTER: Final = table_file("data_register")
TRADES: Final = table_file("data_trades")
EVENTS: Final = table_file("events")


def check_data(folder: Path, seed: int, all_payments: bool) -> Iterator[Problem]:
    """Everything about a run's data exchange; nothing if it has none."""
    if not (folder / REGISTER).is_file() or not (folder / TRADES).is_file():
        return
    register = Register()
    entries = read(folder, "data_register", [column.name for column in TABLES["data_register"]]).to_pylist()
    found = yield from _entries(entries, register, seed)
    if not found:
        return
    anchors: list[Anchor] = []
    anchored_us: dict[int, int] = {}
    for one in _anchor_events(folder):
        anchor, bad = _next_anchor(one, anchors, register, seed)
        if bad is not None:
            yield bad
            return
        assert anchor is not None
        number = len(anchors)
        anchors.append(anchor)
        anchored_us.update(dict.fromkeys(register.batches[number], anchor.content["at_us"]))
    if len(anchors) != len(register.batches):
        yield problem(EVENTS, "", "anchors", found=len(anchors), said=len(register.batches))
        return
    yield from _trades(folder, register, anchored_us)
    if all_payments:
        yield from _receipts(folder, register, anchors)
    yield from _releases(folder, register)


def _entries(rows: Sequence[dict[str, Any]], register: Register, seed: int) -> Any:
    """The register's entries; returns whether all hold."""
    public, signed = exchange_key(seed).public, []
    for number, row in enumerate(rows):
        place = f"row {number}"
        try:
            content = read_object(row["content"], "entry")
            if canonical(content).decode() != row["content"]:
                raise BadText("entry: not in its canonical spelling")
            for name in ("entry", "at_us", "move"):
                if content.get(name) != row[name]:
                    raise BadText(f"entry: {name} is not that of its row")
            register.apply(content)
            signature = hex_bytes(row["signature"], SIGNATURE_BYTES, "signature")
        except (BadText, IllegalMove) as error:
            yield problem(REGISTER, place, "entry", reason=error)
            return False
        signed.append(Signed(public, ENTRY_PURPOSE, register.entries[-1].hash, signature))
    for number, good in enumerate(verify_many(signed)):
        if not good:
            yield problem(REGISTER, f"row {number}", "entry_signature", signer="the exchange")
            return False
    return True


def _anchor_events(folder: Path) -> Iterator[tuple[int, int, str | None]]:
    table = read(folder, "events", ["at_us", "actor", "event", "detail"])
    for row, (at_us, actor, event, detail) in enumerate(
        zip(*(table.column(name).to_pylist() for name in ("at_us", "actor", "event", "detail")), strict=True)
    ):
        if actor == "ledger" and event == ANCHORED:
            yield row, at_us, detail


def _next_anchor(
    one: tuple[int, int, str | None], anchors: list[Anchor], register: Register, seed: int
) -> tuple[Anchor | None, Problem | None]:
    """An anchor against the register's batch and recognition of that number."""
    row, at_us, detail = one
    place, number = f"row {row}", len(anchors)
    try:
        said = read_object(detail or "", "anchor")
        signature = hex_bytes(str(said.pop("signature", "")), SIGNATURE_BYTES, "anchor: signature")
        anchor = read_anchor({**said, "at_us": at_us}, anchors[-1] if anchors else None)
    except BadText as error:
        return None, problem(EVENTS, place, "anchor", reason=error)
    if number >= len(register.batches):
        return None, problem(EVENTS, place, "anchor", reason=f"the register has no batch {number}")
    batch = next(
        entry for entry in register.entries if entry.content["move"] == "batch" and entry.content["anchor"] == number
    )
    expected = {"batch": batch.hash.hex(), "root": batch.content["root"], "at_us": batch.content["at_us"]}
    for name, value in expected.items():
        if anchor.content[name] != value:
            reason = f"its {name} is not that of the register's batch {number}"
            return None, problem(EVENTS, place, "anchor", reason=reason)
    if not verify_many([Signed(ledger_key(seed).public, ANCHOR_PURPOSE, anchor.hash, signature)])[0]:
        return None, problem(EVENTS, place, "entry_signature", signer="the ledger")
    if register.recognised.get(number) != anchor.hash:
        return None, problem(REGISTER, f"row {batch.content['entry'] + 1}", "not_recognised", anchor=number)
    return anchor, None


def _trades(folder: Path, register: Register, anchored_us: dict[int, int]) -> Iterator[Problem]:
    """The table of trades against what follows from the register."""
    names = [column.name for column in TABLES["data_trades"]]
    said = read(folder, "data_trades", names).to_pylist()
    found = exchange_rows(register, anchored_us)
    for row in range(max(len(said), len(register.trades))):
        if row >= len(said) or row >= len(register.trades):
            yield problem(TRADES, "", "rows", found=len(said), said=len(register.trades))
            return
        for name in names:
            if said[row][name] != found[name][row]:
                values = {"name": name, "said": said[row][name], "table": REGISTER, "found": found[name][row]}
                yield problem(TRADES, f"row {row}", "figure", **values)
                return


def _receipts(folder: Path, register: Register, anchors: Sequence[Anchor]) -> Iterator[Problem]:
    """What the ledger says was paid, against the payments."""
    wanted = [trade.payment for trade in register.trades.values() if trade.payment is not None]
    paid = settled_payments(folder, wanted)
    for trade in register.trades.values():
        one, number = trade.contract, trade.payment
        if number is not None and paid.get(number, (0,) * 4)[:3] != (one.buyer, one.escrow, one.price_fen):
            yield problem(REGISTER, "", "no_such_payment", about=f"trade {one.trade}", payment=number)
            return
    for number, trades in enumerate(register.batches):
        payments = [register.trades[one].payment for one in trades]
        rows = [(payment, *paid[payment]) for payment in payments if payment is not None]
        if receipts_of(rows).hex() != anchors[number].content["receipts"]:
            yield problem(EVENTS, f"anchor {number}", "receipts")
            return


def _releases(folder: Path, register: Register) -> Iterator[Problem]:
    """What left the escrow went to whom the trades say, and what has not left is what they still hold."""
    if not register.trades or not (folder / table_file("postings")).is_file():
        return
    owed: Counter[int] = Counter()
    held = 0
    for trade in register.trades.values():
        one, escrow = trade.contract, trade.contract.escrow
        owed[one.seller] += trade.shares.seller_fen
        owed[escrow + FEES] += trade.shares.fee_fen
        owed[escrow + PEOPLE] += trade.shares.people_fen
        back = returned_fen(trade)
        owed[one.buyer] += back
        held += 0 if trade.payment is None else one.price_fen - trade.spent_fen - back
    table = read(folder, "postings", ["payer", "payee", "amount_fen"]).to_pylist()
    posted: Counter[int] = Counter()
    for row in table:
        if row["payer"] == escrow:
            posted[row["payee"]] += row["amount_fen"]
    for account in sorted(owed.keys() | posted.keys()):
        if posted[account] > owed[account]:
            values = {"account": account, "found": posted[account], "said": owed[account]}
            yield problem(table_file("postings"), "", "too_much_released", **values)
            return
    # What is due to a frozen account waits in the escrow.
    waiting = owed.total() - posted.total()
    accounts = read(folder, "ledger", ["account", "closing_fen"])
    closing = dict(zip(*(accounts.column(name).to_pylist() for name in ("account", "closing_fen")), strict=True))
    if closing.get(escrow) != held + waiting:
        yield problem(table_file("ledger"), f"row {escrow}", "escrow", found=closing.get(escrow), said=held + waiting)
