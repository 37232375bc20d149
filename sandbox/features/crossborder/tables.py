"""The table of payments across borders: a row a payment and arrangement."""

from __future__ import annotations

from typing import Final

from sandbox.tables import Column, Tables, flags, ints, texts

TABLES: Final = Tables(
    {
        "crossborder": (
            *ints("payment_id"),
            *texts("path"),
            Column("uetr", "long_text"),
            *texts("corridor", "purpose"),
            *ints("payer", "payee"),
            *texts(
                "payer_bank", "payee_bank", "from_jurisdiction", "to_jurisdiction", "payer_currency", "payee_currency"
            ),
            *ints("amount_fen"),
            Column("credited_fen", "int64", nullable=True),
            *ints("value_usd_cents", "fee_fen", "fx_cost_fen"),
            Column("rate", "float64", nullable=True),
            *ints("submitted_at_us"),
            Column("settled_at_us", "int64", nullable=True),
            Column("completed_at_us", "int64", nullable=True),
            *texts("outcome"),
            Column("reason", "text", nullable=True),
            *ints("hops"),
            Column("agents", "long_text"),
            Column("dealer", "text", nullable=True),
            *ints("compliance_us", "queued_us", "closed_us", "consensus_us"),
            *flags("pvp"),
            Column("exposed_from_us", "int64", nullable=True),
            *ints("exposed_us", "exposed_fen"),
        ),
    }
)
