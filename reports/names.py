"""Words for names that the simulator gives."""

from typing import Final

from sandbox.language import N_

ACTORS: Final = {
    "operator": N_("operators"),
    "analyst": N_("analysts"),
    "intelligence_unit": N_("intelligence unit"),
    "central_bank": N_("central bank"),
    "institution": N_("institution"),
    "regulator": N_("regulator"),
    "campaign": N_("campaign"),
    "fault": N_("fault"),
    "calendar": N_("calendar"),
}

WATCHER: Final = {
    "operator": N_("The operators"),
    "central_bank": N_("The central bank"),
    "regulator": N_("The regulator"),
}

VIEWER: Final = {
    "operator": N_("operators"),
    "central_bank": N_("central bank"),
    "regulator": N_("regulator"),
    "merchant": N_("merchants"),
}

EVENTS: Final = {
    "alert": N_("alert"),
    "alert_dismissed": N_("alert dismissed"),
    "report_filed": N_("suspicion reported"),
    "large_value_report": N_("large-value report"),
    "key_lead": N_("report becomes a key lead"),
    "investigation": N_("investigation in depth"),
    "freeze_ordered": N_("freeze ordered"),
    "frozen": N_("account frozen"),
    "released": N_("account released"),
    "freeze_kept": N_("account stays frozen"),
    "freeze_needless": N_("account frozen already"),
    "incident_opened": N_("breakdown noticed"),
    "incident_over": N_("breakdown over"),
    "incident_unnoticed": N_("breakdown over before anybody noticed"),
    "incident_reported": N_("breakdown reported"),
    "incident_report_overdue": N_("report overdue"),
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

PATTERN: Final = {
    "all": N_("all crime"),
    "no_pattern": N_("in no pattern"),
    "fan_in": N_("fan in"),
    "fan_out": N_("fan out"),
    "sub_threshold_structuring": N_("below thresholds"),
    "merchant_collusion": N_("merchant collusion"),
    "red_packet_farming": N_("red packet farming"),
    "cross_border_shells": N_("cross-border shells"),
}

DETECTOR: Final = {
    "structuring": N_("structuring"),
    "velocity": N_("velocity"),
    "cross_border_splitting": N_("splitting abroad"),
    "merchant_refunds": N_("refunds of a merchant"),
    "merchant_collection": N_("many payers of a merchant"),
    "dormant_then_active": N_("dormant account"),
    "all": N_("all together"),
}

RULE: Final = {
    "structuring": N_("payments just below a threshold, of one payer or to one payee"),
    "velocity": N_("many payments of one person in a short time"),
    "fan_in": N_("many people pay one person"),
    "fan_out": N_("one person pays many people"),
    "pass_through": N_("what comes in goes out again"),
    "cycle": N_("money comes back to where it went out"),
    "scatter_gather": N_("from one source over several people to one person"),
    "dormant_then_active": N_("an account that wakes and sends much"),
    "cross_border_splitting": N_("several people pay one counterparty across the border"),
    "merchant_refunds": N_("a merchant pays people back again and again"),
    "merchant_collection": N_("many people pay one merchant within a short time"),
}

LARGE_VALUE: Final = {
    "cash": N_("exchange between deposits and e-CNY"),
    "legal_persons": N_("companies and merchants"),
    "natural_persons": N_("people, at home"),
    "cross_border": N_("people, across the border"),
}

ALERT_STATUS: Final = {
    "open": N_("nobody has looked at it"),
    "reported": N_("an analyst reported it"),
    "dismissed": N_("an analyst dismissed it"),
    "frozen": N_("the account was frozen"),
    "released": N_("the account was frozen and released"),
    "kept": N_("the account was frozen and stays so"),
}

SINCE: Final = {
    "noticed": N_("noticing the breakdown"),
    "classified": N_("classifying it"),
    "report_before": N_("the report before"),
}

ABOUT: Final = {
    "kind": N_("it is made of one kind of payment"),
    "source": N_("as the kind"),
    "category": N_("as the kind: its payees are no merchants, or a few of them"),
    "payer_class": N_("as the kind: both sides are companies"),
    "amount_fen": N_("its amounts are its purpose, or those of its kind"),
    "top_up_fen": N_("money that passes on, or a packet, needs no top-up"),
    "packet_fen": N_("it spends red packets"),
    "redeemed_fen": N_("it fills the payee's wallet"),
    "payer_out_degree": N_("few accounts pay again and again"),
    "payer_in_degree": N_("who pays was paid before"),
    "payee_in_degree": N_("few accounts collect, or wallets where others pay merchants"),
    "payee_out_degree": N_("the payee pays on, which merchants do not"),
}

LEAK_COLUMN: Final = {
    "amount_fen": N_("amount"),
    "hour": N_("hour of day"),
    "attempt": N_("attempts"),
    "top_up_fen": N_("topped up for it"),
    "packet_fen": N_("out of a red packet"),
    "redeemed_fen": N_("passed on to the bank"),
    "payer_out_degree": N_("payments the payer made"),
    "payer_in_degree": N_("payments the payer got"),
    "payee_in_degree": N_("payments the payee got"),
    "payee_out_degree": N_("payments the payee made"),
    "kind": N_("kind"),
    "category": N_("merchant's category"),
    "source": N_("segment or campaign"),
    "payer_institution": N_("payer's institution"),
    "payee_institution": N_("payee's institution"),
    "payer_class": N_("payer's class"),
    "outcome": N_("outcome"),
    "in_box": N_("in the box"),
}

WAY: Final = {
    "view": N_("anonymous below"),
    "aggregates": N_("counts with noise"),
}

CAUSE: Final = {
    "outage": N_("outage"),
    "success_drop": N_("too few payments got an answer"),
}

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
