"""Words for names that the simulator gives."""

from typing import Final

from reports.view.events import Events
from sandbox.language import N_

KINDS: Final = {
    "courses": N_("courses paid beforehand"),
    "subsidies": N_("purpose-bound vouchers"),
    "gifts": N_("packets between people"),
    "deliveries": N_("payment on delivery"),
    "dividends": N_("dividends on data"),
    "fees": N_("administrative fees"),
    "sub_wallets": N_("sub-wallets"),
}

ENDINGS: Final = {
    "posted": N_("posted"),
    "voided": N_("voided"),
    "expired": N_("expired"),
    "open": N_("open"),
}

REASONS: Final = {
    "lessons": N_("all lessons given"),
    "merchant_failed": N_("the school failed"),
    "withdrawn": N_("the customer withdrew"),
    "expired": N_("time was over"),
    "nothing_left": N_("nothing left"),
    "category": N_("another category"),
    "area": N_("another area"),
    "hour": N_("another hour"),
    "keyword": N_("wrong keyword"),
    "late": N_("arrived too late"),
    "no_school": N_("no school in this category"),
    "school_failed": N_("the school had failed"),
    "no_shop": N_("no shop in this category"),
    "nobody_eligible": N_("nobody eligible"),
    "not_given_out": N_("not given out yet"),
    "not_paid": N_("the merchant could not be paid"),
    "spent": N_("all of it spent"),
    "taken": N_("all parts taken"),
    "paid_out": N_("all paid out"),
    "delivered": N_("delivered"),
    "dispute": N_("a dispute was decided"),
    "granted": N_("granted"),
    "rejected": N_("rejected"),
    "paid": N_("the owner paid"),
    "stolen": N_("a thief paid"),
    "per_payment": N_("quota for a payment"),
    "per_day": N_("quota for a day"),
    "per_month": N_("quota for a month"),
    "revoked": N_("authorisation revoked"),
}

ACTORS: Final = {
    "contract": N_("contract"),
}

EVENTS: Final = {
    "opened": N_("money held"),
    "posted": N_("posted"),
    "voided": N_("voided"),
    "merchants_failed": N_("merchants fail"),
    "authorised": N_("sub-wallets authorised"),
}

FATES: Final = {
    "delivered": N_("lessons given"),
    "given_back": N_("given back"),
    "lost": N_("lost"),
    "owed": N_("still owed"),
}
"""Of what was paid for a course."""

DETAILS: Final = {
    "spent": N_("spent"),
    "schools": N_("schools"),
    "customers": N_("customers"),
}
"""What is told of an event, name by name."""

EVENT_WORDS: Final = Events(names=EVENTS, actors=ACTORS, fields=DETAILS, values=REASONS)
