"""A proof that one payment is in a run's journal: to be made with the run folder, and checked without it.

It carries the leaf with the payment (with its neighbours there), the path to its block's root, the block's line, the
path to the closing line's root, the closing line, and the header with the texts behind codes: some 30 kB, and one more
hash each time the payments double. Checking it needs nothing else, and ends in three signatures of the ledger's key;
that this is the right key the reader must know from elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from sandbox import records, tables
from sandbox.audit.arrow import WHAT_READING_RAISES, numbers, opened, read
from sandbox.audit.money import read_accounts
from sandbox.audit.payments import INTEGERS, TEXTS, windows
from sandbox.core.draws import Int64Array
from sandbox.core.layout import code, ended
from sandbox.journal import merkle
from sandbox.journal.chain import (
    BLOCK_ROWS,
    NULLABLE_WORDS,
    Line,
    check_closing_alone,
    hash_of,
    read_header,
    read_journal,
)  # fmt: skip
from sandbox.journal.rows import GROUP, LATENCY, ROWS, Leaves, decode
from sandbox.language import N_, _
from sandbox.records import RunError
from sandbox.tables import table_file
from wallets.keys import PublicKey
from wallets.signatures import SIGNATURE_BYTES, verify_many
from wallets.strict_json import BadText, count_at, exact_names, hex_at, hex_bytes, read_object, shown

PROOF: Final = "payment in a journal of ecny-sandbox"
MOST_BYTES: Final = 4 * 1024 * 1024
MOST_STEPS: Final = 64
_NAMES: Final = frozenset(
    {"proof", "payment_id", "header", "block", "closing", "leaf", "leaf_number", "leaf_path", "block_path"}
)


class BadProof(BadText):
    """This proves nothing; the message says why."""


def make_proof(path: str | Path, payment_id: int) -> dict[str, Any]:
    """The proof of a recorded payment.

    Raises:
        RunError: the run has no journal, or did not record such a payment; or the tables are not those of the journal.
    """
    folder = Path(path)
    try:
        return _made(folder, payment_id)
    except WHAT_READING_RAISES as error:
        raise RunError(
            _("{folder}: no proof can be made: {error}; see ecny-sandbox audit {folder}", folder=folder, error=error)
        ) from error


def _made(folder: Path, payment_id: int) -> dict[str, Any]:
    journal, accounts = read_journal(folder / records.JOURNAL), len(read_accounts(folder))
    rows = np.flatnonzero(numbers(read(folder, "payments", ["payment_id"]), "payment_id") == payment_id)
    if rows.size == 0:
        message = N_("{value}: payment {payment_id} is not there")
        raise RunError(_(message, value=folder / table_file("payments"), payment_id=payment_id))
    number, row = divmod(int(rows[0]), BLOCK_ROWS)
    if number >= len(journal.blocks):
        message = N_("{folder}: the journal has no block for row {rows}; see ecny-sandbox audit {folder}")
        raise RunError(_(message, folder=folder, rows=int(rows[0])))
    block, words = journal.blocks[number], journal.header.content["words"]
    groups = _groups(_rows(folder, words, accounts, number * BLOCK_ROWS, int(block.content["rows"])))
    leaves = [merkle.leaf(group) for group in groups]
    if merkle.root(leaves).hex() != block.content["root"]:
        raise RunError(
            _("{folder}: block {number} does not hold; see ecny-sandbox audit {folder}", folder=folder, number=number)
        )
    hashes = [merkle.leaf(one.hash) for one in journal.blocks]
    return {
        "proof": PROOF,
        "payment_id": payment_id,
        "leaf": groups[row // GROUP].hex(),
        "leaf_number": row // GROUP,
        "leaf_path": [step.hex() for step in merkle.path(leaves, row // GROUP)],
        "block": {name: value for name, value in block.content.items() if name != "parts"},
        "block_path": [step.hex() for step in merkle.path(hashes, number)],
        "closing": journal.closing.content,
        "header": journal.header.content,
    }


def check_proof(source: str | bytes | dict[str, Any], public: PublicKey | None = None) -> dict[str, Any]:
    """What a proof proves: the payment, by the names of `payments.parquet`.

    Args:
        source: the proof, as JSON text or read already.
        public: the ledger's key, if it is known; else the one in the proof is taken at its word.

    Raises:
        BadProof: it proves nothing.
    """
    try:
        proof = source if isinstance(source, dict) else read_object(source, "proof", MOST_BYTES)
        return _checked(proof, public)
    except BadProof:
        raise
    except ValueError as error:
        raise BadProof(_("no proof: {error}", error=error)) from None


def _checked(proof: dict[str, Any], public: PublicKey | None) -> dict[str, Any]:
    exact_names(proof, _NAMES, "proof")
    if proof["proof"] != PROOF:
        raise BadProof(_("no proof: its kind is {proof}", proof=shown(proof["proof"])))
    header, block, closing = (_line(proof, name) for name in ("header", "block", "closing"))
    known = read_header(header.content)
    if public is not None and public != known:
        raise BadProof(_("no proof: it is signed with another key"))
    blocks, block_rows = check_closing_alone(closing.content, header), count_at(block.content, "rows", "block")
    number, wanted = count_at(block.content, "block", "block"), count_at(proof, "payment_id", "proof")
    leaf = _leaf(proof["leaf"])
    columns = decode(leaf)
    places = np.flatnonzero(columns[ended.ID] == wanted)
    if places.size != 1:
        raise BadProof(_("no proof: its leaf holds {size} payments {wanted}", size=places.size, wanted=wanted))
    size, place = -(-block_rows // GROUP), count_at(proof, "leaf_number", "proof")
    if not _leads(merkle.leaf(leaf), place, size, proof["leaf_path"], hex_at(block.content, "root", 32, "block")):
        raise BadProof(_("no proof: its leaf does not lead to the block's root"))
    closed = hex_at(closing.content, "root", 32, "closing")
    if not _leads(merkle.leaf(block.hash), number, blocks, proof["block_path"], closed):
        raise BadProof(_("no proof: its block does not lead to the closing line's root"))
    if not all(verify_many([line.signed(known) for line in (header, block, closing)])):
        raise BadProof(_("no proof: a signature is not the ledger's"))
    return _payment(columns[:, int(places[0])], header.content["words"])


def _leads(hashed: bytes, number: int, size: int, steps: Any, root: bytes) -> bool:
    """Whether a path leads from leaf `number` of `size` to a root."""
    if not isinstance(steps, list) or len(steps) > MOST_STEPS:
        return False
    hashes = [hex_bytes(step if isinstance(step, str) else "", merkle.HASH_BYTES, "a step") for step in steps]
    return merkle.root_by_path(hashed, number, size, hashes) == root


def _line(proof: dict[str, Any], name: str) -> Line:
    content = proof[name]
    if not isinstance(content, dict):
        raise BadProof(_("no proof: {name} is {content}", name=name, content=shown(content)))
    hashed = hex_at(content, "hash", merkle.HASH_BYTES, name)
    if hashed != hash_of(content):
        raise BadProof(_("no proof: the hash of {name} is not the hash of what it says", name=name))
    return Line(0, content, hashed, hex_at(content, "signature", SIGNATURE_BYTES, name))


def _leaf(text: Any) -> bytes:
    if not isinstance(text, str):
        raise BadProof(_("no proof: leaf is {text}", text=shown(text)))
    return hex_bytes(text, len(text) // 2, "leaf")


def _payment(row: Int64Array, words: dict[str, list[str]]) -> dict[str, Any]:
    """A row of a leaf by the names of the table."""
    found: dict[str, Any] = {name: int(row[place]) for name, place in INTEGERS.items()}
    latency = int(row[LATENCY])
    found["completed_at_us"] = None if latency == 0 else int(row[ended.SUBMITTED_AT]) + latency - 1
    for name, (of, column, shift, bits) in TEXTS.items():
        number = int(row[column]) >> shift & (1 << bits) - 1
        if of in NULLABLE_WORDS:
            number -= 1
        if number >= len(words[of]):
            raise BadProof(_("no proof: {name} has a code that no word has", name=name))
        found[name] = None if number < 0 else words[of][number]
    found["attempt"] = int(row[ended.CODES]) >> code.ATTEMPT_SHIFT & code.ATTEMPT_MASK
    found["in_box"] = bool(int(row[ended.CODES]) >> code.IN_BOX_SHIFT & 1)
    return {column.name: found[column.name] for column in tables.TABLES["payments"]}


def _groups(out: Int64Array) -> list[bytes]:
    """All groups of a block, without the 00 before each."""
    leaves, found = Leaves(), []
    for first in range(0, out.shape[1], ROWS):
        found += [bytes(group[1:]) for group in leaves.add(out, first, min(first + ROWS, out.shape[1]))]
    return found + [bytes(group[1:]) for group in leaves.rest()]


def _rows(folder: Path, words: dict[str, Sequence[str]], accounts: int, first: int, count: int) -> Int64Array:
    """Rows of the table; only the row groups that hold them are read."""
    with opened(folder, "payments") as source:
        sizes = [source.metadata.row_group(number).num_rows for number in range(source.metadata.num_row_groups)]
    ends = np.cumsum(sizes)
    chosen = [at for at, end in enumerate(ends) if end > first and end - sizes[at] < first + count]
    begin = int(ends[chosen[0]] - sizes[chosen[0]]) if chosen else 0
    parts = [window.out.copy() for window in windows(folder, words, accounts, chosen, begin)]
    return np.concatenate(parts, axis=1)[:, first - begin : first - begin + count]
