"""Hard wallets: purses that pay one another without a network, and how that is settled afterwards.

`schema` is what an analyst writes, `accounts` who has money. What a purse signs is in `records`, what is wrong with a
record in `checks`, what a device knows and does in `device`. `plan` draws who has a purse and wants to pay when,
`network` when it is down, `fleet` is everybody with a device and what they do, `lost` and `attacks` what goes wrong (a
`spender` empties a purse), `register` settles it (a `purse` is what it knows of one, `rows` what becomes of payments).
`component` puts a run together, `results` has its table and numbers, `audit` what is worked out again, `chapter` (with
`view`, `figures`, `names`) its report. What the rest of the house needs to know is below.
"""

from __future__ import annotations

from typing import Final

from sandbox.feature import Feature, Later
from sandbox.features.offline.metrics import METRICS
from sandbox.tables import Column, Tables, flags, ints, texts

TABLES: Final = {
    "offline": (
        *ints("offline_id"),
        *texts("payer", "payee"),
        *ints("payer_account", "payee_account", "amount_fen", "counter", "hops", "made_at_us"),
        Column("presented_at_us", "int64", nullable=True),
        Column("settled_at_us", "int64", nullable=True),
        *texts("outcome"),
        Column("borne_by", "text", nullable=True),
        *ints("loss_fen"),
        *flags("signed"),
        Column("label", "text", nullable=True),
    ),
}


FEATURE: Final = Feature(
    "offline",
    (
        Later("sandbox.scenario.section.Section", "sandbox.features.offline.schema:SECTION"),
        Tables(TABLES),
        METRICS,
        Later("sandbox.market.accounts.Accounts", "sandbox.features.offline.accounts:ACCOUNTS"),
        Later("sandbox.control.Simulated", "sandbox.features.offline.component:SIMULATED"),
        Later("sandbox.audit.joint.Audit", "sandbox.features.offline.audit:AUDIT"),
        Later("reports.chapter.Chapter", "sandbox.features.offline.chapter:CHAPTER"),
        Later("reports.view.events.Events", "sandbox.features.offline.names:EVENT_WORDS"),
    ),
)  # fmt: skip
