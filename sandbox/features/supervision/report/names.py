"""Words for names that the simulator gives."""

from typing import Final

from sandbox.language import N_

ACTORS: Final = {
    "operator": N_("operators"),
    "analyst": N_("analysts"),
    "intelligence_unit": N_("intelligence unit"),
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
}

DETAILS: Final = {
    "failed": N_("failed"),
}
"""What is told of an event, name by name."""

WATCHERS: Final = {
    "operator": N_("The operators"),
    "central_bank": N_("The central bank"),
    "regulator": N_("The regulator"),
}

VIEWERS: Final = {
    "operator": N_("operators"),
    "central_bank": N_("central bank"),
    "regulator": N_("regulator"),
    "merchant": N_("merchants"),
}

DETECTORS: Final = {
    "structuring": N_("structuring"),
    "velocity": N_("velocity"),
    "cross_border_splitting": N_("splitting abroad"),
    "merchant_refunds": N_("refunds of a merchant"),
    "merchant_collection": N_("many payers of a merchant"),
    "dormant_then_active": N_("dormant account"),
    "fan_in": N_("fan in"),
    "fan_out": N_("fan out"),
    "pass_through": N_("pass through"),
    "cycle": N_("cycle"),
    "scatter_gather": N_("scatter gather"),
    "cash": N_("cash"),
    "legal_persons": N_("legal persons"),
    "natural_persons": N_("natural persons"),
    "cross_border": N_("cross border"),
    "all": N_("all together"),
}

RULES: Final = {
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

LARGE_VALUES: Final = {
    "cash": N_("exchange between deposits and e-CNY"),
    "legal_persons": N_("companies and merchants"),
    "natural_persons": N_("people, at home"),
    "cross_border": N_("people, across the border"),
}

STATUSES: Final = {
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

CAUSES: Final = {
    "outage": N_("outage"),
    "success_drop": N_("too few payments got an answer"),
}

WAYS: Final = {
    "view": N_("anonymous below"),
    "aggregates": N_("counts with noise"),
}

STEPS: Final = {
    "payments": N_("payments"),
    "alerts": N_("alerts"),
    "triaged": N_("looked at"),
    "reported": N_("reported"),
    "key_leads": N_("key leads"),
    "frozen": N_("frozen"),
    "kept": N_("stay frozen"),
}
"""From payments to freezes."""
