"""A run's bills worked out again from the register of their moves: each move legal, in order and signed; the table of
bills as it follows; and every receipt a payment or posting that really moved that money."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sandbox.bills.bill import State
from sandbox.bills.register import PURPOSE, Register, key_of
from sandbox.core.moves import IllegalMove
from sandbox.tables import TABLES, table_file
from sandbox.verify.arrow import read
from sandbox.verify.paid import settled_payments
from sandbox.verify.problems import Problem, problem
from wallets.signatures import SIGNATURE_BYTES, Signed, verify_many
from wallets.strict_json import BadText, canonical, hex_bytes, read_object

BILLS: Final = table_file("bills")
ENTRIES: Final = table_file("bill_entries")
_HEAD: Final = {"bill_id": "bill", "entry": "entry", "at_us": "at_us", "move": "move", "by": "by"}
_OF_PART: Final = ("first", "last", "holder", "face_fen", "endorsements", "discounted_fen", "cost_fen")
_PAID: Final = ("payment", "payer", "payee", "amount_fen")


def check_bills(folder: Path, seed: int, all_payments: bool) -> Iterator[Problem]:
    """Everything about a run's bills; nothing if it has none."""
    if not (folder / ENTRIES).is_file() or not (folder / BILLS).is_file():
        return
    register, signed = Register(), []
    rows = read(folder, "bill_entries", [column.name for column in TABLES["bill_entries"]]).to_pylist()
    for number, row in enumerate(rows):
        try:
            content = read_object(row["content"], "entry")
            if canonical(content).decode() != row["content"]:
                raise BadText("entry: not in its canonical spelling")
            for name, within in _HEAD.items():
                if content.get(within) != row[name]:
                    raise BadText(f"entry: {within} is not that of its row")
            register.apply(content)
            signature = hex_bytes(row["signature"], SIGNATURE_BYTES, "signature")
        except (BadText, IllegalMove) as error:
            yield problem(ENTRIES, f"row {number}", "entry", reason=error)
            return
        signed.append(Signed(key_of(seed, content["by"]).public, PURPOSE, register.entries[-1].hash, signature))
    for number, good in enumerate(verify_many(signed)):
        if not good:
            yield problem(ENTRIES, f"row {number}", "entry_signature", signer=f"account {rows[number]['by']}")
            return
    yield from _table(folder, register)
    if all_payments:
        yield from _receipts(folder, register)


def _table(folder: Path, register: Register) -> Iterator[Problem]:
    """The table of bills against what follows from the register."""
    said = read(folder, "bills", [column.name for column in TABLES["bills"]]).to_pylist()
    found: list[dict[str, Any]] = []
    for bill, package in register.packages.items():
        terms = package.terms
        for number, part in enumerate(package.parts):
            row = {name: getattr(part, name) for name in _OF_PART}
            row |= {"bill_id": bill, "part": number, "drawer": terms.drawer, "acceptor": terms.acceptor}
            row |= {"issued_at_us": terms.issued_us, "due_at_us": terms.due_us, "ended_at_us": part.ended_us}
            row |= {"state": part.outcome}
            if part.state is State.LOST:
                row["borne_by"] = part.holder
            found.append(row)
    if len(found) != len(said):
        yield problem(BILLS, "", "rows", found=len(said), said=len(found))
        return
    for number, (row, other) in enumerate(zip(found, said, strict=True)):
        for name, value in row.items():
            if other[name] != value:
                values = {"name": name, "said": other[name], "table": ENTRIES, "found": value}
                yield problem(BILLS, f"row {number}", "figure", **values)
                return


def _receipts(folder: Path, register: Register) -> Iterator[Problem]:
    """Every receipt is a settled payment, or a posting, between those two of that sum at that instant."""
    held = [(number, one.content) for number, one in enumerate(register.entries) if "payment" in one.content]
    paid = settled_payments(folder, [content["payment"] for _, content in held if content["payment"] >= 0])
    names = ["at_us", "payer", "payee", "amount_fen"]
    table = read(folder, "postings", names) if (folder / table_file("postings")).is_file() else None
    posted = Counter(zip(*(table.column(name).to_pylist() for name in names), strict=True)) if table else Counter[Any]()
    for number, content in held:
        payment, payer, payee, amount = (content[name] for name in _PAID)
        if payment >= 0:
            good = paid.get(payment) == (payer, payee, amount, content["at_us"])
        else:
            posting = (content["at_us"], payer, payee, amount)
            good = posted[posting] > 0
            posted[posting] -= 1
        if not good:
            yield problem(ENTRIES, f"row {number}", "no_such_payment", about=f"bill {content['bill']}", payment=payment)
            return
