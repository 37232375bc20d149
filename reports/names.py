"""Words for names that the simulator gives."""

from typing import Final

from sandbox.language import N_

LEVELS: Final = {
    "ok": N_("within thresholds"),
    "watch": N_("first threshold exceeded"),
    "worry": N_("second threshold exceeded"),
    "none": N_("no threshold"),
}

OUTCOMES: Final = {
    "settled": N_("settled"),
    "frozen": N_("wallet frozen"),
    "outside_box": N_("crosses the box's edge"),
    "box_cap": N_("above a cap of the box"),
    "single_limit": N_("above limit per payment"),
    "daily_limit": N_("above daily limit"),
    "annual_limit": N_("above annual limit"),
    "insufficient_balance": N_("not enough money"),
    "balance_cap": N_("payee's wallet full"),
    "unavailable": N_("station closed"),
    "timed_out": N_("timed out"),
}

CLASSES: Final = {
    "I": N_("Class I"),
    "II": N_("Class II"),
    "III": N_("Class III"),
    "IV": N_("Class IV"),
    "corporate": N_("Corporate"),
}

STAGES: Final = {
    "payer_gateway": N_("Payer's gateway"),
    "payee_gateway": N_("Payee's gateway"),
    "ledger": N_("Ledger"),
}

STATIONS: Final = {
    "institution": N_("institution"),
    "ledger": N_("ledger"),
}

REGIMES: Final = {
    "digital_cash": N_("digital cash (no interest, a claim on the central bank)"),
    "digital_deposit": N_("digital deposit (bank money with interest and deposit insurance)"),
}

KINDS: Final = {
    "retail": N_("retail"),
    "transfer": N_("transfer"),
    "wholesale": N_("wholesale"),
    "government": N_("government"),
    "fee": N_("fee"),
    "campaign": N_("campaign"),
    "cross_border": N_("cross border"),
    "trace": N_("from the trace"),
}
"""Kinds of payment."""

FAULTS: Final = {
    "outage": N_("outage"),
    "capacity_loss": N_("loss of servers"),
    "slow_down": N_("slow-down"),
}

ACTORS: Final = {
    "central_bank": N_("central bank"),
    "institution": N_("institution"),
    "regulator": N_("regulator"),
    "campaign": N_("campaign"),
    "fault": N_("fault"),
    "calendar": N_("calendar"),
}

EVENTS: Final = {
    "fault_began": N_("fault begins"),
    "fault_ended": N_("fault ends"),
    "funded": N_("funded"),
    "drawn": N_("lottery drawn"),
    "expired": N_("expires"),
    "liquidity_order": N_("orders e-CNY"),
    "issued": N_("issues e-CNY"),
    "redeemed": N_("takes e-CNY back"),
    "day_ended": N_("day ends"),
    "interest_credited": N_("interest credited"),
    "box_started": N_("box begins"),
    "box_changed": N_("box changed"),
    "wallet_limits_changed": N_("wallet limits changed"),
    "merchant_closed": N_("merchant closed"),
    "merchant_opened": N_("merchant opened"),
}

DETAILS: Final = {
    "amount": N_("amount"),
    "holding": N_("holding"),
    "target": N_("target"),
    "registered": N_("registered"),
    "winners": N_("winners"),
    "claimed": N_("claimed"),
    "returned": N_("returned"),
    "unclaimed": N_("unclaimed"),
    "unspent": N_("unspent"),
    "wallets": N_("wallets"),
    "merchants": N_("merchants"),
    "count": N_("count"),
    "reason": N_("reason"),
    "kind": N_("kind"),
    "box": N_("box"),
    "on": N_("on"),
    "outside": N_("outside"),
    "participants": N_("participants"),
    "per_payment": N_("per payment"),
    "per_participant": N_("per participant"),
    "total_exposure": N_("total exposure"),
    "per_payment_cap": N_("per payment cap"),
    "participant_cap": N_("participant cap"),
    "total_exposure_cap": N_("total exposure cap"),
    "limits_fen": N_("limits fen"),
    "balance": N_("balance"),
    "single": N_("single"),
    "daily": N_("daily"),
    "annual": N_("annual"),
    "corporate": N_("corporate"),
}
"""What is told of an event, name by name."""

PATTERNS: Final = {
    "all": N_("all crime"),
    "no_pattern": N_("in no pattern"),
    "fan_in": N_("fan in"),
    "fan_out": N_("fan out"),
    "bipartite": N_("bipartite"),
    "stack": N_("stack"),
    "random": N_("random"),
    "cycle": N_("cycle"),
    "scatter_gather": N_("scatter gather"),
    "gather_scatter": N_("gather scatter"),
    "mule_layering": N_("mule layering"),
    "account_takeover": N_("account takeover"),
    "merchant_collusion": N_("merchant collusion"),
    "overpay_refund": N_("overpay refund"),
    "red_packet_farming": N_("red packet farming"),
    "sub_threshold_structuring": N_("below thresholds"),
    "nested_layering": N_("nested layering"),
    "cross_border_shells": N_("cross-border shells"),
}
"""Labels of payments that are criminal in truth."""

TRACE_REASONS: Final = {
    "broken_line": N_("broken line"),
    "too_long": N_("too long"),
    "encoding": N_("encoding"),
    "nul": N_("nul"),
    "fields": N_("fields"),
    "missing": N_("missing"),
    "not_a_number": N_("not a number"),
    "not_a_time": N_("not a time"),
    "time_zone": N_("time zone"),
    "not_finite": N_("not finite"),
    "too_fine": N_("too fine"),
    "time_negative": N_("time negative"),
    "time_late": N_("time late"),
    "amount_not_positive": N_("amount not positive"),
    "amount_too_large": N_("amount too large"),
    "unknown_kind": N_("unknown kind"),
    "self_payment": N_("self payment"),
    "time_backwards": N_("time backwards"),
    "too_many_people": N_("too many people"),
    "too_many_corporates": N_("too many corporates"),
    "too_many_merchants": N_("too many merchants"),
}
"""Why lines of a trace were refused."""

QUANTILES: Final = {
    "p50": N_("half (p50)"),
    "p95": N_("95 of 100 (p95)"),
    "p99": N_("99 of 100 (p99)"),
}
