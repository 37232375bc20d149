"""Supervision as a report shows it: from payments to freezes, scores, reports against clocks, the backlog."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from reports.reading import Entries
from reports.source import RunData

Ints = npt.NDArray[np.int64]

ROWS_AT_MOST: Final = 24
_TRIAGED: Final = ("alert_dismissed", "report_filed")


class Step(NamedTuple):
    """A step of the funnel: its name, how many, and of which earlier step (None: the first) they are a part."""

    name: str
    number: int
    of: str | None


# Freezes follow reports or key leads, as the scenario has it, so both are held against reports.
_FUNNEL: Final = (
    ("payments", "throughput.payments", None),
    ("alerts", "supervision.alerts", "payments"),
    ("triaged", "cases.triaged", "alerts"),
    ("reported", "cases.reported", "triaged"),
    ("key_leads", "cases.key_leads", "reported"),
    ("frozen", "cases.frozen", "reported"),
    ("kept", "cases.kept", "frozen"),
)


def funnel(run: RunData) -> list[Step]:
    """The steps of which the run has a number."""
    found = [(name, run.entries.whole(path), of) for name, path, of in _FUNNEL]
    return [Step(name, max(0, count), of) for name, count, of in found if count is not None]


class PatternScore(NamedTuple):
    """How well one pattern was found; money in fen, time in us."""

    name: str
    payments: int
    found: int
    value_share: float | None
    instances: int
    instances_found: int
    time_us: int | None
    stoppable_fen: int | None

    @property
    def recall(self) -> float:
        """Share of its payments that an alert rests on."""
        return self.found / self.payments if self.payments else 0.0


def patterns(run: RunData) -> list[PatternScore]:
    """Every pattern that happened, the best found first."""
    found = []
    for row in run.entries.rows("risk.financial_crime.by_pattern"):
        names = ("payments", "found", "instances", "instances_found")
        payments, hit, instances, seen = (max(0, row.amount(name)) for name in names)
        value = row.number("value_recall")
        share = None if value is None else min(1.0, max(0.0, float(value)))
        time_us, rest = row.instant("time_to_detect_us_median"), row.whole("stoppable_fen")
        found.append(
            PatternScore(row.text("pattern"), payments, min(hit, payments), share, instances, seen, time_us, rest)
        )
    return sorted(found, key=lambda one: (-one.recall, -one.payments, one.name))


class DetectorScore(NamedTuple):
    """How good the alerts of one detector were; `true` None: nobody knows."""

    name: str
    alerts: int
    true: int | None
    found: int | None

    @property
    def precision(self) -> float | None:
        """Share of its alerts that rest on a criminal payment."""
        return None if self.true is None or not self.alerts else min(1.0, self.true / self.alerts)


def detectors(run: RunData) -> list[DetectorScore]:
    """Every detector, those with most alerts first."""
    scored = {row.text("detector"): row for row in run.entries.rows("risk.financial_crime.by_detector")}
    raised, found = run.entries.section("supervision.alerts_by_detector"), []
    for name in raised.content:
        row = scored.get(name, Entries({}))
        found.append(DetectorScore(name, max(0, raised.amount(name)), row.whole("true_alerts"), row.whole("found")))
    return sorted(found, key=lambda one: (-one.alerts, one.name))


def settings(run: RunData, detector: str) -> list[tuple[str, str]]:
    """What a detector was set to: name and value of each parameter."""
    prefix = f"supervision.detectors.{detector}."
    found = [(one.path.removeprefix(prefix), one.value) for one in run.parameters if one.path.startswith(prefix)]
    return [(name, value) for name, value in found if name != "enabled" and "." not in name]


def setting(run: RunData, path: str) -> str | None:
    """The value of one parameter in force."""
    return next((one.value for one in run.parameters if one.path == path), None)


# --- the frontier ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Point:
    """A watcher: what nobody can attribute (share of payments), and what it found; `way` is `view` or `aggregates`."""

    way: str
    below_fen: int | None
    hidden: float
    recall: float
    row: Entries


def frontier(run: RunData) -> list[Point]:
    """Every watcher with both numbers, by the threshold of anonymity; counts with noise last."""
    found = []
    for row in run.entries.rows("risk.privacy.frontier"):
        hidden, recall = row.number("unattributable_share"), row.number("recall")
        if hidden is None or recall is None or not (0 <= hidden <= 1 and 0 <= recall <= 1):
            continue
        found.append(Point(row.text("way"), row.whole("anonymous_below_fen"), float(hidden), float(recall), row))
    return sorted(found, key=lambda one: (one.way != "view", one.below_fen or 0))


def viewers(run: RunData) -> list[tuple[str, tuple[float, float, float]]]:
    """Viewers with the shares of payments of which they know the payer's name, a pseudonym, nothing."""
    found = []
    for row in run.entries.rows("risk.privacy.by_viewer"):
        shares = [row.number(name) for name in ("named", "pseudonym", "unseen")]
        if all(one is not None and -1e-9 <= one <= 1 + 1e-9 for one in shares):
            named, pseudonym, unseen = (min(1.0, max(0.0, float(one or 0))) for one in shares)
            found.append((row.text("viewer"), (named, pseudonym, unseen)))
    return found


# --- reports of incidents -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class IncidentReport:
    """A report about an incident that was filed or is overdue; `filed_us` None: not there when the run ended."""

    institution: str
    incident: int
    report: str
    noticed_us: int
    due_us: int
    filed_us: int | None

    @property
    def late_us(self) -> int:
        """By how much it was late; 0 if it was in time, or has not come."""
        return max(0, self.filed_us - self.due_us) if self.filed_us is not None else 0

    def used(self, end_us: int) -> float:
        """Time taken as a share of the clock, from noticing; up to the end of the run if it has not come."""
        until = end_us if self.filed_us is None else self.filed_us
        return (until - self.noticed_us) / max(1, self.due_us - self.noticed_us)


def clocks_of(run: RunData) -> list[dict[str, str]]:
    """The reports that are owed about each breakdown: name and value of the parameters of each clock."""
    found: dict[str, dict[str, str]] = {}
    for one in run.parameters:
        number_, dot, name = one.path.removeprefix("supervision.incidents.clocks[").partition("].")
        if dot and number_.isdigit():
            found.setdefault(number_, {})[name] = one.value
    return list(found.values())


def owed(run: RunData) -> list[IncidentReport]:
    """Reports filed or overdue, by institution and incident. What is not due yet leaves no event."""
    found: dict[tuple[str, int, str], IncidentReport] = {}
    for event in run.events:
        if event.event not in ("incident_reported", "incident_report_overdue"):
            continue
        told = event.entries
        number_, due, noticed = told.whole("incident"), told.instant("due_us"), told.instant("noticed_us")
        if number_ is None or due is None or noticed is None:
            continue
        name = told.text("report")
        filed = event.at_us if event.event == "incident_reported" else None
        key = event.subject, number_, name
        if filed is not None or key not in found:
            found[key] = IncidentReport(event.subject, number_, name, noticed, due, filed)
    return sorted(found.values(), key=lambda one: (one.incident, one.due_us, one.report))


# --- the analysts' backlog ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Backlog:
    """Alerts not yet decided, at the end of each of some steps of time (`edges_us`, one more than `open`)."""

    edges_us: Ints
    open: Ints
    raised: Ints
    decided: Ints


def backlog(run: RunData, steps: int = 240) -> Backlog | None:
    """Alerts raised and decided over time; None without analysts or alerts."""
    if not run.entries.section("cases"):
        return None
    raised = [event.at_us for event in run.events if event.event == "alert"]
    decided = [event.at_us for event in run.events if event.event in _TRIAGED]
    if not raised:
        return None
    last = max(1, run.entries.instant("scenario.duration_us") or 0, raised[-1], *decided[-1:])
    edges = np.linspace(0, last, steps + 1).astype(np.int64)
    ends = [np.searchsorted(np.array(sorted(times)), edges[1:], side="right") for times in (raised, decided)]
    came, went = (np.asarray(one, dtype=np.int64) for one in ends)
    return Backlog(edges, came - went, came, went)
