"""Entries of the summary about payments across borders."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from sandbox.metric import (
    COUNT,
    FEN,
    HIGHER,
    LOWER,
    MINOR,
    NEITHER,
    NUMBER,
    RELATIVE,
    SHARE,
    TEXT,
    US,
    USD_CENTS,
    YES,
    Metric,
    Metrics,
    Threshold,
    Unit,
    at,
    measures,
)

_SPEED: Final = (
    *measures("credit_us_@", US, "time to credit", "mean p50 p95 max", LOWER, "from submission"),
    Metric("within_hour_share", SHARE, "credited within an hour", HIGHER),
    Metric("within_day_share", SHARE, "credited within a day", HIGHER, "24 hours, over weekends and holidays too"),
)
_SIZES: Final = at(
    "sizes",
    Metric("from_usd_cents", USD_CENTS, "smallest size of a group of payments"),
    Metric("below_usd_cents", USD_CENTS, "size below which a group of payments is"),
    Metric("settled", COUNT, "number of payments credited of that size"),
    Metric("cost_share_mean", RELATIVE, "mean cost of payments of that size"),
)
_ARRANGEMENT: Final = (
    Metric("arrangement", TEXT, "arrangement"),
    Metric("payments", COUNT, "number of payments, {}"),
    Metric("settled", COUNT, "payments credited, {}", HIGHER),
    Metric("refused", COUNT, "payments refused, {}"),
    Metric("returned", COUNT, "payments returned, {}"),
    Metric("lost", COUNT, "payments lost, {}"),
    Metric("pending", COUNT, "payments pending at the end, {}"),
    Metric("value_usd_cents", USD_CENTS, "value sent, {}"),
    Metric("settled_usd_cents", USD_CENTS, "value credited, {}", HIGHER),
    Metric("reasons.*", COUNT, "payments not credited, {}: {}"),
    Metric("reasons_usd_cents.*", USD_CENTS, "value not credited, {}: {}"),
    Metric(
        "larger_than_held", COUNT, "payments refused for lack of liquidity and larger than all that the payer's bank "
        "held, {}",
    ),
    Metric("larger_than_held_usd_cents", USD_CENTS, "value of payments larger than all that the payer's bank held, {}"),
    *(replace(one, label=f"{one.label}, {{}}") for one in _SPEED),
    Metric(
        "within_business_day_share", SHARE, "credited within a business day, {}", HIGHER,
        "24 hours of days that are business days at both ends",
    ),
    Metric("cost_share", RELATIVE, "of the value is the cost, {}", LOWER, "fees and exchange / sent, by value"),
    Metric("cost_share_mean", RELATIVE, "mean cost of a payment, {}", LOWER, "fees and exchange / sent, unweighted"),
    Metric("fee_share_mean", RELATIVE, "mean fees, {}", LOWER),
    Metric("fx_cost_share_mean", RELATIVE, "mean cost of exchange, {}", signed=True),
    Metric("hops_mean", NUMBER, "mean number of hops, {}"),
    Metric("compliance_us_mean", US, "mean time for compliance, {}"),
    Metric("queued", COUNT, "payments that waited for liquidity, {}"),
    Metric("queued_us_mean", US, "mean delay for lack of liquidity, {}", LOWER),
    Metric("queued_us_max", US, "longest delay for lack of liquidity, {}"),
    Metric("closed_us_mean", US, "mean time for which somebody was closed, {}"),
    Metric("consensus_us_mean", US, "mean time for consensus, {}"),
    Metric("waited_for_consensus", COUNT, "payments credited that waited for consensus for over a minute, {}"),
    Metric("closures.*.place", TEXT, "who was closed"),
    Metric("closures.*.waited", COUNT, "payments that waited for opening hours, {}: {}"),
    Metric("closures.*.closed_us_mean", US, "mean wait for opening hours, {}: {}", meaning="of those that waited"),
    Metric("closures.*.waited_for_holiday", COUNT, "payments that waited for a holiday to end, {}: {}"),
    Metric("closures.*.holiday_us_mean", US, "mean wait for a holiday to end, {}: {}", meaning="of those that waited"),
    Metric("waited_for_holiday", COUNT, "payments that waited for a holiday to end, {}", LOWER),
    Metric("holiday_us_mean", US, "mean wait for a holiday to end, {}", LOWER, "of those that waited"),
    Metric("currencies.*.currency", TEXT, "currency"),
    Metric("currencies.*.settled_usd_cents", USD_CENTS, "value credited, {}, in {}"),
    Metric("currencies.*.share", SHARE, "share of value credited, {}, in {}"),
    *(replace(one, label=f"{one.label}, {{}}") for one in _SIZES),
    Metric("segments.*.segment", TEXT, "market segment of the FSB"),
    Metric("segments.*.settled", COUNT, "payments credited, {}, {}"),
    Metric("segments.*.settled_usd_cents", USD_CENTS, "value credited, {}, {}"),
    Metric("segments.*.cost_share", RELATIVE, "cost, {}, {}", LOWER, "weighted by value"),
    Metric("segments.*.cost_share_mean", RELATIVE, "mean cost of a payment, {}, {}", LOWER, "unweighted"),
    Metric("targets.*.target", TEXT, "target of the G20"),
    Metric("targets.*.value", SHARE, "value for a target, {}: {}"),
    Metric("targets.*.line", SHARE, "target, {}: {}"),
    Metric("targets.*.met", YES, "whether a target is met, {}: {}", meaning="null where no such payment was credited"),
    Metric("gates.*", COUNT, "payments at a gate, {}: {}"),
    Metric("quota_people", COUNT, "people who used some of their quota, {}"),
    Metric("quota_used_share_mean", SHARE, "mean share of the quota used, {}"),
    Metric("quota_near_share", SHARE, "people with more than 80 % of their quota used, {}"),
    Metric("flows.*.jurisdiction", TEXT, "jurisdiction with capital controls"),
    Metric("flows.*.day", COUNT, "day by the place's clock, {}: {}", meaning="0: the date of the start", signed=True),
    Metric("flows.*.out_usd_cents", USD_CENTS, "value that flowed out, {}: {}"),
    Metric("flows.*.in_usd_cents", USD_CENTS, "value that flowed in, {}: {}"),
    Metric("quota.*.jurisdiction", TEXT, "jurisdiction with quotas"),
    Metric("quota.*.side", TEXT, "sent or received"),
    Metric("quota.*.people", COUNT, "people under a quota, {}: {}"),
    Metric("quota.*.used_share_mean", SHARE, "mean share of the quota used, {}: {}"),
    Metric("quota.*.used_share_max", SHARE, "largest share of the quota used, {}: {}"),
    Metric("quota.*.bands.from_share", SHARE, "share of the quota from which people are counted, {}: {}"),
    Metric("quota.*.bands.people", COUNT, "people in a band of the quota, {}: {}"),
    Metric("held_usd_cents", USD_CENTS, "liquidity held at the start, {}"),
    Metric("used_usd_cents", USD_CENTS, "liquidity used, {}"),
    Metric("turnover_usd_cents", USD_CENTS, "turnover, {}"),
    Metric("used_share", RELATIVE, "liquidity used / held, {}"),
    Metric("used_of_turnover_share", RELATIVE, "liquidity used / turnover, {}", LOWER),
)  # fmt: skip
_CORRIDOR: Final = (
    Metric("purpose", TEXT, "purpose of the payments"),
    Metric("from_jurisdiction", TEXT, "where the payers are"),
    Metric("to_jurisdiction", TEXT, "where the payees are"),
    Metric("payments", COUNT, "number of payments"),
    Metric("settled", COUNT, "payments credited"),
    Metric("settled_usd_cents", USD_CENTS, "value credited"),
    *(replace(one, better=NEITHER) for one in _SPEED),
    Metric("cost_share_mean", RELATIVE, "mean cost"),
    *_SIZES,
)
_MONEY: Final[tuple[tuple[str, Unit], ...]] = (("fen", MINOR), ("usd_cents", USD_CENTS))
_LEDGER: Final = (
    Metric("liquidity.*.currency", TEXT, "currency"),
    *(
        Metric(f"liquidity.*.{name}_{end}", unit, f"{words}, {{}}, in {{}}", meaning=meaning)
        for name, words, meaning in (
            ("held", "liquidity held at the start", ""),
            ("used", "liquidity used", "sum over banks of the most that each paid out or locked beyond what came in"),
            ("turnover", "turnover between banks", ""),
            ("funded", "liquidity put in later by central banks", ""),
        )
        for end, unit in _MONEY
    ),
    Metric("liquidity.*.used_share", RELATIVE, "liquidity used / held, {}, in {}"),
    Metric("liquidity.*.used_of_turnover", RELATIVE, "liquidity used / turnover, {}, in {}"),
    *at(
        "queue",
        Metric("locked", COUNT, "payments locked"),
        Metric("waited", COUNT, "payments that waited"),
        Metric("withdrawn", COUNT, "payments withdrawn"),
        Metric("together", COUNT, "payments settled by offsetting", meaning="could not be locked alone"),
        *measures("delay_us_@", US, "delay in the queue", "mean p95 max", meaning="of the last time in the queue"),
        Metric("longest", COUNT, "longest queue"),
        Metric("gridlocks", COUNT, "number of gridlocks"),
        Metric("gridlock_us", US, "time in gridlock"),
        Metric("steps", TEXT, "how many wait from when on", meaning="list of [us, how many], at most 400"),
        of=", {}",
    ),
    *at(
        "validators",
        Metric("members", COUNT, "number of validators"),
        Metric("needed", COUNT, "number of validators in a quorum"),
        Metric("losses", COUNT, "times the quorum was lost"),
        Metric("lost_us", US, "time without a quorum"),
        Metric("decisions", COUNT, "number of decisions"),
        Metric("released.*", COUNT, "number of batches undone"),
        Metric("undecided", COUNT, "number of batches undecided at the end"),
        of=", {}",
    ),
    Metric("exchange.requests", COUNT, "number of requests for quotes, {}"),
    Metric("exchange.places.*.place", TEXT, "where the dealers are"),
    Metric("exchange.places.*.trades", COUNT, "number of trades, {}, of dealers of {}"),
    Metric("exchange.dealers.*.bank", TEXT, "dealer"),
    Metric("exchange.dealers.*.trades", COUNT, "number of trades, {}, of {}"),
    Metric("exchange.dealers.*.earned_usd_cents", USD_CENTS, "earned against the mid, {}, by {}", signed=True),
)  # fmt: skip
_CHAIN: Final = at(
    "chain",
    Metric("opening_usd_cents", USD_CENTS, "balances at the start"),
    Metric("topped_up_usd_cents", USD_CENTS, "value of top-ups of nostro accounts"),
    Metric("top_ups", COUNT, "number of top-ups of nostro accounts"),
    Metric(
        "used_usd_cents", USD_CENTS, "liquidity used in the chain",
        meaning="sum over accounts of the most that was paid out beyond what came in; top-ups do not count",
    ),
    Metric("turnover_usd_cents", USD_CENTS, "turnover of all legs"),
    Metric("liquidity.*.currency", TEXT, "currency"),
    Metric("liquidity.*.held_usd_cents", USD_CENTS, "liquidity held"),
    Metric("liquidity.*.topped_up_usd_cents", USD_CENTS, "value of top-ups"),
    Metric("liquidity.*.used_usd_cents", USD_CENTS, "liquidity used"),
    Metric("liquidity.*.turnover_usd_cents", USD_CENTS, "turnover"),
    Metric("liquidity.*.used_of_turnover", RELATIVE, "liquidity used / turnover"),
    Metric("at_payer_bank_us_mean", US, "mean time at the payer's bank"),
    Metric("between_banks_us_mean", US, "mean time between the banks"),
    Metric("at_payee_bank_us_mean", US, "mean time at the payee's bank"),
    Metric("waited_for_cover", COUNT, "payments that waited for cover"),
    Metric("hops", COUNT, "payments credited over none, one, two ... correspondents"),
    Metric("sent_to_credit_us_p50", US, "median time from sending to credit"),
    Metric("sent_to_credit_within_30_min_share", SHARE, "credited within 30 minutes of sending"),
    Metric("sent_to_credit_within_day_share", SHARE, "credited within a day of sending"),
    Metric("arrived_to_credit_within_5_min_share", SHARE, "credited within 5 minutes of arrival"),
    Metric("exchanged", COUNT, "payments exchanged"),
    Metric("bound", COUNT, "payments whose two legs were bound"),
    Metric("lost", COUNT, "payments lost"),
    Metric("lost_usd_cents", USD_CENTS, "value lost"),
    of=", {}",
)  # fmt: skip
ARRANGEMENTS: Final = at("crossborder.arrangements.*", *_ARRANGEMENT, *_LEDGER, *_CHAIN)
CORRIDORS: Final = at(
    "crossborder.arrangements.*.corridors.*",
    Metric("corridor", TEXT, "corridor"),
    *(one if one.unit == TEXT else replace(one, label=f"{one.label}, {{}}, {{}}") for one in _CORRIDOR),
)
PAIRS: Final = at(
    "crossborder.pairs",
    Metric("first_arrangement", TEXT, "the arrangement that is compared with the other"),
    Metric("settled_on_both", COUNT, "payments credited on both arrangements"),
    Metric("faster_share", SHARE, "share credited faster on the first arrangement"),
    Metric("cheaper_share", SHARE, "share cheaper on the first arrangement"),
    Metric("saved_us_p50", US, "median time saved on the first arrangement", signed=True),
    Metric("only_first", COUNT, "payments credited on the first arrangement alone"),
    Metric("only_second", COUNT, "payments credited on the second arrangement alone"),
)
VISITORS: Final = at(
    "crossborder.visitors.*",
    Metric("group", TEXT, "group of visitors"),
    Metric("home", TEXT, "jurisdiction at home"),
    Metric("currency", TEXT, "currency at home"),
    Metric("wallets", COUNT, "number of wallets of {}"),
    Metric("trips", COUNT, "number of trips of {}"),
    Metric("top_ups", COUNT, "number of top-ups of {}"),
    Metric("top_up_fen", FEN, "value of top-ups of {}"),
    Metric("top_ups_refused.*", COUNT, "number of top-ups of {} refused: {}"),
    Metric("given_home_fen", MINOR, "given at home by {}", meaning="minor units of the currency at home"),
    Metric("cost_share", RELATIVE, "cost of top-ups of {}, share of their value", signed=True),
    Metric("payments", COUNT, "number of payments of {}"),
    Metric("settled", COUNT, "number of settled payments of {}"),
    Metric("settled_fen", FEN, "settled value of {}"),
    Metric("refused_fen", FEN, "value refused of {}"),
    Metric("attempts", COUNT, "number of attempts of {} at payments", meaning="again after one more top-up, too"),
    Metric("refused_by_limit", COUNT, "number of payments of {} refused by a limit"),
    Metric("success_share", SHARE, "share settled of {}"),
    Metric("outcomes.*", COUNT, "number of payments of {}: {}"),
    Metric("changed_back", COUNT, "number of wallets of {} changed back"),
    Metric("changed_back_fen", FEN, "value changed back by {}"),
    Metric("left_fen", FEN, "value left in wallets of {} at the end"),
)
_WITHIN_HOUR: Final = Threshold(
    0.75, 0.50, "below", "FSB 2021: 75 % credited within an hour by the end of 2027; 0.50 ASSUMED"
)
_RETAIL: Final = Threshold(
    0.01, 0.03, "above", "FSB 2021, for retail payments: at most 1 % on average and 3 % in any corridor"
)
_REMITTANCE: Final = Threshold(
    0.03, 0.05, "above", "FSB 2021, for remittances: at most 3 % on average and 5 % in any corridor"
)
_EXPOSED: Final = Threshold(
    0.10, 0.33, "above",
    "BIS Quarterly Review 2022; 2026: about a tenth of foreign exchange is settled gross without payment against "
    "payment, and almost a third was at risk in 2022",
)  # fmt: skip
RISK: Final = (
    *at(
        "risk.cross_border.*",
        Metric("not_credited_share", SHARE, "payments not credited, {}", LOWER),
        Metric("within_hour_share", SHARE, "credited within an hour, {}", HIGHER, threshold=_WITHIN_HOUR),
        Metric("retail_cost_share_mean", RELATIVE, "mean cost of retail payments, {}", LOWER, threshold=_RETAIL),
        Metric("remittance_cost_share_mean", RELATIVE, "mean cost of remittances, {}", LOWER, threshold=_REMITTANCE),
        Metric(
            "hhi_currencies", NUMBER, "concentration of currencies (HHI), {}",
            meaning="0 to 1, by value credited; thresholds of markets with many firms do not fit a few currencies",
        ),
    ),
    *at(
        "risk.settlement.*",
        Metric(
            "exposed_payments", COUNT, "payments with principal at risk, {}", LOWER,
            "one leg paid for good before the other",
        ),
        Metric("exposed_share", SHARE, "share of payments with principal at risk, {}", LOWER, threshold=_EXPOSED),
        Metric("exposed_usd_cents", USD_CENTS, "principal at risk, {}", LOWER),
        Metric("exposed_us_mean", US, "mean time at risk, {}"),
        Metric("exposed_usd_cents_peak", USD_CENTS, "most principal at risk, {}", LOWER, "at once"),
        Metric("lost_usd_cents", USD_CENTS, "principal lost, {}", LOWER),
    ),
)  # fmt: skip
METRICS: Final = Metrics((*ARRANGEMENTS, *CORRIDORS, *PAIRS, *VISITORS, *RISK))
