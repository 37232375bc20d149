"""Demand is in proportion to the time in which there is any: half a day's opening brings half a day's payments."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from sandbox.features.crossborder.demand import calendars, draw_demand
from sandbox.features.offline.plan import owners, tries
from sandbox.features.offline.schema import Offline
from sandbox.scenario.load import load
from sandbox.scenario.schema import Scenario
from sandbox.world import build
from tests.properties.towns import TOWN, births

MONDAY = datetime(2026, 3, 2)
PER_DAY = 20_000
"""So many that chance makes less than 3 %, four standard deviations, of a day."""
NEW_YORK = {"country": "US", "currency": "USD", "utc_offset": -5}
"""From 22:00 to 06:00 on the scenario's clock."""


def town(start: datetime, hours: float, **more: Any) -> Scenario:
    changes = {"start": start.isoformat(), "duration": f"{hours:g} h", "campaigns": {}, **more}
    return load(TOWN, overrides=changes).scenario


def abroad(start: datetime, lasts_h: float, sender: str = "mainland", **corridor: Any) -> int:
    """How many payments a corridor sends."""
    corridors = {
        "trade": {"sender": sender, "receiver": "hong_kong", "payments": f"{PER_DAY} /day", "mean": "900 USD",
                  **corridor},
    }  # fmt: skip
    section = {"jurisdictions": {"new_york": NEW_YORK}, "corridors": corridors}
    scenario = town(start, lasts_h, crossborder=section)
    assert scenario.crossborder is not None
    found = draw_demand(scenario, scenario.crossborder, scenario.seed, calendars(scenario, scenario.crossborder))
    assert (found.at_us < scenario.duration).all()
    return int(found.at_us.size)


def check(found: int, days: float) -> None:
    wanted = days * PER_DAY
    assert abs(found - wanted) <= 4 * math.sqrt(wanted) + 1, f"{found} payments, not about {wanted:,.0f}"


@pytest.mark.parametrize(
    ("begins", "hours", "days"),
    [
        (9, 1, 1 / 8), (9, 4, 1 / 2), (9, 8, 1), (9, 24, 1), (0, 24, 1), (13, 4, 1 / 2), (13, 24, 1),
        (16, 17.5, 3 / 16), (0, 48, 2), (0, 72 + 10, 3 + 1 / 8), (96 + 12, 24, 5 / 8), (96, 72, 1),
    ],
)  # fmt: skip
def test_a_corridor_in_office_hours(begins: float, hours: float, days: float) -> None:
    check(abroad(MONDAY + timedelta(hours=begins), hours), days)


@pytest.mark.parametrize(("begins", "hours", "days"), [(22, 1, 1 / 8), (24, 24, 1), (28, 2, 1 / 4), (48, 48, 2)])
def test_a_corridor_of_another_clock(begins: float, hours: float, days: float) -> None:
    """A day of the scenario's clock cuts two of its openings."""
    check(abroad(MONDAY + timedelta(hours=begins), hours, "new_york"), days)


def test_a_corridor_at_any_hour_and_one_with_holidays() -> None:
    check(abroad(MONDAY + timedelta(hours=7), 6, hours="any"), 1 / 4)
    holidays = {"crossborder.jurisdictions.mainland.holidays": ["2026-03-03"]}
    corridors = {"sender": "mainland", "receiver": "hong_kong", "payments": f"{PER_DAY} /day", "mean": "900 USD"}
    scenario = town(MONDAY, 24 + 24 + 13, **{"crossborder.corridors.trade": corridors, **holidays})
    assert scenario.crossborder is not None
    found = draw_demand(scenario, scenario.crossborder, 1, calendars(scenario, scenario.crossborder))
    check(found.at_us.size, 1.5)


@pytest.mark.parametrize("profile", ["office_hours", "two_humps", "flat"])
@pytest.mark.parametrize("what", ["segment", "purses"])
def test_parts_of_a_day_add_up_to_it(profile: str, what: str) -> None:
    """Of what goes by a profile; the day is cut in mid-morning and in the afternoon."""
    cuts = (0, 9.5, 14, 24)
    count = _segment if what == "segment" else _purses
    whole = count(MONDAY, 24, profile)
    parts = sum(count(MONDAY + timedelta(hours=a), b - a, profile) for a, b in pairwise(cuts))
    assert whole > 5_000
    assert abs(parts - whole) <= 4 * math.sqrt(2 * whole)


def _segment(start: datetime, hours: float, profile: str) -> int:
    name = next(iter(town(start, hours).demand.segments))
    one = {f"demand.segments.{name}.profile": profile, f"demand.segments.{name}.payments": f"{PER_DAY} /day"}
    return int(births(town(start, hours, **one))[name].shape[1])


def _purses(start: datetime, hours: float, profile: str) -> int:
    group = {"share": "100 %", "pays": "always", "payments": "50 /day", "profile": profile}
    scenario = town(start, hours, offline={"regions": {"here": "100 %"}, "purses": {"cards": group}})
    world = build(scenario, scenario.seed)
    offline = scenario.section(Offline)
    assert offline is not None
    return int(np.asarray(tries(world, offline, owners(world, offline)).at_us).size)
