"""The life of the box: applicants, stages, reviews, complaints, and what follows.

What an analyst writes is the plan of the box (`rules.box.plan`). `accounts` are the compensation funds, `applicant` how
far each has come, `members` who is inside, `kpis` what a review measures and `reviews` what it decides, `complaints`
the office and its fund, `further_runs` the roll-out and other regimes, `component` all of it in a run, `metrics` what
its numbers are, `report/` the chapter. What the rest of the house needs to know is below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from sandbox.feature import Feature, Later
from sandbox.features.lifecycle.metrics import METRICS
from sandbox.language import _, named
from sandbox.scenario.section import Within
from sandbox.summary_lines import Line, Money, span

if TYPE_CHECKING:
    from sandbox.scenario.schema import Scenario
    from sandbox.scenario.schema.plan import Plan


def _plan(scenario: Scenario) -> Plan | None:
    return scenario.rules.box.plan if scenario.rules.box.enabled else None


def _lines(summary: Mapping[str, Any], money: Money) -> Iterator[tuple[str, str]]:
    for one in (summary.get("lifecycle") or {}).get("applicants", []):
        yield _("sandbox"), _applicant(one)
    ends = [
        _("{preset} {stage}", preset=regime["preset"], stage=_stage(one["stage"]))
        for regime in summary.get("regimes") or []
        for one in regime["applicants"]
    ]
    if ends:
        yield _("regimes"), _(", ").join(ends)
    if rollout := summary.get("rollout"):
        if first := rollout["first"]:
            subject, after = (first["subject"] or "-").replace("_", " "), span(first["at_us"] / 1e6)
            yield _("roll-out"), _("first to break: {subject}, after {after}", subject=subject, after=after)
        else:
            yield _("roll-out"), _("nothing broke")


def _applicant(one: Mapping[str, Any]) -> str:
    from sandbox.features.lifecycle.report.names import DECISIONS
    from sandbox.features.lifecycle.report.view import reason_words

    shown = _(
        "{institution} {stage} ({reason})",
        institution=one["institution"],
        stage=_stage(one["stage"]),
        reason=reason_words(one["reason"] or "-"),
    )
    if not (reviews := one["reviews"]):
        return shown
    return _(
        "{shown}; {participants} customers; last of {count} reviews: {decision}",
        shown=shown,
        participants=f"{one['participants']:,}",
        count=str(len(reviews)),
        decision=named(DECISIONS, reviews[-1]["decision"]),
    )


def _stage(stage: str | None) -> str:
    from sandbox.features.lifecycle.report.names import STAGES

    return named(STAGES, stage or "-")


FEATURE: Final = Feature(
    "lifecycle",
    (
        Within(_plan),
        METRICS,
        Line(_lines),
        Later("sandbox.market.accounts.Accounts", "sandbox.features.lifecycle.accounts:ACCOUNTS"),
        Later("sandbox.control.Simulated", "sandbox.features.lifecycle.component:SIMULATED"),
        Later("reports.chapter.Chapter", "sandbox.features.lifecycle.report.chapter:CHAPTER"),
        Later("reports.view.events.Events", "sandbox.features.lifecycle.report.details:EVENTS"),
    ),
)
