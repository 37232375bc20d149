"""Designs: how many points, which, and what they do not depend on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.experiment.design import count_of, latin_hypercube, points_of
from sandbox.experiment.factors import Factor
from sandbox.scenario.introspection import number_of

SERVERS = Factor("ledger.servers", ("4", "8", "16"))
PRESET = Factor("rules.wallet_limits.preset", ("2021+", "ccb_pilot_2020"))
DELAY = Factor("rules.kyc_delay", low="1 min", high="10 h", scale="log", kind="uncertainty")
PATIENCE = Factor("behaviour.patience", low="1 s", high="30 s", kind="uncertainty")


def test_a_grid_is_every_combination_the_last_lever_fastest() -> None:
    points = points_of([SERVERS, PRESET], "grid", 7, 1)
    assert len(points) == count_of([SERVERS, PRESET], "grid", 7) == 6
    assert [point["ledger.servers"] for point in points] == ["4", "4", "8", "8", "16", "16"]
    assert len({tuple(point.items()) for point in points}) == 6


def test_each_choice_meets_the_same_futures() -> None:
    points = points_of([SERVERS, DELAY, PATIENCE], "grid", 5, 1)
    assert len(points) == count_of([SERVERS, DELAY, PATIENCE], "grid", 5) == 15
    futures = [{path: point[path] for path in (DELAY.path, PATIENCE.path)} for point in points]
    assert futures[:5] == futures[5:10] == futures[10:]
    assert len({tuple(one.items()) for one in futures}) == 5


@given(samples=st.integers(1, 200), seed=st.integers(0, 2**40))
@settings(max_examples=30)
def test_a_latin_hypercube_has_one_draw_in_each_strip(samples: int, seed: int) -> None:
    unit = latin_hypercube([DELAY, PATIENCE, SERVERS], samples, seed)
    assert unit.shape == (samples, 3)
    for column in unit.T:
        assert sorted((column * samples).astype(int)) == list(range(samples))


def test_another_factor_disturbs_nobody_s_draws() -> None:
    alone = points_of([DELAY], "latin_hypercube", 20, 3)
    among = points_of([PATIENCE, DELAY, SERVERS], "latin_hypercube", 20, 3)
    assert [point[DELAY.path] for point in alone] == [point[DELAY.path] for point in among]
    assert points_of([DELAY], "latin_hypercube", 20, 4) != alone


def test_columns_of_a_latin_hypercube_are_not_the_same_order() -> None:
    unit = latin_hypercube([DELAY, PATIENCE], 400, 1)
    assert abs(np.corrcoef(unit.T)[0, 1]) < 0.15


@pytest.mark.parametrize("seed", range(4))
def test_sobol_points_fill_every_cell(seed: int) -> None:
    """64 points of a (0, m, 2)-net put one into each cell of an 8 by 8 board, shifted or not."""
    points = points_of([DELAY, PATIENCE], "sobol", 64, seed)
    low, high = np.log([number_of(DELAY.path, words) for words in (DELAY.low, DELAY.high)])
    across = [(np.log(number_of(DELAY.path, point[DELAY.path])) - low) / (high - low) for point in points]
    bottom, top = PATIENCE.bounds
    along = [(number_of(PATIENCE.path, point[PATIENCE.path]) - bottom) / (top - bottom) for point in points]
    cells = {(int(8 * a), int(8 * b)) for a, b in zip(across, along, strict=True)}
    assert len(cells) == 64


@given(share=st.floats(0, 1))
def test_a_drawn_value_is_in_its_range_and_can_be_read(share: float) -> None:
    for factor in (DELAY, PATIENCE, Factor("scale", low="0.5", high="2"), Factor("ledger.servers", low="3", high="9")):
        low, high = factor.bounds
        assert low <= number_of(factor.path, factor.at(share)) <= high


def test_levels_are_drawn_evenly() -> None:
    drawn = [point[SERVERS.path] for point in points_of([SERVERS, DELAY], "latin_hypercube", 300, 1)]
    assert {level: drawn.count(level) for level in SERVERS.levels} == {"4": 100, "8": 100, "16": 100}


def test_counting_makes_nothing() -> None:
    wide = [Factor(f"campaigns.c{number}.winners", tuple(map(str, range(100)))) for number in range(10)]
    assert count_of(wide, "grid", 1) == 100**10
