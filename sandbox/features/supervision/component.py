"""Supervision of payments: detectors on what their viewer sees, large-value reports, and the score after the run.

Supervision looks at the end of each bin of the time series at the payments that ended in it; an alert is raised then.
Whoever works on alerts registers with `Supervision.on_alert`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sandbox.control import Component, Control, Simulated
from sandbox.core.draws import Int64Array
from sandbox.features.supervision.aggregates import NoisyCounts
from sandbox.features.supervision.alert import FILED, Alert
from sandbox.features.supervision.alert_book import AlertBook
from sandbox.features.supervision.cases import CasePipeline
from sandbox.features.supervision.detectors.rules import NAMES
from sandbox.features.supervision.frontier import Attribution
from sandbox.features.supervision.incidents import IncidentReporting
from sandbox.features.supervision.large_value import RULES, DueReport, LargeValueReports, figures
from sandbox.features.supervision.monitor import Detection, Monitor, cross_border_kinds
from sandbox.features.supervision.schema.section import Supervision as Rules
from sandbox.features.supervision.schema.visibility import by_viewer
from sandbox.features.supervision.scoring import Raised, Scores, Truth, stopped
from sandbox.features.supervision.visibility import Pseudonyms, thresholds_of

DETECTED: Final = "alert"
PATTERNS: Final = "patterns"
"""The table in which whoever knows the truth says which payment belongs to which instance."""


class Supervision(Component):
    """The component that watches. Needs an AlertBook before it in the run."""

    def __init__(self, control: Control, rules: Rules) -> None:
        world = control.world
        self.control, self.rules = control, rules
        visible = by_viewer(rules.visibility)[rules.watcher]
        pseudonyms = Pseudonyms(world.seed, len(world.ledger.accounts))
        self.monitor = Monitor(world, rules.detectors, thresholds_of(visible), pseudonyms)
        self.shadows = [
            (below, Monitor(world, rules.detectors, thresholds_of(visible, below), pseudonyms))
            for below in rules.frontier.anonymous_below
        ]
        self.attribution = Attribution(rules.visibility, rules.frontier.anonymous_below)
        large = rules.large_value
        self.large_value = LargeValueReports(world, large, cross_border_kinds()) if large.enabled else None
        self.counts = NoisyCounts(world, rules.aggregates) if rules.aggregates is not None else None
        self.truth = Truth(world.labels) if world.labels else None
        self.raised: list[Raised] = []
        self.raised_by_shadow: list[list[Raised]] = [[] for _ in self.shadows]
        self.large_value_reports = dict.fromkeys(RULES, 0)
        self.large_value_fen = 0
        self._callbacks: list[Callable[[Alert], None]] = []
        self._pending: list[Detection | DueReport] = []

    def on_alert(self, callback: Callable[[Alert], None]) -> None:
        """Have `callback` called with each alert of a detector, when it is raised (not with large-value reports)."""
        self._callbacks.append(callback)

    # --- while the run goes on --------------------------------------------------------------------------------------

    def start(self) -> None:
        """Listen; analysts, if there are any, get every alert."""
        cases = self.control.component(CasePipeline)
        if cases is not None:
            self.on_alert(cases.take)
        self.control.listen(self._look)
        self.control.at_bin_end(lambda _: self._raise_all())

    def finish(self) -> None:
        """What ended last is looked at too."""
        self._raise_all()

    def _look(self, window: Int64Array) -> None:
        self._pending += self.monitor.look(window)
        if self.large_value is not None:
            self._pending += self.large_value.take(window)
        for (_, monitor), raised in zip(self.shadows, self.raised_by_shadow, strict=True):
            # Their time is that of the bin's end, as if they had raised it.
            raised += [self._raised(monitor, one) for one in monitor.look(window)]
        self.attribution.take(window)
        for listener in (self.counts, self.truth):
            if listener is not None:
                listener.take(window)

    def _raised(self, monitor: Monitor, one: Detection) -> Raised:
        bin_us = self.control.world.scenario.series.bin
        at_us = -(-one.at_us // bin_us) * bin_us
        return Raised(one.rule, monitor.account_of(one), at_us, one.payment_ids)

    def _raise_all(self) -> None:
        """Raise what was found since the last bin, in order of the payments that showed it."""
        pending, self._pending = sorted(self._pending, key=lambda one: one.at_us), []
        book = self.control.component(AlertBook)
        assert book is not None, "supervision needs a book of alerts"
        for one in pending:
            if isinstance(one, DueReport):
                self._file(book, one)
            else:
                self._alert(book, one)

    def _alert(self, book: AlertBook, one: Detection) -> None:
        account = self.monitor.account_of(one)
        shown = "account" if one.seen == account else "pseudonym"
        alert = book.file(
            "alert", one.rule, account, one.amount_fen, one.payment_ids,
            figures={**one.figures, "last_payment_us": one.at_us, "seen_as": shown},
        )  # fmt: skip
        self.raised.append(Raised(one.rule, account, alert.at_us, one.payment_ids))
        self._record(self.rules.watcher, DETECTED, alert)
        for callback in self._callbacks:
            callback(alert)

    def _file(self, book: AlertBook, one: DueReport) -> None:
        report = book.file(
            "large_value_report", one.rule, one.account, one.amount_fen, one.payment_ids, one.payments,
            {**figures(one, self.rules.large_value), "last_payment_us": one.at_us}, status=FILED,
        )  # fmt: skip
        report.closed_at_us = report.at_us
        self.large_value_reports[one.rule] += 1
        self.large_value_fen += one.amount_fen
        self._record("institution", "large_value_report", report)

    def _record(self, actor: str, event: str, alert: Alert) -> None:
        self.control.record(
            actor, event, str(alert.account),
            alert_id=alert.alert_id, rule=alert.rule, amount_fen=alert.amount_fen, payments=alert.payments,
            figures=dict(alert.figures),
        )  # fmt: skip

    # --- after the run ---------------------------------------------------------------------------------------------

    def summary(self) -> Mapping[str, Any]:
        """What was found and, where there is ground truth, how well; what nobody can attribute, and what that costs."""
        by_rule = {name: sum(one.rule == name for one in self.raised) for name in NAMES}
        found: dict[str, Any] = {
            "watcher": self.rules.watcher,
            "alerts": len(self.raised),
            "alerts_by_detector": by_rule,
            "large_value_reports": dict(self.large_value_reports),
            "large_value_fen": self.large_value_fen,
        }
        privacy: dict[str, Any] = {**self.attribution.point(0), "by_viewer": self.attribution.by_viewer()}
        risk: dict[str, Any] = {"privacy": privacy}
        if self.counts is not None:
            privacy["aggregates"] = self.counts.summary()
        if self.truth is not None:
            risk["financial_crime"], privacy["frontier"] = self._scored(self.truth)
        return {"supervision": found, "risk": risk}

    def _scored(self, truth: Truth) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        rows, instances = truth.rows(), self._instances()
        scores = Scores(rows, self.raised, instances)
        watchers = [(0, scores)] + [
            (below, Scores(rows, raised, instances))
            for (below, _), raised in zip(self.shadows, self.raised_by_shadow, strict=True)
        ]
        points = [{"way": "view", **self.attribution.point(below), **one.total()} for below, one in watchers]
        if self.counts is not None:
            released = self.counts.summary()
            names = ("recall", "payment_precision", "needs")
            point = {name: released[name] for name in names if name in released}
            points.append({"way": "aggregates", "unattributable_share": 1.0, **point})
        found = {
            **scores.total(),
            **stopped(rows),
            "honest_stopped": truth.honest_frozen,
            "honest_stopped_fen": truth.honest_frozen_fen,
            "by_pattern": scores.by_pattern(truth.names),
            "by_detector": scores.by_detector(NAMES),
        }
        return found, points

    def _instances(self) -> dict[int, tuple[str, int]]:
        """To which instance of which pattern a payment belongs, if somebody knows."""
        for component in self.control.machine.components:
            table = component.tables().get(PATTERNS) if component is not self else None
            if table is not None:
                rows = zip(*(list(table[name]) for name in ("payment_id", "pattern", "instance")), strict=True)
                return {int(one): (str(name), int(number)) for one, name, number in rows}
        return {}


def _components(control: Control, rules: Rules) -> list[Component]:
    components: list[Component] = [AlertBook(control), Supervision(control, rules)]
    if rules.cases is not None:
        components.append(CasePipeline(control, rules.cases))
    if rules.incidents is not None:
        components.append(IncidentReporting(control, rules.incidents))
    return components


SIMULATED: Final = Simulated(_components)
