"""Digital bills: what may happen to one, the register of what did, and their market in a run.

`schema` is what an analyst writes, `accounts` who has money, `bill` what may happen to a bill, `register` what did,
`market` the processes of a run, `results` its tables and numbers, `audit` what is worked out again, `chapter` (with
`view`, `figures`, `names`) its report. What the rest of the house needs to know is below.
"""

from __future__ import annotations

from typing import Final

from sandbox.feature import Feature, Later
from sandbox.features.bills.metrics import METRICS
from sandbox.tables import Column, Tables, ints, texts

TABLES: Final = {
    "bills": (
        *ints("bill_id", "part", "first", "last", "chain", "tier", "drawer", "acceptor", "holder"),
        *texts("kind"),
        *ints("face_fen", "issued_at_us", "due_at_us"),
        Column("ended_at_us", "int64", nullable=True),
        *texts("state"),
        *ints("endorsements", "discounted_fen", "cost_fen"),
        Column("borne_by", "int64", nullable=True),
    ),
    "bill_entries": (
        *ints("bill_id", "entry", "at_us"),
        *texts("move"),
        *ints("by"),
        Column("content", "long_text"),
        Column("signature", "long_text"),
    ),
}


FEATURE: Final = Feature(
    "bills",
    (
        Later("sandbox.scenario.section.Section", "sandbox.features.bills.schema:SECTION"),
        Tables(TABLES),
        METRICS,
        Later("sandbox.market.accounts.Accounts", "sandbox.features.bills.accounts:ACCOUNTS"),
        Later("sandbox.control.Simulated", "sandbox.features.bills.market:SIMULATED"),
        Later("sandbox.audit.joint.Audit", "sandbox.features.bills.audit:AUDIT"),
        Later("reports.chapter.Chapter", "sandbox.features.bills.chapter:CHAPTER"),
        Later("reports.view.events.Events", "sandbox.features.bills.names:EVENT_WORDS"),
    ),
)  # fmt: skip
