"""The ledger and the wallets: every account's sums, every currency's zero, and balances that follow from payments.

With all payments recorded and the table `postings` there (all money that moved outside payments), each account's debits
and credits are worked out to the fen, escrows of several campaigns only together. Without `postings` they must be at
least what payments moved: issuance, redemption at midnight, interest and campaigns' money come on top, and cannot be
told apart from these files. With a sample of payments nothing is said of single balances.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from sandbox.audit.arrow import Flags, Texts, numbers, read, texts
from sandbox.audit.booking import Books
from sandbox.audit.problems import Problem, in_row, problem, wrong_figure
from sandbox.core.draws import Int64Array
from sandbox.language import N_
from sandbox.tables import TABLES, table_file

ISSUER: Final = "central_bank"
LEDGER: Final = table_file("ledger")
WALLETS: Final = table_file("wallets")
POSTINGS: Final = table_file("postings")
_NEGATIVE: Final = N_("{name} is {found} fen")
_NO_WALLET: Final = N_("account {found} is none of the ledger's wallets")


@dataclass(frozen=True)
class Accounts:
    """`ledger.parquet`."""

    kinds: Texts
    currencies: Texts
    institutions: dict[str, int]
    """Accounts of the institutions by name."""
    opening: Int64Array
    debits: Int64Array
    credits: Int64Array
    closing: Int64Array
    numbers: Int64Array

    def __len__(self) -> int:
        return len(self.closing)

    def of_kind(self, *kinds: str) -> Flags:
        """Which accounts are of these kinds."""
        return self.kinds.among(*kinds)

    def totals(self) -> dict[str, dict[str, int]]:
        """As `conservation.by_currency` of the summary."""
        issued = self.of_kind(ISSUER)
        found = {}
        for code in np.flatnonzero(np.bincount(self.currencies.codes)):
            here = self.currencies.codes == code
            found[str(self.currencies.names[int(code)])] = {
                "issued_fen": -_sum(self.closing[here & issued]),
                "held_fen": _sum(self.closing[here & ~issued]),
                "sum_fen": _sum(self.closing[here]),
            }
        return found


def read_accounts(folder: Path) -> Accounts:
    """Read the ledger."""
    table = read(folder, "ledger", [column.name for column in TABLES["ledger"]])
    opening, debits, credits, closing = (
        numbers(table, f"{name}_fen") for name in ("opening", "debits", "credits", "closing")
    )
    kinds, owners = texts(table, "kind"), table.column("owner")
    institutions = {owners[int(at)].as_py(): int(at) for at in np.flatnonzero(kinds.among("institution"))}
    currencies, rows = texts(table, "currency"), numbers(table, "account")
    return Accounts(kinds, currencies, institutions, opening, debits, credits, closing, rows)


def funding_of(accounts: Accounts, institutions: list[str], scenario: dict[str, Any]) -> Int64Array:
    """The account that tops up and redeems for each institution: its own, or that of the operator it reaches e-CNY
    through; -1 where the files do not say."""
    entries = scenario.get("institutions")
    found = []
    for name in institutions:
        entry = entries.get(name) if isinstance(entries, dict) else None
        via = entry.get("via") if isinstance(entry, dict) and entry.get("kind") == "indirect" else None
        found.append(accounts.institutions.get(name if via is None else str(via), -1))
    return np.array(found, dtype=np.int64)


def check_accounts(accounts: Accounts) -> Iterator[Problem]:
    """Each account by itself, then each currency."""
    expected = np.arange(len(accounts))
    message = N_("account {found} stands where account {said} should")
    yield from _first(LEDGER, accounts.numbers != expected, message, found=accounts.numbers, said=expected)
    for name in ("debits", "credits"):
        sums: Int64Array = getattr(accounts, name)
        yield from _first(LEDGER, sums < 0, _NEGATIVE, name=f"{name}_fen", found=sums)
    with np.errstate(over="ignore"):
        closing = accounts.opening - accounts.debits + accounts.credits
    message = N_("closing {closing} is not opening - debits + credits = {found} fen")
    yield from _first(LEDGER, closing != accounts.closing, message, closing=accounts.closing, found=closing)
    for name in ("opening", "closing"):
        balances: Int64Array = getattr(accounts, name)
        below = (balances < 0) & ~accounts.of_kind(ISSUER)
        yield from _first(LEDGER, below, _NEGATIVE, name=f"{name}_fen", found=balances)
    for currency, total in accounts.totals().items():
        if total["sum_fen"] != 0:
            message = N_("the closings in {currency} sum to {found} fen, not to zero")
            yield problem(LEDGER, "", message, currency=currency, found=total["sum_fen"])


def check_balances(accounts: Accounts, books: Books, folder: Path) -> Iterator[Problem]:
    """Debits and credits against all payments and, if the run kept them, postings outside payments."""
    debits, credits = books.debits.copy(), books.credits.copy()
    escrows = accounts.of_kind("escrow")
    exact = (folder / POSTINGS).is_file()
    if exact:
        table = read(folder, "postings", ["at_us", "after", "payer", "payee", "amount_fen"])
        payers, payees, amounts = (numbers(table, name) for name in ("payer", "payee", "amount_fen"))
        for name in ("at_us", "after"):
            values = numbers(table, name)
            back = np.diff(values, prepend=values[:1]) < 0
            yield from _first(POSTINGS, back, N_("{name} is less than in the row above"), name=name)
        for name, rows in (("payer", payers), ("payee", payees)):
            strange = (rows < 0) | (rows >= len(accounts))
            if strange.any():
                yield from _first(POSTINGS, strange, N_("{name} is no account of the ledger"), name=name)
                return
        np.add.at(debits, payers, amounts)
        np.add.at(credits, payees, amounts)
        debited = N_("debits {said} fen; by the tables of payments and postings {found} fen")
        credited = N_("credits {said} fen; by the tables of payments and postings {found} fen")
        wrong = ((accounts.debits != debits) & ~escrows, accounts.credits != credits)
    else:
        debited = N_("debits {said} fen, less than the {found} fen that its payments took")
        credited = N_("credits {said} fen, less than the {found} fen that its payments brought")
        wrong = (accounts.debits < debits, accounts.credits < credits)
    yield from _first(LEDGER, wrong[0], debited, said=accounts.debits, found=debits)
    yield from _first(LEDGER, wrong[1], credited, said=accounts.credits, found=credits)
    paid, packets = _sum(accounts.debits[escrows]), _sum(books.packets) + _sum(debits[escrows])
    if paid != packets if exact else paid < packets:
        message = N_("escrows paid {said} fen, less than the {found} fen of red packets in payments")
        yield problem(LEDGER, "", message, said=paid, found=packets)


def check_wallets(accounts: Accounts, books: Books | None, folder: Path) -> Iterator[Problem]:
    """`wallets.parquet` against the ledger and, with all payments booked, against them."""
    table = read(folder, "wallets", ["account", "kind", "balance_fen", "settled"])
    rows, balances, settled = (numbers(table, name) for name in ("account", "balance_fen", "settled"))
    wanted = accounts.of_kind("wallet", "corporate")
    known = np.flatnonzero(wanted)
    strange = (rows < 0) | (rows >= len(accounts))
    strange[~strange] = ~wanted[rows[~strange]]
    if strange.any():
        yield from _first(WALLETS, strange, _NO_WALLET, found=rows)
        return
    corporate = texts(table, "kind").among("corporate")
    wrong = corporate != accounts.of_kind("corporate")[rows]
    yield from _first(WALLETS, wrong, _NO_WALLET, found=rows)
    if not np.array_equal(rows, known):
        said, found = f"another ({len(rows)})", f"{len(known)} in order"
        yield wrong_figure(WALLETS, "", "the list of accounts", said, LEDGER, found)
    closing = accounts.closing[rows]
    message = N_("balance {said} fen; the ledger says {found} fen")
    yield from _first(WALLETS, balances != closing, message, said=balances, found=closing)
    if books is not None:
        made = books.made[rows]
        yield from _first(
            WALLETS, settled != made, N_("settled {said}; by the table of payments {found}"), said=settled, found=made
        )


def _first(file: str, wrong: Flags, message: str, **values: Any) -> Iterator[Problem]:
    """The first row that is wrong; arrays among the values are taken there."""
    if wrong.any():
        row = int(np.argmax(wrong))
        taken = {name: int(value[row]) if isinstance(value, np.ndarray) else value for name, value in values.items()}
        yield problem(file, in_row(row), message, **taken)


def _sum(values: Int64Array) -> int:
    """An exact sum: what a stranger wrote may overflow 64 bits."""
    low, high = values & 0xFFFFFFFF, values >> 32
    return int(low.sum()) + (int(high.sum()) << 32)
