"""Inclusion: how the payments of cohorts of people fare beside everybody's.

Cohorts are people of a scenario (`population.cohorts`). `cohorts` counts their payments, `metrics` says what the
numbers are, `verify` looks through the table, `chapter` (with `view`, `figures`) is the report. What the rest of the
house needs to know is below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sandbox.feature import Feature, Later
from sandbox.features.inclusion.metrics import METRICS
from sandbox.lines import Line, Money, share
from sandbox.scenario.section import Within
from sandbox.tables import Tables, ints, texts


def _lines(summary: Mapping[str, Any], money: Money) -> Iterator[tuple[str, str]]:
    if found := summary.get("risk", {}).get("inclusion"):
        if found["worst_cohort"] is None:
            yield "inclusion", f"no cohort made {found['fewest_payments']:,} payments"
            return
        cohort, lowest = found["worst_cohort"].replace("_", " "), share(found["worst_success_share"])
        settled = f"{lowest} of {found['worst_payments']:,} payments settled"
        yield "inclusion", f"lowest: {cohort}, {settled}; all people {share(found['success_share'])}"


FEATURE: Final = Feature(
    "inclusion",
    (
        Within(lambda scenario: scenario.population.cohorts or None),
        Tables({"cohorts": (*ints("account"), *texts("cohort"))}),
        METRICS,
        Line(_lines),
        Later("sandbox.control.Simulated", "sandbox.features.inclusion.cohorts:SIMULATED"),
        Later("sandbox.verify.joint.Check", "sandbox.features.inclusion.verify:CHECK"),
        Later("reports.chapter.Chapter", "sandbox.features.inclusion.chapter:CHAPTER"),
    ),
)
