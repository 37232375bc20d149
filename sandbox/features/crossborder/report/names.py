"""Words for names that the simulator gives."""

from typing import Final

from reports.view.events import Events
from sandbox.language import N_

ARRANGEMENTS: Final = {
    "shared_ledger": N_("shared ledger"),
    "correspondent": N_("chain of correspondents"),
}

REASONS: Final = {
    "annual_quota": N_("annual quota used up"),
    "splitting": N_("split among several people"),
    "travel_rule": N_("data on payer or payee missing"),
    "screening": N_("name on a list"),
    "no_quote": N_("nobody quoted a rate"),
    "quote_expired": N_("quote expired"),
    "no_liquidity": N_("no liquidity"),
    "quorum_lost": N_("too few validators"),
    "bank_failed": N_("a bank failed"),
    "corridor_shut": N_("corridor shut"),
    "too_small": N_("charges would eat it up"),
    "timed_out": N_("took too long"),
}

GROUPS: Final = {
    "hong_kong": N_("People of Hong Kong"),
    "tourists": N_("Tourists"),
}

GATES: Final = {
    "travel_rule": N_("data that travel along (travel rule)"),
    "screening": N_("name screening"),
    "splitting": N_("splitting of the quota"),
    "annual_quota": N_("annual quota"),
    "large_value_reports": N_("large-value reports"),
}

PLACES: Final = {
    "mainland": N_("mainland China"),
    "hong_kong": N_("Hong Kong"),
    "macau": N_("Macau"),
    "thailand": N_("Thailand"),
    "uae": N_("UAE"),
    "saudi_arabia": N_("Saudi Arabia"),
    "euro_area": N_("Euro Area"),
    "indonesia": N_("Indonesia"),
    "kazakhstan": N_("Kazakhstan"),
    "malaysia": N_("Malaysia"),
    "pakistan": N_("Pakistan"),
    "united_states": N_("United States"),
}

PARTS: Final = {
    "compliance": N_("compliance checks"),
    "queued": N_("waiting for liquidity"),
    "closed": N_("waiting for opening hours"),
    "consensus": N_("consensus of validators"),
    "other": N_("processing"),
}
"""Of the time until a payment is credited."""

PURPOSES: Final = {
    "trade": N_("trade"),
    "remittance": N_("remittance"),
    "tourism": N_("tourism"),
    "commuting": N_("commuting"),
    "treasury": N_("treasury"),
}

ACTORS: Final = {
    "validators": N_("validators"),
}

EVENTS: Final = {
    "validator_failed": N_("validator failed"),
    "validator_recovered": N_("validator recovered"),
    "bank_failed": N_("bank failed"),
    "bank_recovered": N_("bank recovered"),
    "correspondent_failed": N_("correspondent failed"),
    "correspondent_recovered": N_("correspondent recovered"),
    "corridor_failed": N_("corridor failed"),
    "corridor_recovered": N_("corridor recovered"),
    "quorum_lost": N_("quorum lost"),
    "quorum_regained": N_("quorum regained"),
    "splitting_found": N_("splitting found"),
}

DETAILS: Final = {
    "undecided": N_("undecided"),
    "people": N_("people"),
    "side": N_("side"),
    "arrangement": N_("arrangement"),
}
"""What is told of an event, name by name."""

EVENT_WORDS: Final = Events(names=EVENTS, actors=ACTORS, fields=DETAILS)
