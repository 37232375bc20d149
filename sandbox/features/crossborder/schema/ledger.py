"""Schema of the shared ledger: one ledger that holds several central banks' money (after mBridge).

Sums are US dollars at the mid rates of the start.
"""

from __future__ import annotations

import math
from typing import Literal

from sandbox.scenario.schema.fields import Dollars, Duration, Model, Patience, Share, param
from sandbox.scenario.units import US_PER_DAY


class Quotes(Model):
    """Exchange: banks that make markets quote two ways around the mid."""

    dealers_each: int = param(
        2, doc="How many banks of each jurisdiction make markets between its currency and others; its first ones.",
        ge=0, le=500,
    )  # fmt: skip
    dealers: list[str] = param(
        default_factory=list, doc="Names of the banks that make markets instead, such as `hong_kong bank 2`.",
        role="design", max_length=500,
    )  # fmt: skip
    spread_least: Share = param(0.0005, doc="Least distance from bid to ask, as a share of the mid.", le=0.5)
    spread_most: Share = param(0.003, doc="Most; each quote's is drawn between the two.", le=0.5)
    validity: Duration = param(300_000_000, doc="How long a quote holds for who has not locked the money yet.", gt=0)
    requotes: int = param(
        12, doc="How often a payment may ask again when its quote has expired; then it is refused.", role="lever",
        ge=0, le=1_000,
    )  # fmt: skip


class Validators(Model):
    """Nodes that decide together what is settled."""

    members: list[str] = param(
        default_factory=list, doc="Jurisdictions that have a validator each; all of them when left out.",
        role="design", max_length=50,
    )  # fmt: skip
    quorum: Share = param(
        2 / 3, doc="More than this share of the validators must be at work, or nothing is decided.", role="lever"
    )
    consensus_shortest: Duration = param(
        2_000_000, doc="Shortest time that they take for a decision.", source="GSI Exchange 2021"
    )
    consensus_longest: Duration = param(
        10_000_000, doc="Longest; every time between the two is as likely.", source="GSI Exchange 2021", gt=0
    )
    lock_timeout: Duration = param(
        900_000_000, doc="What is locked so long without a decision goes back to who paid it.", role="lever", gt=0
    )

    def needed(self, count: int) -> int:
        """How many of `count` validators must be at work."""
        return math.floor(self.quorum * count + 1e-9) + 1


class LedgerQueue(Model):
    """The queue for payments whose bank has not enough of the currency."""

    mode: Literal["none", "bilateral", "multilateral"] = param(
        "multilateral",
        doc="What settles together when nothing can alone: nothing, two banks' payments, or all banks' payments.",
        role="lever",
    )
    patience: Patience = param(3_600_000_000, doc="How long a payment waits for money before it is refused.")
    every: Patience = param(
        60_000_000, doc="Beside each arrival of a payment or money, the queue is looked at so often.", role="lever"
    )
    overtaking: bool = param(
        True, doc="Whether a payment may settle before an earlier one of the same bank.", role="lever"
    )


class SharedLedger(Model):
    """A multi-currency ledger of several central banks."""

    liquidity: Dollars = param(
        10_000_000_000, doc="What each bank holds at the start in its own currency and in each that it pays in."
    )
    dealer_liquidity: Dollars = param(
        50_000_000_000, doc="What each bank that makes markets holds at the start in every currency instead."
    )
    holdings: dict[str, dict[str, Dollars]] = param(
        default_factory=dict, doc="What some banks hold instead, by bank and currency.", role="design", max_length=500
    )
    refill: Patience = param(
        US_PER_DAY,
        doc="So often central banks issue and take back until each bank holds again what it held at the start.",
        role="lever",
    )
    hours: Literal["always", "office"] = param(
        "always", doc="A currency moves at any time, or while the banks of its jurisdiction are open.", role="lever"
    )
    quotes: Quotes = param(default_factory=Quotes, doc="Exchange.")
    validators: Validators = param(default_factory=Validators, doc="Who decides together.")
    queue: LedgerQueue = param(default_factory=LedgerQueue, doc="Payments that wait for money.")
    fee: Dollars = param(100, doc="What the payer's bank asks for each payment.")
    fee_share: Share = param(0.0005, doc="What it asks on top, as a share of the sum.", le=0.5)
