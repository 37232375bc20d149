"""Data for money: trades, data invoices, and their anchors in two ledgers that recognise each other.

`schema` is what an analyst writes, `accounts` who has money, `trade` what may happen to a trade, `anchors` the two
ledgers, `people` who shares in the price, `exchange` the processes of a run, `results` its tables and numbers, `audit`
what is worked out again, `chapter` (with `view`, `figures`, `names`) its report. What the rest of the house needs to
know is below.
"""

from __future__ import annotations

from typing import Final

from sandbox.feature import Feature, Later
from sandbox.features.data_exchange.metrics import METRICS
from sandbox.tables import Column, Tables, ints, texts

TABLES: Final = {
    "data_trades": (
        *ints("trade_id"),
        *texts("product", "kind"),
        *ints("seller", "buyer", "units", "used", "unit_price_fen", "price_fen", "paid_fen", "returned_fen"),
        *ints("people_fen", "fee_fen"),
        Column("payment_id", "int64", nullable=True),
        *ints("ordered_at_us"),
        *(Column(f"{name}_at_us", "int64", nullable=True) for name in ("held", "delivered", "ended", "anchored")),
        Column("anchor", "int64", nullable=True),
        Column("promised", "long_text"),
        Column("invoice", "long_text", nullable=True),
        *texts("state"),
    ),
    "data_register": (
        *ints("entry", "at_us"),
        *texts("move"),
        Column("content", "long_text"),
        Column("signature", "long_text"),
    ),
    "data_shares": (*ints("pay_out", "at_us"), *texts("product"), *ints("account", "used", "amount_fen")),
}


FEATURE: Final = Feature(
    "data_exchange",
    (
        Later("sandbox.scenario.section.Section", "sandbox.features.data_exchange.schema:SECTION"),
        Tables(TABLES, sometimes=frozenset({"data_shares"})),
        METRICS,
        Later("sandbox.market.accounts.Accounts", "sandbox.features.data_exchange.accounts:ACCOUNTS"),
        Later("sandbox.control.Simulated", "sandbox.features.data_exchange.exchange:SIMULATED"),
        Later("sandbox.audit.joint.Audit", "sandbox.features.data_exchange.audit:AUDIT"),
        Later("reports.chapter.Chapter", "sandbox.features.data_exchange.chapter:CHAPTER"),
        Later("reports.view.events.Events", "sandbox.features.data_exchange.names:EVENT_WORDS"),
    ),
)  # fmt: skip
