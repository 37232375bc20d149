"""Financial crime with ground truth."""

from __future__ import annotations

from typing import Final

from sandbox.feature import Feature
from sandbox.features.crime.metrics import METRICS
from sandbox.scenario.section import Within

FEATURE: Final = Feature("crime", (Within(lambda scenario: scenario.crime), METRICS))
