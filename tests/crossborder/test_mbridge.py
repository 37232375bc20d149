"""What was published of mBridge: counts, value, concentration and time to settle, whatever the seed."""

from __future__ import annotations

import pytest

from sandbox.features.crossborder.published.mbridge import FASTEST_S, PUBLISHED, SCENARIOS, SLOWEST_S, pilot
from sandbox.scenario.load import load


def check(which: str, seed: int) -> None:
    """Everything published is met within 5 %, and decisions take as long as was claimed."""
    found = pilot(which, seed)
    for name, published in PUBLISHED[which].items():
        assert abs(getattr(found, name) / published - 1) < 0.05, name
    assert FASTEST_S <= found.fastest_s <= found.slowest_s <= SLOWEST_S


@pytest.mark.parametrize("seed", [1, 2])
def test_the_pilot_of_2022(seed: int) -> None:
    check("2022", seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_late_2025(seed: int) -> None:
    check("late 2025", seed)


def test_other_sizes_are_seen() -> None:
    corridors = load(SCENARIOS["2022"]).scenario.crossborder
    assert corridors is not None
    larger = {f"crossborder.corridors.{name}.mean": "150000 USD" for name in corridors.corridors}
    assert abs(pilot("2022", 1, **larger).value / PUBLISHED["2022"]["value"] - 1) > 0.05
