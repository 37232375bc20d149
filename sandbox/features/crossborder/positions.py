"""What capital controls look at: flows over borders by day, and how much of the annual quota people have used.

Both count what was credited, so that `crossborder.parquet` says the same. Units: US cents, shares of the quota.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sandbox.core.clock import time_of_day_us
from sandbox.core.ratio import share
from sandbox.features.crossborder.payment import SETTLED, Payment
from sandbox.features.crossborder.schema.office import HOME_UTC_OFFSET
from sandbox.features.crossborder.schema.section import CrossBorder
from sandbox.scenario.units import US_PER_DAY

BANDS_PERCENT: Final = (0, 1, 2, 5, 10, 20, 50, 80)
"""Where bands of what is used of the quota begin (per cent of it): most people use little, a few come near its end."""


def flows(crossborder: CrossBorder, start: datetime, payments: Sequence[Payment]) -> list[dict[str, Any]]:
    """What went out of and came into each jurisdiction with capital controls, by day of its own clock.

    Day 0 is the date at which the scenario starts; a place to the west may begin with day -1.
    """
    ahead_us = {
        name: round((one.utc_offset - HOME_UTC_OFFSET) * US_PER_DAY / 24)
        for name, one in crossborder.jurisdictions.items()
        if one.capital_controls != "none"
    }
    first_us = time_of_day_us(start)
    sums: Counter[tuple[int, str, str]] = Counter()
    for one in payments:
        if one.outcome != SETTLED or one.completed_us is None:
            continue
        for place, direction in ((one.sender, "out_usd_cents"), (one.receiver, "in_usd_cents")):
            if place in ahead_us:
                day = (one.completed_us + first_us + ahead_us[place]) // US_PER_DAY
                sums[day, place, direction] += one.value_usd_cents
    directions = ("out_usd_cents", "in_usd_cents")
    return [
        {"day": day, "jurisdiction": place, **{one: sums[day, place, one] for one in directions}}
        for day, place in sorted({(day, place) for day, place, _ in sums})
    ]


def quota(crossborder: CrossBorder, start: datetime, payments: Sequence[Payment]) -> list[dict[str, Any]]:
    """How much of the annual quota people have used, by jurisdiction and side; only of people who used some."""
    limit = crossborder.gates.annual_quota
    used: Counter[tuple[str, str, int, int]] = Counter()
    for one in payments:
        if one.outcome == SETTLED and one.individuals:
            year = (start + timedelta(microseconds=one.submitted_us)).year
            for place, side, person in _bound(crossborder, one):
                used[place, side, person, year] += one.value_usd_cents
    found = []
    for place, side in sorted({(place, side) for place, side, _, _ in used}):
        mine = [cents for (where, which, _, _), cents in used.items() if (where, which) == (place, side)]
        bands = Counter(max(from_ for from_ in BANDS_PERCENT if cents * 100 >= from_ * limit) for cents in mine)
        found.append(
            {
                "jurisdiction": place,
                "side": side,
                "people": len(mine),
                "used_share_mean": share(sum(mine), limit * len(mine)),
                "used_share_max": share(max(mine), limit),
                "bands": [{"from_share": from_ / 100, "people": bands[from_]} for from_ in BANDS_PERCENT],
            }
        )
    return found


def _bound(crossborder: CrossBorder, one: Payment) -> Iterator[tuple[str, str, int]]:
    """Whose quota a payment of a person takes: jurisdiction, side, customer."""
    for place, side, person in ((one.sender, "sent", one.payer), (one.receiver, "received", one.payee)):
        if crossborder.jurisdictions[place].capital_controls == "strict":
            yield place, side, person
