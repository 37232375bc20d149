"""The register of bills: every move as an entry, chained bill by bill and signed by whoever makes it; a bill as a file.

`sandbox.journal.register` is what an entry is. The same function applies one in a run and when it is read back, so what
a stranger's file says is what would have been allowed to happen, or it is refused (`BadBill`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final

from sandbox.core.moves import IllegalMove, Receipt
from sandbox.features.bills.bill import BillPart, Package, Terms
from sandbox.journal import register
from sandbox.journal.register import Form
from sandbox.language import _
from wallets.keys import PublicKey, SimulationKey, read_public_key, simulation_key
from wallets.signatures import SIGNATURE_BYTES, verify_many
from wallets.strict_json import BadText, canonical, exact_names, hex_at, read_object, shown

KIND: Final = "bill of ecny-sandbox"
MOST_BYTES: Final = 8 * 1024 * 1024
MOST_ENTRIES: Final = 10_000

_TERMS: Final = ("acceptor", "payee", "face_fen", "due_us", "pay_by_us", "splittable")
_PART: Final = ("first", "last")
_RECEIPT: Final = ("payment", "payer", "payee", "amount_fen")
FORM: Final = Form(
    mark=b"\3",
    purpose="ecny-sandbox bill entry",
    head=("bill", "by"),
    chain="bill",
    moves={
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
    },
    values={"splittable": register.boolean, "payment": register.whole_number},
)
_ENTRY_NAMES: Final = frozenset({"content", "signature"})
_FILE_NAMES: Final = frozenset({"kind", "entries", "keys"})


class BadBill(BadText):
    """This is no bill of ours, or says what could not have happened; the message names the entry."""


def party(account: int) -> str:
    """Name of an account's key."""
    return f"account {account}"


def key_of(seed: int, account: int) -> SimulationKey:
    """The key of an account in the run with this seed."""
    return simulation_key(seed, party(account))


@dataclass
class BillRegister(register.SignedRegister):
    """All bills of a run, or of a file; each is a chain of entries."""

    form: ClassVar[Form] = FORM
    packages: dict[int, Package] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    """Receipts that some bill has used."""

    def move(self, bill: int, at_us: int, move: str, by: int, part: BillPart | None = None, **more: Any) -> Package:
        """Do it and write it down.

        Raises:
            IllegalMove: it may not be done; nothing has changed.
        """
        numbers = {} if part is None else {"first": part.first, "last": part.last}
        self.write(at_us, move, bill=bill, by=by, **numbers, **more)
        return self.packages[bill]

    def move_with_receipt(self, bill: int, at_us: int, move: str, part: BillPart, by: int, receipt: Receipt) -> Package:
        """A move that follows money, and holds its receipt."""
        return self.move(bill, at_us, move, by, part, **dict(zip(_RECEIPT, receipt, strict=True)))

    def signer(self, content: Mapping[str, Any]) -> str:
        """Its mover."""
        return party(content["by"])

    def _do(self, move: str, content: dict[str, Any]) -> None:
        bill = content["bill"]
        if (move == "issue") != (bill not in self.packages):
            raise IllegalMove(_("a bill begins with its issue, and has one"))
        if move == "issue":
            self.packages[bill] = _issued(content, self.used)
        else:
            _DO[move](self.packages[bill], content)


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
            raise IllegalMove(_("who was paid says so"))
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


def bill_file(register: BillRegister, bill: int, seed: int) -> bytes:
    """A bill with its whole history, signed, and the keys of who signed: what a holder shows to a stranger."""
    mine = [entry for entry in register.entries if entry.content["bill"] == bill]
    signers = sorted({entry.content["by"] for entry in mine})
    rows = zip(mine, register.signatures(seed, mine), strict=True)
    return canonical(
        {
            "kind": KIND,
            "entries": [{"content": one.content, "signature": signature.hex()} for one, signature in rows],
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
            raise BadText(_("{what}: its kind is {kind}", what=what, kind=shown(found["kind"])))
        rows, given = found["entries"], found["keys"]
        if not isinstance(rows, list) or not 0 < len(rows) <= MOST_ENTRIES:
            raise BadText(
                _("{what}: entries are no list of 1 to {most_entries}", what=what, most_entries=f"{MOST_ENTRIES:,}")
            )
        known = _keys(given)
        if keys is not None:
            known = {party(account): key for account, key in keys.items()}
        entries = [_signed(row, number) for number, row in enumerate(rows)]
        packages = replay(entries, known).packages
    except BadBill:
        raise
    except BadText as error:
        raise BadBill(str(error)) from None
    if len(packages) != 1:
        raise BadBill(_("{what}: it is about {packages} bills", what=what, packages=len(packages)))
    return next(iter(packages.values()))


def _signed(row: Any, number: int) -> tuple[dict[str, Any], bytes]:
    what = f"entry {number}"
    if not isinstance(row, dict):
        raise BadText(_("{what}: it is {row}", what=what, row=shown(row)))
    exact_names(row, _ENTRY_NAMES, what)
    if not isinstance(row["content"], dict):
        raise BadText(_("{what}: content is {content}", what=what, content=shown(row["content"])))
    return row["content"], hex_at(row, "signature", SIGNATURE_BYTES, what)


def _keys(given: Any) -> dict[str, PublicKey]:
    if not isinstance(given, list) or len(given) > MOST_ENTRIES:
        raise BadText(_("bill: keys are no list"))
    known: dict[str, PublicKey] = {}
    for number, one in enumerate(given):
        if not isinstance(one, dict):
            raise BadText(_("key {number}: it is {one}", number=number, one=shown(one)))
        try:
            key = read_public_key(one)
        except BadText as error:
            raise BadText(_("key {number}: {error}", number=number, error=error)) from None
        if key.name in known:
            raise BadText(_("key {number}: {name} has two keys", number=number, name=key.name))
        known[key.name] = key
    return known


def replay(entries: Iterable[tuple[dict[str, Any], bytes]], keys: Mapping[str, PublicKey]) -> BillRegister:
    """Do again what signed entries say.

    Raises:
        BadBill: one may not be done, or is not signed by its mover; the message names it by its place.
    """
    found, signed = BillRegister(), []
    for number, (content, signature) in enumerate(entries):
        try:
            found.apply(content)
        except (BadText, IllegalMove) as error:
            raise BadBill(
                _("entry {number}: {error}", number=number, error=str(error).removeprefix("entry: "))
            ) from None
        public = keys.get(found.signer(content))
        if public is None:
            raise BadBill(_("entry {number}: there is no key of {found}", number=number, found=found.signer(content)))
        signed.append(found.signed(number, public, signature))
    for number, good in enumerate(verify_many(signed)):
        if not good:
            raise BadBill(
                _("entry {number}: the signature is not that of {name}", number=number, name=signed[number].public.name)
            )
    return found
