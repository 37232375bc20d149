"""An alert: what supervision noticed, on what it rests, and what became of it.

Money is fen, time is microseconds since the scenario's start. An alert never holds ground truth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

AlertKind = Literal["alert", "report", "large_value_report", "incident_report"]
"""alert: a detector's suspicion. report: a suspicious-transaction report an analyst filed. large_value_report: filed
for size alone. incident_report: an institution reports that something broke."""

OPEN: Final = "open"
FILED: Final = "filed"
MOST_PAYMENT_IDS: Final = 64
"""So many payments an alert lists at most; `payments` counts all that it rests on."""


@dataclass
class Alert:
    """One row of the table `alerts`.

    `alert_id` counts from 0 in order of detection. `account` is the ledger's account (null: none), also where the
    detector knew it by a pseudonym only: whoever acts on the alert asks the operator. Whoever works on a case sets
    `status` and `closed_at_us`.
    """

    alert_id: int
    at_us: int
    kind: AlertKind
    rule: str
    account: int | None
    amount_fen: int
    payment_ids: tuple[int, ...]
    payments: int
    figures: Mapping[str, object] = field(default_factory=dict)
    status: str = OPEN
    closed_at_us: int | None = None
