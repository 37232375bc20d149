"""Financial crime with ground truth: rings that pay, meet the rules and adapt.

`schema` is what an analyst writes, `shapes` of what payments a pattern consists, `channels` where crime hides, `plan`
who takes part, when and with how much, `rings` what one does in a run and `adaptation` what it does about a refusal,
`criminals` all of them, `inherent` which columns may tell a pattern, `metrics` what the numbers are, `chapter` (with
`leakage`, `view`, `figures`, `names`) the report, `amlworld` a published layout of its payments. What the rest of the
house needs to know is below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sandbox.export.layout import Layout
from sandbox.feature import Feature, Later
from sandbox.features.crime.metrics import METRICS
from sandbox.language import N_, _
from sandbox.summary_lines import Line, Money
from sandbox.tables import Tables, ints, texts

TABLES: Final = {"patterns": (*ints("payment_id"), *texts("pattern"), *ints("instance", "step", "part"))}


def _lines(summary: Mapping[str, Any], money: Money) -> Iterator[tuple[str, str]]:
    if found := summary.get("crime"):
        told = _(
            "{payments} criminal payments, {settled} settled ({value})",
            payments=f"{found['payments']:,}",
            settled=f"{found['settled']:,}",
            value=money(found["settled_fen"]),
        )
        yield _("crime"), told


FEATURE: Final = Feature(
    "crime",
    (
        Later("sandbox.scenario.section.Section", "sandbox.features.crime.schema:SECTION"),
        Tables(TABLES),
        METRICS,
        Line(_lines),
        Layout("amlworld", "sandbox.features.crime.amlworld:export", N_("transactions and laundering patterns")),
        Later("sandbox.market.accounts.Accounts", "sandbox.features.crime.accounts:ACCOUNTS"),
        Later("sandbox.control.Simulated", "sandbox.features.crime.criminals:SIMULATED"),
        Later("reports.chapter.Chapter", "sandbox.features.crime.chapter:CHAPTER"),
    ),
)
