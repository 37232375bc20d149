"""Entries of the summary about a flight from deposits."""

from __future__ import annotations

from typing import Final

from sandbox.metric import COUNT, FEN, INSTANT, LOWER, RELATIVE, SHARE, TEXT, Metric, Metrics, Threshold, at

FLIGHT: Final = at(
    "flight",
    Metric("banks_kind", TEXT, "whose banks", meaning="own or modelled"),
    Metric("people", COUNT, "number of people with a deposit"),
    Metric("deposits_fen", FEN, "deposits"),
    Metric("holding_limit_fen", FEN, "holding limit"),
    Metric("before_fen", FEN, "digital currency held for payments before any flight"),
    Metric("outflow_fen", FEN, "deposits turned into digital currency", signed=True),
    Metric("alarmed_by_news", COUNT, "number of people alarmed by news"),
    Metric("alarmed_by_contacts", COUNT, "number of people alarmed by contacts"),
    Metric("kept_back_fen", FEN, "deposits of the alarmed that stayed"),
    Metric("kept_insured_fen", FEN, "deposits of the alarmed that stayed because they are insured"),
    Metric(
        "kept_same_bank_fen", FEN, "deposits of the alarmed that stayed because the same bank owes their wallets",
    ),
    Metric(
        "kept_limits_fen", FEN, "deposits of the alarmed that stayed because of a limit",
        meaning="on what a person, or a wallet of its class, may hold",
    ),
    Metric("unmet_fen", FEN, "outflow that could not be paid"),
    Metric("reserves_fen", FEN, "reserves of all banks at the start"),
    Metric(
        "drained_fen", FEN, "deposits that left their bank for good", signed=True,
        meaning="less than the outflow where a bank owes its own customers' wallets",
    ),
    *at(
        "worst.*",
        Metric("bank", TEXT, "one of the ten banks that lost most"),
        Metric("deposits_fen", FEN, "deposits of {}"),
        Metric("buffer_fen", FEN, "buffer of {}"),
        Metric("outflow_fen", FEN, "outflow of {}", signed=True),
        Metric("funding_fen", FEN, "funding drawn by {}"),
        Metric("breached_at_us", INSTANT, "when the reserves of {} did not suffice"),
        Metric("exhausted_at_us", INSTANT, "when the funding of {} did not suffice"),
    ),
)  # fmt: skip
RISK: Final = at(
    "risk.disintermediation",
    Metric("outflow_fen", FEN, "outflow of deposits", LOWER, signed=True),
    Metric(
        "outflow_share",
        RELATIVE,
        "outflow, share of deposits",
        LOWER,
        signed=True,
        threshold=Threshold(
            0.05,
            0.10,
            "above",
            "Basel Committee, LCR 2013, paragraphs 75 and 79: of stable and less stable retail deposits 5 % and 10 % "
            "or more leave within 30 days of stress",
        ),
    ),
    Metric("banks", COUNT, "number of banks"),
    Metric("banks_breaching", COUNT, "number of banks whose reserves did not suffice", LOWER),
    Metric("banks_with_customers_waiting", COUNT, "number of banks that ran out of funding", LOWER),
    Metric(
        "breaching_share_of_deposits",
        SHARE,
        "share of deposits at banks whose reserves did not suffice",
        LOWER,
        threshold=Threshold(
            0.0, 0.05, "above", "ASSUMED: any bank is worth a look, banks with 5 % of all deposits more"
        ),
    ),
    Metric("first_breach_bank", TEXT, "the first bank whose reserves did not suffice"),
    Metric("first_breach_at_us", INSTANT, "when the first bank's reserves did not suffice"),
    Metric("funding_drawn_fen", FEN, "funding drawn"),
    Metric("unmet_fen", FEN, "outflow that could not be paid", LOWER),
)
WAITING: Final = Metric(
    "risk.disintermediation.waiting_share", SHARE, "share of banks that ran out of funding", LOWER,
    threshold=Threshold(0.0, 0.01, "above", "ASSUMED"),
)  # fmt: skip
"""Worked out by the report."""
METRICS: Final = Metrics((*FLIGHT, *RISK))
