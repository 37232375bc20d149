"""The book of alerts: whoever files one gets its number here; at the end it is the table `alerts`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

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
        names = ("alert_id", "at_us", "kind", "rule", "account", "amount_fen", "payments", "status", "closed_at_us")
        columns: dict[str, list[Any]] = {name: [getattr(one, name) for one in self.alerts] for name in names}
        columns["payment_ids"] = [json.dumps(one.payment_ids) for one in self.alerts]
        columns["figures"] = [json.dumps(one.figures, sort_keys=True, ensure_ascii=False) for one in self.alerts]
        return {"alerts": columns}
