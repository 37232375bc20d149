"""Inclusion: how the payments of cohorts of people fare beside everybody's.

Cohorts are people of a scenario (`population.cohorts`). `cohorts` counts their payments, `metrics` says what the
numbers are, `audit` looks through the table, `chapter` (with `view`, `figures`) is the report. What the rest of the
house needs to know is below.
"""

from __future__ import annotations

from typing import Final

from sandbox.feature import Feature, Later
from sandbox.features.inclusion.metrics import METRICS
from sandbox.scenario.section import Within
from sandbox.tables import Tables, ints, texts

FEATURE: Final = Feature(
    "inclusion",
    (
        Within(lambda scenario: scenario.population.cohorts or None),
        Tables({"cohorts": (*ints("account"), *texts("cohort"))}),
        METRICS,
        Later("sandbox.control.Simulated", "sandbox.features.inclusion.cohorts:SIMULATED"),
        Later("sandbox.audit.joint.Audit", "sandbox.features.inclusion.audit:AUDIT"),
        Later("reports.chapter.Chapter", "sandbox.features.inclusion.chapter:CHAPTER"),
    ),
)
