"""What happens to one payment through one arrangement: a row of `crossborder.parquet`, filled in as it goes.

Sums are minor units of a currency, times us.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Final

import numpy as np

from sandbox.control import Columns
from sandbox.features.crossborder.tables import TABLES

SETTLED, REFUSED, RETURNED, LOST, PENDING = "settled", "refused", "returned", "lost", "pending"
"""How a payment ends: credited to the payee; stopped before it left the payer's bank; sent back after that; with a bank
that failed; not ended."""
NO_LIQUIDITY: Final = "no_liquidity"
"""Why the shared ledger refuses a payment for which money did not come in time."""


@dataclass(slots=True)
class Payment:
    """One payment through one arrangement."""

    number: int
    arrangement: str
    uetr: str
    corridor: str
    purpose: str
    individuals: bool
    payer: int
    payee: int
    payer_bank: int
    payee_bank: int
    sender: str
    receiver: str
    payer_currency: str
    payee_currency: str
    amount: int
    """What the payer gives, fees not included."""
    value_usd_cents: int
    submitted_us: int
    key: np.uint64
    fee: int = 0
    """What it costs on top, in the payer's currency."""
    fx_cost: int = 0
    """What exchange costs against the mid, in the payer's currency."""
    credited: int | None = None
    rate: float | None = None
    settled_us: int | None = None
    completed_us: int | None = None
    outcome: str = PENDING
    reason: str | None = None
    agents: list[str] = field(default_factory=list)
    """Intermediaries on its way."""
    dealer: str | None = None
    """The bank that made the market for it on the shared ledger."""
    compliance_us: int = 0
    queued_us: int = 0
    closed_us: int = 0
    consensus_us: int = 0
    pvp: bool = False
    exposed_from_us: int | None = None
    """Since when one leg was paid for good and the other was not."""
    exposed_us: int = 0
    exposed_amount: int = 0
    exposure_open: bool = False
    """One leg is paid for good, and the other is still not."""

    def open_exposure(self, at_us: int) -> None:
        """One leg of an exchange is paid for good, and the other is not."""
        if self.exposed_from_us is None:
            self.exposed_from_us, self.exposed_amount, self.exposure_open = at_us, self.amount, True

    def close_exposure(self, at_us: int) -> None:
        """The other leg is paid too, or nothing more will come of it."""
        if self.exposure_open and self.exposed_from_us is not None:
            self.exposed_us, self.exposure_open = at_us - self.exposed_from_us, False

    def end(self, outcome: str, at_us: int, reason: str | None = None) -> None:
        """It has ended."""
        if self.outcome != PENDING:
            raise RuntimeError(f"a payment across borders ended twice: {self.outcome}, then {outcome}")
        self.outcome, self.completed_us, self.reason = outcome, at_us, reason


def uetr(key: np.uint64) -> str:
    """A unique end-to-end transaction reference, in the form of a random UUID (RFC 4122, version 4), from a key.

    >>> uetr(np.uint64(1))
    '00000000-0000-4000-8000-000000000001'
    """
    number = int(key)
    high = (number * 0x9E3779B97F4A7C15) >> 64
    return f"{high >> 32 & 0xFFFFFFFF:08x}-{high >> 16 & 0xFFFF:04x}-4{high & 0xFFF:03x}-" \
           f"{0x8000 | number >> 48 & 0x3FFF:04x}-{number & 0xFFFFFFFFFFFF:012x}"  # fmt: skip


ATTRIBUTES: Final = {
    "payment_id": "number", "path": "arrangement", "from_jurisdiction": "sender", "to_jurisdiction": "receiver",
    "credited_fen": "credited", "fee_fen": "fee", "fx_cost_fen": "fx_cost", "submitted_at_us": "submitted_us",
    "settled_at_us": "settled_us", "completed_at_us": "completed_us", "exposed_fen": "exposed_amount",
}  # fmt: skip
"""Columns of `crossborder` that a payment has under another name."""


def columns(payments: Iterable[Payment], banks: list[str]) -> Columns:
    """Payments as columns of `crossborder`."""
    ordered = sorted(payments, key=lambda one: (one.number, one.arrangement))
    made: dict[str, Callable[[Payment], object]] = {
        "payer_bank": lambda one: banks[one.payer_bank],
        "payee_bank": lambda one: banks[one.payee_bank],
        "amount_fen": lambda one: one.amount + one.fee,
        "hops": lambda one: len(one.agents),
        "agents": lambda one: json.dumps(one.agents, ensure_ascii=False),
    }
    names = [column.name for column in TABLES.columns["crossborder"]]
    read = {name: made.get(name) or attrgetter(ATTRIBUTES.get(name, name)) for name in names}
    return {name: [get(one) for one in ordered] for name, get in read.items()}
