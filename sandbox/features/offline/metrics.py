"""Entries of the summary about hard wallets."""

from __future__ import annotations

from typing import Final

from sandbox.metric import (
    COUNT,
    FEN,
    LOWER,
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

_ENDINGS: Final = tuple(
    metric
    for state in ("open", "posted", "voided", "expired")
    for metric in at(
        state,
        Metric("count", COUNT, "number of"),
        Metric("amount_fen", FEN, "value of"),
        Metric("spent_fen", FEN, "value spent of"),
        Metric("returned_fen", FEN, "value returned of"),
        of=f" pending transfers {state},",
    )
)
OFFLINE: Final = at(
    "offline",
    Metric("purses", COUNT, "number of hard wallets"),
    Metric("terminals", COUNT, "number of terminals"),
    Metric("tried", COUNT, "number of offline payments tried"),
    Metric("declined.*", COUNT, "number of offline payments declined: {}"),
    Metric("payments", COUNT, "number of offline payments"),
    Metric("payments_fen", FEN, "value of offline payments"),
    Metric("by_owners", COUNT, "number of offline payments by owners", meaning="neither by an attack nor by a finder"),
    *(
        Metric(f"outcomes.{name}", COUNT, f"number of offline payments: {name.replace('_', ' ')}")
        for name in ("settled", "double_spend", "over_cap", "expired", "replayed", "bad_signature", "lost", "open")
    ),
    Metric("settled_fen", FEN, "settled value of offline payments"),
    Metric("signed", COUNT, "number of offline payments signed"),
    Metric("hops_mean", NUMBER, "hops of an offline payment"),
    Metric("hops_max", COUNT, "most hops of an offline payment"),
    Metric("by_hops.*", COUNT, "number of offline payments after {} hops"),
    *measures("time_to_settle.@_us", US, "time until an offline payment settled", "mean p50 p95 max", LOWER),
    Metric("syncs", COUNT, "number of synchronisations"),
    Metric("loads", COUNT, "number of loads"),
    Metric("loads_refused", COUNT, "number of loads refused"),
    *at(
        "money",
        Metric("loaded_fen", FEN, "value loaded"),
        Metric("covered_fen", FEN, "value put in for losses"),
        Metric("paid_out_fen", FEN, "value paid out"),
        Metric("refunded_fen", FEN, "value refunded"),
        Metric("forfeited_fen", FEN, "value forfeited"),
        Metric("recovered_fen", FEN, "value recovered", meaning="went back to who had put it in"),
        Metric("in_escrow_fen", FEN, "value in escrow at the end"),
        Metric("worth_fen", FEN, "value in hard wallets at the end"),
        Metric("waiting_fen", FEN, "value that waits for frozen accounts"),
        *at("pending.loads", *_ENDINGS, of=" of loads"),
        *at("pending.losses", *_ENDINGS, of=" of losses"),
    ),
    *at(
        "loss",
        Metric("total_fen", FEN, "value lost offline", LOWER),
        Metric("spent_twice_fen", FEN, "value spent twice", LOWER),
        Metric("late_fen", FEN, "value shown too late"),
        Metric("gone_fen", FEN, "value gone with both devices", LOWER),
        Metric("found_fen", FEN, "value spent by finders", LOWER),
        Metric("found_bound_fen", FEN, "bound of what finders can spend"),
        Metric("by_bearer_fen.*", FEN, "losses borne by the {}"),
        Metric("spread.*.share", TEXT, "how much of its bound a broken hard wallet spent twice"),
        Metric("spread.*.purses", COUNT, "number of broken hard wallets: {}"),
        Metric("spread.*.loss_fen", FEN, "loss of broken hard wallets: {}"),
        Metric("tamperings", COUNT, "number of copies, and times a hard wallet was set back"),
        Metric("bound_fen", FEN, "bound of what can be spent twice"),
        Metric("of_bound", RELATIVE, "share of the bound that was spent twice"),
        Metric("of_payments", RELATIVE, "value spent twice, share of offline payments"),
    ),
    *at(
        "devices",
        Metric("lost", COUNT, "number of hard wallets lost"),
        Metric("reported", COUNT, "number of lost hard wallets reported"),
        Metric("found", COUNT, "number of lost hard wallets handed in"),
        Metric("spent", COUNT, "number of lost hard wallets spent by finders"),
        Metric("returned", COUNT, "number of lost hard wallets returned"),
    ),
    Metric("redeemed_fen", FEN, "value redeemed to foreign cards"),
    Metric("modelled.device_time_us", US, "time a device takes (modelled)"),
    Metric("modelled.gateway_time_us", US, "time a gateway takes (modelled)"),
    Metric("downtimes.*.region", TEXT, "region without a network"),
    Metric("downtimes.*.from_us", US, "when the network of {} went down"),
    Metric("downtimes.*.to_us", US, "when the network of {} came back"),
    *at(
        "tampered.*",
        Metric("purse", TEXT, "broken hard wallet"),
        Metric("attack", TEXT, "attack"),
        Metric("kind", TEXT, "kind of attack"),
        Metric("tamperings", COUNT, "number of times {} was copied or set back"),
        Metric("payments", COUNT, "number of payments of {}"),
        Metric("payments_fen", FEN, "value of payments of {}"),
        Metric("loss_fen", FEN, "loss of {}"),
        Metric("bound_fen", FEN, "bound of the loss of {}"),
        Metric("stopped_after_us", US, "time until {} was stopped"),
    ),
)  # fmt: skip
_H_US: Final = 3_600_000_000
RISK: Final = at(
    "risk.offline",
    Metric("payments", COUNT, "number of offline payments"),
    Metric("outstanding_peak_fen", FEN, "most value paid offline and not settled at once"),
    Metric("outstanding_fen", FEN, "value paid offline and not settled at the end"),
    Metric("spent_twice_fen", FEN, "value spent twice", LOWER),
    Metric("bound_fen", FEN, "bound of what can be spent twice"),
    Metric(
        "of_bound",
        RELATIVE,
        "share of the bound that was spent twice",
        threshold=Threshold(0.50, 1.0, "above", "1.0: what the caps allow; half of it ASSUMED"),
    ),
    Metric(
        "lost_share",
        SHARE,
        "share of offline value lost",
        LOWER,
        threshold=Threshold(0.001, 0.01, "above", "ASSUMED: no published loss of an offline scheme was found"),
    ),
    Metric(
        "settle_p95_us",
        US,
        "p95 time until an offline payment settled",
        threshold=Threshold(24 * _H_US, 72 * _H_US, "above", "ASSUMED: a shop waits a day for its money, or three"),
    ),
    Metric("refused", COUNT, "number of offline payments refused when shown"),
    Metric(
        "refused_share",
        SHARE,
        "share of offline payments refused when shown",
        threshold=Threshold(0.01, 0.05, "above", "ASSUMED"),
    ),
)
METRICS: Final = Metrics((*OFFLINE, *RISK))
