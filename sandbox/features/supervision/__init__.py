"""Supervision of payments: detectors, cases, incidents."""

from __future__ import annotations

from typing import Final

from sandbox.feature import Feature, Later
from sandbox.features.supervision.metrics import METRICS
from sandbox.scenario.section import Within

FEATURE: Final = Feature(
    "supervision",
    (
        Within(lambda scenario: scenario.supervision),
        METRICS,
        Later("reports.chapter.Chapter", "sandbox.features.supervision.report.chapter:CHAPTER"),
        Later("reports.view.timeline.Events", "sandbox.features.supervision.report.details:EVENTS"),
        Later("reports.text.Words", "sandbox.features.supervision.report.words:WORDS"),
    ),
)
