"""The life of the box: applicants, stages, reviews, complaints, and what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sandbox.feature import Feature, Later
from sandbox.features.lifecycle.metrics import METRICS
from sandbox.scenario.section import Within

if TYPE_CHECKING:
    from sandbox.scenario.schema import Scenario
    from sandbox.scenario.schema.plan import Plan


def _plan(scenario: Scenario) -> Plan | None:
    return scenario.rules.box.plan if scenario.rules.box.enabled else None


FEATURE: Final = Feature(
    "lifecycle",
    (
        Within(_plan),
        METRICS,
        Later("sandbox.market.accounts.Accounts", "sandbox.features.lifecycle.accounts:ACCOUNTS"),
        Later("sandbox.control.Simulated", "sandbox.oversight.lifecycle:SIMULATED"),
    ),
)
