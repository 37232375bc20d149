"""Words for names that the simulator gives."""

from typing import Final

from sandbox.language import N_

LEVELS: Final = {
    "ok": N_("within the lines"),
    "watch": N_("worth a look"),
    "worry": N_("past the line"),
    "none": N_("no line to hold it against"),
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
    "trace": N_("from the trace"),
}

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
}

PATTERNS: Final = {
    "all": N_("all crime"),
    "no_pattern": N_("in no pattern"),
    "fan_in": N_("fan in"),
    "fan_out": N_("fan out"),
    "sub_threshold_structuring": N_("below thresholds"),
    "merchant_collusion": N_("merchant collusion"),
    "red_packet_farming": N_("red packet farming"),
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
