"""Incidents: a breakdown is noticed after a while, and its institution owes reports within the regulator's clocks.

A breakdown is an outage of the scenario, or a bin in which too small a share of the payments through a station got an
answer. A payment that failed counts against the place that it did not get past: the payer's institution, the payee's,
or the ledger. A breakdown that is over before anybody noticed stays unnoticed. A station has at most one incident at a
time.

Sources of the clocks: Cyberspace Administration of China, in force November 2025 (CAC 2025); Regulation (EU) 2022/2554
(DORA). How long institutions take is ASSUMED. Times are whole microseconds since the scenario's start.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from sandbox.base.reporting import IncidentReports
from sandbox.control import Control, Process
from sandbox.core.draws import Int64Array, fixed_table, lognormal_table, stream
from sandbox.core.layout import Outcome, code, ended, rule, trait
from sandbox.features.supervision.alert import FILED
from sandbox.features.supervision.alert_book import AlertBook
from sandbox.features.supervision.schema.cases import Clock, Incidents
from sandbox.features.supervision.staff import drawn
from sandbox.scenario.schema import LEDGER, Fault
from sandbox.world import service_table

_PERMILLION: Final = 1_000_000
SUCCESS_DROP: Final = "success_drop"
"""Cause of an incident that no fault of the scenario explains."""


@dataclass
class OwedReport:
    """A report that an institution owes."""

    report: str
    due_us: int
    filed_us: int | None = None

    @property
    def is_late(self) -> bool:
        """Whether it was filed after it was due."""
        return self.filed_us is not None and self.filed_us > self.due_us

    @property
    def judged_us(self) -> int:
        """When it is known whether it was in time."""
        return self.due_us + 1 if self.filed_us is None or self.is_late else self.filed_us


@dataclass
class Incident:
    """One breakdown, of which the number and all that follows are known once it is noticed."""

    station: str
    nth: int
    """Of the station's breakdowns, noticed or not, from 0."""
    cause: str
    began_us: int
    number: int = -1
    noticed_us: int = -1
    classified_us: int = -1
    reports: list[OwedReport] = field(default_factory=list)
    over_us: int | None = None
    failed: int = 0
    """Payments that failed there while it lasted."""
    failed_fen: int = 0


def due_at(clock: Clock, noticed_us: int, classified_us: int, before_us: int | None) -> int:
    """When a report is due; `before_us` is when the report before it was filed.

    >>> first = Clock(report="first", within=4, counted_from="classified", at_most=24)
    >>> due_at(first, 100, 110, None), due_at(first, 100, 130, None)
    (114, 124)
    """
    since = {"noticed": noticed_us, "classified": classified_us, "report_before": before_us}[clock.counted_from]
    assert since is not None, "the schema refuses a first report that counts from the one before"
    due_us = since + clock.within
    return due_us if clock.at_most is None else min(due_us, noticed_us + clock.at_most)


def on_time_share(reports: Sequence[OwedReport], since_us: int, now_us: int) -> float | None:
    """Share of reports in time, of those due or filed since an instant; None if there is none.

    A report that is due and not filed is late.

    >>> owed = [OwedReport("a", 10, 5), OwedReport("b", 10, 11), OwedReport("c", 20), OwedReport("d", 99)]
    >>> on_time_share(owed, 0, 30)
    0.3333333333333333
    """
    judged = [one for one in reports if since_us <= one.judged_us <= now_us]
    if not judged:
        return None
    return sum(one.filed_us is not None and not one.is_late for one in judged) / len(judged)


def places(window: Int64Array, patience_us: int, institutions: int) -> Int64Array:
    """For payments that got no answer, where they failed: an institution's number, or `institutions` for the ledger.

    A payment did not get past a gateway if no service there ended in its last attempt, or if its patience was over by
    the end of that service.
    """
    codes = window[ended.CODES]
    payer = (codes >> code.PAYER_INSTITUTION_SHIFT) & trait.INSTITUTION_MASK
    payee = (codes >> code.PAYEE_INSTITUTION_SHIFT) & trait.INSTITUTION_MASK
    first, second = window[ended.SERVICES], window[ended.SERVICES + 1]
    after_first = window[ended.WAITS] + first
    after_second = after_first + window[ended.WAITS + 1] + second
    timed_out = (codes & code.OUTCOME_MASK) == Outcome.TIMED_OUT
    at_payer = (first == 0) | (timed_out & (after_first >= patience_us))
    at_payee = (payer != payee) & ((second == 0) | (timed_out & (after_second >= patience_us)))
    found: Int64Array = np.where(at_payer, payer, np.where(at_payee, payee, institutions))
    return found


class IncidentReporting(IncidentReports):
    """The part of a run that notices breakdowns and files reports about them."""

    def __init__(self, control: Control, incidents: Incidents) -> None:
        self.control, self.rules = control, incidents
        self.incidents: list[Incident] = []
        self.unnoticed = 0
        names = control.world.institution_names
        self._names = [*names, LEDGER]
        self._outages: Counter[str] = Counter()
        self._breakdowns: Counter[str] = Counter()
        self._dropped: set[str] = set()
        """Stations whose last bin was below the line."""
        self._open: dict[str, Incident] = {}
        self._coming: dict[str, Incident] = {}
        """Where something is wrong that nobody has noticed yet."""
        self._ended, self._failed, self._failed_fen = (np.zeros(len(self._names), dtype=np.int64) for _ in range(3))
        """By station, in this bin."""
        self._tables = {
            "detection": service_table(incidents.detection), "classification": service_table(incidents.classification),
            "first_report": service_table(incidents.first_report), "later": _shares(incidents),
        }  # fmt: skip

    def start(self) -> None:
        """Watch outages and bins."""
        self.control.listen(self._look)
        self.control.at_bin_end(self._bin_ends)
        for one in self.control.world.scenario.faults:
            if one.kind == "outage":
                self.control.env.process(self._watch(one))

    # --- breakdowns ------------------------------------------------------------------------------------------------

    def _watch(self, one: Fault) -> Process:
        yield self.control.wait_until(one.starts)
        self._outages[one.station] += 1
        self._breaks(one.station, one.kind)
        yield self.control.env.timeout(one.lasts)
        self._outages[one.station] -= 1

    def _look(self, window: Int64Array) -> None:
        """Count payments and failures by station."""
        codes, stations = window[ended.CODES], len(self._names)
        payer = (codes >> code.PAYER_INSTITUTION_SHIFT) & trait.INSTITUTION_MASK
        payee = (codes >> code.PAYEE_INSTITUTION_SHIFT) & trait.INSTITUTION_MASK
        self._ended += np.bincount(payer, minlength=stations)
        self._ended += np.bincount(payee[payee != payer], minlength=stations)
        self._ended[-1] += len(codes)
        failed = (codes & code.OUTCOME_MASK) >= Outcome.UNAVAILABLE
        if failed.any():
            where = places(window[:, failed], int(self.control.world.rules[rule.PATIENCE]), stations - 1)
            self._failed += np.bincount(where, minlength=stations)
            np.add.at(self._failed_fen, where, window[ended.AMOUNT][failed])

    def _bin_ends(self, began_us: int) -> None:
        """Judge the bin, close what is over, and see what is new."""
        for number, station in enumerate(self._names):
            ended, failed = int(self._ended[number]), int(self._failed[number])
            if ended >= self.rules.least_payments and ended - failed < self.rules.success_below * ended:
                self._dropped.add(station)
            else:
                self._dropped.discard(station)
            if station in self._dropped:
                self._breaks(station, SUCCESS_DROP)
            incident = self._open.get(station, self._coming.get(station))
            if incident is not None:
                incident.failed += failed
                incident.failed_fen += int(self._failed_fen[number])
            if station in self._open and not self._is_down(station):
                self._close(self._open[station])
        for counted in (self._ended, self._failed, self._failed_fen):
            counted[:] = 0

    def _is_down(self, station: str) -> bool:
        return self._outages[station] > 0 or station in self._dropped

    # --- noticing and reporting ------------------------------------------------------------------------------------

    def _breaks(self, station: str, cause: str) -> None:
        """Something is wrong: it will be noticed, unless it is known already."""
        if station not in self._open and station not in self._coming:
            nth = self._breakdowns[station]
            self._breakdowns[station] += 1
            self._coming[station] = Incident(station, nth, cause, self.control.now)
            self.control.env.process(self._notice(self._coming[station]))

    def _notice(self, incident: Incident) -> Process:
        control, station, nth = self.control, incident.station, incident.nth
        yield control.env.timeout(self.takes_us("detection", station, nth))
        del self._coming[station]
        if not self._is_down(station):
            self.unnoticed += 1
            control.record(
                "institution", "incident_unnoticed", station, cause=incident.cause, began_us=incident.began_us
            )
            return
        incident.number, incident.noticed_us = len(self.incidents), control.now
        incident.classified_us = control.now + self.takes_us("classification", station, nth)
        self.incidents.append(incident)
        self._open[station] = incident
        control.record(
            "institution", "incident_opened", station,
            incident=incident.number, cause=incident.cause, began_us=incident.began_us,
            lag_us=control.now - incident.began_us, classified_us=incident.classified_us,
        )  # fmt: skip
        control.env.process(self._report(incident))

    def takes_us(self, what: str, station: str, nth: int, report: int = 0) -> int:
        """How long a station's people take at its nth breakdown, each a draw of its own; `later` in millionths of the
        clock."""
        key = stream(self.control.world.seed, f"incidents/{what}/{station}")
        return max(1, round(drawn(self._tables[what], key, 16 * nth + report) * self.rules.pace.get(station, 1.0)))

    def _report(self, incident: Incident) -> Process:
        """Owe and file one report after the other."""
        before_us: int | None = None
        for place, clock in enumerate(self.rules.clocks):
            due_us = due_at(clock, incident.noticed_us, incident.classified_us, before_us)
            filed_us = self._filed_us(incident, place, clock, before_us)
            owed = OwedReport(clock.report, due_us)
            incident.reports.append(owed)
            if filed_us > due_us:
                yield self.control.wait_until(due_us)
                self._say("incident_report_overdue", incident, owed, actor="regulator")
            yield self.control.wait_until(filed_us)
            owed.filed_us = self.control.now
            self._say("incident_reported", incident, owed)
            self._file(incident, owed)
            before_us = self.control.now

    def _filed_us(self, incident: Incident, place: int, clock: Clock, before_us: int | None) -> int:
        """When a report will be filed: the first after a time of its own, later ones after a share of their clock."""
        if before_us is None:
            return incident.noticed_us + self.takes_us("first_report", incident.station, incident.nth)
        parts = self.takes_us("later", incident.station, incident.nth, place)
        since = before_us if clock.counted_from == "report_before" else incident.noticed_us
        return max(before_us + 1, since + clock.within * parts // _PERMILLION)

    def _say(self, event: str, incident: Incident, owed: OwedReport, actor: str = "institution") -> None:
        self.control.record(
            actor, event, incident.station,
            incident=incident.number, report=owed.report, noticed_us=incident.noticed_us, due_us=owed.due_us,
            late=self.control.now > owed.due_us or owed.filed_us is None,
            failed=incident.failed, failed_fen=incident.failed_fen,
        )  # fmt: skip

    def _file(self, incident: Incident, owed: OwedReport) -> None:
        """Put the report into the book of alerts."""
        book = self.control.component(AlertBook)
        if book is not None:
            figures = {
                "incident": incident.number, "institution": incident.station, "noticed_us": incident.noticed_us,
                "due_us": owed.due_us, "late_us": max(0, self.control.now - owed.due_us),
            }  # fmt: skip
            filed = book.file(
                "incident_report", owed.report, None, incident.failed_fen, (), incident.failed, figures, status=FILED
            )
            filed.closed_at_us = self.control.now

    def _close(self, incident: Incident) -> None:
        incident.over_us = self.control.now
        del self._open[incident.station]
        self.control.record(
            "institution", "incident_over", incident.station,
            incident=incident.number, lasted_us=self.control.now - incident.began_us, failed=incident.failed,
            failed_fen=incident.failed_fen,
        )  # fmt: skip

    # --- numbers ---------------------------------------------------------------------------------------------------

    def in_time_share(self, station: str, since_us: int) -> float | None:
        """Share of a station's reports in time, of those filed or due since an instant; None if there was none."""
        owed = [due for one in self.incidents if one.station == station for due in one.reports]
        return on_time_share(owed, since_us, self.control.now)

    def timeliness(self, since_us: int = 0) -> float | None:
        """Share of incident reports in time, of those filed or due since an instant; None if there was none."""
        return on_time_share([due for one in self.incidents for due in one.reports], since_us, self.control.now)

    def summary(self) -> Mapping[str, Any]:
        """Incidents, who was late, and by how much."""
        now, by = self.control.now, []
        for station in self._names:
            mine = [one for one in self.incidents if one.station == station]
            if mine:
                by.append({"institution": station, "incidents": len(mine), **_counted(mine, now)})
        lags = [one.noticed_us - one.began_us for one in self.incidents]
        return {
            "incidents": {
                "preset": self.rules.preset,
                "incidents": len(self.incidents),
                "unnoticed": self.unnoticed,
                "detection_us_mean": float(np.mean(lags)) if lags else None,
                "failed": sum(one.failed for one in self.incidents),
                "failed_fen": sum(one.failed_fen for one in self.incidents),
                **_counted(self.incidents, now),
                "timeliness": self.timeliness(),
                "by_institution": by,
            }
        }


def _counted(incidents: Sequence[Incident], now_us: int) -> dict[str, int]:
    """Reports in time, late, overdue (due, and not there) and not due yet; the longest delay (us)."""
    owed = [due for one in incidents for due in one.reports]
    delays = [max(0, (one.filed_us if one.filed_us is not None else now_us) - one.due_us) for one in owed]
    return {
        "reports_in_time": sum(one.filed_us is not None and not one.is_late for one in owed),
        "reports_late": sum(one.is_late for one in owed),
        "reports_overdue": sum(one.filed_us is None and one.due_us < now_us for one in owed),
        "reports_pending": sum(one.filed_us is None and one.due_us >= now_us for one in owed),
        "longest_delay_us": max(delays, default=0),
    }


def _shares(incidents: Incidents) -> Int64Array:
    """Shares of their clocks that later reports take, in millionths."""
    median = incidents.later_share * _PERMILLION
    return lognormal_table(median, incidents.later_sigma) if incidents.later_sigma > 0 else fixed_table(median)
