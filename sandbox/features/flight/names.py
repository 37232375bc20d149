"""Words for names that the simulator gives."""

from typing import Final

from sandbox.language import N_

ACTORS: Final = {
    "bank": N_("bank"),
}

EVENTS: Final = {
    "reserves_exhausted": N_("reserves do not suffice"),
    "customers_wait": N_("customers have to wait"),
}

DETAILS: Final = {
    "asked": N_("asked"),
    "reserves": N_("reserves"),
    "able": N_("able"),
}
"""What is told of an event, name by name."""
