"""Entries of the summary about digital bills."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sandbox.metric import (
    CONCENTRATED,
    COUNT,
    FEN,
    LOWER,
    NEITHER,
    NUMBER,
    RELATIVE,
    SHARE,
    TEXT,
    US,
    YES,
    Metric,
    Metrics,
    Threshold,
    at,
)

_TIERS: Final = (
    Metric("tier", COUNT, "tier of suppliers"),
    Metric("sales", COUNT, "number of bills sold to banks by a tier"),
    Metric("sold_fen", FEN, "value of bills sold to banks by a tier"),
    Metric("cost_fen", FEN, "cost of selling bills to banks for a tier"),
    Metric("rate", RELATIVE, "discount rate of a tier, a year"),
)
_ROLES: Final = (
    Metric("role", TEXT, "role"),
    Metric("unpaid_fen", FEN, "value of bills not paid when due by {}"),
    Metric("held_fen", FEN, "value of unpaid bills held by {}"),
    Metric("paid_fen", FEN, "value paid in recourse by {}"),
    Metric("got_fen", FEN, "value got in recourse by {}"),
    Metric("lost_fen", FEN, "value lost by {}"),
)
_LOSSES: Final = (
    Metric("unpaid_fen", FEN, "value of bills not paid when due", LOWER),
    Metric("lost_fen", FEN, "value of bills lost", LOWER),
    Metric("lost_by_suppliers_fen", FEN, "value of bills lost by suppliers"),
    Metric("lost_by_banks_fen", FEN, "value of bills lost by banks"),
    Metric("infected", COUNT, "number of acceptors that had not failed and did not pay"),
    Metric("infected_unpaid_fen", FEN, "value not paid by acceptors that had not failed"),
)
BILLS: Final = at(
    "bills",
    Metric("bills", COUNT, "number of bills"),
    Metric("bank_accepted", COUNT, "number of bills accepted by banks"),
    Metric("face_fen", FEN, "face value of bills"),
    Metric("parts", COUNT, "number of parts of bills"),
    Metric("entries", COUNT, "number of entries of the register of bills"),
    Metric("splitting", YES, "whether bills can be split"),
    Metric("outcomes.*.outcome", TEXT, "how parts of bills ended"),
    Metric("outcomes.*.parts", COUNT, "number of parts of bills: {}"),
    Metric("outcomes.*.face_fen", FEN, "face value of parts of bills: {}"),
    Metric("sold_fen", FEN, "value of bills sold to banks"),
    Metric("cost_fen", FEN, "cost to suppliers of selling bills to banks"),
    Metric("unsold_fen", FEN, "value of bills that no bank bought"),
    Metric("spent_fen", FEN, "value paid by banks for bills"),
    Metric("rediscounted_fen", FEN, "value of bills rediscounted"),
    Metric("fees_fen", FEN, "fees for acceptance"),
    *at("tiers", *_TIERS),
    Metric("failed.*.firm", TEXT, "firm"),
    Metric("failed.*.at_us", US, "when {} failed"),
    *at("roles.*", *_ROLES),
    Metric("recourse.*.payer", TEXT, "who paid in recourse"),
    Metric("recourse.*.payee", TEXT, "whom"),
    Metric("recourse.*.amount_fen", FEN, "value paid in recourse by {}"),
    Metric("chains.*.acceptor", TEXT, "an acceptor that did not pay"),
    Metric("chains.*.unpaid_fen", FEN, "value of bills not paid by {}"),
    Metric("chains.*.failed", YES, "whether {} had failed"),
    Metric("chains.*.borne_fen.*", FEN, "value not paid by {} that fell on {}"),
    *at(
        "other_way",
        Metric("bills", COUNT, "number of bills"),
        *at("tiers", *_TIERS),
        *at("roles.*", *_ROLES),
        *(replace(one, better=NEITHER) for one in _LOSSES),
        of=", with splitting the other way round",
    ),
)
RISK: Final = at(
    "risk.bills",
    *_LOSSES,
    Metric("due_fen", FEN, "value of bills that fell due"),
    Metric(
        "unpaid_share",
        SHARE,
        "share of bills not paid when due, by value",
        LOWER,
        threshold=Threshold(0.005, 0.02, "above", "ASSUMED: one fen in fifty not paid is past bearing"),
    ),
    Metric("lost_share", SHARE, "share of bills lost, by value", LOWER),
    Metric("acceptors", COUNT, "number of acceptors"),
    Metric(
        "hhi_acceptors",
        NUMBER,
        "concentration of acceptors (HHI)",
        meaning="0 to 1, by value due",
        threshold=CONCENTRATED,
    ),
    Metric("top_acceptor", TEXT, "largest acceptor"),
    Metric("top_acceptor_share", SHARE, "share of the largest acceptor"),
    Metric("failed", COUNT, "number of firms that failed"),
    Metric("could_not_pay_recourse", COUNT, "number of firms that could not pay in recourse"),
    Metric("longest_recourse", COUNT, "longest chain of recourse", meaning="payments in a row"),
)
METRICS: Final = Metrics((*BILLS, *RISK))
