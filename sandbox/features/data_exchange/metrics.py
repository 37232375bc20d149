"""Entries of the summary about trade in data."""

from __future__ import annotations

from typing import Final

from sandbox.metric import (
    CONCENTRATED,
    COUNT,
    FEN,
    LOWER,
    NUMBER,
    SHARE,
    TEXT,
    US,
    Metric,
    Metrics,
    Threshold,
    at,
    measures,
)

DATA: Final = at(
    "data_exchange",
    Metric("trades", COUNT, "number of trades in data"),
    Metric("ordered_fen", FEN, "value ordered on the data exchange"),
    Metric("paid_fen", FEN, "value paid on the data exchange"),
    Metric("people_fen", FEN, "value for people whose data it is"),
    Metric("fee_fen", FEN, "fees of the data exchange"),
    Metric("returned_fen", FEN, "value returned to buyers of data"),
    Metric("open_fen", FEN, "value of trades in data open at the end"),
    Metric("states.*.state", TEXT, "state of a trade"),
    Metric("states.*.trades", COUNT, "number of trades in data: {}"),
    Metric("states.*.price_fen", FEN, "value of trades in data: {}"),
    Metric("disputed", COUNT, "number of trades disputed"),
    Metric("invoices", COUNT, "number of data invoices"),
    Metric("anchored", COUNT, "number of deliveries anchored"),
    Metric("anchors", COUNT, "number of anchors"),
    Metric("entries", COUNT, "number of entries of the data register"),
    *at(
        "products.*",
        Metric("product", TEXT, "product"),
        Metric("kind", TEXT, "kind of product"),
        Metric("trades", COUNT, "number of trades in {}"),
        *(
            Metric(state, COUNT, f"number of trades in {{}}: {state}")
            for state in ("open", "posted", "voided", "expired", "refused")
        ),
        Metric("units", COUNT, "number of units of {} sold"),
        Metric("paid_fen", FEN, "value paid for {}"),
        Metric("people_fen", FEN, "value for people whose data {} is"),
    ),
    *at(
        "people.*",
        Metric("product", TEXT, "product with a share for people"),
        Metric("came_fen", FEN, "value for people from {}"),
        Metric("paid_out_fen", FEN, "value paid out to people from {}"),
        Metric("waiting_fen", FEN, "value for people from {} that waits"),
        Metric("wallets", COUNT, "number of people paid from {}"),
        Metric("pay_outs", COUNT, "number of pay-outs from {}"),
        Metric("least_fen", FEN, "least that a person got from {}"),
        Metric("middle_fen", FEN, "median that a person got from {}"),
        Metric("most_fen", FEN, "most that a person got from {}"),
    ),
    *at(
        "times.*",
        Metric("step", TEXT, "step of a trade"),
        Metric("trades", COUNT, "number of trades in data that reached: {}"),
        *measures("@_us", US, "time from order to: {}", "p50 p95"),
    ),
)
RISK: Final = at(
    "risk.data_exchange",
    Metric("ended", COUNT, "number of trades in data that ended"),
    Metric(
        "returned_share",
        SHARE,
        "share of trades in data returned, by value",
        LOWER,
        threshold=Threshold(0.05, 0.15, "above", "ASSUMED"),
    ),
    Metric("disputed_share", SHARE, "share of trades in data disputed", LOWER),
    Metric("open_fen", FEN, "value of trades in data open at the end"),
    Metric("not_anchored", COUNT, "number of deliveries not anchored"),
    Metric(
        "hhi_sellers",
        NUMBER,
        "concentration of sellers of data (HHI)",
        meaning="0 to 1, by value paid",
        threshold=CONCENTRATED,
    ),
    Metric("top_product", TEXT, "product that earned most"),
    Metric("top_product_share", SHARE, "share of the product that earned most"),
)
METRICS: Final = Metrics((*DATA, *RISK))
