"""Supervision of payments: who sees what, detectors, analysts and freezes, breakdowns and reports about them.

`schema/` is what an analyst writes. `visibility` is who sees what, `eyes` one pair of eyes with its `detectors/`, an
`alert` stands in the `alert_book`; `large_value` reports what is large, `cases` (with `desk`) is what analysts do about
alerts, `incidents` what institutions owe about breakdowns. `frontier` and `aggregates` say what anonymity costs, and
`scoring` holds alerts against the truth when the run is over. `part` is all of it in a run, `metrics` what its numbers
are, `published` what was published (`detection` holds runs against it), `report/` its chapters. What the rest of the
house needs to know is below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sandbox.feature import Feature, Later
from sandbox.features.supervision.metrics import METRICS
from sandbox.lines import Line, Money, share
from sandbox.tables import Column, Tables, ints, texts

TABLES: Final = {
    "alerts": (
        *ints("alert_id", "at_us"),
        *texts("kind", "rule"),
        Column("account", "int64", nullable=True),
        *ints("amount_fen", "payments"),
        Column("payment_ids", "long_text"),
        Column("figures", "long_text"),
        *texts("status"),
        Column("closed_at_us", "int64", nullable=True),
    ),
}


def _lines(summary: Mapping[str, Any], money: Money) -> Iterator[tuple[str, str]]:
    risk = summary.get("risk", {})
    scored = risk.get("financial_crime") or {}
    if found := summary.get("supervision"):
        judged, recall = (scored.get(name) for name in ("precision", "recall"))
        right = (
            "" if None in (judged, recall) else f", {share(judged)} right; {share(recall)} of criminal payments found"
        )
        yield "supervision", f"{found['alerts']:,} alerts{right}"
    if cases := summary.get("cases"):
        done = f"{cases['triaged']:,} alerts looked at, {cases['reported']:,} reported"
        yield "analysts", f"{done}, {cases['frozen']:,} accounts frozen; {cases['backlog']:,} waiting"
        if scored and cases["frozen"]:
            honest = f"{scored['honest_stopped']:,} honest ones"
            yield "freezes", f"stopped {scored['stopped']:,} criminal payments and {honest}"
    if found := summary.get("incidents"):
        in_time, late, missing = (found[f"reports_{name}"] for name in ("in_time", "late", "overdue"))
        reports = f"{in_time:,} in time, {late:,} late, {missing:,} missing"
        yield "breakdowns", f"{found['incidents']:,} noticed; reports: {reports}"
    if found := risk.get("privacy"):
        hidden, value = (found.get(f"unattributable_{name}") for name in ("share", "value_share"))
        if None in (hidden, value):
            yield "privacy", "nothing settled, so there is none to tell"
        else:
            yield "privacy", f"nobody can attribute {share(hidden)} of payments, {share(value)} of their value"


FEATURE: Final = Feature(
    "supervision",
    (
        Later("sandbox.scenario.section.Section", "sandbox.features.supervision.schema.section:SECTION"),
        Tables(TABLES),
        METRICS,
        Line(_lines),
        Later("sandbox.control.Simulated", "sandbox.features.supervision.part:SIMULATED"),
        Later("reports.chapter.Chapter", "sandbox.features.supervision.report.chapter:CHAPTER"),
        Later("reports.view.events.Events", "sandbox.features.supervision.report.details:EVENTS"),
        Later("sandbox.validation.check.Published", "sandbox.features.supervision.published:PUBLISHED"),
    ),
)
