"""Words for names that the simulator gives."""

from typing import Final

from reports.view.events import Events
from sandbox.language import N_

STATES: Final = {
    "discharged": N_("paid by the acceptor"),
    "recourse": N_("not paid; the loss was passed back in recourse"),
    "defaulted": N_("not paid; the holder bears it"),
    "dishonoured": N_("not paid; in recourse still"),
    "open": N_("not due yet"),
    "cancelled": N_("never accepted"),
}

ACTORS: Final = {
    "bills": N_("bills"),
    "ledger": N_("ledger"),
}

EVENTS: Final = {
    "stopped_payments": N_("stops payments"),
    "dishonoured": N_("bill not paid"),
    "lost": N_("bill lost"),
    "not_sold": N_("bill not sold"),
    "not_reimbursed": N_("bank not paid back"),
    "rediscounted": N_("bill rediscounted"),
}

ROLES: Final = {
    "core": N_("Core firms"),
    "bank": N_("Banks"),
    "central bank": N_("Central bank"),
}

DETAILS: Final = {
    "bill": N_("bill"),
    "drawer": N_("drawer"),
    "holder": N_("holder"),
    "face": N_("face"),
    "first": N_("first"),
    "price": N_("price"),
}
"""What is told of an event, name by name."""

EVENT_WORDS: Final = Events(names=EVENTS, actors=ACTORS, fields=DETAILS)
