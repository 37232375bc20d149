"""What was published about payments across borders, and what runs give for it."""

from __future__ import annotations

from typing import Final

from sandbox.language import N_
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
        "mbridge-2022": N_("mBridge, the pilot of 2022"),
        "mbridge-2022.note": N_(
            "Counts, mean sizes and corridors go in; that it settles, how fast, in which money comes out."
        ),
        "mbridge-late-2025": N_("mBridge, from the start of its product to late 2025"),
        "mbridge-late-2025.note": N_("As of 2022; that there were exactly 4,047 payments is ASSUMED."),
        "mbridge.payments": N_("payments settled"),
        "mbridge.value": N_("their value, million US dollars"),
        "mbridge.mean": N_("mean payment, US dollars"),
        "mbridge.banks": N_("banks that took part"),
        "mbridge.share": N_("first currency's share of value"),
        "mbridge.hhi": N_("concentration of currencies (HHI)"),
        "mbridge.fastest_s": N_("lock to settlement, fastest, seconds"),
        "mbridge.median_s": N_("lock to settlement, median, seconds"),
        "mbridge.slowest_s": N_("lock to settlement, slowest, seconds"),
        "correspondent": N_("Time over a chain of correspondent banks"),
        "correspondent.fitted": N_(
            "what payees' banks credit by machine, and in which time; what they take by hand; how far apart "
            "routes lie and the share within a day are not"
        ),
        "correspondent.median_h": N_("sending to credit, median, hours"),
        "correspondent.submitted_h": N_("submission to credit, median, hours"),
        "correspondent.half_hour": N_("credited within 30 minutes"),
        "correspondent.day": N_("credited within 24 hours"),
        "correspondent.five_minutes": N_("credited within 5 minutes of arrival"),
        "correspondent.fastest_min": N_("fastest route's median, minutes"),
        "correspondent.slowest_d": N_("slowest route's median, days"),
        "correspondent.hops": N_("intermediaries, mean"),
        "correspondent.controls": N_("strict capital controls over none, medians"),
        "remittance": N_("What money sent home costs over a chain of correspondent banks"),
        "remittance.fitted": N_("people's charges and margin"),
        "remittance.people": N_("cost of sending 200 dollars"),
        "remittance.firms": N_("cost to firms"),
        "liquidity-saving": N_("What offsetting saves on a day like those of CHAPS"),
        "liquidity-saving.fitted": N_("the spread of sizes, to the need; everything below all of it is not"),
        "liquidity-saving.need": N_("liquidity that plain settlement needs, share of turnover"),
        "liquidity-saving.unsettled": N_("unsettled at the close with 30 % less"),
        "liquidity-saving.delay": N_("mean delay by value with 30 % less, minutes"),
        "liquidity-saving.queued": N_("payments that wait with 30 % less"),
        "liquidity-saving.plain_queued": N_("the same without offsetting"),
    },
)
