"""A run's bills worked out again from the register of their moves: each move legal, in order and signed; the table of
bills as it follows; every receipt a payment or posting that really moved that money in that instant; and no money that
firms and desks paid for a bill without its move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final

from sandbox.audit.arrow import read
from sandbox.audit.counts import differ
from sandbox.audit.joint import Audit, Folder
from sandbox.audit.paid import Settled, accounts_of_kind, settled_payments
from sandbox.audit.problems import Problem, first_wrong_row, in_row, of_payment, problem
from sandbox.audit.registers import read_register
from sandbox.features.bills.accounts import DESK, FIRM
from sandbox.features.bills.bill import BillPart, State, Terms
from sandbox.features.bills.register import BillRegister
from sandbox.features.bills.results import ENTRY_COLUMNS, summary_of_register
from sandbox.language import N_
from sandbox.tables import TABLES, table_file

BILLS: Final = table_file("bills")
ENTRIES: Final = table_file("bill_entries")
PAYMENTS: Final = table_file("payments")
_OF_PART: Final = ("first", "last", "holder", "face_fen", "endorsements", "discounted_fen", "cost_fen")
_PAID: Final = ("payment", "payer", "payee", "amount_fen")


def audit(run: Folder) -> Iterator[Problem]:
    """Everything about a run's bills; nothing if it has none."""
    folder, summary = run.path, run.summary
    if run.seed is None or not (folder / ENTRIES).is_file() or not (folder / BILLS).is_file():
        return
    register = BillRegister()
    if not (yield from read_register(folder, "bill_entries", ENTRY_COLUMNS, register, run.seed)):
        return
    desks = set(accounts_of_kind(folder, DESK))
    yield from _table(folder, register, desks)
    if run.everything:
        yield from _receipts(folder, register, desks)
    if summary is not None:
        yield from islice(differ(summary, ENTRIES, {"bills": summary_of_register(register, desks)}), 1)


def _table(folder: Path, register: BillRegister, desks: set[int]) -> Iterator[Problem]:
    """The table of bills against what follows from the register."""
    said = read(folder, "bills", [column.name for column in TABLES["bills"]]).to_pylist()
    found: list[dict[str, Any]] = []
    for bill, package in register.packages.items():
        terms = package.terms
        for number, part in enumerate(package.parts):
            row = {name: getattr(part, name) for name in _OF_PART}
            row |= {"bill_id": bill, "part": number, "drawer": terms.drawer, "acceptor": terms.acceptor}
            row |= {"kind": "bank" if terms.acceptor in desks else "commercial"}
            row |= {"issued_at_us": terms.issued_us, "due_at_us": terms.due_us, "ended_at_us": part.ended_us}
            row |= {"state": part.outcome}
            bearers, here = _may_bear(part, terms), said[len(found)]["borne_by"] if len(found) < len(said) else None
            found.append({**row, "borne_by": here if here in bearers else bearers[0]})
    yield from first_wrong_row(BILLS, said, ENTRIES, found)


def _may_bear(part: BillPart, terms: Terms) -> tuple[int | None, ...]:
    """Who may bear a loss on a part: its holder where nobody was left to ask; a bank that paid in its drawer's stead,
    unless the drawer paid it back; else nobody."""
    if part.state is State.LOST:
        return (part.holder,)
    return (None, terms.acceptor) if part.state is State.DISCHARGED and terms.drawer != terms.acceptor else (None,)


def _receipts(folder: Path, register: BillRegister, desks: set[int]) -> Iterator[Problem]:
    """Every receipt is a settled payment, or a posting, between those two of that sum at that instant; and whatever a
    desk paid, or was paid to a firm, is one."""
    held = [(number, one.content) for number, one in enumerate(register.entries) if "payment" in one.content]
    firms = set(accounts_of_kind(folder, FIRM))
    paid = settled_payments(folder, [content["payment"] for __, content in held], payers=desks, payees=firms)
    names = ["at_us", "payer", "payee", "amount_fen"]
    table = read(folder, "postings", names) if (folder / table_file("postings")).is_file() else None
    posted = Counter(zip(*(table.column(name).to_pylist() for name in names), strict=True)) if table else Counter[Any]()
    used = set()
    for number, content in held:
        payment, payer, payee, amount = (content[name] for name in _PAID)
        if payment >= 0:
            good = paid.get(payment) == Settled(payer, payee, amount, content["at_us"])
            used.add(payment)
        else:
            posting = (content["at_us"], payer, payee, amount)
            good = posted[posting] > 0
            posted[posting] -= 1
        if not good:
            yield problem(
                ENTRIES,
                in_row(number),
                N_("{about}: no money moved as payment {payment} says"),
                about=f"bill {content['bill']}",
                payment=payment,
            )
            return
    for payment, one in paid.items():
        if payment not in used:
            yield problem(
                PAYMENTS,
                of_payment(payment),
                N_("account {payer} paid account {payee}, and no entry of the register says what for"),
                payer=one.payer,
                payee=one.payee,
            )
            return


AUDIT: Final = Audit("bill_entries", audit)
