"""What every run has, declared in the way of features: it comes before all of them."""

from __future__ import annotations

from typing import Final

from sandbox.base.metrics import METRICS
from sandbox.feature import Feature, Later
from sandbox.scenario.section import Within

FEATURE: Final = Feature(
    "base",
    (
        Within(lambda scenario: scenario),
        Later("sandbox.control.Simulated", "sandbox.base.simulated:SIMULATED"),
        METRICS,
    ),
)
