"""How cohorts of people fare."""

from __future__ import annotations

from typing import Final

from sandbox.feature import Feature
from sandbox.features.inclusion.metrics import METRICS
from sandbox.scenario.section import Within

FEATURE: Final = Feature("inclusion", (Within(lambda scenario: scenario.population.cohorts or None), METRICS))
