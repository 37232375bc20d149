"""What does not hold in a run folder: the file, the place in it, and a sentence.

Sentences stand here by code, so that another language is one more dict; a feature's own sentence is its own code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

MOST_SHOWN: Final = 200
"""Characters of one value in a sentence."""

ENGLISH: Final[dict[str, str]] = {
    # Files.
    "unreadable": "cannot be read: {reason}",
    "not_spelled": "not written as a run writes it: the bytes differ though the content may not",
    "bad_manifest": "no manifest of a run: {reason}",
    "no_journal": "there is none: the run was made by an older version, or the file was taken away",
    "missing": "the manifest names it, and it is not here",
    "promised": "{why}, and it is not here",
    "more": "it is here, and the manifest does not know it",
    "digest": "its SHA-256 is {found}, not {said} as the manifest says",
    "rows": "it has {found} rows, not {said} as the manifest says",
    "schema": "it is not the table of docs/run-folder.md: {reason}",
    "digests_differ": "its digests of tables and files are not those of the manifest: first {name}",
    # Keys, signatures, journal.
    "no_seed": "its seed cannot be read, so the ledger's key cannot be derived: {reason}",
    "no_world": "this version cannot build its world again: {reason}",
    "seeds": "its seed is {found}; that of scenario.yaml is {said}",
    "journal": "{reason}",
    "key": "the ledger's key is not the one of the seed {seed}",
    "seal": "{reason}",
    "signature": "the signature is not the ledger's of this line",
    "seal_signature": "its seal is not the ledger's signature of what it says",
    "block": "block {block} does not hold: these are not the rows that were hashed",
    "journal_rows": "the journal is about {said} payments; the table has {found}",
    # Rows.
    "row": "{reason}",
    # Signed registers.
    "entry": "{reason}",
    "entry_signature": "the signature is not the one of {signer}",
    "no_such_payment": "{about}: no money moved as payment {payment} says",
    "no_such_move": "account {payer} paid account {payee}, and no entry of the register says what for",
    # Ledger and summary.
    "account_number": "account {found} stands where account {said} should",
    "closing": "closing {closing} is not opening - debits + credits = {found} fen",
    "negative": "{name} is {found} fen",
    "sum": "the closings in {currency} sum to {found} fen, not to zero",
    "debits": "debits {said} fen; by the tables of payments and postings {found} fen",
    "credits": "credits {said} fen; by the tables of payments and postings {found} fen",
    "debits_least": "debits {said} fen, less than the {found} fen that its payments took",
    "credits_least": "credits {said} fen, less than the {found} fen that its payments brought",
    "packets": "escrows paid {said} fen, less than the {found} fen of red packets in payments",
    "wallet_balance": "balance {said} fen; the ledger says {found} fen",
    "wallet_account": "account {found} is none of the ledger's wallets",
    "wallet_settled": "settled {said}; by the table of payments {found}",
    "figure": "{name} is {said}; by {table} it is {found}",
}


class Problem(NamedTuple):
    """One thing that does not hold."""

    file: str
    place: str
    """`row 17`, `line 3`, `block 2`; empty for the whole file."""
    code: str
    """One of `ENGLISH`, or the sentence itself."""
    values: dict[str, object]

    def __str__(self) -> str:
        where = f"{self.file}: {self.place}" if self.place else self.file
        sentence = self.code if " " in self.code else ENGLISH[self.code]
        return f"{where}: {sentence.format_map({name: _seen(one) for name, one in self.values.items()})}"


@dataclass
class Verified:
    """What was looked at, and what does not hold."""

    path: Path
    problems: list[Problem] = field(default_factory=list)
    payments: int = 0
    blocks: int = 0
    signatures: int = 0
    tables: int = 0
    covers: str = "no_balances"
    """`every_balance`, `least_balances` or `no_balances`: how much of the balances was worked out again."""

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return not self.problems


def problem(file: str, place: str, code: str, **values: object) -> Problem:
    """A problem with the values of its sentence."""
    return Problem(_seen(file), place, code, values)


def _seen(value: object) -> str:
    """A value as a line of text shows it: names and texts of a stranger may be long, or steer a terminal."""
    words = str(value)
    plain = (
        words
        if words.isprintable()
        else "".join(one if one.isprintable() else one.encode("unicode_escape").decode("ascii") for one in words)
    )
    return plain if len(plain) <= MOST_SHOWN else plain[:MOST_SHOWN] + "..."
