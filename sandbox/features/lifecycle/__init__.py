"""The life of the box: applicants, stages, reviews, complaints, and what follows.

What an analyst writes is the plan of the box (`rules.box.plan`). `accounts` are the compensation funds, `applicant` who
is let in, `members` who is inside, `kpis` what a review measures and `reviews` what it decides, `complaints` the office
and its fund, `after` the roll-out and other regimes, `part` all of it in a run, `metrics` what its numbers are,
`report/` the chapter. What the rest of the house needs to know is below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from sandbox.feature import Feature, Later
from sandbox.features.lifecycle.metrics import METRICS
from sandbox.lines import Line, Money, span
from sandbox.scenario.section import Within

if TYPE_CHECKING:
    from sandbox.scenario.schema import Scenario
    from sandbox.scenario.schema.plan import Plan


def _plan(scenario: Scenario) -> Plan | None:
    return scenario.rules.box.plan if scenario.rules.box.enabled else None


def _lines(summary: Mapping[str, Any], money: Money) -> Iterator[tuple[str, str]]:
    for one in (summary.get("lifecycle") or {}).get("applicants", []):
        shown = f"{one['institution']} {_spaced(one['stage'])} ({_spaced(one['reason'])})"
        if reviews := one["reviews"]:
            shown += f"; {one['participants']:,} customers; last of {len(reviews)} reviews: {reviews[-1]['decision']}"
        yield "sandbox", shown
    ends = [
        f"{regime['preset']} {_spaced(one['stage'])}"
        for regime in summary.get("regimes") or []
        for one in regime["applicants"]
    ]
    if ends:
        yield "regimes", ", ".join(ends)
    if rollout := summary.get("rollout"):
        if first := rollout["first"]:
            after = span(first["at_us"] / 1e6)
            yield "roll-out", f"first to break: {_spaced(first['subject'])}, after {after}"
        else:
            yield "roll-out", "nothing broke"


def _spaced(name: str | None) -> str:
    return (name or "-").replace("_", " ")


FEATURE: Final = Feature(
    "lifecycle",
    (
        Within(_plan),
        METRICS,
        Line(_lines),
        Later("sandbox.market.accounts.Accounts", "sandbox.features.lifecycle.accounts:ACCOUNTS"),
        Later("sandbox.control.Simulated", "sandbox.features.lifecycle.part:SIMULATED"),
        Later("reports.chapter.Chapter", "sandbox.features.lifecycle.report.chapter:CHAPTER"),
        Later("reports.view.events.Events", "sandbox.features.lifecycle.report.details:EVENTS"),
    ),
)
