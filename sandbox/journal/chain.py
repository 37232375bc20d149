"""The lines of `journal.jsonl`: a header, a block for so many payments, and a closing line; chained and signed.

A line is one JSON object in its canonical spelling, so each of its bytes counts. `hash` is SHA-256 over the byte 02 and
the canonical object without `hash`, `signature` and `parts` (from which `root` follows); `signature` is the ledger's
of the hash; `previous` is the hash of the line before. The closing line holds the header's hash, the root of a tree
over the blocks' hashes and the digests of every table and file of the run, so whoever has that line can check
everything else. Runs of one seed have one key: without the header's hash, a proof could read a block of one run by the
words of another.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from sandbox.journal import merkle
from sandbox.journal.rows import GROUP
from sandbox.language import N_, _
from sandbox.tables import OUTCOMES
from wallets.classes import CLASS_NAMES
from wallets.keys import PublicKey, SimulationKey, read_public_key, simulation_key
from wallets.signatures import SIGNATURE_BYTES, Signed, sign
from wallets.strict_json import BadText, canonical, count_at, exact_names, hex_at, read_object, shown

FORMAT: Final = 1
BLOCK_ROWS: Final = 262_144
"""Payments a block: signing one takes a millisecond in plain Python, a hundredth of the time that clears them."""
PART_ROWS: Final = 1_024
"""Payments a part of a block; what does not hold is named this closely."""
PURPOSE: Final = "ecny-sandbox journal line"
LEDGER: Final = "ledger"
"""Name of the key that signs journal and manifest."""

WORDS: Final = ("kind", "category", "institution", "outcome", "label", "source", "payer_class")
"""Lists in the header: the texts behind the codes of a row. Of equal texts the first one's code counts."""
NULLABLE_WORDS: Final = frozenset({"category", "label"})
"""In these code 0 is null, and the first text has code 1."""
KNOWN_WORDS: Final = {"outcome": list(OUTCOMES), "payer_class": list(CLASS_NAMES)}
"""Lists that are the same in every header: code that counts payments knows them by their place."""

_ENDS: Final = ("hash", "signature")
_HEADER: Final = frozenset({"journal", "key", "group", "block_rows", "part_rows", "words", *_ENDS})
_BLOCK: Final = frozenset({"block", "first_row", "rows", "root", "parts", "previous", *_ENDS})
_CLOSING: Final = frozenset({"header", "blocks", "rows", "root", "tables", "files", "previous", *_ENDS})
MOST_LINE_BYTES: Final = 1 << 20
MOST_BYTES: Final = 1 << 30
"""A journal is not longer: this is fifteen thousand million payments."""


class BadJournal(BadText):
    """A journal, or a line of it, is not what it should be; the message names the line, if it is one."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        self.reason, self.line = reason, line
        super().__init__(reason if line is None else _("line {number}: {reason}", number=line, reason=reason))


class Line(NamedTuple):
    """One line whose form and hash are right; its signature is still to be checked."""

    number: int
    """From 1 on, as an editor counts."""
    content: dict[str, Any]
    hash: bytes
    signature: bytes

    def signed(self, public: PublicKey) -> Signed:
        """The signature with what it is of."""
        return Signed(public, PURPOSE, self.hash, self.signature)


class Journal(NamedTuple):
    """A journal whose lines have the right form, hashes and order."""

    public: PublicKey
    header: Line
    blocks: list[Line]
    closing: Line

    def lines(self) -> list[Line]:
        """All of them."""
        return [self.header, *self.blocks, self.closing]


def ledger_key(seed: int) -> SimulationKey:
    """The key of the ledger in the run with this seed."""
    return simulation_key(seed, LEDGER)


def header_of(public: PublicKey, words: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """The first line, still to be signed."""
    return {
        "journal": FORMAT,
        "key": public.as_object(),
        "group": GROUP,
        "block_rows": BLOCK_ROWS,
        "part_rows": PART_ROWS,
        "words": {name: list(words[name]) for name in WORDS},
    }


def block_of(number: int, rows: int, leaves: Sequence[bytes], previous: bytes) -> dict[str, Any]:
    """The line of a block, still to be signed."""
    parts = parts_of(leaves)
    return {
        "block": number,
        "first_row": number * BLOCK_ROWS,
        "rows": rows,
        "root": merkle.root(parts).hex(),
        "parts": [part.hex() for part in parts],
        "previous": previous.hex(),
    }


def parts_of(leaves: Sequence[bytes]) -> list[bytes]:
    """Roots over the leaves of each part; the root over them is the root over all leaves."""
    size = PART_ROWS // GROUP
    return [merkle.root(leaves[first : first + size]) for first in range(0, len(leaves), size)]


def closing_of(
    header: bytes, blocks: Sequence[bytes], rows: int, tables: Mapping[str, Any], files: Mapping[str, Any]
) -> dict[str, Any]:
    """The last line after a header and blocks with these hashes, still to be signed."""
    return {
        "header": header.hex(),
        "blocks": len(blocks),
        "rows": rows,
        "root": merkle.root([merkle.leaf(block) for block in blocks]).hex(),
        "tables": dict(tables),
        "files": dict(files),
        "previous": (blocks[-1] if blocks else header).hex(),
    }


def hash_of(content: Mapping[str, Any]) -> bytes:
    """What is signed of a line."""
    kept = {name: value for name, value in content.items() if name not in (*_ENDS, "parts")}
    return hashlib.sha256(b"\2" + canonical(kept)).digest()


def signed_line(content: dict[str, Any], key: SimulationKey) -> tuple[bytes, bytes]:
    """A line with its end, as bytes; and its hash."""
    hashed = hash_of(content)
    signature = sign(key, PURPOSE, hashed)
    return canonical({**content, "hash": hashed.hex(), "signature": signature.hex()}) + b"\n", hashed


def read_lines(file: Path) -> Iterator[Line]:
    """The lines of a journal, each with the right hash; what they say is still to be checked.

    Raises:
        BadJournal: a line is none, or its hash is not its own.
        OSError: the file cannot be read.
    """
    if file.exists() and (not file.is_file() or file.stat().st_size > MOST_BYTES):
        raise BadJournal(_("it is no file of at most {most_bytes} bytes", most_bytes=f"{MOST_BYTES:,}"))
    with file.open("rb") as stream:
        number = 0
        while data := stream.readline(MOST_LINE_BYTES + 1):
            number += 1
            try:
                yield read_line(data, number)
            except BadText as error:
                raise BadJournal(str(error), number) from None


def read_line(data: bytes, number: int) -> Line:
    """One line.

    Raises:
        BadText: its form or its hash is wrong.
    """
    content = read_object(data, "this line", MOST_LINE_BYTES)
    if data != canonical(content) + b"\n":
        raise BadText(_("not in its canonical spelling (names sorted, no spaces, one line)"))
    hashed = hex_at(content, "hash", merkle.HASH_BYTES, "this line")
    if hashed != hash_of(content):
        raise BadText(_("its hash is not the hash of what it says"))
    return Line(number, content, hashed, hex_at(content, "signature", SIGNATURE_BYTES, "this line"))


def read_journal(file: Path, closed: bool = True) -> Journal:
    """Read a journal: form, hashes, order and chain of its lines are right then; signatures are still to be checked.

    Args:
        file: `journal.jsonl`.
        closed: whether it must have its closing line; without, `closing` is the last line whatever it is.

    Raises:
        BadJournal: it is not one; the message names the line.
        OSError: the file cannot be read.
    """
    lines = list(read_lines(file))
    if not lines:
        raise BadJournal(_("it is empty"))
    public = _in_line(lines[0], read_header)
    blocks = lines[1:-1] if closed else lines[1:]
    for number, (before, line) in enumerate(zip(lines, blocks, strict=False)):
        _in_line(line, lambda content, number=number, last=line is blocks[-1]: check_block(content, number, last))
        _check_chain(before, line)
    if closed:
        if len(lines) < 2:
            raise BadJournal(_("it ends without its closing line"))
        _in_line(lines[-1], lambda content: check_closing(content, lines[0], blocks))
        _check_chain(lines[-2], lines[-1])
    return Journal(public, lines[0], blocks, lines[-1])


def read_header(content: dict[str, Any]) -> PublicKey:
    """The ledger's public key, if this is a header.

    Raises:
        BadText: it is none.
    """
    exact_names(content, _HEADER, "the header")
    sizes = {"journal": FORMAT, "group": GROUP, "block_rows": BLOCK_ROWS, "part_rows": PART_ROWS}
    for name, known in sizes.items():
        if count_at(content, name, "the header") != known:
            message = N_("the header: {name} is {content}; this version knows {known}")
            raise BadText(_(message, name=name, content=content[name], known=known))
    words = content["words"]
    if not isinstance(words, dict):
        raise BadText(_("the header: words is {words}", words=shown(words)))
    exact_names(words, frozenset(WORDS), "the header's words")
    for name, texts in words.items():
        if not isinstance(texts, list) or not all(isinstance(each, str) for each in texts):
            raise BadText(_("the header: words of {name} are no list of texts", name=name))
        if texts != KNOWN_WORDS.get(name, texts):
            raise BadText(_("the header: words of {name} are not those that this version knows", name=name))
    if not isinstance(content["key"], dict):
        raise BadText(_("the header: key is {key}", key=shown(content["key"])))
    return read_public_key(content["key"])


def check_block(content: dict[str, Any], number: int, last: bool) -> None:
    """Whether this is the line of block `number`; only the last may be shorter than the others.

    Raises:
        BadText: it is not.
    """
    what = f"block {number}"
    exact_names(content, _BLOCK, what)
    block, first, rows = (count_at(content, name, what) for name in ("block", "first_row", "rows"))
    if (block, first) != (number, number * BLOCK_ROWS):
        message = N_("{what}: it says block {block} from row {first} on; one is missing, twice there or moved")
        raise BadText(_(message, what=what, block=block, first=first))
    if not (1 <= rows <= BLOCK_ROWS if last else rows == BLOCK_ROWS):
        raise BadText(_("{what}: it has {rows} rows", what=what, rows=rows))
    parts = content["parts"]
    if not isinstance(parts, list) or len(parts) != -(-rows // PART_ROWS):
        raise BadText(_("{what}: its parts are not {value} hashes", what=what, value=-(-rows // PART_ROWS)))
    hashes = [hex_at({"part": part}, "part", merkle.HASH_BYTES, what) for part in parts]
    if merkle.root(hashes) != hex_at(content, "root", merkle.HASH_BYTES, what):
        raise BadText(_("{what}: its root does not follow from its parts", what=what))


def check_closing(content: dict[str, Any], header: Line, blocks: Sequence[Line]) -> None:
    """Whether this is the closing line after these.

    Raises:
        BadText: it is not.
    """
    what = "the closing line"
    exact_names(content, _CLOSING, what)
    if hex_at(content, "header", merkle.HASH_BYTES, what) != header.hash:
        raise BadText(_("{what}: its header is another line than the first", what=what))
    rows = sum(int(block.content["rows"]) for block in blocks)
    said = count_at(content, "blocks", what), count_at(content, "rows", what)
    if said != (len(blocks), rows):
        message = N_("{what}: it says {said} blocks and {said_2} rows; here are {blocks} and {rows}")
        raise BadText(_(message, what=what, said=said[0], said_2=said[1], blocks=len(blocks), rows=rows))
    if hex_at(content, "root", merkle.HASH_BYTES, what) != merkle.root([merkle.leaf(one.hash) for one in blocks]):
        raise BadText(_("{what}: its root does not follow from the blocks", what=what))
    if not isinstance(content["tables"], dict) or not isinstance(content["files"], dict):
        raise BadText(_("{what}: tables and files are no objects", what=what))


def check_closing_alone(content: dict[str, Any], header: Line) -> int:
    """How many blocks a closing line is over, if it is one of this header; the blocks themselves are not at hand.

    Raises:
        BadText: it is none.
    """
    exact_names(content, _CLOSING, "the closing line")
    if hex_at(content, "header", merkle.HASH_BYTES, "the closing line") != header.hash:
        raise BadText(_("the closing line: it is about another header"))
    return count_at(content, "blocks", "the closing line")


def _check_chain(before: Line, line: Line) -> None:
    if line.content.get("previous") != before.hash.hex():
        raise BadJournal(
            _("it does not follow on line {before}: `previous` is another hash", before=before.number), line.number
        )


def _in_line(line: Line, check: Any) -> Any:
    try:
        return check(line.content)
    except BadText as error:
        raise BadJournal(str(error), line.number) from None
