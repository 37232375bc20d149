"""The life of one trade in data: its states, and the only moves there are between them.

    ordered --hold--> held --deliver--> delivered --confirm--> done      the money goes on, all of it or what was used
      +-refuse->       |                    |                  or refunded (metered, and nothing was used)
      refused          |                    +--dispute--> disputed --rule--> done or refunded
                       +--fail (wrong key)--> refunded
                       +--expire (not delivered in time)--> expired

The money is in escrow from `hold` on (a pending transfer) and leaves it by one of the endings. The key that opens the
data is promised by its SHA-256 when the order is placed: what is delivered is that key or nothing. Metered data is
counted between `deliver` and `confirm`; what was not used goes back.

Parties are account numbers; times us; sums fen. A move that is not legal raises `IllegalMove` and changes nothing.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from sandbox.core.moves import RATE_PARTS, Receipt, need, share_fen


class Stage(StrEnum):
    """Where a trade is in its life."""

    ORDERED = "ordered"
    HELD = "held"
    DELIVERED = "delivered"
    DISPUTED = "disputed"
    DONE = "posted"
    REFUNDED = "voided"
    EXPIRED = "expired"
    REFUSED = "refused"


FEES: Final = 1
PEOPLE: Final = 2
"""Accounts of the exchange's fees and of the people's pool, counted from the escrow's."""
OVER = frozenset({Stage.DONE, Stage.REFUNDED, Stage.EXPIRED, Stage.REFUSED})


class TradeTerms(NamedTuple):
    """What buyer and seller agreed on."""

    trade: int
    product: str
    seller: int
    buyer: int
    escrow: int
    units: int
    """1 for a data set; calls paid for beforehand of metered data."""
    unit_price_fen: int
    metered: bool
    promised: bytes
    """SHA-256 of the key that opens the data."""
    people_parts: int
    """Share of the price for the people whom the data is about (parts per million)."""
    fee_parts: int
    """Share of the price for the exchange (parts per million)."""

    @property
    def price_fen(self) -> int:
        """What is held at first."""
        return self.units * self.unit_price_fen


class Shares(NamedTuple):
    """How a sum is shared out; the three are the sum."""

    seller_fen: int = 0
    people_fen: int = 0
    fee_fen: int = 0


def key_digest(key: bytes) -> bytes:
    """What a seller promises of a key."""
    return hashlib.sha256(key).digest()


@dataclass
class Trade:
    """One trade."""

    terms: TradeTerms
    ordered_us: int
    stage: Stage = Stage.ORDERED
    now_us: int = 0
    held_us: int | None = None
    delivered_us: int | None = None
    disputed: bool = False
    ended_us: int | None = None
    payment: int | None = None
    """The payment into escrow."""
    key: bytes | None = None
    used: int = 0
    """Units that were used so far, and are paid for."""
    shares: Shares = field(default_factory=Shares)
    """Who got what of what has been paid for."""

    def __post_init__(self) -> None:
        one = self.terms
        need(one.units > 0 and one.unit_price_fen > 0, "nothing is sold, or for nothing")
        need(one.seller != one.buyer, "nobody sells to himself")
        need(one.people_parts + one.fee_parts <= RATE_PARTS, "more than the price would be given away")
        self.now_us = self.ordered_us

    @property
    def spent_fen(self) -> int:
        """What has been paid for so far."""
        return self.used * self.terms.unit_price_fen

    @property
    def returned_fen(self) -> int:
        """What went back to the buyer."""
        over = self.stage in OVER and self.stage is not Stage.REFUSED
        return self.terms.price_fen - self.spent_fen if over else 0

    @property
    def due_out(self) -> dict[int, int]:
        """What is to have left the escrow by now, by account (fen)."""
        one, shares = self.terms, self.shares
        return {
            one.seller: shares.seller_fen,
            one.escrow + PEOPLE: shares.people_fen,
            one.escrow + FEES: shares.fee_fen,
            one.buyer: self.returned_fen,
        }

    def _share(self, units: int) -> None:
        """Units are paid for: share their price out; what rounding leaves is the seller's."""
        sum_fen = units * self.terms.unit_price_fen
        people = share_fen(sum_fen, self.terms.people_parts)
        fee = min(sum_fen - people, share_fen(sum_fen, self.terms.fee_parts))
        new = (sum_fen - people - fee, people, fee)
        self.shares = Shares(*(one + more for one, more in zip(self.shares, new, strict=True)))
        self.used += units

    def hold(self, at_us: int, receipt: Receipt) -> None:
        """The price has come into the escrow."""
        self._at(at_us, Stage.ORDERED)
        one = self.terms
        need((receipt.payer, receipt.payee) == (one.buyer, one.escrow), "this money went between others")
        need(receipt.amount_fen == one.price_fen, f"{receipt.amount_fen} fen came, not {one.price_fen}")
        self.stage, self.payment, self.held_us, self.now_us = Stage.HELD, receipt.number, at_us, at_us

    def refuse(self, at_us: int) -> None:
        """The price did not come."""
        self._at(at_us, Stage.ORDERED)
        self._end(at_us, Stage.REFUSED)

    def deliver(self, at_us: int, key: bytes) -> None:
        """The seller gives the key that it promised."""
        self._at(at_us, Stage.HELD)
        need(key_digest(key) == self.terms.promised, "this is not the key that was promised")
        self.stage, self.key, self.delivered_us, self.now_us = Stage.DELIVERED, key, at_us, at_us

    def fail(self, at_us: int, key: bytes) -> None:
        """The seller gave another key: the order is off."""
        self._at(at_us, Stage.HELD)
        need(key_digest(key) != self.terms.promised, "this is the key that was promised")
        self._end(at_us, Stage.REFUNDED)

    def expire(self, at_us: int) -> None:
        """Nothing was delivered in time."""
        self._at(at_us, Stage.HELD)
        self._end(at_us, Stage.EXPIRED)

    def use(self, at_us: int, units: int) -> None:
        """So many more units were used, and are paid for now."""
        self._at(at_us, Stage.DELIVERED)
        need(self.terms.metered, "a data set is not metered")
        need(0 < units <= self.terms.units - self.used, f"{units} units are not left")
        self._share(units)
        self.now_us = at_us

    def confirm(self, at_us: int) -> None:
        """The buyer has what was promised: of a data set the whole price is due; of metered data no more than was
        used, and if that is nothing, all of it goes back."""
        self._at(at_us, Stage.DELIVERED)
        if not self.terms.metered:
            self._share(self.terms.units)
        self._end(at_us, Stage.DONE if self.used else Stage.REFUNDED)

    def dispute(self, at_us: int) -> None:
        """The buyer says that the data is not what was promised."""
        self._at(at_us, Stage.DELIVERED)
        need(not self.terms.metered, "what is metered is paid for as it is used")
        self.stage, self.disputed, self.now_us = Stage.DISPUTED, True, at_us

    def rule(self, at_us: int, upheld: bool) -> None:
        """The exchange rules: for the buyer, or for the seller."""
        self._at(at_us, Stage.DISPUTED)
        if not upheld:
            self._share(self.terms.units)
        self._end(at_us, Stage.REFUNDED if upheld else Stage.DONE)

    def _at(self, at_us: int, stage: Stage) -> None:
        need(at_us >= self.now_us, f"trade {self.terms.trade} was moved later than this already")
        need(self.stage is stage, f"a trade that is {self.stage} is not {stage}")

    def _end(self, at_us: int, stage: Stage) -> None:
        self.stage, self.ended_us, self.now_us = stage, at_us, at_us
