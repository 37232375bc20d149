"""What every run has, declared in the way of features: it comes before all of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from sandbox.base.metrics import METRICS
from sandbox.feature import Feature, Later
from sandbox.scenario.section import Within

if TYPE_CHECKING:
    from sandbox.scenario.schema.fields import Problem


def _problems(scenario: Any, __: object) -> Iterable[Problem]:
    from sandbox.base.answers import problems

    return problems(scenario)


FEATURE: Final = Feature(
    "base",
    (
        Within(lambda scenario: scenario, _problems),
        Later("sandbox.control.Simulated", "sandbox.base.simulated:SIMULATED"),
        METRICS,
    ),
)
