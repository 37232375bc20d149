"""Payments across borders: over a shared ledger of many central banks, and through a chain of correspondent banks.

`schema` is what an analyst writes, `demand` who pays whom, `accounts` who has money, `calendar` when places are open,
`currencies` and `rates` in what they pay, `gates` what a payment has to pass, `payment` what became of it; `chain`
and `ledger` are the two arrangements (`queue`: the ledger's), `arrangement` and `setting` what they share, `visitors`
people from abroad, `component` all of it in a run; `numbers` (with `positions`) its sums, `metrics` and `tables` what
these are, `audit` what is worked out again, `report` the chapter; `messages` are its
payments as ISO 20022, `published` what was published about such payments, `participants` who can fail in a stress
test. What the rest of the house needs to know is below.
"""

from __future__ import annotations

from typing import Final

from sandbox.export.layout import Layout
from sandbox.feature import Feature, Later
from sandbox.features.crossborder.metrics import METRICS
from sandbox.features.crossborder.tables import TABLES
from sandbox.language import N_

FEATURE: Final = Feature(
    "crossborder",
    (
        Later("sandbox.scenario.section.Section", "sandbox.features.crossborder.schema.checks:SECTION"),
        TABLES,
        METRICS,
        Layout(
            "iso20022", "sandbox.features.crossborder.messages.export:export",
            N_("payments across borders as pacs.008, pacs.009, pacs.002 and camt.054"), can_be_short=True,
        ),
        Later("sandbox.market.accounts.Accounts", "sandbox.features.crossborder.accounts:ACCOUNTS"),
        Later("sandbox.control.Simulated", "sandbox.features.crossborder.component:SIMULATED"),
        Later("sandbox.audit.joint.Audit", "sandbox.features.crossborder.audit:AUDIT"),
        Later("reports.chapter.Chapter", "sandbox.features.crossborder.report.chapter:CHAPTER"),
        Later("reports.view.events.Events", "sandbox.features.crossborder.report.names:EVENT_WORDS"),
        Later("sandbox.experiment.stress.Participants", "sandbox.features.crossborder.participants:PARTICIPANTS"),
        Later("sandbox.validation.check.Published", "sandbox.features.crossborder.published:PUBLISHED"),
    ),
)  # fmt: skip
