"""Financial crime with ground truth: rings that pay, meet the rules and adapt.

`schema` is what an analyst writes, `shapes` of what payments a pattern consists, `channels` where crime hides, `plan`
who takes part, when and with how much, `rings` what one does in a run and `adaptation` what it does about a refusal,
`criminals` all of them, `inherent` which columns may tell a pattern, `metrics` what the numbers are, `chapter` (with
`leakage` and `names`) the report, `amlworld` a published layout of its payments. What the rest of the house needs to
know is below.
"""

from __future__ import annotations

from typing import Final

from sandbox.export.layout import Layout
from sandbox.feature import Feature, Later
from sandbox.features.crime.metrics import METRICS
from sandbox.language import N_
from sandbox.tables import Tables, ints, texts

TABLES: Final = {"patterns": (*ints("payment_id"), *texts("pattern"), *ints("instance", "step", "part"))}


FEATURE: Final = Feature(
    "crime",
    (
        Later("sandbox.scenario.section.Section", "sandbox.features.crime.schema:SECTION"),
        Tables(TABLES),
        METRICS,
        Layout("amlworld", "sandbox.features.crime.amlworld:export", N_("transactions and laundering patterns")),
        Later("sandbox.market.accounts.Accounts", "sandbox.features.crime.accounts:ACCOUNTS"),
        Later("sandbox.control.Simulated", "sandbox.features.crime.criminals:SIMULATED"),
        Later("reports.chapter.Chapter", "sandbox.features.crime.chapter:CHAPTER"),
    ),
)
