"""Schema of the shared ledger: one ledger that holds several central banks' money (after mBridge)."""

from __future__ import annotations

from sandbox.scenario.schema.fields import Dollars, Model, param


class SharedLedger(Model):
    """A multi-currency ledger of several central banks."""

    liquidity: Dollars = param(
        100_000_000_00, doc="What each bank holds at the start in its own currency and in each it pays in."
    )
