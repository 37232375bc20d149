"""A flight from bank deposits into digital currency.

`schema` is what an analyst writes, `accounts` who has money, `depositors` how people decide, `banks` what banks can
pay with, `component` the process of a run with its table, `metrics` its numbers, `chapter` (with `view`, `figures`,
`names`) its report, `ecb_study` what was published. What the rest of the house needs to know is below.
"""

from __future__ import annotations

from typing import Final

from sandbox.feature import Feature, Later
from sandbox.features.flight.metrics import METRICS
from sandbox.tables import Column, Tables, ints

TABLES: Final = {
    "flight": (
        *ints("at_us"),
        Column("bank", "text", nullable=True),
        *ints("deposits_fen", "converted_fen", "reserves_fen", "funding_fen", "unmet_fen", "alarmed"),
    ),
}


FEATURE: Final = Feature(
    "flight",
    (
        Later("sandbox.scenario.section.Section", "sandbox.features.flight.schema:SECTION"),
        Tables(TABLES),
        METRICS,
        Later("sandbox.market.accounts.Accounts", "sandbox.features.flight.accounts:ACCOUNTS"),
        Later("sandbox.control.Simulated", "sandbox.features.flight.component:SIMULATED"),
        Later("reports.chapter.Chapter", "sandbox.features.flight.chapter:CHAPTER"),
        Later("reports.view.events.Events", "sandbox.features.flight.chapter:EVENTS"),
        Later("sandbox.validation.check.Published", "sandbox.features.flight.published:PUBLISHED"),
    ),
)
