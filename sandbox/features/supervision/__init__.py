"""Supervision of payments: who sees what, detectors, analysts and freezes, breakdowns and reports about them.

`schema/` is what an analyst writes. `visibility` is who sees what, `monitor` the view of one viewer and the
`detectors/` that look at it, an `alert` stands in the `alert_book`; `large_value` reports what is large, `cases` is
what analysts (`staff`) do about alerts, `incidents` what institutions owe about breakdowns. `frontier` and
`aggregates` say what anonymity costs, and `scoring` holds alerts against the truth when the run is over. `component`
is all of it in a run, `metrics` what its numbers are, `published` what was published (`detection` holds runs against
it), `report/` its chapters. What the rest of the house needs to know is below.
"""

from __future__ import annotations

from typing import Final

from sandbox.feature import Feature, Later
from sandbox.features.supervision.metrics import METRICS
from sandbox.tables import Column, Tables, ints, texts

TABLES: Final = {
    "alerts": (
        *ints("alert_id", "at_us"),
        *texts("kind", "rule"),
        Column("account", "int64", nullable=True),
        *ints("amount_fen", "payments"),
        Column("payment_ids", "long_text"),
        Column("figures", "long_text"),
        *texts("status"),
        Column("closed_at_us", "int64", nullable=True),
    ),
}


FEATURE: Final = Feature(
    "supervision",
    (
        Later("sandbox.scenario.section.Section", "sandbox.features.supervision.schema.section:SECTION"),
        Tables(TABLES),
        METRICS,
        Later("sandbox.control.Simulated", "sandbox.features.supervision.component:SIMULATED"),
        Later("reports.chapter.Chapter", "sandbox.features.supervision.report.chapter:CHAPTER"),
        Later("reports.view.events.Events", "sandbox.features.supervision.report.details:EVENTS"),
        Later("sandbox.validation.check.Published", "sandbox.features.supervision.published:PUBLISHED"),
    ),
)
