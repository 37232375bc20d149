"""What was published about payments across borders, and what runs give for it."""

from __future__ import annotations

from typing import Final

from sandbox.validation.check import Published

_HERE: Final = "sandbox.features.crossborder.published"

PUBLISHED: Final = Published(
    cases={
        "mbridge-2022": f"{_HERE}.mbridge:checks_of_2022",
        "mbridge-late-2025": f"{_HERE}.mbridge:checks_of_late_2025",
        "correspondent": f"{_HERE}.correspondent:time_checks",
        "remittance": f"{_HERE}.correspondent:cost_checks",
        "liquidity-saving": f"{_HERE}.liquidity_saving:checks",
    },
    words={
        "mbridge-2022": "mBridge, the pilot of 2022",
        "mbridge-2022.note": (
            "Counts, mean sizes and corridors go in; that it settles, how fast, in which money comes out."
        ),
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
            "what payees' banks credit by machine, and in which time; what they take by hand; how far apart routes lie "
            "and the share within a day are not"
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
        "liquidity-saving": "What offsetting saves on a day like those of CHAPS",
        "liquidity-saving.fitted": "the spread of sizes, to the need; everything below all of it is not",
        "liquidity-saving.need": "liquidity that plain settlement needs, share of turnover",
        "liquidity-saving.unsettled": "unsettled at the close with 30 % less",
        "liquidity-saving.delay": "mean delay by value with 30 % less, minutes",
        "liquidity-saving.queued": "payments that wait with 30 % less",
        "liquidity-saving.plain_queued": "the same without offsetting",
    },
)
