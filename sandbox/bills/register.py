"""The register of bills: every move as an entry, chained bill by bill and signed by whoever makes it.

An entry is one JSON object in its canonical spelling. Its hash is SHA-256 over the byte 03 and that spelling;
`previous` is the hash of the entry before it of the same bill (the first has 32 zero bytes); the signature is the
mover's, of the hash. The same function applies an entry in a run and when it is read back, so what a stranger's file
says is what would have been allowed to happen, or it is refused (`BadBill`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sandbox.bills.bill import Package, Part, Terms
from sandbox.core.moves import IllegalMove, Receipt
from wallets.keys import PublicKey, SimulationKey, read_public_key, simulation_key
from wallets.signatures import SIGNATURE_BYTES, Signed, sign, verify_many
from wallets.strict_json import BadText, canonical, count_at, exact_names, hex_at, read_object, shown, text_at

PURPOSE: Final = "ecny-sandbox bill entry"
KIND: Final = "bill of ecny-sandbox"
MOST_BYTES: Final = 8 * 1024 * 1024
MOST_ENTRIES: Final = 10_000
MOST_NUMBER: Final = 10**17
"""No account, time or sum of ours is larger."""
_NOTHING_BEFORE: Final = bytes(32)

_HEAD: Final = ("bill", "entry", "previous", "at_us", "move", "by")
_TERMS: Final = ("acceptor", "payee", "face_fen", "due_us", "pay_by_us", "splittable")
_PART: Final = ("first", "last")
_RECEIPT: Final = ("payment", "payer", "payee", "amount_fen")
MOVES: Final[dict[str, tuple[str, ...]]] = {
    "issue": _TERMS,
    "accept": (),
    "cancel": (),
    "split": (*_PART, "off_fen"),
    "endorse": (*_PART, "to"),
    "offer": (*_PART, "to", "price_fen"),
    "take": (*_PART, *_RECEIPT),
    "retract": _PART,
    "present": _PART,
    "discharge": (*_PART, *_RECEIPT),
    "dishonour": _PART,
    "recourse": (*_PART, *_RECEIPT),
    "refuse": _PART,
    "lose": _PART,
}
"""What an entry of each kind says beside its head."""
_ENTRY_NAMES: Final = frozenset({"content", "signature"})
_FILE_NAMES: Final = frozenset({"kind", "entries", "keys"})


class BadBill(BadText):
    """This is no bill of ours, or says what could not have happened; the message names the entry."""


class Entry(NamedTuple):
    """One move as it is written down."""

    content: dict[str, Any]
    hash: bytes


def party(account: int) -> str:
    """Name of an account's key."""
    return f"account {account}"


@lru_cache(maxsize=4096)
def key_of(seed: int, account: int) -> SimulationKey:
    """The key of an account in the run with this seed."""
    return simulation_key(seed, party(account))


def hash_of(content: Mapping[str, Any]) -> bytes:
    """What is signed of an entry, and what the next one points at."""
    return hashlib.sha256(b"\3" + canonical(dict(content))).digest()


def signature_of(entry: Entry, seed: int) -> bytes:
    """The mover's signature."""
    return sign(key_of(seed, entry.content["by"]), PURPOSE, entry.hash)


@dataclass
class Register:
    """All bills of a run, or of a file."""

    packages: dict[int, Package] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    """Receipts that some bill has used."""
    _last: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    """Of each bill: how many entries, and the hash of the last."""

    def move(self, bill: int, at_us: int, move: str, by: int, part: Part | None = None, **more: Any) -> Package:
        """Do it and write it down.

        Raises:
            IllegalMove: it may not be done; nothing has changed.
        """
        number, previous = self._last.get(bill, (0, _NOTHING_BEFORE))
        content = {"bill": bill, "entry": number, "previous": previous.hex(), "at_us": at_us, "move": move, "by": by}
        if part is not None:
            content |= {"first": part.first, "last": part.last}
        content |= more
        return self.apply(content)

    def paid(self, bill: int, at_us: int, move: str, part: Part, by: int, receipt: Receipt) -> Package:
        """A move that follows money, and holds its receipt."""
        payment, payer, payee, amount_fen = receipt
        return self.move(bill, at_us, move, by, part, payment=payment, payer=payer, payee=payee, amount_fen=amount_fen)

    def apply(self, content: dict[str, Any]) -> Package:
        """Do what an entry says, if it is the next one of its bill.

        Raises:
            BadText: it is no entry, or not the next one.
            IllegalMove: what it says may not be done; nothing has changed.
        """
        what = "entry"
        move = text_at(content, "move", what)
        if move not in MOVES:
            raise BadText(f"{what}: there is no move {shown(move)}")
        exact_names(content, frozenset((*_HEAD, *MOVES[move])), what)
        self._check_numbers(content, what)
        bill = content["bill"]
        number, previous = self._last.get(bill, (0, _NOTHING_BEFORE))
        if content["entry"] != number:
            raise BadText(f"{what}: it is number {content['entry']} of bill {bill}; {number} comes next")
        if hex_at(content, "previous", 32, what) != previous:
            raise BadText(f"{what}: `previous` is not the hash of the entry before it")
        if (move == "issue") != (number == 0):
            raise IllegalMove("a bill begins with its issue, and has one")
        package = _issued(content, self.used) if move == "issue" else self.packages[bill]
        if move != "issue":
            _DO[move](package, content)
        self.packages[bill] = package
        hashed = hash_of(content)
        self._last[bill] = (number + 1, hashed)
        self.entries.append(Entry(content, hashed))
        return package

    def _check_numbers(self, content: dict[str, Any], what: str) -> None:
        for name, value in content.items():
            if name in ("move", "previous"):
                continue
            if name == "splittable":
                if not isinstance(value, bool):
                    raise BadText(f"{what}: splittable is {shown(value)}, not true or false")
            elif name == "payment":
                if not isinstance(value, int) or isinstance(value, bool) or abs(value) > MOST_NUMBER:
                    raise BadText(f"{what}: payment is {shown(value)}, not the number of one")
            elif count_at(content, name, what) > MOST_NUMBER:
                raise BadText(f"{what}: {name} is {shown(value)}, too large")


def _issued(content: dict[str, Any], used: set[int]) -> Package:
    one = content
    terms = Terms(
        one["bill"], one["by"], one["acceptor"], one["payee"], one["face_fen"], one["at_us"], one["due_us"],
        one["pay_by_us"], one["splittable"],
    )  # fmt: skip
    return Package(terms, used)


def _with_part(move: str, *names: str) -> Callable[[Package, dict[str, Any]], Any]:
    def do(package: Package, content: dict[str, Any]) -> Any:
        part = package.part(content["first"], content["last"])
        values = [content[name] for name in names]
        return getattr(package, move)(content["at_us"], part, content["by"], *values)

    return do


def _with_receipt(move: str) -> Callable[[Package, dict[str, Any]], Any]:
    def do(package: Package, content: dict[str, Any]) -> Any:
        part = package.part(content["first"], content["last"])
        receipt = Receipt(*(content[name] for name in _RECEIPT))
        if content["by"] != receipt.payee:
            raise IllegalMove("who was paid says so")
        return getattr(package, move)(content["at_us"], part, receipt)

    return do


_DO: Final[dict[str, Callable[[Package, dict[str, Any]], Any]]] = {
    "accept": lambda package, content: package.accept(content["at_us"], content["by"]),
    "cancel": lambda package, content: package.cancel(content["at_us"], content["by"]),
    "split": _with_part("split", "off_fen"),
    "endorse": _with_part("endorse", "to"),
    "offer": _with_part("offer", "to", "price_fen"),
    "take": _with_receipt("take"),
    "retract": _with_part("retract"),
    "present": _with_part("present"),
    "discharge": _with_receipt("discharge"),
    "dishonour": _with_part("dishonour"),
    "recourse": _with_receipt("recourse"),
    "refuse": _with_part("refuse"),
    "lose": _with_part("lose"),
}


# --- a bill as a file ------------------------------------------------------------------------------------------------


def bill_file(register: Register, bill: int, seed: int) -> bytes:
    """A bill with its whole history, signed, and the keys of who signed: what a holder shows to a stranger."""
    mine = [entry for entry in register.entries if entry.content["bill"] == bill]
    signers = sorted({entry.content["by"] for entry in mine})
    return canonical(
        {
            "kind": KIND,
            "entries": [{"content": one.content, "signature": signature_of(one, seed).hex()} for one in mine],
            "keys": [key_of(seed, one).public.as_object() for one in signers],
        }
    )


def read_bill(source: str | bytes, keys: Mapping[int, PublicKey] | None = None) -> Package:
    """Read a bill from a stranger: every entry in its form, in order, allowed, and signed by its mover.

    Args:
        source: the file's text.
        keys: keys by account, where they are known; else those in the file are taken at their word.

    Raises:
        BadBill: it is none.
    """
    what = "bill"
    try:
        found = read_object(source, what, MOST_BYTES)
        exact_names(found, _FILE_NAMES, what)
        if found["kind"] != KIND:
            raise BadText(f"{what}: its kind is {shown(found['kind'])}")
        rows, given = found["entries"], found["keys"]
        if not isinstance(rows, list) or not 0 < len(rows) <= MOST_ENTRIES:
            raise BadText(f"{what}: entries are no list of 1 to {MOST_ENTRIES:,}")
        if not isinstance(given, list) or len(given) > len(rows) or not all(isinstance(one, dict) for one in given):
            raise BadText(f"{what}: keys are no list of keys")
        known = {one.name: one for one in map(read_public_key, given)}
        if len(known) < len(given):
            raise BadText(f"{what}: a name has two keys")
        if keys is not None:
            known = {party(account): key for account, key in keys.items()}
        entries = [_signed(row, number) for number, row in enumerate(rows)]
        register = replay(entries, known)
    except BadBill:
        raise
    except BadText as error:
        raise BadBill(str(error)) from None
    if len(register.packages) != 1:
        raise BadBill(f"{what}: it is about {len(register.packages)} bills")
    return next(iter(register.packages.values()))


def _signed(row: Any, number: int) -> tuple[dict[str, Any], bytes]:
    what = f"entry {number}"
    if not isinstance(row, dict):
        raise BadText(f"{what}: it is {shown(row)}")
    exact_names(row, _ENTRY_NAMES, what)
    if not isinstance(row["content"], dict):
        raise BadText(f"{what}: content is {shown(row['content'])}")
    return row["content"], hex_at(row, "signature", SIGNATURE_BYTES, what)


def replay(entries: Iterable[tuple[dict[str, Any], bytes]], keys: Mapping[str, PublicKey]) -> Register:
    """Do again what signed entries say.

    Raises:
        BadBill: one may not be done, or is not signed by its mover; the message names it by its place.
    """
    register, signed = Register(), []
    for number, (content, signature) in enumerate(entries):
        try:
            register.apply(content)
        except (BadText, IllegalMove) as error:
            raise BadBill(f"entry {number}: {error}") from None
        public = keys.get(party(content["by"]))
        if public is None:
            raise BadBill(f"entry {number}: there is no key of {party(content['by'])}")
        signed.append(Signed(public, PURPOSE, register.entries[-1].hash, signature))
    for number, good in enumerate(verify_many(signed)):
        if not good:
            raise BadBill(f"entry {number}: the signature is not that of {signed[number].public.name}")
    return register
