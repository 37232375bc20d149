"""Every word about what is validated, by code, so that another language is one more dict."""

from __future__ import annotations

from typing import Final

from sandbox.feature import declared
from sandbox.validation.check import Published

ENGLISH: Final[dict[str, str]] = {
    "queues": "Queues of gateways and ledger against the closed forms of queueing theory",
    "queues.note": (
        "A row a system: of its numbers the one that is furthest from its exact value, in standard errors; and whether "
        "any standard error is too wide to mean something."
    ),
    "luohu": "The red-packet week in Luohu, October 2020",
    "luohu.fitted": "payments that a claimer sets out to make, the median ticket, who adds money of their own",
    "luohu.claimed": "red packets claimed",
    "luohu.settled": "payments settled",
    "luohu.settled_yuan": "their value, yuan",
    "luohu.merchants": "merchants that were paid",
}


def words(code: str) -> str | None:
    """The words for a code, if there are any."""
    texts = (ENGLISH, *(one.words for _, one in declared(Published)))
    return next((one[code] for one in texts if code in one), None)


def label(code: str) -> str:
    """The words for a code, or the code itself.

    >>> label("luohu.claimed"), label("M/M/1, 50/s")
    ('red packets claimed', 'M/M/1, 50/s')
    """
    return words(code) or code
