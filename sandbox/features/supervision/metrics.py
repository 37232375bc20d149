"""Entries of the summary about supervision: alerts, cases, incidents, detection and privacy."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sandbox.metric import (
    COUNT,
    FEN,
    HIGHER,
    LOWER,
    NEITHER,
    NUMBER,
    RELATIVE,
    SHARE,
    TEXT,
    US,
    Metric,
    Metrics,
    Threshold,
    at,
    measures,
)

ALERTS: Final = at(
    "supervision",
    Metric("watcher", TEXT, "whose view the detectors had"),
    Metric("alerts", COUNT, "number of alerts"),
    Metric("alerts_by_detector.*", COUNT, "number of alerts of {}"),
    Metric("large_value_reports.*", COUNT, "number of large-value reports above {}"),
    Metric("large_value_fen", FEN, "value in large-value reports"),
)
_SCORES: Final = (
    Metric("alerts", COUNT, "number of alerts"),
    Metric("true_alerts", COUNT, "number of alerts that rest on a criminal payment"),
    Metric("precision", SHARE, "share of alerts that rest on a criminal payment", HIGHER),
    Metric("payments_listed", COUNT, "number of payments listed in alerts"),
    Metric("payment_precision", SHARE, "share of crime in what is pointed at", HIGHER),
    Metric("payments", COUNT, "number of settled criminal payments"),
    Metric("value_fen", FEN, "settled criminal value"),
    Metric("found", COUNT, "number of criminal payments found"),
    Metric("recall", SHARE, "share of criminal payments found", HIGHER),
    Metric("value_recall", SHARE, "share of criminal value found", HIGHER),
    Metric("instances", COUNT, "number of criminal schemes"),
    Metric("instances_found", COUNT, "number of criminal schemes found"),
    Metric("time_to_detect_us_median", US, "median time to detect a scheme"),
    Metric("stoppable_fen", FEN, "criminal value paid after the first alert about the payer"),
)
_THRESHOLDS: Final = {
    "precision": Threshold(
        0.02, 0.01, "below",
        "0.02: up to 98 % of alerts are false (trade literature on alerts 2024-2026); half of it ASSUMED",
    ),
    "recall": Threshold(0.50, 0.10, "below", "ASSUMED: no published figure was found"),
    "value_recall": Threshold(0.50, 0.10, "below", "ASSUMED: no published figure was found"),
}  # fmt: skip
DETECTION: Final = at(
    "risk.financial_crime",
    *(replace(one, threshold=_THRESHOLDS.get(one.path)) for one in _SCORES[:-2]),
    replace(_SCORES[-2], better=LOWER),
    _SCORES[-1],
    Metric("stopped", COUNT, "number of criminal payments stopped by a freeze"),
    Metric("stopped_fen", FEN, "criminal value stopped by a freeze"),
    Metric("honest_stopped", COUNT, "number of honest payments stopped by a freeze", LOWER),
    Metric("honest_stopped_fen", FEN, "honest value stopped by a freeze", LOWER),
    Metric("by_pattern.*.pattern", TEXT, "pattern"),
    *at("by_pattern.*", *(replace(one, better=NEITHER) for one in _SCORES), of=": {}"),
    Metric("by_detector.*.detector", TEXT, "detector"),
    *at("by_detector.*", *(replace(one, better=NEITHER) for one in _SCORES), of=": {}"),
)
_HIDDEN: Final = (
    Metric("unattributable_share", SHARE, "share of payments that nobody can attribute"),
    Metric("unattributable_value_share", SHARE, "share of value that nobody can attribute"),
    Metric("unlinkable_share", SHARE, "share of payments that nobody can link"),
)
PRIVACY: Final = at(
    "risk.privacy",
    replace(
        _HIDDEN[0],
        threshold=Threshold(
            0.25, 0.05, "below",
            "ASSUMED; that small payments are anonymous and large ones can be traced: PBoC white paper 2021",
        ),
    ),
    replace(_HIDDEN[1], threshold=Threshold(0.25, 0.50, "above", "ASSUMED, for the same principle")),
    _HIDDEN[2],
    Metric("anonymous_below_fen", FEN, "value below which payments of persons are nobody's"),
    Metric("by_viewer.*.viewer", TEXT, "who looks"),
    Metric("by_viewer.*.named", SHARE, "share of payments whose payer {} can name"),
    Metric("by_viewer.*.pseudonym", SHARE, "share of payments of which {} sees a pseudonym"),
    Metric("by_viewer.*.unseen", SHARE, "share of payments that {} does not see"),
    *at(
        "frontier.*",
        Metric("way", TEXT, "what the detectors see", meaning="view: as in the run; aggregates: counts with noise"),
        Metric("anonymous_below_fen", FEN, "value below which payments of persons are nobody's, for {}"),
        Metric("unattributable_share", SHARE, "share of payments nobody can attribute, for {}", HIGHER),
        Metric("unattributable_value_share", SHARE, "share of value nobody can attribute, for {}"),
        Metric("unlinkable_share", SHARE, "share of payments nobody can link, for {}"),
        *(replace(one, label=f"{one.label}, for {{}}") for one in _SCORES),
    ),
    *at(
        "aggregates",
        Metric("epsilon", NUMBER, "privacy budget of a count"),
        Metric("every_us", US, "length of a count"),
        Metric("counts", COUNT, "number of counts"),
        Metric("error_mean", NUMBER, "mean error of a count"),
        Metric("error_share", RELATIVE, "mean error, share of a count"),
        Metric("flagged", COUNT, "number of counts flagged"),
        Metric("payments_in_flagged", COUNT, "number of payments in flagged counts"),
        Metric("payment_precision", SHARE, "share of crime in flagged counts"),
        Metric("recall", SHARE, "share of criminal payments in flagged counts"),
        Metric("needs", TEXT, "the library that is not installed"),
    ),
)  # fmt: skip
CASES: Final = at(
    "cases",
    Metric("alerts", COUNT, "number of alerts that came to analysts"),
    Metric("triaged", COUNT, "number of alerts triaged"),
    Metric("dismissed", COUNT, "number of alerts dismissed"),
    Metric("reported", COUNT, "number of suspicious-transaction reports"),
    Metric("key_leads", COUNT, "number of key leads"),
    Metric("investigations", COUNT, "number of investigations"),
    Metric("freezes_ordered", COUNT, "number of freezes ordered"),
    Metric("frozen", COUNT, "number of accounts frozen"),
    Metric("released", COUNT, "number of accounts released"),
    Metric("kept", COUNT, "number of accounts kept frozen"),
    Metric("backlog", COUNT, "number of alerts in the backlog at the end"),
    Metric("in_triage", COUNT, "number of alerts in triage at the end"),
    Metric("backlog_max", COUNT, "largest backlog"),
    Metric("backlog_mean", NUMBER, "mean backlog"),
    *measures("wait_us_@", US, "wait of an alert for triage", "mean p95 max"),
    Metric("analysts", COUNT, "number of analysts"),
    Metric("analyst_utilisation", SHARE, "utilisation of analysts", meaning="time worked / time on duty"),
    Metric("frozen_fen", FEN, "value frozen", meaning="balances when they were frozen, summed"),
    Metric("alert_to_freeze_us_mean", US, "mean time from alert to freeze"),
)
_INCIDENTS: Final = (
    Metric("incidents", COUNT, "number of incidents"),
    Metric("reports_in_time", COUNT, "number of incident reports in time"),
    Metric("reports_late", COUNT, "number of incident reports late", LOWER),
    Metric("reports_overdue", COUNT, "number of incident reports overdue", LOWER),
    Metric("reports_pending", COUNT, "number of incident reports not due yet"),
    Metric("longest_delay_us", US, "longest delay of an incident report"),
)
INCIDENTS: Final = at(
    "incidents",
    Metric("preset", TEXT, "preset of the clocks"),
    *_INCIDENTS,
    Metric("unnoticed", COUNT, "number of incidents unnoticed"),
    Metric("detection_us_mean", US, "mean time to notice an incident"),
    Metric("failed", COUNT, "number of payments without an answer in incidents"),
    Metric("failed_fen", FEN, "value of payments without an answer in incidents"),
    Metric(
        "timeliness", SHARE, "share of incident reports in time", HIGHER, "in time / judged",
        threshold=Threshold(
            1.0, 0.90, "below", "CAC 2025; DORA: every report is due within its clock; 0.90 ASSUMED"
        ),
    ),
    Metric("by_institution.*.institution", TEXT, "institution"),
    *at("by_institution.*", *(replace(one, better=NEITHER) for one in _INCIDENTS), of=" of {}"),
)  # fmt: skip
METRICS: Final = Metrics((*ALERTS, *DETECTION, *PRIVACY, *CASES, *INCIDENTS))
