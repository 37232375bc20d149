"""Honest scores: what detectors found against ground truth, joined after the run and nowhere else.

Precision is the share of alerts that rest on at least one illicit payment. Recall is the share of settled illicit
payments that some alert rests on; an instance of a pattern is found when one of its payments is. Time to detect runs
from the end of an instance's first payment (of the payment itself where it is in no pattern) to the first alert that
rests on any of its payments. Stoppable is what accounts paid illicitly after the first alert about them: the most that
a freeze at once would have stopped. Money is fen, time is microseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from sandbox.core.draws import Int64Array
from sandbox.core.layout import Outcome, code, ended, tags
from sandbox.core.ratio import share

_LABEL_MASK: Final = 255
_KEPT: Final = (
    ended.ID,
    ended.SUBMITTED_AT,
    ended.ENDED_AT,
    ended.PAYER,
    ended.PAYEE,
    ended.AMOUNT,
    ended.CODES,
    ended.TAG,
)
(ID, SUBMITTED, ENDED, PAYER, PAYEE, AMOUNT, OUTCOME, LABEL) = range(8)


def labels_in(window: Int64Array) -> Int64Array:
    """Labels of a window's payments, 0 for none."""
    labels: Int64Array = (window[ended.TAG] >> tags.LABEL_SHIFT) & _LABEL_MASK
    return labels


class Raised(NamedTuple):
    """An alert as scoring needs it."""

    rule: str
    account: int | None
    at_us: int
    payment_ids: tuple[int, ...]


class Truth:
    """Ground truth of a run: the labelled payments, kept aside until the run is over."""

    def __init__(self, labels: Sequence[str]) -> None:
        self.names = list(labels)
        self._kept: list[Int64Array] = []
        self.honest_frozen = 0
        self.honest_frozen_fen = 0

    def take(self, window: Int64Array) -> None:
        """Keep what is labelled; count what a freeze stopped of the rest."""
        labels = labels_in(window)
        illicit = np.flatnonzero(labels)
        if len(illicit):
            self._kept.append(window[:, illicit][list(_KEPT)])
        frozen = ((window[ended.CODES] & code.OUTCOME_MASK) == Outcome.FROZEN) & (labels == 0)
        if frozen.any():
            self.honest_frozen += int(frozen.sum())
            self.honest_frozen_fen += int(window[ended.AMOUNT, frozen].sum())

    def rows(self) -> Int64Array:
        """The labelled payments in order of their end: rows ID to LABEL (label k + 1 is the k-th name)."""
        rows = np.concatenate([np.zeros((len(_KEPT), 0), dtype=np.int64), *self._kept], axis=1)
        rows[OUTCOME] &= code.OUTCOME_MASK
        rows[LABEL] = (rows[LABEL] >> tags.LABEL_SHIFT) & _LABEL_MASK
        return rows


def median(values: Sequence[int]) -> int | None:
    """The lower median, a whole number, or None of nothing."""
    return sorted(values)[(len(values) - 1) // 2] if values else None


class Scores:
    """Scores of one watcher's alerts. Build it after the run."""

    def __init__(self, truth: Int64Array, alerts: Iterable[Raised], instances: Mapping[int, tuple[str, int]]) -> None:
        """`instances` says to which instance of which pattern a payment belongs; others stand for themselves."""
        self.alerts = list(alerts)
        self.settled = truth[:, truth[OUTCOME] == Outcome.SETTLED]
        self._ids = {payment: number for number, payment in enumerate(self.settled[ID].tolist())}
        self._instance = [instances.get(one, ("", one)) for one in self.settled[ID].tolist()]
        self.is_true = [any(one in self._ids for one in alert.payment_ids) for alert in self.alerts]
        self.found = np.zeros(self.settled.shape[1], dtype=bool)
        self._first_alert: dict[tuple[str, int], int] = {}
        self._alerted: dict[int, int] = {}
        for alert in self.alerts:
            if alert.account is not None:
                self._alerted[alert.account] = min(alert.at_us, self._alerted.get(alert.account, alert.at_us))
            for number in {self._ids[one] for one in alert.payment_ids if one in self._ids}:
                self.found[number] = True
                key = self._instance[number]
                self._first_alert[key] = min(alert.at_us, self._first_alert.get(key, alert.at_us))
        begun = zip(*self.settled[[SUBMITTED, PAYER]].tolist(), strict=True)
        self.stoppable = np.array([at > self._alerted.get(payer, at) for at, payer in begun], dtype=bool)

    def total(self) -> dict[str, Any]:
        """Over all patterns and detectors."""
        listed = {one for alert in self.alerts for one in alert.payment_ids}
        return {
            "alerts": len(self.alerts),
            "true_alerts": sum(self.is_true),
            "precision": share(sum(self.is_true), len(self.alerts)),
            "payments_listed": len(listed),
            "payment_precision": share(int(self.found.sum()), len(listed)),
            **self._of(np.ones(self.settled.shape[1], dtype=bool)),
        }

    def by_pattern(self, names: Sequence[str]) -> list[dict[str, Any]]:
        """A row a pattern that happened."""
        rows = []
        for number, name in enumerate(names, 1):
            its = self.settled[LABEL] == number
            if its.any():
                rows.append({"pattern": name, **self._of(its)})
        return rows

    def by_detector(self, names: Sequence[str]) -> list[dict[str, Any]]:
        """A row a detector, also if it found nothing."""
        rows = []
        for name in names:
            its = [(alert, right) for alert, right in zip(self.alerts, self.is_true, strict=True) if alert.rule == name]
            found = {one for alert, _ in its for one in alert.payment_ids if one in self._ids}
            right = sum(one for _, one in its)
            rows.append(
                {
                    "detector": name, "alerts": len(its), "true_alerts": right, "precision": share(right, len(its)),
                    "found": len(found), "recall": share(len(found), len(self._ids)),
                }
            )  # fmt: skip
        return rows

    def _of(self, its: Any) -> dict[str, Any]:
        """Scores over the payments marked in `its`."""
        amounts = self.settled[AMOUNT]
        first: dict[tuple[str, int], int] = {}
        for number in np.flatnonzero(its).tolist():
            key, ended = self._instance[number], int(self.settled[ENDED, number])
            first[key] = min(ended, first.get(key, ended))
        times = [max(0, self._first_alert[key] - began) for key, began in first.items() if key in self._first_alert]
        value, found = int(amounts[its].sum()), its & self.found
        return {
            "payments": int(its.sum()),
            "value_fen": value,
            "found": int(found.sum()),
            "recall": share(int(found.sum()), int(its.sum())),
            "value_recall": share(int(amounts[found].sum()), value),
            "instances": len(first),
            "instances_found": len(times),
            "time_to_detect_us_median": median(times),
            "stoppable_fen": int(amounts[its & self.stoppable].sum()),
        }


def stopped(truth: Int64Array) -> dict[str, int]:
    """Illicit payments that a freeze refused."""
    frozen = truth[OUTCOME] == Outcome.FROZEN
    return {"stopped": int(frozen.sum()), "stopped_fen": int(truth[AMOUNT, frozen].sum())}
