"""Supervision of payments: who sees what, detectors, analysts and freezes, breakdowns and reports about them.

`schema/` is what an analyst writes. `visibility` is who sees what, `monitor` the view of one viewer and the
`detectors/` that look at it, an `alert` stands in the `alert_book`; `large_value` reports what is large, `cases` is
what analysts (`staff`) do about alerts, `incidents` what institutions owe about breakdowns. `frontier` and
`aggregates` say what anonymity costs, and `scoring` holds alerts against the truth when the run is over. `component`
is all of it in a run, `metrics` what its numbers are, `published` what was published (`detection` holds runs against
it), `report/` its chapters. What the rest of the house needs to know is below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sandbox.feature import Feature, Later
from sandbox.features.supervision.metrics import METRICS
from sandbox.language import N_, _
from sandbox.summary_lines import Line, Money, share
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


def _counts(found: Mapping[str, Any], *names: str) -> dict[str, str]:
    return {name: f"{found[name]:,}" for name in names}


def _lines(summary: Mapping[str, Any], money: Money) -> Iterator[tuple[str, str]]:
    risk = summary.get("risk", {})
    scored = risk.get("financial_crime") or {}
    if found := summary.get("supervision"):
        judged, recall = (scored.get(name) for name in ("precision", "recall"))
        if None in (judged, recall):
            told = _("{alerts} alerts", **_counts(found, "alerts"))
        else:
            right, caught = share(judged), share(recall)
            message = N_("{alerts} alerts, {right} right; {caught} of criminal payments found")
            told = _(message, **_counts(found, "alerts"), right=right, caught=caught)
        yield _("supervision"), told
    if cases := summary.get("cases"):
        message = N_("{triaged} alerts looked at, {reported} reported, {frozen} accounts frozen; {backlog} waiting")
        yield _("analysts"), _(message, **_counts(cases, "triaged", "reported", "frozen", "backlog"))
        if scored and cases["frozen"]:
            message = N_("stopped {stopped} criminal payments and {honest_stopped} honest ones")
            yield _("freezes"), _(message, **_counts(scored, "stopped", "honest_stopped"))
    if found := summary.get("incidents"):
        told = _(
            "{incidents} noticed; reports: {reports_in_time} in time, {reports_late} late, {reports_overdue} missing",
            **_counts(found, "incidents", "reports_in_time", "reports_late", "reports_overdue"),
        )
        yield _("breakdowns"), told
    if found := risk.get("privacy"):
        hidden, value = (found.get(f"unattributable_{name}") for name in ("share", "value_share"))
        if None in (hidden, value):
            yield _("privacy"), _("nothing settled, so there is none to tell")
        else:
            message = N_("nobody can attribute {hidden} of payments, {value} of their value")
            yield _("privacy"), _(message, hidden=share(hidden), value=share(value))


FEATURE: Final = Feature(
    "supervision",
    (
        Later("sandbox.scenario.section.Section", "sandbox.features.supervision.schema.section:SECTION"),
        Tables(TABLES),
        METRICS,
        Line(_lines),
        Later("sandbox.control.Simulated", "sandbox.features.supervision.component:SIMULATED"),
        Later("reports.chapter.Chapter", "sandbox.features.supervision.report.chapter:CHAPTER"),
        Later("reports.view.events.Events", "sandbox.features.supervision.report.details:EVENTS"),
        Later("sandbox.validation.check.Published", "sandbox.features.supervision.published:PUBLISHED"),
    ),
)
