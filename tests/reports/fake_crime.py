"""Crime, supervision and privacy of a made-up run: summary, events, alerts; and the same full of nonsense."""

from __future__ import annotations

import json
from typing import Any, Final

H_US: Final = 3_600_000_000
HOSTILE: Final = "<script>alert(1)</script>"


def _score(name: str, payments: int, found: int, instances: int, seen: int) -> dict[str, Any]:
    return {
        "pattern": name, "payments": payments, "value_fen": 100_000 * payments, "found": found,
        "recall": found / payments, "value_recall": 0.5 if found else 0.0, "instances": instances,
        "instances_found": seen, "time_to_detect_us_median": 5 * H_US if seen else None, "stoppable_fen": 70 * found,
    }  # fmt: skip


SCORES: Final = [_score("cycle", 10, 9, 2, 2), _score("no_pattern", 40, 1, 40, 1), _score("fan_in", 5, 0, 1, 0)]
TOTAL: Final = {
    "alerts": 50, "true_alerts": 4, "precision": 0.08, "payments_listed": 200, "payment_precision": 0.05,
    "payments": 55, "value_fen": 5_500_000, "found": 10, "recall": 10 / 55, "value_recall": 0.4, "instances": 43,
    "instances_found": 3, "time_to_detect_us_median": 4 * H_US, "stoppable_fen": 700, "stopped": 2,
    "stopped_fen": 500_000, "honest_stopped": 9, "honest_stopped_fen": 12_345_678,
}  # fmt: skip
CRIME: Final = {
    "instances": 44, "payments": 60, "settled": 55, "settled_fen": 5_500_000, "splits": 3, "moves": 2, "given_up": 1,
    "lost_fen": 98_765,
    "patterns": [
        {"pattern": one["pattern"], "instances": one["instances"], "payments": one["payments"], "settled": 5,
         "settled_fen": 500, "splits": 0, "moves": 0, "given_up": 0, "lost_fen": 0, "about": ["kind"]}
        for one in SCORES
    ],
}  # fmt: skip


def _point(below_fen: int, hidden: float, recall: float) -> dict[str, Any]:
    return {
        "way": "view", "anonymous_below_fen": below_fen, "unattributable_share": hidden,
        "unattributable_value_share": hidden / 3, "unlinkable_share": 0.0, **TOTAL, "recall": recall,
    }  # fmt: skip


PRIVACY: Final = {
    "anonymous_below_fen": 0, "unattributable_share": 0.47, "unattributable_value_share": 0.16,
    "unlinkable_share": 0.0,
    "by_viewer": [
        {"viewer": "operator", "named": 0.53, "pseudonym": 0.47, "unseen": 0.0},
        {"viewer": "central_bank", "named": 0.01, "pseudonym": 0.99, "unseen": 0.0},
        {"viewer": "merchant", "named": 0.0, "pseudonym": 0.0, "unseen": 1.0},
    ],
    "aggregates": {
        "epsilon": 1.0, "every_us": H_US, "counts": 320, "error_mean": 0.8, "error_share": 0.012, "flagged": 3,
        "payments_in_flagged": 100, "payment_precision": 0.02, "recall": 0.03,
    },
    "frontier": [
        _point(2_000, 0.72, 0.12), _point(0, 0.47, 10 / 55), _point(50_000, 0.97, 0.05),
        {"way": "aggregates", "unattributable_share": 1.0, "recall": 0.03, "payment_precision": 0.02},
    ],
}  # fmt: skip
CASES: Final = {
    "alerts": 50, "triaged": 30, "dismissed": 20, "reported": 10, "key_leads": 1, "investigations": 0,
    "freezes_ordered": 6, "frozen": 5, "released": 2, "kept": 1, "backlog": 18, "in_triage": 2, "backlog_max": 19,
    "backlog_mean": 7.5, "wait_us_mean": 1.5 * H_US, "wait_us_p95": 4 * H_US, "wait_us_max": 6 * H_US, "analysts": 2,
    "analyst_utilisation": 0.97, "frozen_fen": 4_321_00, "alert_to_freeze_us_mean": 3.0 * H_US,
}  # fmt: skip


def incidents(bank: str) -> dict[str, Any]:
    """One breakdown of a bank, reported late once and not at all once."""
    counts = {
        "incidents": 1, "reports_in_time": 0, "reports_late": 1, "reports_overdue": 1, "reports_pending": 1,
        "longest_delay_us": 2 * H_US,
    }  # fmt: skip
    return {
        "preset": "cac", "unnoticed": 3, "detection_us_mean": 0.5 * H_US, "failed": 77, "failed_fen": 66_600,
        "timeliness": 0.0, **counts, "by_institution": [{"institution": bank, **counts}],
    }  # fmt: skip


def crime(bank: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Sections of the summary, and of its risks."""
    found = {
        "watcher": "operator", "alerts": 50, "alerts_by_detector": {"cycle": 5, "velocity": 45, "fan_in": 0},
        "large_value_reports": {"cash": 7, "legal_persons": 0}, "large_value_fen": 55_555_500,
    }  # fmt: skip
    scored = [
        {"detector": "cycle", "alerts": 5, "true_alerts": 3, "precision": 0.6, "found": 9, "recall": 9 / 55},
        {"detector": "velocity", "alerts": 45, "true_alerts": 1, "precision": 1 / 45, "found": 1, "recall": 1 / 55},
    ]
    risk = {"financial_crime": {**TOTAL, "by_pattern": SCORES, "by_detector": scored}, "privacy": PRIVACY}
    return {"supervision": found, "crime": CRIME, "cases": CASES, "incidents": incidents(bank)}, risk


def alerts() -> list[dict[str, Any]]:
    """Rows of the table of alerts; what they rest on is no row of the made-up payments."""
    common = {"kind": "alert", "status": "open", "closed_at_us": None, "payments": 4, "amount_fen": 12_345}
    figures = json.dumps({"payments": 4, "took_us": H_US, "seen_as": "pseudonym"})
    ids = "[0, 2, 3, 4]"
    return [
        {**common, "alert_id": 0, "at_us": H_US, "rule": "velocity", "account": 7, "payment_ids": ids,
         "figures": figures},
        {**common, "alert_id": 1, "at_us": 2 * H_US, "rule": HOSTILE, "account": None, "payment_ids": "no list",
         "figures": "[1]", "status": HOSTILE},
        {**common, "alert_id": 2, "at_us": 2 * H_US, "rule": "cycle", "account": 8, "payment_ids": "[1e999, true]",
         "figures": '{"hops": "x", "took_us": -5}', "kind": "report"},
    ]  # fmt: skip


def events(bank: str) -> list[dict[str, Any]]:
    """Alerts, decisions, a freeze, and a breakdown reported late, and one not reported at all."""
    found: list[tuple[int, str, str, str | None, dict[str, Any]]] = []
    for number in range(50):
        found.append((H_US * (1 + number // 10), "operator", "alert", str(number), {"alert_id": number, "rule": "cycle",
            "amount_fen": 100, "payments": 3, "figures": {"hops": 3, "took_us": H_US}}))  # fmt: skip
    for number in range(30):
        event = "report_filed" if number < 10 else "alert_dismissed"
        detail = {"alert_id": number, "rule": "cycle", "amount_fen": 100, "payments": 3, "waited_us": H_US}
        found.append((6 * H_US + number, "analyst", event, str(number), detail))
    detail = {"alert_id": 3, "rule": "velocity", "amount_fen": 500, "balance_fen": 42_00, "since_alert_us": 3 * H_US}
    found.append((8 * H_US, "regulator", "frozen", "3", detail))
    opened = {"incident": 0, "cause": "outage", "lag_us": 60_000_000, "began_us": 0, "classified_us": H_US}
    found.append((H_US, "institution", "incident_opened", bank, opened))
    for report, due, filed in (("first", 5, 7), ("summary", 6, None)):
        detail = {"incident": 0, "report": report, "noticed_us": H_US, "due_us": due * H_US, "late": True}
        found.append((due * H_US, "regulator", "incident_report_overdue", bank, detail))
        if filed is not None:
            found.append((filed * H_US, "institution", "incident_reported", bank, detail))
    return [
        {"at_us": at, "actor": actor, "event": event, "subject": subject, "detail": json.dumps(detail)}
        for at, actor, event, subject, detail in found
    ]


NONSENSE: Final = {
    "supervision": {"watcher": [1], "alerts": "many", "alerts_by_detector": {HOSTILE: -1, "cycle": None},
                    "large_value_reports": {"cash": "x", HOSTILE: -5}, "large_value_fen": 1e300},
    "crime": {"payments": None, "patterns": [1, {"pattern": 7, "about": [None]}, {"payments": "x", "about": "kind"}]},
    "cases": {"triaged": 5, "alerts": -3, "wait_us_mean": "long", "frozen": 3, "released": 1e30},
    "incidents": {"incidents": 2, "preset": {}, "reports_late": -4, "by_institution": [{"institution": 3}, "x"]},
}  # fmt: skip
NONSENSE_RISKS: Final = {
    "financial_crime": {"alerts": True, "payments": 3, "found": 99, "precision": 7.5, "recall": "x",
                        "by_pattern": [{"pattern": None, "payments": -1, "found": 5, "value_recall": 9}, 4],
                        "by_detector": [{"detector": "cycle", "true_alerts": -7}], "stopped": 1e300},
    "privacy": {"unattributable_share": -4, "by_viewer": [{"viewer": HOSTILE, "named": 0.5, "pseudonym": "x"}, 1],
                "aggregates": {"needs": 5, "flagged": -1}, "frontier": [{"way": 1, "recall": 2}, [], {
                    "way": "view", "unattributable_share": 0.5, "recall": 0.5, "anonymous_below_fen": -7}]},
}  # fmt: skip
