"""Words for names that the simulator gives."""

from typing import Final

from reports.view.events import Events
from sandbox.language import N_

MONEY: Final = {
    "loaded": N_("loaded into purses"),
    "covered": N_("put in for losses"),
    "paid_out": N_("paid out to wallets and merchants"),
    "in_escrow": N_("in escrow at the end"),
}

OUTCOMES: Final = {
    "settled": N_("settled"),
    "double_spend": N_("spent twice"),
    "over_cap": N_("above a cap"),
    "expired": N_("shown too late"),
    "replayed": N_("shown again"),
    "bad_signature": N_("badly signed"),
    "lost": N_("lost with the devices"),
    "open": N_("not shown yet"),
}

DECLINED: Final = {
    "balance": N_("the purse held less"),
    "cap": N_("above the cap on a payment"),
    "hops": N_("too many hops"),
    "stale": N_("too long since the last sync"),
    "full": N_("the payee's purse was full"),
    "clock": N_("the payee's clock said otherwise"),
    "revoked": N_("the payer's purse was stopped"),
    "known": N_("the payee had seen that counter"),
    "broken": N_("the record did not hold"),
    "nobody": N_("nobody there to be paid"),
    "pin": N_("more than goes without the PIN"),
}

ATTACKS: Final = {
    "clone": N_("cloned"),
    "rollback": N_("set back"),
    "replay": N_("shown again"),
    "forge": N_("forged"),
    "clock": N_("clock set back"),
    "overspend": N_("above the caps"),
}

WAITS: Final = {
    "one_hop": N_("one hop"),
    "more_hops": N_("two hops or more"),
}
"""Payments by how often their money changed hands before it settled."""

SPREAD: Final = {
    "none": N_("nothing"),
    "quarter": N_("less than 25 %"),
    "half": N_("25 % to 50 %"),
    "three_quarters": N_("50 % to 75 %"),
    "more": N_("75 % to 100 %"),
    "all": N_("all, 100 %"),
}
"""How much of its bound a broken purse spent twice."""

ACTORS: Final = {
    "attacker": N_("attacker"),
}

EVENTS: Final = {
    "attack_began": N_("attack began"),
    "purse_reported": N_("purse reported"),
    "purse_stopped": N_("purse stopped"),
}

DETAILS: Final = {
    "devices": N_("devices"),
}
"""What is told of an event, name by name."""

EVENT_WORDS: Final = Events(names=EVENTS, actors=ACTORS, fields=DETAILS, values=ATTACKS)
