"""Entries of the summary about financial crime as it was committed."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sandbox.metric import COUNT, FEN, LOWER, NEITHER, TEXT, Metric, Metrics, at

_COMMITTED: Final = (
    Metric("instances", COUNT, "number of criminal schemes"),
    Metric("payments", COUNT, "number of criminal payments"),
    Metric("settled", COUNT, "number of settled criminal payments"),
    Metric("settled_fen", FEN, "settled criminal value", LOWER),
    Metric("splits", COUNT, "number of payments split"),
    Metric("moves", COUNT, "number of moves to another mule"),
    Metric("given_up", COUNT, "number of schemes given up"),
    Metric("lost_fen", FEN, "value lost by victims", LOWER),
)
METRICS: Final = Metrics(
    at(
        "crime",
        *_COMMITTED,
        Metric("patterns.*.pattern", TEXT, "pattern"),
        Metric("patterns.*.about", TEXT, "columns of payments that may tell the pattern from honest payments"),
        *at("patterns.*", *(replace(one, better=NEITHER) for one in _COMMITTED), of=": {}"),
    )
)
