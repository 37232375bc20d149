"""Intervals are honest: where the truth is known, 95 % intervals hold it in 93 to 97 of 100 cases; wrong ones do not.

1,000 repetitions of the small queue of `tests.validation.intervals` a way, and 60 of the simulator's own.
"""

import pytest

from tests.validation import intervals

HONEST = (0.93, 0.97)


@pytest.mark.slow
@pytest.mark.parametrize("way", [way for way in intervals.WAYS if not way.startswith("WRONG")])
def test_honest_ways_hold_the_truth_as_often_as_they_say(way):
    found = intervals.WAYS[way]()
    assert HONEST[0] <= found.share <= HONEST[1]
    assert found.repetitions >= 400
    assert found.width < 0.35  # narrow enough to be of use


def test_an_interval_that_ignores_autocorrelation_is_caught():
    found = intervals.covered("independent", intervals.exact(), intervals.as_if_independent, 60)
    assert found.share < 0.5


def test_an_interval_that_ignores_pairing_is_caught():
    """It is far too wide: it always holds the truth, and is worth as little."""
    wrong = intervals.covered("strangers", intervals.DIFFERENCE, intervals.without_pairs, 60)
    right = intervals.covered("pairs", intervals.DIFFERENCE, intervals.with_pairs, 60)
    assert wrong.share == 1.0
    assert wrong.width > 4 * right.width


@pytest.mark.long
def test_wrong_ways_are_far_from_95_of_100():
    caught = {way: measure().share for way, measure in intervals.WAYS.items() if way.startswith("WRONG")}
    assert len(caught) == 3
    assert all(not HONEST[0] <= share <= HONEST[1] for share in caught.values()), caught


@pytest.mark.long
def test_the_simulators_own_runs():
    """60 repetitions: an honest interval misses more than 8 of them, or none, in 1 of 100 cases or so."""
    found = intervals.engine()
    assert 52 <= found.held <= 60
