"""The life of the box: applicants, stages, reviews, complaints, and what follows.

What an analyst writes is the plan of the box (`rules.box.plan`). `accounts` are the compensation funds, `applicant` how
far each has come, `members` who is inside, `kpis` what a review measures and `reviews` what it decides, `complaints`
the office and its fund, `further_runs` the roll-out and other regimes, `component` all of it in a run, `metrics` what
its numbers are, `report/` the chapter. What the rest of the house needs to know is below.
"""

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
        Later("sandbox.control.Simulated", "sandbox.features.lifecycle.component:SIMULATED"),
        Later("reports.chapter.Chapter", "sandbox.features.lifecycle.report.chapter:CHAPTER"),
        Later("reports.view.events.Events", "sandbox.features.lifecycle.report.details:EVENTS"),
    ),
)
