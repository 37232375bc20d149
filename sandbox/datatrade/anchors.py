"""Two ledgers that recognise each other: the exchange's register, and the payment ledger's anchors.

The register is a chain of entries (every move of every trade, every invoice), signed by the exchange. From time to time
it closes a *batch*: the root of a Merkle tree over the digests of the invoices since the last one. The payment ledger
answers with an *anchor*, signed with its own key and chained to its last one, that holds the hash of the batch's entry,
its root, and a digest of the payments that paid for those invoices. The register then *recognises* the anchor: its next
entry holds the anchor's hash. So neither ledger can be rewritten alone: each holds the other's digest.

An entry or anchor is JSON in its canonical spelling; its hash is SHA-256 over the byte 04 (05 for anchors) and that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sandbox.core.moves import IllegalMove, Receipt
from sandbox.datatrade.trade import Contract, Stage, Trade
from sandbox.journal import merkle
from sandbox.journal.chain import ledger_key
from wallets.keys import SimulationKey, simulation_key
from wallets.signatures import sign
from wallets.strict_json import BadText, canonical, count_at, exact_names, hex_at, shown, text_at

EXCHANGE: Final = "data exchange"
"""Name of the key that signs the register."""
ENTRY_PURPOSE: Final = "ecny-sandbox data register entry"
ANCHOR_PURPOSE: Final = "ecny-sandbox anchor of a data register"
KEY_BYTES: Final = 32
MOST_NUMBER: Final = 10**17
_NOTHING_BEFORE: Final = bytes(32)

_HEAD: Final = ("entry", "previous", "at_us", "move")
MOVES: Final[dict[str, tuple[str, ...]]] = {
    "order": ("trade", "product", "seller", "buyer", "escrow", "units", "unit_price_fen", "metered", "promised",
              "people_parts", "fee_parts"),
    "hold": ("trade", "payment", "payer", "payee", "amount_fen"),
    "refuse": ("trade",),
    "deliver": ("trade", "key"),
    "fail": ("trade", "key"),
    "expire": ("trade",),
    "use": ("trade", "units"),
    "confirm": ("trade",),
    "dispute": ("trade",),
    "rule": ("trade", "upheld"),
    "invoice": ("trade", "digest"),
    "batch": ("anchor", "invoices", "root"),
    "recognise": ("anchor", "hash"),
}  # fmt: skip
"""What an entry of each kind says beside its head."""
ANCHOR_NAMES: Final = frozenset({"anchor", "at_us", "previous", "batch", "root", "receipts"})


class Entry(NamedTuple):
    """An entry of the register."""

    content: dict[str, Any]
    hash: bytes


class Anchor(NamedTuple):
    """An anchor of the payment ledger."""

    content: dict[str, Any]
    hash: bytes


@lru_cache(maxsize=16)
def exchange_key(seed: int) -> SimulationKey:
    """The exchange's key in the run with this seed."""
    return simulation_key(seed, EXCHANGE)


def entry_hash(content: Mapping[str, Any]) -> bytes:
    """What is signed of an entry."""
    return hashlib.sha256(b"\4" + canonical(dict(content))).digest()


def anchor_hash(content: Mapping[str, Any]) -> bytes:
    """What is signed of an anchor."""
    return hashlib.sha256(b"\5" + canonical(dict(content))).digest()


def sign_entry(entry: Entry, seed: int) -> bytes:
    """The exchange's signature."""
    return sign(exchange_key(seed), ENTRY_PURPOSE, entry.hash)


def sign_anchor(anchor: Anchor, seed: int) -> bytes:
    """The payment ledger's signature."""
    return sign(ledger_key(seed), ANCHOR_PURPOSE, anchor.hash)


def invoice_of(trade: Trade) -> dict[str, Any]:
    """The data invoice of a trade that is paid for: what was delivered to whom, for how much, by which payment."""
    one, shares = trade.contract, trade.shares
    return {
        "trade": one.trade,
        "product": one.product,
        "seller": one.seller,
        "buyer": one.buyer,
        "units": trade.used,
        "unit_price_fen": one.unit_price_fen,
        "sum_fen": trade.spent_fen,
        "seller_fen": shares.seller_fen,
        "people_fen": shares.people_fen,
        "fee_fen": shares.fee_fen,
        "payment": trade.payment,
        "promised": one.promised.hex(),
        "delivered_at_us": trade.delivered_us,
        "issued_at_us": trade.ended_us,
    }


def digest_of(invoice: Mapping[str, Any]) -> bytes:
    """The digest that goes into the register."""
    return hashlib.sha256(canonical(dict(invoice))).digest()


def receipts_of(payments: Sequence[Sequence[int]]) -> bytes:
    """Digest of the payments into escrow: of each its number, payer, payee, sum (fen) and end (us)."""
    return hashlib.sha256(canonical({"payments": [list(one) for one in payments]})).digest()


def root_of(digests: Sequence[bytes]) -> bytes:
    """Root over invoices."""
    return merkle.root([merkle.leaf(one) for one in digests])


@dataclass
class Register:
    """The exchange's register with the trades that follow from it."""

    entries: list[Entry] = field(default_factory=list)
    trades: dict[int, Trade] = field(default_factory=dict)
    waiting: list[int] = field(default_factory=list)
    """Trades whose invoices are in no batch yet."""
    batches: list[list[int]] = field(default_factory=list)
    """Trades of each batch."""
    invoices: dict[int, bytes] = field(default_factory=dict)
    """Digest of the invoice, by trade."""
    recognised: dict[int, bytes] = field(default_factory=dict)
    """Hash of the ledger's anchor, by number."""
    used: set[int] = field(default_factory=set)
    """Payments that have paid for some trade."""

    def move(self, at_us: int, move: str, **more: Any) -> Entry:
        """Do it and write it down.

        Raises:
            IllegalMove: it may not be done; nothing has changed.
        """
        previous = self.entries[-1].hash if self.entries else _NOTHING_BEFORE
        content = {"entry": len(self.entries), "previous": previous.hex(), "at_us": at_us, "move": move, **more}
        return self.apply(content)

    def apply(self, content: dict[str, Any]) -> Entry:
        """Do what an entry says, if it is the next one.

        Raises:
            BadText: it is no entry, or not the next one.
            IllegalMove: what it says may not be done; nothing has changed.
        """
        what = "entry"
        move = text_at(content, "move", what)
        if move not in MOVES:
            raise BadText(f"{what}: there is no move {shown(move)}")
        exact_names(content, frozenset((*_HEAD, *MOVES[move])), what)
        _check_values(content, what)
        previous = self.entries[-1].hash if self.entries else _NOTHING_BEFORE
        if content["entry"] != len(self.entries):
            raise BadText(f"{what}: it is number {content['entry']}; {len(self.entries)} comes next")
        if hex_at(content, "previous", 32, what) != previous:
            raise BadText(f"{what}: `previous` is not the hash of the entry before it")
        if self.entries and content["at_us"] < self.entries[-1].content["at_us"]:
            raise IllegalMove("the register goes forward in time")
        self._do(move, content)
        entry = Entry(content, entry_hash(content))
        self.entries.append(entry)
        return entry

    def _do(self, move: str, content: dict[str, Any]) -> None:
        at_us = content["at_us"]
        if move == "order":
            self._order(content)
        elif move == "batch":
            self._batch(content)
        elif move == "recognise":
            number = content["anchor"]
            if number != len(self.recognised) or number >= len(self.batches):
                raise IllegalMove(f"anchor {number} is not the next that was asked for")
            self.recognised[number] = bytes.fromhex(content["hash"])
        else:
            trade = self.trades.get(content["trade"])
            if trade is None:
                raise IllegalMove(f"there is no trade {content['trade']}")
            if move == "invoice":
                self._invoice(trade, content)
            elif move == "hold":
                receipt = Receipt(*(content[name] for name in ("payment", "payer", "payee", "amount_fen")))
                if receipt.number in self.used:
                    raise IllegalMove(f"payment {receipt.number} has paid for something already")
                trade.hold(at_us, receipt)
                self.used.add(receipt.number)
            else:
                _ON_TRADE[move](trade, at_us, content)

    def _order(self, content: dict[str, Any]) -> None:
        if content["trade"] in self.trades:
            raise IllegalMove(f"trade {content['trade']} is there already")
        terms = {name: content[name] for name in MOVES["order"]}
        terms["promised"] = bytes.fromhex(terms["promised"])
        self.trades[content["trade"]] = Trade(Contract(**terms), content["at_us"])

    def _invoice(self, trade: Trade, content: dict[str, Any]) -> None:
        number = trade.contract.trade
        if trade.stage is not Stage.DONE or not trade.spent_fen or number in self.invoices:
            raise IllegalMove("an invoice is made once, of what has been paid for")
        if content["digest"] != digest_of(invoice_of(trade)).hex():
            raise IllegalMove("its digest is not that of the trade's invoice")
        self.invoices[number] = bytes.fromhex(content["digest"])
        self.waiting.append(number)

    def _batch(self, content: dict[str, Any]) -> None:
        if content["anchor"] != len(self.batches) or not self.waiting:
            raise IllegalMove("batches follow each other, and none is empty")
        if content["invoices"] != len(self.waiting):
            raise IllegalMove("a batch holds every invoice since the last")
        if content["root"] != root_of([self.invoices[one] for one in self.waiting]).hex():
            raise IllegalMove("its root is not that of its invoices")
        self.batches.append(self.waiting)
        self.waiting = []


def next_anchor(before: Anchor | None, at_us: int, batch: Entry, payments: Sequence[Sequence[int]]) -> Anchor:
    """The payment ledger's answer to a batch."""
    content = {
        "anchor": 0 if before is None else before.content["anchor"] + 1,
        "at_us": at_us,
        "previous": (_NOTHING_BEFORE if before is None else before.hash).hex(),
        "batch": batch.hash.hex(),
        "root": batch.content["root"],
        "receipts": receipts_of(payments).hex(),
    }
    return Anchor(content, anchor_hash(content))


def read_anchor(content: dict[str, Any], before: Anchor | None) -> Anchor:
    """An anchor that somebody gave, if it is the next one.

    Raises:
        BadText: it is none, or does not follow the one before.
    """
    what = "anchor"
    exact_names(content, ANCHOR_NAMES, what)
    for name in ("previous", "batch", "root", "receipts"):
        hex_at(content, name, 32, what)
    number = count_at(content, "anchor", what)
    count_at(content, "at_us", what)
    if number != (0 if before is None else before.content["anchor"] + 1):
        raise BadText(f"{what}: it is number {number}; one is missing, twice there or moved")
    if content["previous"] != (_NOTHING_BEFORE if before is None else before.hash).hex():
        raise BadText(f"{what}: `previous` is not the hash of the anchor before it")
    return Anchor(content, anchor_hash(content))


def _check_values(content: dict[str, Any], what: str) -> None:
    for name, value in content.items():
        if name in ("move", "previous"):
            continue
        if name in ("metered", "upheld"):
            if not isinstance(value, bool):
                raise BadText(f"{what}: {name} is {shown(value)}, not true or false")
        elif name == "product":
            if not 0 < len(text_at(content, name, what)) <= 64:
                raise BadText(f"{what}: product is {shown(value)}")
        elif name in ("promised", "digest", "root", "hash", "key"):
            hex_at(content, name, KEY_BYTES, what)
        elif count_at(content, name, what) > MOST_NUMBER:
            raise BadText(f"{what}: {name} is {shown(value)}, too large")


_ON_TRADE: Final = {
    "refuse": lambda trade, at_us, content: trade.refuse(at_us),
    "deliver": lambda trade, at_us, content: trade.deliver(at_us, bytes.fromhex(content["key"])),
    "fail": lambda trade, at_us, content: trade.fail(at_us, bytes.fromhex(content["key"])),
    "expire": lambda trade, at_us, content: trade.expire(at_us),
    "use": lambda trade, at_us, content: trade.use(at_us, content["units"]),
    "confirm": lambda trade, at_us, content: trade.confirm(at_us),
    "dispute": lambda trade, at_us, content: trade.dispute(at_us),
    "rule": lambda trade, at_us, content: trade.rule(at_us, content["upheld"]),
}
