"""Entries of the summary about the life of the box."""

from __future__ import annotations

from typing import Final

from sandbox.features.lifecycle.report.names import CODES, GATES, ITEM_CODES, STAGES
from sandbox.metric import COUNT, FEN, INSTANT, LOWER, NUMBER, SHARE, TEXT, US, Metric, Metrics, at, measures

_CAPS: Final = (
    Metric("participants", COUNT, "cap on participants"),
    Metric("per_participant_fen", FEN, "cap per participant"),
    Metric("per_payment_fen", FEN, "cap per payment"),
    Metric("total_exposure_fen", FEN, "cap on the total exposure"),
)
APPLICANTS: Final = at(
    "lifecycle",
    Metric("preset", TEXT, "preset of the regime"),
    Metric("pace", NUMBER, "how many times faster than in the preset"),
    Metric("clients", COUNT, "number of customers who settled a payment inside"),
    *at(
        "applicants.*",
        Metric("institution", TEXT, "applicant"),
        Metric("stage", TEXT, "stage at the end", words=STAGES),
        Metric("reason", TEXT, "why it is in that stage", words=CODES),
            Metric("about", TEXT, "what the reason is about", words=ITEM_CODES),
        Metric("ended_us", INSTANT, "end of the test of {}"),
        Metric("first_missed", COUNT, "the first missed gate of {}", meaning="null if none was"),
        Metric("first_missed.review", COUNT, "number of the first review in which {} missed a gate"),
        Metric("first_missed.at_us", INSTANT, "when {} was first seen to miss a gate"),
        Metric("first_missed.gates", TEXT, "which gates it missed first", words=GATES),
        Metric("mended_us", INSTANT, "when a review found that {} had mended it"),
        Metric("participants", COUNT, "number of participants of {} at the end"),
        Metric("corrections", COUNT, "number of corrections used by {}"),
        Metric("exposure_fen", FEN, "value settled inside by {}"),
        Metric("redeemed", COUNT, "wind-down of {}", meaning="null if there was none"),
        Metric("redeemed.participants", COUNT, "number of participants of {} paid back"),
        Metric("redeemed.amount_fen", FEN, "value paid back by {}"),
        Metric("redeemed.left_fen", FEN, "value not yet paid back by {}"),
        Metric("redeemed.frozen", COUNT, "number of frozen wallets of {} that still wait"),
        *at(
            "timeline.*",
            Metric("stage", TEXT, "stage", words=STAGES),
            Metric("reason", TEXT, "why it began", words=CODES),
            Metric("about", TEXT, "what the reason is about", words=ITEM_CODES),
            Metric("from_us", INSTANT, "when {} began: {}"),
            Metric("to_us", INSTANT, "when {} ended: {}"),
            Metric("participants", COUNT, "number of participants of {} then: {}"),
            *at("caps", *_CAPS, of=" of {} then: {}"),
        ),
        *at(
            "reviews.*",
            Metric("stage", TEXT, "stage", words=STAGES),
            Metric("decision", TEXT, "decision", meaning="advance, hold, remediate, resume, suspend or exit"),
            Metric("reason", TEXT, "why", words=CODES),
            Metric("about", TEXT, "what the reason is about", words=ITEM_CODES),
            Metric("at_us", INSTANT, "when {} was reviewed: {}"),
            Metric("since_us", INSTANT, "since when the review of {} looked back: {}"),
            Metric("payments", COUNT, "number of payments in the review of {}: {}"),
            Metric("settled", COUNT, "number of settled payments in the review of {}: {}"),
            Metric("settled_fen", FEN, "settled value in the review of {}: {}"),
            Metric("corrections_left", COUNT, "number of corrections left to {}: {}"),
            Metric("kpis.*.gate", TEXT, "gate"),
            Metric("kpis.*.verdict", TEXT, "verdict", meaning="passed, missed, broken or unmeasured"),
            Metric("kpis.*.value", NUMBER, "value in the review of {}: {}, {}", meaning="a latency: us", signed=True),
            Metric("kpis.*.target", NUMBER, "target in the review of {}: {}, {}", signed=True),
            Metric("kpis.*.stop", NUMBER, "stop in the review of {}: {}, {}", signed=True),
        ),
    ),
)  # fmt: skip
COMPLAINTS: Final = (
    *at(
        "complaints",
        Metric("filed", COUNT, "number of complaints", LOWER),
        Metric("handled", COUNT, "number of complaints handled"),
        Metric("open", COUNT, "number of complaints open at the end"),
        *measures("handling_us_@", US, "time to handle a complaint", "mean max", meaning="with the wait"),
        Metric("by_reason.*", COUNT, "number of complaints: {}"),
    ),
    *at(
        "compensation",
        Metric("paid_in_fen", FEN, "value paid into the compensation funds"),
        Metric("claimed_fen", FEN, "value claimed in handled complaints"),
        Metric("paid_fen", FEN, "compensation paid"),
        Metric("unpaid_fen", FEN, "compensation that the funds could not pay", LOWER),
        Metric("left_fen", FEN, "value left in the compensation funds"),
        Metric("customers", COUNT, "number of customers compensated"),
        Metric("by_reason.*", FEN, "compensation paid: {}"),
    ),
)
_FINDING: Final = (
    Metric("kind", TEXT, "kind of what broke", meaning="utilisation or gate"),
    Metric("subject", TEXT, "station or gate that broke", words=GATES),
    Metric("at_us", US, "time since the roll-out began when it broke"),
    Metric("value", NUMBER, "its value when it broke", signed=True),
    Metric("line", NUMBER, "the line that it crossed", signed=True),
    Metric("bins", COUNT, "number of bins in which it was broken"),
)
AFTER: Final = (
    *at(
        "rollout",
        Metric("factor", NUMBER, "how many times larger the roll-out is"),
        Metric("lasts_us", US, "length of the roll-out"),
        Metric("ended_us", US, "when the roll-out ended"),
        Metric("wallets", COUNT, "number of wallets in the roll-out"),
        Metric("payments", COUNT, "number of payments in the roll-out"),
        Metric("settled", COUNT, "number of settled payments in the roll-out"),
        Metric("settled_fen", FEN, "settled value in the roll-out"),
        Metric("success_share", SHARE, "share settled in the roll-out", meaning="of what no rule refused"),
        Metric("utilisation_line", SHARE, "utilisation from which a station counts as broken"),
        Metric("busiest_station", TEXT, "busiest station of the roll-out"),
        Metric("busiest_utilisation", SHARE, "utilisation of the busiest station in its worst bin of the roll-out"),
        Metric("first", TEXT, "what broke first", meaning="null: nothing did; else as in `findings`"),
        *at("first", *_FINDING, of=" first"),
        *at("findings.*", *_FINDING, of=": {}"),
    ),
    *at(
        "regimes.*",
        Metric("preset", TEXT, "preset of the regime", meaning="the run's own comes first"),
        Metric("clients", COUNT, "number of customers under {}"),
        Metric("payments", COUNT, "number of payments inside under {}"),
        Metric("settled_fen", FEN, "value settled inside under {}"),
        Metric("success_share", SHARE, "share settled inside under {}"),
        Metric("failed", COUNT, "number of payments inside without an answer under {}"),
        Metric("complaints", COUNT, "number of complaints under {}"),
        Metric("compensated_fen", FEN, "compensation paid under {}"),
        Metric("crossed_fen", FEN, "value that crossed the box's edge under {}"),
        *at(
            "applicants.*",
            Metric("institution", TEXT, "applicant"),
            Metric("stage", TEXT, "stage at the end", words=STAGES),
            Metric("reason", TEXT, "why it is in that stage", words=CODES),
            Metric("about", TEXT, "what the reason is about", words=ITEM_CODES),
            Metric("applied_us", INSTANT, "application under {}: {}"),
            Metric("admitted_us", INSTANT, "admission under {}: {}"),
            Metric("ended_us", INSTANT, "end of the test under {}: {}"),
            Metric("participants", COUNT, "number of participants under {}: {}"),
            Metric("reviews", COUNT, "number of reviews under {}: {}"),
            Metric("corrections", COUNT, "number of corrections under {}: {}"),
            Metric("redeemed_fen", FEN, "value paid back under {}: {}"),
        ),
    ),
)
METRICS: Final = Metrics((*APPLICANTS, *COMPLAINTS, *AFTER))
