"""Alerts of the default detectors: as many of them are right as published, and worse ones are seen."""

from __future__ import annotations

import pytest

from sandbox.features.supervision.detection import HIGHEST, LOWEST, score
from sandbox.stats.intervals import mean_interval

SEEDS = range(1, 21)


def test_precision_of_one_small_run_is_a_share_of_its_alerts() -> None:
    one = score(1, scale=0.25)
    assert 0 < one.precision < 0.3
    assert one.illicit_share == pytest.approx(0.001, abs=0.0004)


@pytest.mark.long
def test_precision_lands_in_the_published_band() -> None:
    scores = [score(seed) for seed in SEEDS]
    found = mean_interval([one.precision for one in scores])
    assert found.low is not None
    assert found.high is not None
    assert LOWEST < found.low < found.high < HIGHEST
    assert sum(LOWEST <= one.precision <= HIGHEST for one in scores) >= 18
