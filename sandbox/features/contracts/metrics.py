"""Entries of the summary about programmable money."""

from __future__ import annotations

from typing import Final

from sandbox.metric import COUNT, FEN, TEXT, YES, Metric, Metrics, at

_ENDINGS: Final = (
    Metric("count", COUNT, "number of pending transfers"),
    Metric("open", COUNT, "number of pending transfers open at the end"),
    Metric("posted", COUNT, "number of pending transfers posted"),
    Metric("voided", COUNT, "number of pending transfers voided"),
    Metric("expired", COUNT, "number of pending transfers expired"),
    Metric("amount_fen", FEN, "value of pending transfers"),
    Metric("spent_fen", FEN, "value spent of pending transfers"),
    Metric("returned_fen", FEN, "value returned of pending transfers"),
    Metric("held_fen", FEN, "value held in pending transfers at the end"),
)
_REFUSED: Final = (
    Metric("refused", COUNT, "number of attempts refused"),
    Metric("refused_by_reason.*", COUNT, "number of attempts refused: {}", meaning="an outcome or a contract's own"),
)
_OWN: Final = (
    Metric("escrow", YES, "whether prepayments for {} are held in escrow"),
    Metric("schools", COUNT, "number of schools of {}"),
    Metric("schools_failed", COUNT, "number of schools of {} that failed"),
    Metric("customers", COUNT, "number of customers of {}"),
    Metric("paid_fen", FEN, "value paid by {}", meaning="by customers of courses; out of sub-wallets"),
    Metric("delivered_fen", FEN, "value delivered by {}"),
    Metric("given_back_fen", FEN, "value given back by {}"),
    Metric("customers_hit", COUNT, "number of customers of {} whose school failed"),
    Metric("saved_fen", FEN, "prepayments saved by {}"),
    Metric("lost_fen", FEN, "prepayments lost in {}"),
    Metric("customers_losing", COUNT, "number of customers losing money in {}"),
    Metric("owed_fen", FEN, "prepayments owed by {} at the end"),
    Metric("holders", COUNT, "number of holders of {}"),
    Metric("users", COUNT, "number of users of {}"),
    Metric("attempts", COUNT, "number of attempts to use {}"),
    Metric("purchases", COUNT, "number of purchases with {}"),
    Metric("spent_fen", FEN, "value of {} spent"),
    Metric("refused_outside.*", COUNT, "number of uses of {} refused: {}"),
    Metric("merchants", COUNT, "number of merchants paid with {}"),
    Metric("sent", COUNT, "number of packets sent of {}"),
    Metric("parts_taken", COUNT, "number of parts taken of {}"),
    Metric("orders", COUNT, "number of orders of {}"),
    Metric("disputes", COUNT, "number of disputes of {}"),
    Metric("wallets", COUNT, "number of wallets that get {}"),
    Metric("pay_outs", COUNT, "number of pay-outs of {}"),
    Metric("least_fen", FEN, "smallest share in the last pay-out of {}"),
    Metric("most_fen", FEN, "largest share in the last pay-out of {}"),
    Metric("receipts", COUNT, "number of receipts of {}"),
    Metric("owners", COUNT, "number of owners of {}"),
    Metric("authorisations", COUNT, "number of authorisations of {}"),
    Metric("payments", COUNT, "number of payments out of {}"),
    Metric("revoked", COUNT, "number of authorisations revoked of {}"),
    Metric("leaked", COUNT, "number of authorisations leaked of {}"),
    Metric("thief_tries", COUNT, "number of a thief's tries with {}"),
    Metric("stolen_fen", FEN, "value stolen with {}"),
    Metric("stolen_most_fen", FEN, "most stolen with one authorisation of {}"),
    Metric("bound_fen", FEN, "most that the quota of {} lets be stolen", meaning="null if none binds"),
)
METRICS: Final = Metrics(
    at(
        "contracts",
        *_ENDINGS,
        Metric("held_most_fen", FEN, "most held at one time", meaning="at the end of a bin of the series"),
        Metric("returned_by_reason_fen.*", FEN, "value returned of pending transfers: {}"),
        *_REFUSED,
        Metric("contracts.*.name", TEXT, "contract"),
        Metric("contracts.*.kind", TEXT, "kind of contract"),
        *at("contracts.*", *_ENDINGS, *_REFUSED, of=" of {}"),
        *at("contracts.*.own", *_OWN),
        *at(
            "contracts.*.endings.*.*",
            Metric("count", COUNT, "number of pending transfers"),
            Metric("spent_fen", FEN, "value spent of pending transfers"),
            Metric("returned_fen", FEN, "value returned of pending transfers"),
            of=" of {}: {}, {}",
        ),
    )
)
