"""What is said of what is validated, by code."""

from __future__ import annotations

from typing import Final

from sandbox.feature import declared
from sandbox.language import N_, _
from sandbox.validation.check import Published

WORDS: Final = {
    "queues": N_("Queues of gateways and ledger against the closed forms of queueing theory"),
    "queues.note": N_(
        "A row a system: of its numbers the one that is furthest from its exact value, in standard "
        "errors; and whether any standard error is too wide to mean something."
    ),
    "luohu": N_("The red-packet week in Luohu, October 2020"),
    "luohu.fitted": N_("payments that a claimer sets out to make, the median ticket, who adds money of their own"),
    "luohu.claimed": N_("red packets claimed"),
    "luohu.settled": N_("payments settled"),
    "luohu.settled_yuan": N_("their value, yuan"),
    "luohu.merchants": N_("merchants that were paid"),
}


def words(code: str) -> str | None:
    """The words for a code, if there are any."""
    texts = (WORDS, *(one.words for __, one in declared(Published)))
    return next((_(one[code]) for one in texts if code in one), None)


def label(code: str) -> str:
    """The words for a code, or the code itself.

    >>> label("luohu.claimed"), label("M/M/1, 50/s")
    ('red packets claimed', 'M/M/1, 50/s')
    """
    return words(code) or code
