"""The data exchange in a run: SimPy processes that order, pay into escrow, deliver keys, rule on disputes, and anchor.

A buyer's money goes over the rail into the exchange's escrow and is a pending transfer from then on: posted to the
seller, the pool of the people whom the data is about, and the exchange; voided; or expired. The key that opens the data
is given only while the money is there, and the money goes on only for that key. From the pool it goes to wallets.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from itertools import count
from typing import Any, Final

import numpy as np

from sandbox.base.pending import EXPIRED, P_ENDING, Pendings
from sandbox.control import Columns, Component, Control, PaymentResult, Process, Simulated
from sandbox.core.draws import Int64Array, below, exponential_table, quantile, stream, under
from sandbox.core.layout import Outcome
from sandbox.core.moves import RATE_PARTS, Receipt, in_parts
from sandbox.features.data_exchange.accounts import BUYER, ESCROW, SELLER
from sandbox.features.data_exchange.anchors import (
    ANCHORED,
    AnchorRegister,
    DataRegister,
    digest_of,
    invoice_of,
    root_of,
)
from sandbox.features.data_exchange.people import People
from sandbox.features.data_exchange.results import ExchangeState, exchange_summary, exchange_tables
from sandbox.features.data_exchange.schema import DataExchange, DataProduct
from sandbox.features.data_exchange.trade import FEES, PEOPLE, Trade, key_digest
from sandbox.scenario.units import US_PER_DAY

ACTOR: Final = "data_exchange"
US_PER_MS: Final = 1_000
PAY_DELAY_US: Final = 60_000_000
"""People are paid a minute after an interval is over: not in the very instant at which wallets redeem at midnight."""
_BACK: Final = {"fail": "wrong key", "rule": "dispute", "confirm": "not used"}
"""Why money goes back, by the move that it follows."""
_GAP, _PRODUCT, _BUYER, _DELIVER, _UNDELIVERED, _WRONG, _CONFIRM, _DISPUTE, _UPHELD, _USED, _PAY = range(1, 12)


class DataMarket(Component):
    """The exchange of a run; `register`, `pendings` and `anchors` are open to tests and other parts."""

    def __init__(self, control: Control, exchange: DataExchange) -> None:
        ledger = control.ledger
        self._control, self._exchange = control, exchange
        self.sellers, self.buyers = ledger.block(SELLER), ledger.block(BUYER)
        self.escrow = ledger.block(ESCROW).first
        self.takes_fees, self.pool = self.escrow + FEES, self.escrow + PEOPLE
        self.register, self.pendings = DataRegister(), Pendings(control)
        self.anchors, self.people = AnchorRegister(), People(control.world, exchange)
        self.anchored_us: dict[int, int] = {}
        """When a trade's invoice was anchored in both ledgers."""
        self._payments: dict[int, tuple[int, int, int, int, int]] = {}
        """Of a trade: its payment's number, payer, payee, sum, end."""
        self._trade_of: dict[int, int] = {}
        """By pending transfer."""
        self.pendings.on_end.append(self._ended)
        self._names = list(exchange.products)
        self._key = stream(control.world.seed, "data exchange")
        self._times = np.stack(
            [exponential_table(mean / US_PER_MS) for mean in
             (US_PER_DAY / exchange.orders, exchange.deliver, exchange.confirm)]
        )  # fmt: skip

    def start(self) -> None:
        """Buyers begin to order; the exchange begins to anchor, and to pay people."""
        for process in (self._orders, self._anchors, self._pay_people):
            self._control.env.process(process())

    # --- orders ----------------------------------------------------------------------------------------------------

    def _orders(self) -> Process:
        """Who orders what when depends on nothing that happens."""
        control, products = self._control, list(self._exchange.products.values())
        edges = np.cumsum([one.weight for one in products]) / math.fsum(one.weight for one in products)
        limits = np.rint(edges * RATE_PARTS).astype(np.int64)[:-1]
        at_us = number = 0
        while True:
            own = under(self._key, number)
            at_us += self._time(0, under(own, _GAP))
            if at_us >= control.world.scenario.duration:
                return
            yield control.wait_until(at_us)
            chosen = int(np.searchsorted(limits, int(below(under(own, _PRODUCT), RATE_PARTS)), side="right"))
            buyer = self.buyers.first + int(below(under(own, _BUYER), self.buyers.count))
            control.env.process(self._trade(number, chosen, products[chosen], buyer, own))
            number += 1

    def _time(self, row: int, key: np.uint64) -> int:
        return max(1, int(quantile(self._times, row, key))) * US_PER_MS

    def _happens(self, key: np.uint64, share: float) -> bool:
        return int(below(key, RATE_PARTS)) < in_parts(share)

    def _trade(self, number: int, chosen: int, product: DataProduct, buyer: int, key: np.uint64) -> Process:
        """One order from its beginning to its end."""
        control, exchange = self._control, self._exchange
        secret = hashlib.sha256(f"{control.world.seed}/data/{number}".encode()).digest()
        metered = product.kind == "metered"
        self._move(
            "order", trade=number, product=self._names[chosen], seller=self.sellers.first + chosen, buyer=buyer,
            escrow=self.escrow, units=product.calls if metered else 1, unit_price_fen=product.price, metered=metered,
            promised=key_digest(secret).hex(), people_parts=in_parts(product.personal),
            fee_parts=in_parts(exchange.fee),
        )  # fmt: skip
        trade = self.register.trades[number]
        price = trade.terms.price_fen
        paid: PaymentResult = yield control.pay(buyer, self.escrow, price, key=under(key, _PAY), kind="wholesale")
        if paid.outcome != Outcome.SETTLED:
            self._move("refuse", trade=number)
            control.record(ACTOR, "order_refused", str(number), price_fen=price)
            return
        receipt = Receipt(paid.payment_id, buyer, self.escrow, price)
        self._payments[number] = (*receipt, paid.ended_us)
        self._move("hold", trade=number, payment=receipt.number, payer=buyer, payee=self.escrow, amount_fen=price)
        expires = control.now + exchange.time_out
        pending = self.pendings.hold(buyer, price, escrow=self.escrow, expires_us=expires, kind="data", moved=True)
        self._trade_of[pending] = number
        yield from self._delivery(trade, pending, product, secret, key)

    def _delivery(self, trade: Trade, pending: int, product: DataProduct, secret: bytes, key: np.uint64) -> Process:
        """The key against the money; in time, or the money goes back."""
        control, exchange, number = self._control, self._exchange, trade.terms.trade
        takes = self._time(1, under(key, _DELIVER))
        if self._happens(under(key, _UNDELIVERED), exchange.undelivered) or takes >= exchange.time_out:
            return  # The pending transfer expires by itself.
        yield control.env.timeout(takes)
        if self._happens(under(key, _WRONG), exchange.wrong_keys):
            wrong = hashlib.sha256(secret).digest()
            self._and_money(trade, pending, "fail", key=wrong.hex())
            control.record(ACTOR, "wrong_key", str(number), returned_fen=trade.terms.price_fen)
            return
        self._move("deliver", trade=number, key=secret.hex())
        self.pendings.postpone_many(np.array([pending]))
        if trade.terms.metered:
            yield from self._metered(trade, pending, product, key)
            return
        yield control.env.timeout(self._time(2, under(key, _CONFIRM)))
        if self._happens(under(key, _DISPUTE), exchange.disputes):
            yield from self._dispute(trade, pending, self._happens(under(key, _UPHELD), exchange.upheld))
            return
        self._and_money(trade, pending, "confirm")
        self._invoice(trade)

    def _ended(self, numbers: Int64Array) -> None:
        """Pending transfers have ended: those that expired were never delivered."""
        for pending in numbers.tolist():
            if self.pendings.rows[pending, P_ENDING] == EXPIRED:
                number = self._trade_of[pending]
                self._move("expire", trade=number)
                price = self.register.trades[number].terms.price_fen
                self._control.record(ACTOR, "not_delivered", str(number), returned_fen=price)

    def _dispute(self, trade: Trade, pending: int, upheld: bool) -> Process:
        control, number = self._control, trade.terms.trade
        self._move("dispute", trade=number)
        control.record(ACTOR, "disputed", str(number), price_fen=trade.terms.price_fen)
        yield control.env.timeout(self._exchange.ruling)
        self._and_money(trade, pending, "rule", upheld=upheld)
        control.record(ACTOR, "ruled", str(number), for_buyer=upheld)
        if not upheld:
            self._invoice(trade)

    def _metered(self, trade: Trade, pending: int, product: DataProduct, key: np.uint64) -> Process:
        """Calls are counted and paid for day by day; what was not used goes back at the end."""
        control = self._control
        # Each day's use as a share of an even day's calls: evenly spread around the mean, as far as 0 to 1 leaves room;
        # so calls never run out, and the mean over orders is `used`.
        days, mean = product.lasts // US_PER_DAY, in_parts(product.used)
        least, most = max(0, 2 * mean - RATE_PARTS), min(2 * mean, RATE_PARTS)
        made = 0
        for day in range(days):
            yield control.env.timeout(US_PER_DAY)
            made += least + int(below(under(key, _USED, day), most - least + 1))
            units = trade.terms.units * made // (RATE_PARTS * days) - trade.used
            if units:
                self._and_money(trade, pending, "use", units=units)
        self._and_money(trade, pending, "confirm")
        if trade.spent_fen:
            self._invoice(trade)

    def _and_money(self, trade: Trade, pending: int, move: str, **more: Any) -> None:
        """A move and the money that follows it, in the same instant."""
        before = trade.due_out
        self._move(move, trade=trade.terms.trade, **more)
        due = {payee: amount - before[payee] for payee, amount in trade.due_out.items() if amount > before[payee]}
        back = due.pop(trade.terms.buyer, 0)
        for payee, amount in due.items():
            self.pendings.post(pending, payee, amount, reason="delivered")
        if back:
            self.pendings.void(pending, reason=_BACK[move])

    # --- people ----------------------------------------------------------------------------------------------------

    def _pay_people(self) -> Process:
        """At every interval what has come for the people behind a product goes to their wallets, all of it."""
        control, register = self._control, self.register
        for number in count(1):
            yield control.wait_until(number * self._exchange.pay_people + PAY_DELAY_US)
            for product, amount in list(register.pool.items()):
                if not amount:
                    continue
                shares = self.people.share_out(product, amount)
                self._move(
                    "pay_out", pay_out=len(register.pay_outs), product=product, wallets=shares.accounts.size,
                    amount_fen=amount, shares=shares.digest().hex(),
                )  # fmt: skip
                some = shares.amounts_fen > 0
                pending = self.pendings.hold(self.pool, amount, escrow=self.pool, kind="people", moved=True)
                numbers = np.full(int(np.count_nonzero(some)), pending)
                self.pendings.post_many(numbers, shares.accounts[some], shares.amounts_fen[some], reason="paid out")

    # --- invoices and anchors --------------------------------------------------------------------------------------

    def _invoice(self, trade: Trade) -> None:
        self._move("invoice", trade=trade.terms.trade, digest=digest_of(invoice_of(trade)).hex())

    def _anchors(self) -> Process:
        """At every interval with new invoices: batch, anchor of the payment ledger, recognition."""
        control, register = self._control, self.register
        while True:
            yield control.env.timeout(self._exchange.anchor_every)
            if not register.waiting:
                continue
            trades, number = list(register.waiting), len(register.batches)
            root = root_of([register.invoices[one] for one in trades])
            batch = self._move("batch", anchor=number, invoices=len(trades), root=root.hex())
            anchor = self.anchors.answer(control.now, batch, [self._payments[one] for one in trades])
            (signature,) = self.anchors.signatures(control.world.seed, [anchor])
            said = {name: value for name, value in anchor.content.items() if name != "at_us"}
            control.record("ledger", ANCHORED, str(number), signature=signature.hex(), **said)
            self._move("recognise", anchor=number, hash=anchor.hash.hex())
            self.anchored_us.update(dict.fromkeys(trades, control.now))

    def _move(self, move: str, **more: Any) -> Any:
        return self.register.write(self._control.now, move, **more)

    # --- what is kept ----------------------------------------------------------------------------------------------

    def _state(self) -> ExchangeState:
        return ExchangeState(self.register, self.anchored_us, self.pendings.open_fen(self.escrow), self.people.paid)

    def tables(self) -> Mapping[str, Columns]:
        """`data_trades`, `data_register` and `data_shares`."""
        return exchange_tables(self._state(), self._control.world.seed)

    def summary(self) -> Mapping[str, Any]:
        """`data_exchange` and `risk.data_exchange`."""
        return exchange_summary(self._state())


SIMULATED: Final = Simulated(DataMarket, moves_money=True)
