"""Programmable money and sub-wallets: contracts that hold money in pending transfers and say when it goes on or back.

`schema` and `checks` are what an analyst writes, `accounts` who has money, `component` the processes of a run, its
tables and numbers, `service` what all contracts share, `active` what all kinds have (`courses`, `subsidies`, `gifts`,
`deliveries`, `dividends`, `fees`, `sub_wallets`), `draws` their draws, `audit` what is worked out again, `chapter`
(with `view`, `figures`, `names`) its report. What the rest of the house needs to know is below.
"""

from __future__ import annotations

from typing import Final

from sandbox.feature import Feature, Later
from sandbox.features.contracts.metrics import METRICS
from sandbox.tables import Column, Tables, ints, texts

TABLES: Final = {
    "vouchers": (
        *ints("voucher"),
        *texts("kind", "contract"),
        *ints("issuer"),
        Column("holder", "int64", nullable=True),
        Column("payee", "int64", nullable=True),
        *ints("amount_fen", "spent_fen", "returned_fen", "refused", "created_at_us"),
        Column("ended_at_us", "int64", nullable=True),
        *texts("ending"),
        Column("reason", "text", nullable=True),
    ),
    "contracts": (*ints("at_us"), *texts("kind"), *ints("held_fen", "spent_fen", "returned_fen")),
}


FEATURE: Final = Feature(
    "contracts",
    (
        Later("sandbox.scenario.section.Section", "sandbox.features.contracts.checks:SECTION"),
        Tables(TABLES),
        METRICS,
        Later("sandbox.market.accounts.Accounts", "sandbox.features.contracts.accounts:ACCOUNTS"),
        Later("sandbox.control.Simulated", "sandbox.features.contracts.component:SIMULATED"),
        Later("sandbox.audit.joint.Audit", "sandbox.features.contracts.audit:AUDIT"),
        Later("reports.chapter.Chapter", "sandbox.features.contracts.chapter:CHAPTER"),
        Later("reports.view.events.Events", "sandbox.features.contracts.names:EVENT_WORDS"),
    ),
)
