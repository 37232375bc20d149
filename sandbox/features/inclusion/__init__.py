"""Inclusion: how the payments of cohorts of people fare beside everybody's.

Cohorts are people of a scenario (`population.cohorts`). `cohorts` counts their payments, `metrics` says what the
numbers are, `audit` looks through the table, `chapter` (with `view`, `figures`) is the report. What the rest of the
house needs to know is below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sandbox.feature import Feature, Later
from sandbox.features.inclusion.metrics import METRICS
from sandbox.language import _
from sandbox.scenario.section import Within
from sandbox.summary_lines import Line, Money, share
from sandbox.tables import Tables, ints, texts


def _lines(summary: Mapping[str, Any], money: Money) -> Iterator[tuple[str, str]]:
    if found := summary.get("risk", {}).get("inclusion"):
        if found["worst_cohort"] is None:
            yield _("inclusion"), _("no cohort made {fewest} payments", fewest=f"{found['fewest_payments']:,}")
            return
        told = _(
            "lowest: {cohort}, {lowest} of {payments} payments settled; all people {all}",
            cohort=found["worst_cohort"].replace("_", " "),
            lowest=share(found["worst_success_share"]),
            payments=f"{found['worst_payments']:,}",
            all=share(found["success_share"]),
        )
        yield _("inclusion"), told


FEATURE: Final = Feature(
    "inclusion",
    (
        Within(lambda scenario: scenario.population.cohorts or None),
        Tables({"cohorts": (*ints("account"), *texts("cohort"))}),
        METRICS,
        Line(_lines),
        Later("sandbox.control.Simulated", "sandbox.features.inclusion.cohorts:SIMULATED"),
        Later("sandbox.audit.joint.Audit", "sandbox.features.inclusion.audit:AUDIT"),
        Later("reports.chapter.Chapter", "sandbox.features.inclusion.chapter:CHAPTER"),
    ),
)
