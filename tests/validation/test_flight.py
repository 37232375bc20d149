"""The ECB's flight to safety: the published figures, and more at a higher limit, whatever the seed."""

from __future__ import annotations

from itertools import pairwise

import pytest

from sandbox.features.flight.ecb_study import LIMITS_EURO, PUBLISHED, usual, wave

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", [1, 2])
def test_the_published_figures(seed: int) -> None:
    waves = [wave(limit, seed) for limit in LIMITS_EURO]
    top = waves[-1]
    assert abs(top.share / PUBLISHED["share"] - 1) < 0.05
    assert abs(top.outflow / PUBLISHED["outflow"] - 1) < 0.05
    assert abs(top.banks - PUBLISHED["banks"]) <= 4
    for lower, higher in pairwise(waves):
        assert lower.outflow < higher.outflow
        assert lower.banks <= higher.banks


def test_usual_times() -> None:
    assert abs(usual().outflow / PUBLISHED["usual"] - 1) < 0.1


def test_other_buffers_are_seen() -> None:
    other = wave(3_000, **{"flight.banks.buffer": "20 %"})
    assert abs(other.banks - PUBLISHED["banks"]) > 4
