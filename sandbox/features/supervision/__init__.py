"""Supervision of payments: detectors, cases, incidents."""

from __future__ import annotations

from typing import Final

from sandbox.feature import Feature
from sandbox.features.supervision.metrics import METRICS
from sandbox.scenario.section import Within

FEATURE: Final = Feature("supervision", (Within(lambda scenario: scenario.supervision), METRICS))
