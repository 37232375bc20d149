"""Words for names that the simulator gives."""

from typing import Final

from reports.view.events import Events
from sandbox.language import N_

STEPS: Final = {
    "held": N_("money held"),
    "delivered": N_("key delivered"),
    "paid": N_("seller paid"),
    "anchored": N_("invoice anchored"),
}

STATES: Final = {
    "posted": N_("paid on delivery"),
    "voided": N_("voided"),
    "expired": N_("not delivered"),
    "refused": N_("not paid"),
    "open": N_("open"),
}

KINDS: Final = {
    "one_off": N_("data set"),
    "metered": N_("by use"),
}

EVENTS: Final = {
    "order_refused": N_("order not paid"),
    "not_delivered": N_("data not delivered"),
    "wrong_key": N_("wrong key"),
    "disputed": N_("delivery disputed"),
    "ruled": N_("dispute ruled on"),
    "register_anchored": N_("register anchored"),
}

ACTORS: Final = {
    "data_exchange": N_("data exchange"),
}

DETAILS: Final = {
    "price": N_("price"),
    "for_buyer": N_("for buyer"),
    "signature": N_("signature"),
}
"""What is told of an event, name by name."""

EVENT_WORDS: Final = Events(names=EVENTS, actors=ACTORS, fields=DETAILS)
