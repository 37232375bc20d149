"""Entries of the summary about cohorts of people."""

from __future__ import annotations

from typing import Final

from sandbox.metric import (
    COUNT,
    FEN,
    HIGHER,
    MS,
    NUMBER,
    POINTS,
    RELATIVE,
    SHARE,
    TEXT,
    Metric,
    Metrics,
    Threshold,
    at,
    measures,
)

COHORTS: Final = at(
    "inclusion.*",
    Metric("cohort", TEXT, "cohort; `others` are in none, `everybody` is all"),
    Metric("wallets", COUNT, "number of wallets of {}"),
    Metric("wallets_share", SHARE, "share of wallets of {}"),
    Metric("payments", COUNT, "number of payments of {}"),
    Metric("payments_per_wallet", NUMBER, "number of payments a wallet of {}"),
    Metric("settled", COUNT, "number of settled payments of {}"),
    Metric("settled_fen", FEN, "settled value of {}"),
    Metric("success_share", SHARE, "share settled of {}", HIGHER),
    Metric("success_gap", POINTS, "share settled of {} less everybody's", signed=True),
    Metric("refused_by_limit_share", SHARE, "share refused by a limit of {}"),
    Metric("insufficient_share", SHARE, "share without enough money of {}"),
    Metric("unanswered_share", SHARE, "share unanswered of {}"),
    Metric("refused_value_share", SHARE, "share of value refused of {}"),
    *measures("latency_ms_@", MS, "latency of {}", "mean p95", meaning="p95 within 5 %"),
    Metric("attempts_mean", NUMBER, "number of attempts a payment of {}"),
    Metric("top_ups", COUNT, "number of top-ups of {}"),
    Metric("top_up_fen", FEN, "value of top-ups of {}"),
    Metric("cost_fen", FEN, "charges for top-ups of {}"),
    Metric("cost_share", RELATIVE, "charges of {}, share of top-ups"),
    Metric("balance_mean_fen", FEN, "mean balance of {} at the end"),
    Metric("upgraded", COUNT, "number of wallets of {} upgraded"),
)
RISK: Final = at(
    "risk.inclusion",
    Metric("success_share", SHARE, "share settled of everybody", HIGHER),
    Metric("payments", COUNT, "number of payments of everybody"),
    Metric("worst_cohort", TEXT, "the cohort of which least settles"),
    Metric("worst_success_share", SHARE, "share settled of the worst cohort", HIGHER),
    Metric("worst_payments", COUNT, "number of payments of the worst cohort"),
    Metric(
        "success_gap",
        POINTS,
        "share settled of the worst cohort less everybody's",
        signed=True,
        threshold=Threshold(-0.02, -0.10, "below", "ASSUMED"),
    ),
    Metric("cohorts_judged", COUNT, "number of cohorts judged"),
    Metric("fewest_payments", COUNT, "number of payments below which a cohort is not judged"),
)
METRICS: Final = Metrics((*COHORTS, *RISK))
