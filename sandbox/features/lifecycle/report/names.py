"""Words for names that the simulator gives."""

from typing import Final

from sandbox.language import N_

PRESETS: Final = {
    "own": N_("a plan of its own"),
    "pboc": N_("PBoC (China)"),
    "fca": N_("FCA (United Kingdom)"),
    "asic": N_("ASIC (Australia)"),
    "asic_2016": N_("ASIC (Australia, 2016)"),
    "hkma": N_("HKMA (Hong Kong)"),
    "hangzhou": N_("Hangzhou (principles of 2019)"),
}

STAGES: Final = {
    "applied": N_("applied"),
    "public_comment": N_("public comment"),
    "admitted": N_("admitted"),
    "small_scale": N_("small scale"),
    "expanded": N_("expanded"),
    "remediating": N_("correction period"),
    "suspended": N_("suspended"),
    "graduated": N_("graduated"),
    "wound_down": N_("wound down"),
    "refused": N_("refused"),
}

DECISIONS: Final = {
    "advance": N_("next stage"),
    "hold": N_("stay"),
    "remediate": N_("correct"),
    "resume": N_("resume"),
    "suspend": N_("suspend"),
    "exit": N_("end the test"),
    "good": N_("graduated"),
    "bad": N_("ended or refused"),
}

SHORT_GATES: Final = {
    "success_share": N_("success"),
    "p99_latency": N_("time (p99)"),
    "complaints_per_10000": N_("complaints"),
    "fraud_loss_bp": N_("fraud loss"),
    "reports_on_time": N_("reports on time"),
    "liquidity": N_("liquidity"),
}

VERDICTS: Final = {
    "passed": N_("passed"),
    "missed": N_("missed"),
    "broken": N_("broken"),
    "unmeasured": N_("not judged"),
}

REASONS: Final = {
    "application": N_("it applied"),
    "assessed": N_("assessment passed"),
    "registered": N_("no objection upheld"),
    "all gates passed": N_("all gates passed"),
    "too few payments": N_("too few payments"),
    "shortest time not over": N_("shortest time not over"),
    "mended": N_("mended"),
    "missed": N_("missed"),
    "broken": N_("broken"),
    "no licence": N_("no licence"),
    "criteria not met": N_("criteria not met"),
    "objection upheld": N_("objection upheld"),
    "automatic stop": N_("automatic stop"),
    "suspension over": N_("suspension over"),
    "no correction left after suspension": N_("no correction left after suspension"),
}

DETAILS: Final = {
    "complaints": N_("complaints"),
    "claim": N_("claim"),
    "paid": N_("paid"),
    "to_wallet": N_("to wallet"),
}
"""What is told of an event, name by name."""

COMPLAINTS: Final = {
    "fraud": N_("fraud"),
    "lost_service": N_("lost service"),
}

EVENTS: Final = {
    "box_planned": N_("test planned"),
    "application_filed": N_("applies"),
    "stage_changed": N_("stage changes"),
    "participants_joined": N_("customers join"),
    "review": N_("review"),
    "complaints_filed": N_("customers complain"),
    "compensated": N_("customer compensated"),
    "participants_redeemed": N_("e-CNY given back"),
    "rollout_began": N_("roll-out begins"),
    "rollout_broke": N_("breaks in the roll-out"),
    "rollout_ended": N_("roll-out ends"),
}

REDEEMED: Final = {
    "wound down": N_("the test is over"),
    "freeze over": N_("a freeze is over"),
}

GATES: Final = {
    "success_share": N_("payments that succeed"),
    "p99_latency": N_("slowest payments (p99)"),
    "complaints_per_10000": N_("complaints per 10,000"),
    "fraud_loss_bp": N_("fraud loss of value"),
    "reports_on_time": N_("reports on time"),
    "liquidity": N_("liquidity of target"),
}

ITEMS: Final = {
    **GATES,
    "in_scope": N_("in the regulator's scope"),
    "genuine_innovation": N_("genuinely new"),
    "consumer_benefit": N_("of use to customers"),
    "ready": N_("ready to test"),
    "needs_support": N_("in need of a sandbox"),
    "client_cap": N_("cap on customers"),
    "exposure_cap": N_("cap on exposure"),
}

CODES: Final = {**{name.replace(" ", "_"): words for name, words in REASONS.items()}, "time_is_up": N_("time is up")}
"""Reasons, as the summary has them."""
ITEM_CODES: Final = {**CODES, **ITEMS}
"""What a reason is about."""
