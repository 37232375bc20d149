"""What does not go together on the chain of correspondents."""

from __future__ import annotations

import math
from datetime import date
from typing import Final

from sandbox.features.crossborder.schema.chain import chosen, leg_currencies
from sandbox.features.crossborder.schema.common import Found, no_rates
from sandbox.features.crossborder.schema.office import office_problems
from sandbox.features.crossborder.schema.section import CrossBorder
from sandbox.language import N_
from sandbox.visible import plain

_CUT_OFF_OUTSIDE: Final = N_("the cut-off lies outside the hours: {name} is open for {hours} h; take less than that")
_HOPS_SUM: Final = N_("the shares add up to {total} %, not to 100 %")
_MARGINS_START: Final = N_("the first margin begins at `0 USD`, so that every size has one")
_CORRIDOR_NO_ROUTE: Final = N_(
    "no chain of banks leads through {currencies}: too few intermediaries hold accounts in two that "
    "follow one another; add some, add to one's `currencies`, or let banks pay each other directly "
    "(`hops` with a first share above 0)"
)


def chain_problems(crossborder: CrossBorder, first: date, days: int) -> Found:
    """What does not go together on the chain."""
    chain = crossborder.correspondent
    own = ("correspondent",)
    for name, one in chain.intermediaries.items():
        for field, message, values in office_problems(one, first, days):
            yield (*own, "intermediaries", name, field), message, values
        if one.opens < one.closes and one.cut_off >= one.open_for:
            yield (*own, "intermediaries", name, "cut_off"), _CUT_OFF_OUTSIDE, {"name": name, **_hours(one.open_for)}
        yield from no_rates((*own, "intermediaries", name, "currencies"), one.currencies, crossborder)
    for code_of, office in chain.systems.items():
        for field, message, values in office_problems(office, first, days):
            yield (*own, "systems", code_of, field), message, values
        yield from no_rates((*own, "systems", code_of), [code_of], crossborder)
    shortest = min(crossborder.jurisdictions.items(), key=lambda pair: pair[1].open_for)
    if 0 < shortest[1].open_for <= chain.cut_off:
        yield (*own, "cut_off"), _CUT_OFF_OUTSIDE, {"name": shortest[0], **_hours(shortest[1].open_for)}
    if not math.isclose(math.fsum(chain.hops), 1.0, abs_tol=1e-6):
        yield (*own, "hops"), _HOPS_SUM, {"total": f"{plain(100 * math.fsum(chain.hops), 9)}"}
    for number, margin in enumerate(chain.margins):
        if number == 0 and margin.above != 0:
            yield (*own, "margins", 0, "above"), _MARGINS_START, {}
        if number and margin.above <= chain.margins[number - 1].above:
            yield (*own, "margins", number, "above"), N_("must be above the one before it"), {}
    codes = [code for pair in chain.direct_pairs for code in pair.split("/")]
    yield from no_rates((*own, "direct_pairs"), codes, crossborder)
    yield from _routes(crossborder)


def _hours(open_us: int) -> dict[str, object]:
    return {"hours": f"{plain(open_us / 3_600_000_000, 9)}"}


def _routes(crossborder: CrossBorder) -> Found:
    chain = crossborder.correspondent
    for name, corridor in crossborder.corridors.items():
        if any(end not in crossborder.jurisdictions for end in (corridor.sender, corridor.receiver)):
            continue
        exchanges = chain.exchanges(*crossborder.currencies_of(corridor))
        lengths = [stops for stops, share in enumerate(chain.hops) if share > 0]
        if not any(
            chosen(chain.candidates(leg_currencies(exchanges, stops)), [0] * stops) is not None for stops in lengths
        ):
            yield ("corridors", name), _CORRIDOR_NO_ROUTE, {"currencies": ", ".join(exchanges)}
