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
    "mbridge-2022": "mBridge, the pilot of 2022",
    "mbridge-2022.note": "Counts, mean sizes and corridors go in; that it settles, how fast, in which money comes out.",
    "mbridge-late-2025": "mBridge, from the start of its product to late 2025",
    "mbridge-late-2025.note": "As of 2022; that there were exactly 4,047 payments is ASSUMED.",
    "mbridge.payments": "payments settled",
    "mbridge.value": "their value, million US dollars",
    "mbridge.mean": "mean payment, US dollars",
    "mbridge.banks": "banks that took part",
    "mbridge.share": "first currency's share of value",
    "mbridge.hhi": "concentration of currencies (HHI)",
    "mbridge.fastest_s": "lock to settlement, fastest, seconds",
    "mbridge.median_s": "lock to settlement, median, seconds",
    "mbridge.slowest_s": "lock to settlement, slowest, seconds",
    "correspondent": "Time over a chain of correspondent banks",
    "correspondent.fitted": (
        "what payees' banks credit by machine, and in which time; what they take by hand; how far apart routes lie and "
        "the share within a day are not"
    ),
    "correspondent.median_h": "sending to credit, median, hours",
    "correspondent.submitted_h": "submission to credit, median, hours",
    "correspondent.half_hour": "credited within 30 minutes",
    "correspondent.day": "credited within 24 hours",
    "correspondent.five_minutes": "credited within 5 minutes of arrival",
    "correspondent.fastest_min": "fastest route's median, minutes",
    "correspondent.slowest_d": "slowest route's median, days",
    "correspondent.hops": "intermediaries, mean",
    "correspondent.controls": "strict capital controls over none, medians",
    "remittance": "What money sent home costs over a chain of correspondent banks",
    "remittance.fitted": "people's charges and margin",
    "remittance.people": "cost of sending 200 dollars",
    "remittance.firms": "cost to firms",
    "flight": "A flight from deposits under a holding limit",
    "flight.fitted": (
        "the spread of deposits, the spread of buffers, what users hold for payments; what leaves at lower limits is "
        "not"
    ),
    "flight.outflow": "outflow at 3,000 euro, billion euro",
    "flight.share": "outflow at 3,000 euro, share of deposits",
    "flight.banks": "banks out of buffers, of 2,025",
    "flight.banks_share": "their share of deposits",
    "flight.usual": "held in usual times, billion euro",
    "flight.outflow_500": "outflow at 500 euro, billion euro",
    "flight.banks_500": "banks out of buffers at 500 euro",
    "flight.outflow_1000": "outflow at 1,000 euro, billion euro",
    "flight.banks_1000": "banks out of buffers at 1,000 euro",
    "flight.outflow_2000": "outflow at 2,000 euro, billion euro",
    "flight.banks_2000": "banks out of buffers at 2,000 euro",
    "detection": "How many alerts are right where one payment in a thousand is illicit",
    "detection.fitted": "the detectors' default thresholds, to the published band; recall is not",
    "detection.illicit": "illicit payments, share of settled",
    "detection.precision": "alerts that are right",
    "detection.recall": "illicit payments alerted",
    "detection.value_recall": "illicit value alerted",
    "liquidity-saving": "What offsetting saves on a day like those of CHAPS",
    "liquidity-saving.fitted": "the spread of sizes, to the need; everything below all of it is not",
    "liquidity-saving.need": "liquidity that plain settlement needs, share of turnover",
    "liquidity-saving.unsettled": "unsettled at the close with 30 % less",
    "liquidity-saving.delay": "mean delay by value with 30 % less, minutes",
    "liquidity-saving.queued": "payments that wait with 30 % less",
    "liquidity-saving.plain_queued": "the same without offsetting",
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
