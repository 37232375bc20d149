"""The book of alerts: whoever files one gets its number here; at the end it is the table `alerts`."""

from __future__ import annotations

import json
from collections.abc import Mapping

from sandbox.control import Columns, Component, Control
from sandbox.features.supervision.alert import MOST_PAYMENT_IDS, OPEN, Alert, AlertKind


class AlertBook(Component):
    """All alerts and reports of a run, numbered in the order in which they were filed."""

    def __init__(self, control: Control) -> None:
        self.control = control
        self.alerts: list[Alert] = []

    def file(
        self,
        kind: AlertKind,
        rule: str,
        account: int | None,
        amount_fen: int,
        payment_ids: tuple[int, ...] = (),
        payments: int | None = None,
        figures: Mapping[str, object] | None = None,
        status: str = OPEN,
    ) -> Alert:
        """File an alert or report now; `payments` is how many it rests on, where not all of them are listed."""
        alert = Alert(
            alert_id=len(self.alerts),
            at_us=self.control.now,
            kind=kind,
            rule=rule,
            account=account,
            amount_fen=amount_fen,
            payment_ids=payment_ids[:MOST_PAYMENT_IDS],
            payments=len(payment_ids) if payments is None else payments,
            figures=figures or {},
            status=status,
        )
        self.alerts.append(alert)
        return alert

    def tables(self) -> Mapping[str, Columns]:
        """One row an alert."""
        rows = self.alerts
        return {
            "alerts": {
                "alert_id": [one.alert_id for one in rows],
                "at_us": [one.at_us for one in rows],
                "kind": [one.kind for one in rows],
                "rule": [one.rule for one in rows],
                "account": [one.account for one in rows],
                "amount_fen": [one.amount_fen for one in rows],
                "payments": [one.payments for one in rows],
                "payment_ids": [json.dumps(list(one.payment_ids)) for one in rows],
                "figures": [json.dumps(one.figures, sort_keys=True, ensure_ascii=False) for one in rows],
                "status": [one.status for one in rows],
                "closed_at_us": [one.closed_at_us for one in rows],
            }
        }
