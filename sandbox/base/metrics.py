"""Entries of the summary that runs have without any feature. `sandbox/metrics/` computes them."""

from __future__ import annotations

from typing import Final

from sandbox.metric import (
    CONCENTRATED,
    COUNT,
    FEN,
    HIGHER,
    INSTANT,
    LOWER,
    MINOR,
    MS,
    NUMBER,
    RELATIVE,
    SHARE,
    TEXT,
    US,
    YES,
    Metric,
    Metrics,
    Threshold,
    Unit,
    at,
    measures,
)  # fmt: skip

SCENARIO: Final = at(
    "scenario",
    Metric("name", TEXT, "name of the scenario"),
    Metric("title", TEXT, "title"),
    Metric("question", TEXT, "question"),
    Metric("look_for", TEXT, "what to look for in the report"),
    *(
        Metric(f"answers.*.{name}", TEXT, f"{name} of an answer", meaning="as the scenario gives it")
        for name in ("metric", "of", "against", "label", "beside", "says")
    ),
    Metric("answers.*.published", NUMBER, "published number", meaning="in the unit of the entry"),
    Metric("answers.*.within", SHARE, "how far from the published number is near"),
    Metric("sweep", YES, "whether the scenario says what to vary", meaning="its question is then one for many runs"),
    Metric("seed", COUNT, "seed of every random stream"),
    Metric("start", TEXT, "local start"),
    Metric("duration_us", US, "length of demand"),
    Metric("bin_us", US, "length of a bin"),
    Metric("regime", TEXT, "regime of the digital currency"),
    Metric(
        "too_late", TEXT, "what never happens",
        meaning="paths of faults, rule changes and the like that would begin when demand is over",
    ),
)  # fmt: skip

THROUGHPUT: Final = at(
    "throughput",
    Metric("payments", COUNT, "number of payments offered"),
    Metric("settled", COUNT, "number of settled payments", HIGHER),
    Metric("value_fen", FEN, "value of payments offered"),
    Metric("settled_fen", FEN, "settled value", HIGHER),
    Metric("settled_per_s_mean", NUMBER, "mean rate of settlement", HIGHER, "payments a second of demand"),
    Metric("settled_per_s_peak", COUNT, "settlement in the best second"),
    Metric("success_share", SHARE, "share settled", HIGHER),
    Metric("success_value_share", SHARE, "share of value settled", HIGHER),
    Metric("attempts_mean", NUMBER, "number of attempts a payment", LOWER),
    *measures("latency_ms.@", MS, "latency", "p50 p95 max", LOWER, "of settled payments; quantiles within 0.1 %"),
    Metric(
        "latency_ms.p99", MS, "p99 latency", LOWER,
        threshold=Threshold(
            1_000, 10_000, "above",
            "Nielsen, Usability Engineering 1993: 1 s keeps the flow of thought, 10 s the attention",
        ),
    ),
    Metric("latency_histogram.edges_ms", MS, "edges of the latency's buckets"),
    Metric("latency_histogram.counts", COUNT, "settled payments by latency"),
    Metric("stages.*.wait_ms_mean", MS, "mean wait at the {}"),
    Metric("stages.*.service_ms_mean", MS, "mean service time at the {}"),
)  # fmt: skip

OUTCOMES: Final = at(
    "outcomes",
    Metric("settled", COUNT, "number of settled payments"),
    Metric("frozen", COUNT, "number of payments of frozen wallets"),
    Metric("outside_box", COUNT, "number of payments refused at the box's edge"),
    Metric("box_cap", COUNT, "number of payments above a cap of the box"),
    Metric("single_limit", COUNT, "number of payments above the limit per payment"),
    Metric("daily_limit", COUNT, "number of payments above the daily limit"),
    Metric("annual_limit", COUNT, "number of payments above the annual limit"),
    Metric("insufficient_balance", COUNT, "number of payments without enough money"),
    Metric("balance_cap", COUNT, "number of payments to full wallets"),
    Metric("unavailable", COUNT, "number of payments that met a closed station", LOWER),
    Metric("timed_out", COUNT, "number of payments that timed out", LOWER),
)

REFUSALS: Final = at(
    "refusals",
    Metric("*.*.payer_class", TEXT, "class of the payer's wallet"),
    Metric("*.*.outcome", TEXT, "outcome"),
    Metric("*.*.count", COUNT, "number of payments of class {} that ended as {}"),
    Metric("*.*.value_fen", FEN, "value of payments of class {} that ended as {}"),
)

CLASSES: Final = at(
    "classes.*",
    Metric("payer_class", TEXT, "class of the payer's wallet"),
    Metric("payments", COUNT, "payments of class {}"),
    Metric("value_fen", FEN, "value of payments of class {}"),
    Metric("settled", COUNT, "settled payments of class {}", HIGHER),
    Metric("settled_fen", FEN, "settled value of class {}", HIGHER),
    Metric("success_share", SHARE, "share settled of class {}", HIGHER),
    Metric("limited", COUNT, "payments of class {} refused by a limit", meaning="per payment, day, year or balance"),
    Metric("limited_fen", FEN, "value of class {} refused by a limit"),
    Metric("limited_share", SHARE, "share of payments of class {} refused by a limit"),
    Metric("limited_value_share", SHARE, "share of value of class {} refused by a limit"),
)

BUSIEST: Final = at(
    "busiest",
    Metric("at_us", INSTANT, "start of the busiest ten minutes", meaning="most payments were submitted in them"),
    Metric("lasts_us", US, "length of that window", meaning="whole bins of the time series, ten minutes at least"),
    Metric("submitted", COUNT, "payments submitted in the busiest ten minutes"),
    Metric("ended", COUNT, "payments that ended in the busiest ten minutes"),
    Metric("settled", COUNT, "payments settled in the busiest ten minutes"),
    Metric("success_share", SHARE, "share settled in the busiest ten minutes", HIGHER),
    *measures("latency_ms.@", MS, "latency in the busiest ten minutes", "p50 p99", LOWER, "of what settled in them"),
)

SEGMENTS: Final = at(
    "segments.*",
    Metric("source", TEXT, "source of demand"),
    Metric("kind", TEXT, "kind of payments"),
    Metric("payments", COUNT, "number of payments of {}"),
    Metric("settled", COUNT, "number of settled payments of {}"),
    Metric("settled_fen", FEN, "settled value of {}"),
)

STATIONS: Final = at(
    "stations.*",
    Metric("station", TEXT, "an institution's gateway, or the ledger"),
    Metric("kind", TEXT, "institution or ledger"),
    Metric("arrivals", COUNT, "arrivals at {}"),
    Metric("served", COUNT, "number served at {}"),
    Metric("refused", COUNT, "number refused at {}", meaning="because it was closed"),
    Metric("withdrawn", COUNT, "number that left the queue of {}", meaning="their patience was over"),
    Metric("wait_ms_mean", MS, "mean wait at {}", LOWER),
    Metric("service_ms_mean", MS, "mean service time at {}"),
    Metric("queue_mean", NUMBER, "mean queue at {}", LOWER),
    Metric("queue_max", COUNT, "longest queue at {}", LOWER),
    Metric("utilisation", SHARE, "utilisation of {}"),
    Metric("utilisation_peak", SHARE, "utilisation of {} in its busiest bin", meaning="of whole bins"),
    Metric("settled_fen_out", FEN, "value paid by clients of {}"),
    Metric("settled_fen_in", FEN, "value received by clients of {}"),
)

RISKS: Final = (
    *at(
        "risk.operational",
        Metric("unavailable_share", SHARE, "share that met a closed station", LOWER),
        Metric("timed_out_share", SHARE, "share timed out", LOWER),
        Metric("retried_share", SHARE, "share tried again", LOWER),
        Metric(
            "worst_bin_success_share", SHARE, "share answered in the worst bin", HIGHER,
            "of the payments that ended in a bin, those settled or refused by a rule",
            threshold=Threshold(
                0.95, 0.80, "below",
                "0.80: success of UPI, India, fell below 80 % for about 5 hours on 12 April 2025 (press); 0.95 ASSUMED",
            ),
        ),
        Metric("worst_bin_at_us", US, "start of the worst bin"),
        Metric("busiest_station", TEXT, "busiest station"),
        Metric(
            "busiest_utilisation", SHARE, "utilisation of the busiest station",
            threshold=Threshold(
                0.80, 0.95, "above",
                "ASSUMED: with one server and exponential service a wait is on average 4 service times at 80 %, 19 at "
                "95 %",
            ),
        ),
        Metric(
            "minutes_below_95", NUMBER, "time with fewer than 95 % answered, in minutes,", LOWER, "summed over bins"
        ),
        Metric("faults", COUNT, "number of faults"),
    ),
    *at(
        "risk.liquidity",
        Metric(
            "lowest_share_of_target", RELATIVE, "lowest e-CNY holding, share of its target", HIGHER,
            "of all institutions and times",
            threshold=Threshold(
                0.10, 0.02, "below", "ASSUMED: an operator orders more e-CNY at 10 % of its target by default"
            ),
        ),
        Metric("lowest_institution", TEXT, "the institution whose holding that was"),
        Metric("orders", COUNT, "number of orders to the central bank"),
        Metric("ordered_fen", FEN, "value ordered from the central bank"),
        Metric(
            "needed_fen", FEN, "e-CNY that operators need to hold ready", LOWER,
            "the most that each had paid out on balance since it last held its target, by the end of any bin; summed",
        ),
        Metric("top_ups_fen", FEN, "value of top-ups"),
        Metric("redemptions_fen", FEN, "value redeemed"),
        Metric("turnover_per_day", NUMBER, "turnover a day", meaning="settled value / e-CNY in circulation"),
        *at(
            "by_institution.*",
            Metric("institution", TEXT, "institution"),
            Metric("opening_fen", FEN, "e-CNY of {} at the start"),
            Metric("lowest_fen", FEN, "least e-CNY of {}"),
            Metric("needed_fen", FEN, "e-CNY that {} needs to hold ready", LOWER),
            Metric("closing_fen", FEN, "e-CNY of {} at the end"),
            Metric("target_fen", FEN, "target of {}"),
        ),
    ),
    *at(
        "risk.concentration",
        Metric(
            "hhi_payer_institutions", NUMBER, "concentration of paying institutions (HHI)",
            meaning="0 to 1, by settled value", threshold=CONCENTRATED,
        ),
        Metric(
            "hhi_merchants", NUMBER, "concentration of merchants (HHI)",
            meaning="0 to 1, by settled value", threshold=CONCENTRATED,
        ),
        Metric("top_institution", TEXT, "largest institution"),
        Metric(
            "top_institution_share", SHARE, "share of the largest institution",
            threshold=Threshold(0.30, 0.50, "above", "ASSUMED: if it fails, half of all value stops"),
        ),
        Metric("top_10_merchants_share", SHARE, "share of the ten largest merchants"),
    ),
    *at(
        "risk.consumer",
        Metric(
            "refused_by_limit_share", SHARE, "share refused by a limit", LOWER,
            threshold=Threshold(0.01, 0.05, "above", "ASSUMED"),
        ),
        Metric(
            "insufficient_share", SHARE, "share without enough money", LOWER,
            threshold=Threshold(0.02, 0.10, "above", "ASSUMED"),
        ),
        Metric("refused_fen", FEN, "value refused", LOWER),
        Metric("upgrades_asked", COUNT, "number of upgrades asked for"),
        Metric("upgrades_done", COUNT, "number of upgrades done"),
        Metric("worst_class", TEXT, "wallet class with the largest share refused by limits"),
        Metric(
            "worst_class_refused_share", SHARE, "share refused in the worst class", LOWER,
            threshold=Threshold(0.05, 0.10, "above", "ASSUMED"),
        ),
    ),
)  # fmt: skip

CAMPAIGNS: Final = at(
    "campaigns.*",
    Metric("registered", COUNT, "number registered for {}"),
    Metric("winners", COUNT, "number of winners of {}"),
    Metric("odds", SHARE, "odds of winning in {}"),
    Metric("claimed", COUNT, "number of packets claimed of {}"),
    Metric("unclaimed", COUNT, "number of packets not claimed of {}"),
    Metric("payments", COUNT, "number of payments out of {}"),
    Metric("settled", COUNT, "number of settled payments out of {}"),
    Metric("settled_fen", FEN, "settled value of winners of {}"),
    Metric("packet_spent_fen", FEN, "value of packets spent of {}"),
    Metric("own_money_fen", FEN, "own money spent by winners of {}"),
    Metric("funded_fen", FEN, "value put into {}"),
    Metric("returned_fen", FEN, "value taken back from {}"),
    Metric("returned_unclaimed_fen", FEN, "value of packets not claimed of {}"),
    Metric("returned_unspent_fen", FEN, "value claimed and not spent of {}"),
    Metric("merchants_enrolled", COUNT, "number of merchants enrolled in {}"),
    Metric("merchants_paid", COUNT, "number of merchants paid in {}"),
)

BOX: Final = at(
    "box",
    Metric("inside_payments", COUNT, "number of payments inside the box"),
    Metric("inside_settled_fen", FEN, "value settled inside the box"),
    Metric("outside_payments", COUNT, "number of payments outside the box"),
    Metric("crossing_refused", COUNT, "number of payments refused at the box's edge"),
    Metric("cap_refused", COUNT, "number of payments above a cap of the box"),
    Metric("exposure_fen", FEN, "exposure of the box", meaning="value settled inside"),
    Metric("exposure_cap_fen", FEN, "cap on the exposure of the box"),
)

_FLOW: Final = (
    Metric("payments", COUNT, "number of payments"),
    Metric("settled", COUNT, "number of settled payments"),
    Metric("settled_fen", FEN, "settled value"),
    Metric("failed", COUNT, "number of payments without an answer"),
    Metric("failed_fen", FEN, "value of payments without an answer"),
    Metric("refused", COUNT, "number of payments refused at the box's edge"),
    Metric("loss_fen", FEN, "criminal losses"),
)
CONTAINMENT: Final = at(
    "containment",
    Metric("contained", YES, "whether the box is contained"),
    *at("inside", *_FLOW, of=" inside the box"),
    *at("outward", *_FLOW, of=" out of the box"),
    *at("inward", *_FLOW, of=" into the box"),
    *at("outside", *_FLOW, of=" outside the box"),
    *at("crossed", *_FLOW[1:5], _FLOW[-1], of=" across the box's edge"),
)

TRACE: Final = at(
    "trace",
    Metric("rows", COUNT, "number of lines of the trace"),
    Metric("accepted", COUNT, "number of lines accepted"),
    Metric("refused", COUNT, "number of lines refused"),
    Metric("refused_by_reason.*", COUNT, "number of lines refused: {}"),
    Metric("examples", TEXT, "the first ten refusals"),
    Metric("payers", COUNT, "number of different payers"),
    Metric("payees", COUNT, "number of different payees"),
    Metric("people", COUNT, "number of people in the trace"),
    Metric("corporates", COUNT, "number of corporates in the trace"),
    Metric("merchants", COUNT, "number of merchants in the trace"),
    Metric("first_at_us", US, "first payment accepted"),
    Metric("last_at_us", US, "last payment accepted"),
    Metric("accepted_fen", FEN, "value accepted"),
    Metric("size_bytes", COUNT, "size of the file, in bytes"),
    Metric("sha256", TEXT, "SHA-256 of the file"),
)

_STEADY: Final[tuple[tuple[str, Unit, str], ...]] = (
    ("in_flight", NUMBER, "payments in flight"),
    ("submitted", NUMBER, "payments submitted a bin"),
    ("settled", NUMBER, "payments settled a bin"),
    ("settled_fen", FEN, "value settled a bin"),
    ("gateway_queue_mean", NUMBER, "queue at the gateways"),
    ("ledger_queue_mean", NUMBER, "queue at the ledger"),
    ("gateway_utilisation_max", SHARE, "utilisation of the busiest gateway"),
    ("ledger_utilisation", SHARE, "utilisation of the ledger"),
)
STEADY: Final = at(
    "steady_state",
    Metric("bins", COUNT, "number of bins of demand"),
    Metric("bin_us", US, "length of a bin"),
    Metric("cut_by", TEXT, "who says how much of the beginning is left out", meaning="mser5 or scenario"),
    Metric("cut_us", US, "length of the warm-up"),
    Metric("cut_share", SHARE, "share of the run that is warm-up"),
    Metric("reached", YES, "whether a steady state was reached", meaning="the warm-up ends in the first half"),
    *(
        Metric(f"numbers.{name}.{end}", unit, f"{words} {label} in the steady state")
        for name, unit, label in _STEADY
        for end, words in (("mean", "mean"), ("low", "lower bound of the mean"), ("high", "upper bound of the mean"))
    ),
    Metric("numbers.*.level", SHARE, "confidence of the interval of {}"),
    Metric("numbers.*.batches", COUNT, "number of batches of {}"),
    Metric("numbers.*.batch_bins", COUNT, "number of bins of a batch of {}"),
    Metric("numbers.*.correlation", NUMBER, "correlation of successive batches of {}", signed=True),
    Metric("numbers.*.trusted", YES, "whether the interval of {} is trusted"),
)  # fmt: skip

METRICS: Final = Metrics(
    (
        *SCENARIO,
        *THROUGHPUT,
        *OUTCOMES,
        *REFUSALS,
        *CLASSES,
        *BUSIEST,
        *SEGMENTS,
        *STATIONS,
        *RISKS,
        *CAMPAIGNS,
        *BOX,
        *CONTAINMENT,
        *at(
            "interest",
            Metric("credited_fen", FEN, "interest credited"),
            Metric("accrued_fen", FEN, "interest earned and not yet credited"),
        ),
        *TRACE,
        *STEADY,
        Metric("conservation.ok", YES, "whether the books balance"),
        *at(
            "conservation.by_currency.*",
            Metric("issued_fen", MINOR, "issued in {}", meaning="minor units", signed=True),
            Metric("held_fen", MINOR, "held in {}", meaning="minor units", signed=True),
            Metric(
                "sum_fen",
                MINOR,
                "sum of all balances in {}",
                meaning="minor units; 0 if the books balance",
                signed=True,
            ),
        ),
    )
)
