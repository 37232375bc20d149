"""From an alert to a freeze: analysts triage alerts, file reports or dismiss them; freezes hold from their microsecond.

An analyst goes by the figures of an alert and by how often the account was alerted, and errs now and then; nobody here
knows what a payment is in truth. How many reports become key leads, and how many of those an investigation, is as
published for 2021 (China Justice Observer on PBoC AML Report 2021); that those of most weight do is ASSUMED.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor
from typing import Any, Final

import numpy as np

from sandbox.control import Component, Control, Process
from sandbox.core.draws import stream, uniforms
from sandbox.core.layout import account, trait
from sandbox.features.supervision.alert import FILED, Alert
from sandbox.features.supervision.alert_book import AlertBook
from sandbox.features.supervision.schema.cases import Cases, ReportWhen
from sandbox.features.supervision.staff import Staff, drawn
from sandbox.world import service_table

DISMISSED: Final = "dismissed"
REPORTED: Final = "reported"
FROZEN_STATUS: Final = "frozen"
RELEASED: Final = "released"
KEPT: Final = "kept"
_WHOLE: Final = 1 << 30
"""Slips are drawn in parts of this."""


def calls_for_report(when: ReportWhen, amount_fen: int, payments: int, alerts: int) -> bool:
    """What an analyst who makes no mistake decides, from the alert's figures and the account's alerts so far, this one
    included.

    >>> rule = ReportWhen(least_amount=100, least_payments=2, repeat_alerts=3)
    >>> [calls_for_report(rule, *case) for case in ((100, 2, 1), (99, 2, 1), (100, 1, 1), (1, 1, 3))]
    [True, False, False, True]
    """
    return (amount_fen >= when.least_amount and payments >= when.least_payments) or alerts >= when.repeat_alerts


def weight(amount_fen: int, alerts: int) -> int:
    """How much a case weighs beside others: the sum times the account's alerts so far."""
    return amount_fen * alerts


@dataclass
class TopShare:
    """Picks a share of what comes, always that of most weight among what was not picked yet.

    >>> picked = TopShare(0.5)
    >>> [picked.come(one, one) for one in (3, 9, 1, 2)]  # nothing of the first one; then one of two, two of four
    [None, 9, None, 3]
    """

    share: float
    seen: int = 0
    picked: int = 0
    _left: list[tuple[int, int, Any]] = field(default_factory=list)

    def come(self, weighs: int, what: Any) -> Any | None:
        """Something comes; what is picked now, if anything. Of two that weigh the same, who came first."""
        self.seen += 1
        heapq.heappush(self._left, (-weighs, self.seen, what))
        if self.picked < floor(Fraction(str(self.share)) * self.seen):
            self.picked += 1
            return heapq.heappop(self._left)[2]
        return None


@dataclass
class Report:
    """A suspicious-transaction report that an analyst filed."""

    alert: Alert
    alerts: int
    """Alerts about the account when it was filed."""
    filed_us: int

    @property
    def weighs(self) -> int:
        """Weight among reports."""
        return weight(self.alert.amount_fen, self.alerts)


class CasePipeline(Component):
    """The part of a run that works on alerts: whoever raises an alert hands it to `take`."""

    def __init__(self, control: Control, cases: Cases) -> None:
        self.control, self.cases = control, cases
        scenario = control.world.scenario
        self.staff = Staff(control.env, cases.analysts, cases.hours, scenario.start)
        self.counts: Counter[str] = Counter()
        self.alerts_of: Counter[int] = Counter()
        self.reports_of: Counter[int] = Counter()
        self.frozen_fen = 0
        self._takes = service_table(cases.triage)
        self._triage, self._slips = (stream(control.world.seed, f"cases/{one}") for one in ("triage", "slips"))
        self._key_leads, self._investigations = TopShare(cases.key_leads), TopShare(cases.investigations)
        self._held: set[int] = set()
        """Accounts under a freeze of ours, or ordered to be."""
        self._investigated: set[int] = set()
        self._to_freeze_us: list[int] = []

    # --- triage ----------------------------------------------------------------------------------------------------

    def take(self, alert: Alert) -> None:
        """Put an alert into the analysts' queue, now."""
        self.counts["alerts"] += 1
        if alert.account is not None:
            self.alerts_of[alert.account] += 1
        self.control.env.process(self._case(alert))

    def triage_us(self, alert_id: int) -> int:
        """How long the triage of this alert takes: a draw of its own."""
        return drawn(self._takes, self._triage, alert_id)

    def slips(self, alert_id: int) -> bool:
        """Whether this alert is decided the wrong way."""
        out = np.zeros(1, dtype=np.int64)
        with np.errstate(over="ignore"):
            uniforms(self._slips, alert_id, _WHOLE, out)
        return int(out[0]) < round(self.cases.report.slips * _WHOLE)

    def _priority(self, alert: Alert) -> int:
        """The lowest is worked on first."""
        if self.cases.order == "largest":
            return -alert.amount_fen
        return -self._alerts(alert) if self.cases.order == "repeated" else 0

    def _alerts(self, alert: Alert) -> int:
        return 1 if alert.account is None else self.alerts_of[alert.account]

    def _case(self, alert: Alert) -> Process:
        waited_us = yield from self.staff.work(self.triage_us(alert.alert_id), self._priority(alert))
        self.counts["triaged"] += 1
        alerts = self._alerts(alert)
        figures = {
            "alert_id": alert.alert_id, "rule": alert.rule, "amount_fen": alert.amount_fen, "payments": alert.payments,
            "alerts": alerts, "waited_us": waited_us,
        }  # fmt: skip
        reports = calls_for_report(self.cases.report, alert.amount_fen, alert.payments, alerts)
        if reports == self.slips(alert.alert_id):
            self.counts["dismissed"] += 1
            self._close(alert, DISMISSED)
            self.control.record("analyst", "alert_dismissed", _subject(alert), **figures)
            return
        self.counts["reported"] += 1
        alert.status = REPORTED
        self.control.record("analyst", "report_filed", _subject(alert), **figures)
        book = self.control.component(AlertBook)
        if book is not None:
            book.file(
                "report", alert.rule, alert.account, alert.amount_fen, alert.payment_ids, alert.payments,
                figures=figures, status=FILED,
            )  # fmt: skip
        self._reported(Report(alert, alerts, self.control.now))

    def _close(self, alert: Alert, status: str) -> None:
        alert.status, alert.closed_at_us = status, self.control.now

    # --- what becomes of a report ----------------------------------------------------------------------------------

    def _reported(self, report: Report) -> None:
        if report.alert.account is not None:
            self.reports_of[report.alert.account] += 1
        lead = self._key_leads.come(report.weighs, report)
        deep = None
        if lead is not None:
            self.counts["key_leads"] += 1
            self._say("key_lead", lead)
            deep = self._investigations.come(lead.weighs, lead)
        if deep is not None:
            self.counts["investigations"] += 1
            self._say("investigation", deep)
            if deep.alert.account is not None:
                self._investigated.add(deep.alert.account)
        finding = {"reports": report, "key_leads": lead, "nothing": None}[self.cases.freezes.on]
        report.alert.closed_at_us = self.control.now
        if finding is not None:
            self._order_freeze(finding)

    def _say(self, event: str, report: Report) -> None:
        self.control.record(
            "intelligence_unit", event, _subject(report.alert),
            alert_id=report.alert.alert_id, weight=report.weighs, reports=self._key_leads.seen,
        )  # fmt: skip

    # --- freezes ---------------------------------------------------------------------------------------------------

    def _order_freeze(self, report: Report) -> None:
        """Order a freeze after this report, unless there is nobody to freeze or it is ordered already."""
        account, freezes = report.alert.account, self.cases.freezes
        if account is None or report.alert.amount_fen < freezes.least_amount or account in self._held:
            return
        self._held.add(account)
        report.alert.closed_at_us = None
        self.counts["freezes_ordered"] += 1
        self.control.record(
            "regulator", "freeze_ordered", str(account),
            reason=freezes.on, alert_id=report.alert.alert_id, rule=report.alert.rule,
            amount_fen=report.alert.amount_fen, reports=self.reports_of[account],
        )  # fmt: skip
        self.control.env.process(self._freeze(report, account))

    def _freeze(self, report: Report, who: int) -> Process:
        control, freezes, alert = self.control, self.cases.freezes, report.alert
        yield control.env.timeout(freezes.after)
        if control.accounts[who, account.TRAITS] & trait.FROZEN:
            # Somebody else's freeze: it is not ours to end.
            self._held.discard(who)
            self._close(alert, REPORTED)
            control.record("regulator", "freeze_needless", str(who), alert_id=alert.alert_id)
            return
        held_fen = int(control.accounts[who, account.BALANCE])
        control.freeze(who)
        alert.status = FROZEN_STATUS
        self.counts["frozen"] += 1
        self.frozen_fen += held_fen
        self._to_freeze_us.append(control.now - alert.at_us)
        control.record(
            "regulator", "frozen", str(who),
            reason=freezes.on, alert_id=alert.alert_id, rule=alert.rule, amount_fen=alert.amount_fen,
            payments=alert.payments, reports=self.reports_of[who], balance_fen=held_fen,
            since_alert_us=control.now - alert.at_us,
        )  # fmt: skip
        yield control.env.timeout(freezes.lasts)
        self._inquiry_ends(report, who)

    def _inquiry_ends(self, report: Report, who: int) -> None:
        reports, investigated = self.reports_of[who], who in self._investigated
        keeps = reports >= self.cases.freezes.keep_reports or investigated
        self.counts["kept" if keeps else "released"] += 1
        self._close(report.alert, KEPT if keeps else RELEASED)
        self.control.record(
            "regulator", "freeze_kept" if keeps else "released", str(who),
            alert_id=report.alert.alert_id, reports=reports, investigated=investigated,
            balance_fen=int(self.control.accounts[who, account.BALANCE]),
        )  # fmt: skip
        if not keeps:
            self.control.release(who)
            self._held.discard(who)

    # --- numbers ---------------------------------------------------------------------------------------------------

    def summary(self) -> Mapping[str, Any]:
        """The funnel, the queue, and what was frozen."""
        staff, counts = self.staff, self.counts
        waits = np.sort(np.array(staff.waits, dtype=np.int64))
        return {
            "cases": {
                **{name: counts[name] for name in FUNNEL},
                "backlog": staff.waiting,
                "in_triage": staff.in_hand,
                "backlog_max": staff.most_waiting,
                "backlog_mean": staff.queue_mean(),
                "wait_us_mean": float(waits.mean()) if len(waits) else None,
                "wait_us_p95": int(waits[-(-95 * len(waits) // 100) - 1]) if len(waits) else None,
                "wait_us_max": int(waits[-1]) if len(waits) else None,
                "analysts": self.cases.analysts,
                "analyst_utilisation": staff.utilisation(),
                "frozen_fen": self.frozen_fen,
                "alert_to_freeze_us_mean": float(np.mean(self._to_freeze_us)) if self._to_freeze_us else None,
            }
        }


FUNNEL: Final = (
    "alerts", "triaged", "dismissed", "reported", "key_leads", "investigations", "freezes_ordered", "frozen",
    "released", "kept",
)  # fmt: skip


def _subject(alert: Alert) -> str | None:
    return None if alert.account is None else str(alert.account)
