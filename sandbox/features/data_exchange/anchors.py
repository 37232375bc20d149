"""Two ledgers that recognise each other: the exchange's register, and the payment ledger's anchors.

The register is a chain of entries (every move of every trade, every invoice, every pay-out to people), signed by the
exchange. From time to time it closes a *batch*: the root of a Merkle tree over the digests of the invoices since the
last one. The payment ledger answers with an *anchor*, an entry of a chain of its own, signed with its own key, that
holds the hash of the batch's entry, its root, and a digest of the payments that paid for those invoices. The register
then *recognises* the anchor: its next entry holds the anchor's hash. So neither ledger can be rewritten alone: each
holds the other's digest. `sandbox.journal.register` is what an entry is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, NamedTuple

from sandbox.core.draws import Int64Array
from sandbox.core.moves import IllegalMove, Receipt
from sandbox.features.data_exchange.trade import PEOPLE, Stage, Trade, TradeTerms
from sandbox.journal import merkle, register
from sandbox.journal.chain import LEDGER
from sandbox.journal.register import Entry, Form
from sandbox.language import _
from wallets.strict_json import canonical

EXCHANGE: Final = "data exchange"
"""Name of the key that signs the register."""
ANCHORED: Final = "register_anchored"
"""Name of the ledger's event that holds an anchor."""

_ORDER: Final = (
    "trade", "product", "seller", "buyer", "escrow", "units", "unit_price_fen", "metered", "promised", "people_parts",
    "fee_parts",
)  # fmt: skip
_DIGESTS: Final = ("promised", "digest", "root", "hash", "key", "shares", "batch", "receipts")
FORM: Final = Form(
    mark=b"\4",
    purpose="ecny-sandbox data register entry",
    head=(),
    moves={
        "order": _ORDER,
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
        "pay_out": ("pay_out", "product", "wallets", "amount_fen", "shares"),
    },
    values={
        "metered": register.boolean,
        "upheld": register.boolean,
        "product": register.short_text,
        **dict.fromkeys(_DIGESTS, register.digest),
    },
)
ANCHOR_FORM: Final = Form(
    mark=b"\5",
    purpose="ecny-sandbox anchor of a data register",
    head=(),
    moves={"anchor": ("batch", "root", "receipts")},
    values=dict.fromkeys(_DIGESTS, register.digest),
)


class Due(NamedTuple):
    """What has become due out of the escrow by a move."""

    at_us: int
    payee: int
    amount_fen: int


class PayOut(NamedTuple):
    """What one product's people were paid at a time."""

    at_us: int
    product: str
    wallets: int
    amount_fen: int
    shares: bytes
    """Digest of who got what (`PayOutShares.digest`)."""


class PayOutShares(NamedTuple):
    """Who got what in a pay-out, in order of account: columns, equally long."""

    accounts: Int64Array
    used: Int64Array
    """How much the data about each was used; only proportions matter."""
    amounts_fen: Int64Array

    def digest(self) -> bytes:
        """What the register keeps of it."""
        return digest_of({"shares": [list(row) for row in zip(*(column.tolist() for column in self), strict=True)]})


def invoice_of(trade: Trade) -> dict[str, Any]:
    """The data invoice of a trade that is paid for: what was delivered to whom, for how much, by which payment."""
    one, shares = trade.terms, trade.shares
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
    return digest_of({"payments": [list(one) for one in payments]})


def root_of(digests: Sequence[bytes]) -> bytes:
    """Root over invoices."""
    return merkle.root([merkle.leaf(one) for one in digests])


@dataclass
class DataRegister(register.SignedRegister):
    """The exchange's register with the trades that follow from it."""

    form: ClassVar[Form] = FORM
    trades: dict[int, Trade] = field(default_factory=dict)
    waiting: list[int] = field(default_factory=list)
    """Trades whose invoices are in no batch yet."""
    batches: list[list[int]] = field(default_factory=list)
    """Trades of each batch."""
    closed: list[Entry] = field(default_factory=list)
    """Entry that closed each batch."""
    invoices: dict[int, bytes] = field(default_factory=dict)
    """Digest of the invoice, by trade."""
    recognised: dict[int, bytes] = field(default_factory=dict)
    """Hash of the ledger's anchor, by number."""
    used: set[int] = field(default_factory=set)
    """Payments that have paid for some trade."""
    dues: list[Due] = field(default_factory=list)
    """Everything that is to leave the escrow, in order."""
    pool: dict[str, int] = field(default_factory=dict)
    """By product: what has come for its people and is not paid out to them yet (fen)."""
    pay_outs: list[PayOut] = field(default_factory=list)

    def signer(self, content: Mapping[str, Any]) -> str:
        """The exchange signs all of it."""
        return EXCHANGE

    def apply(self, content: dict[str, Any]) -> Entry:
        """As of any register; the entry of a batch is kept at hand."""
        entry = super().apply(content)
        if content["move"] == "batch":
            self.closed.append(entry)
        return entry

    def _do(self, move: str, content: dict[str, Any]) -> None:
        at_us = content["at_us"]
        if move in _BESIDE_TRADES:
            _BESIDE_TRADES[move](self, content)
            return
        trade = self.trades.get(content["trade"])
        if trade is None:
            raise IllegalMove(_("there is no trade {trade}", trade=content["trade"]))
        if move == "invoice":
            self._invoice(trade, content)
        elif move == "hold":
            receipt = Receipt(*(content[name] for name in ("payment", "payer", "payee", "amount_fen")))
            if receipt.number in self.used:
                raise IllegalMove(_("payment {number} has paid for something already", number=receipt.number))
            trade.hold(at_us, receipt)
            self.used.add(receipt.number)
        else:
            before = trade.due_out
            _ON_TRADE[move](trade, at_us, content)
            self._due(trade, at_us, before)

    def _due(self, trade: Trade, at_us: int, before: Mapping[int, int]) -> None:
        """Note what has become due since `before`."""
        one = trade.terms
        for payee, amount in trade.due_out.items():
            more = amount - before[payee]
            if more:
                self.dues.append(Due(at_us, payee, more))
                if payee == one.escrow + PEOPLE:
                    self.pool[one.product] = self.pool.get(one.product, 0) + more

    def _order(self, content: dict[str, Any]) -> None:
        if content["trade"] in self.trades:
            raise IllegalMove(_("trade {trade} is there already", trade=content["trade"]))
        terms = {name: content[name] for name in _ORDER}
        terms["promised"] = bytes.fromhex(terms["promised"])
        self.trades[content["trade"]] = Trade(TradeTerms(**terms), content["at_us"])

    def _invoice(self, trade: Trade, content: dict[str, Any]) -> None:
        number = trade.terms.trade
        if trade.stage is not Stage.DONE or number in self.invoices:
            raise IllegalMove(_("an invoice is made once, of what has been paid for"))
        if content["digest"] != digest_of(invoice_of(trade)).hex():
            raise IllegalMove(_("its digest is not that of the trade's invoice"))
        self.invoices[number] = bytes.fromhex(content["digest"])
        self.waiting.append(number)

    def _batch(self, content: dict[str, Any]) -> None:
        if content["anchor"] != len(self.batches) or not self.waiting:
            raise IllegalMove(_("batches follow each other, and none is empty"))
        if content["invoices"] != len(self.waiting):
            raise IllegalMove(_("a batch holds every invoice since the last"))
        if content["root"] != root_of([self.invoices[one] for one in self.waiting]).hex():
            raise IllegalMove(_("its root is not that of its invoices"))
        self.batches.append(self.waiting)
        self.waiting = []

    def _recognise(self, content: dict[str, Any]) -> None:
        number = content["anchor"]
        if number != len(self.recognised) or number >= len(self.batches):
            raise IllegalMove(_("anchor {number} is not the next that was asked for", number=number))
        self.recognised[number] = bytes.fromhex(content["hash"])

    def _pay_out(self, content: dict[str, Any]) -> None:
        product, amount = content["product"], content["amount_fen"]
        if content["pay_out"] != len(self.pay_outs):
            raise IllegalMove(_("pay-outs follow each other"))
        if not content["wallets"] or not 0 < amount == self.pool.get(product, 0):
            raise IllegalMove(_("people are paid what has come for them since the last time, all of it"))
        self.pool[product] = 0
        shares = bytes.fromhex(content["shares"])
        self.pay_outs.append(PayOut(content["at_us"], product, content["wallets"], amount, shares))


@dataclass
class AnchorRegister(register.SignedRegister):
    """The payment ledger's anchors."""

    form: ClassVar[Form] = ANCHOR_FORM

    def signer(self, content: Mapping[str, Any]) -> str:
        """The ledger signs them."""
        return LEDGER

    def _do(self, move: str, content: dict[str, Any]) -> None:
        """An anchor moves nothing."""

    def answer(self, at_us: int, batch: Entry, payments: Sequence[Sequence[int]]) -> Entry:
        """The ledger's answer to a batch whose invoices were paid for by these payments."""
        root, receipts = batch.content["root"], receipts_of(payments).hex()
        return self.write(at_us, "anchor", batch=batch.hash.hex(), root=root, receipts=receipts)


_BESIDE_TRADES: Final[dict[str, Callable[[DataRegister, dict[str, Any]], None]]] = {
    "order": DataRegister._order,
    "batch": DataRegister._batch,
    "recognise": DataRegister._recognise,
    "pay_out": DataRegister._pay_out,
}
_ON_TRADE: Final[dict[str, Callable[[Trade, int, dict[str, Any]], None]]] = {
    "refuse": lambda trade, at_us, content: trade.refuse(at_us),
    "deliver": lambda trade, at_us, content: trade.deliver(at_us, bytes.fromhex(content["key"])),
    "fail": lambda trade, at_us, content: trade.fail(at_us, bytes.fromhex(content["key"])),
    "expire": lambda trade, at_us, content: trade.expire(at_us),
    "use": lambda trade, at_us, content: trade.use(at_us, content["units"]),
    "confirm": lambda trade, at_us, content: trade.confirm(at_us),
    "dispute": lambda trade, at_us, content: trade.dispute(at_us),
    "rule": lambda trade, at_us, content: trade.rule(at_us, content["upheld"]),
}
