"""Warm-up and batch means on series whose truth is known."""

import numpy as np
import pytest

from sandbox.stats.intervals import mean_interval
from sandbox.stats.steady import WarmUp, batch_means, common_warm_up, mser5, von_neumann_test


def noise(count, seed=1, keep=0.0):
    """A steady series around 0 in which each value keeps a share of the one before."""
    fresh = np.random.default_rng(seed).normal(size=count)
    series = np.empty(count)
    last = 0.0
    for place, value in enumerate(fresh):
        last = series[place] = keep * last + value
    return series


def by_definition(series):
    """MSER-5 by its formula, cut by cut."""
    means = [sum(series[at : at + 5]) / 5 for at in range(0, len(series) // 5 * 5, 5)]
    scores = []
    for cut in range(len(means) // 2 + 1):
        left = means[cut:]
        middle = sum(left) / len(left)
        scores.append(sum((value - middle) ** 2 for value in left) / len(left) ** 2)
    return 5 * scores.index(min(scores))


@pytest.mark.parametrize("seed", range(20))
def test_mser5_is_its_formula(seed):
    series = noise(203, seed, keep=0.5) + 1e6
    series[:30] += 20 * np.exp(-np.arange(30) / 10)
    assert mser5(series).cut == by_definition(list(series))


def test_a_start_far_away_is_cut_and_no_more():
    series = noise(5_000)
    series[:200] += np.linspace(30, 0, 200)
    found = mser5(series)
    assert 150 <= found.cut <= 250
    assert found.settled
    assert found.share == found.cut / 5_000


def test_a_series_that_never_settles_says_so():
    assert not mser5(noise(1_000) + np.linspace(0, 100, 1_000)).settled
    assert mser5([1.0] * 49) == WarmUp(0, 49, False)


def test_a_common_cut_follows_the_shared_start_and_not_the_noise():
    start = np.concatenate([np.linspace(20, 0, 100), np.zeros(900)])
    runs = [noise(1_000, seed, keep=0.97) + start for seed in range(40)]
    own = [mser5(run).cut for run in runs]
    assert 60 <= common_warm_up(runs).cut <= 130
    assert max(own) > 250  # what the common cut is for
    with pytest.raises(ValueError, match="no runs"):
        common_warm_up([])


def test_batches_of_independent_values():
    found = batch_means(np.arange(103.0) % 10, batches=10, warm_up=WarmUp(0, 103, True))
    assert (found.batches, found.length, found.dropped) == (10, 10, 3)
    assert found.mean.value == 4.5
    assert found.mean.half_width == 0.0
    assert found.trusted


def test_batches_by_hand():
    found = batch_means([1.0, 3.0, 5.0, 7.0, 0.0, 4.0], batches=3, warm_up=WarmUp(0, 6, True))
    assert (found.mean.low, found.mean.high) == pytest.approx(
        (mean_interval([2.0, 6.0, 2.0]).low, mean_interval([2.0, 6.0, 2.0]).high)
    )


def test_batches_too_short_against_the_dependence_are_told():
    slow = noise(4_000, keep=0.995)
    short, long = batch_means(slow, batches=200), batch_means(noise(40_000, keep=0.5), batches=20)
    assert not short.independent
    assert not short.trusted
    assert short.correlation > 0.5
    assert long.independent
    assert abs(long.correlation) < 0.4


def test_the_check_for_dependence_rings_falsely_one_time_in_twenty():
    rings = sum(not von_neumann_test(noise(20, seed))[1] for seed in range(2_000))
    assert 60 <= rings <= 140


def test_a_cut_of_all_but_a_few_leaves_no_batches():
    with pytest.raises(ValueError, match="do not make 20 batches"):
        batch_means([1.0] * 19)
    with pytest.raises(ValueError, match="batches"):
        batch_means([1.0] * 19, batches=1)
