"""Statistics of runs: small cases worked out by hand, tables of textbooks, and laws that hold for all values."""

import itertools
import math
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.stats import intervals as stats
from sandbox.stats.student import central_probability, critical_value, p_value
from tests.validation.intervals import welch_difference

VALUES = st.floats(-1e6, 1e6, allow_nan=False).map(lambda value: round(value, 3))
MANY = st.lists(VALUES, min_size=2, max_size=30)
CHANCES = st.lists(st.floats(0, 1), min_size=1, max_size=12)

# Two-sided 95 % and 99 % points of Student's t, as printed in any textbook.
TABLE = {
    1: (12.706, 63.657),
    2: (4.303, 9.925),
    5: (2.571, 4.032),
    10: (2.228, 3.169),
    30: (2.042, 2.750),
    120: (1.980, 2.617),
}


@pytest.mark.parametrize("degrees", TABLE)
def test_students_table(degrees):
    for level, printed in zip((0.95, 0.99), TABLE[degrees], strict=True):
        assert critical_value(level, degrees) == pytest.approx(printed, abs=0.0006)
        assert central_probability(critical_value(level, degrees), degrees) == pytest.approx(level, abs=1e-12)
        assert p_value(-printed, degrees) == pytest.approx(1 - level, abs=6e-5)


def test_students_t_against_scipy():
    scipy_stats = pytest.importorskip("scipy.stats")
    for degrees, t in itertools.product((1, 2, 3, 7, 28, 399, 5_000), (0.01, 0.7, 2.0, 6.0, 40.0)):
        assert central_probability(t, degrees) == pytest.approx(1 - 2 * scipy_stats.t.sf(t, degrees), abs=1e-11)


def test_many_degrees_are_normal_and_the_seam_is_small():
    assert critical_value(0.95, 10**6) == pytest.approx(NormalDist().inv_cdf(0.975), abs=1e-9)
    assert critical_value(0.95, 20_000) - critical_value(0.95, 20_001) == pytest.approx(0, abs=2e-4)


@pytest.mark.parametrize(("level", "degrees"), [(0.0, 5), (1.0, 5), (0.95, 0)])
def test_no_interval_of_nothing(level, degrees):
    with pytest.raises(ValueError, match=r"level|degree"):
        critical_value(level, degrees)


def test_the_mean_of_three_by_hand():
    found = stats.mean_interval([4.0, 6.0, 8.0])
    half = 4.3026527 * 2.0 / math.sqrt(3)
    assert (found.value, found.half_width) == (6.0, pytest.approx(half, rel=1e-6))
    assert found.contains(6 + half - 1e-5)
    assert not found.contains(6 + half + 1e-4)
    assert found.relative_half_width == pytest.approx(half / 6)


def test_one_run_has_no_interval():
    found = stats.describe([7.0])
    assert (found.mean.value, found.mean.low, found.mean.half_width, found.mean.relative_half_width) == (
        7.0,
        None,
        None,
        None,
    )
    assert not found.mean.contains(7.0)
    with pytest.raises(ValueError, match="no values"):
        stats.describe([])


def test_equal_values_have_an_interval_of_no_width():
    tenth = stats.mean_interval([0.1] * 7)
    assert (tenth.value, tenth.low, tenth.high, tenth.relative_half_width) == (0.1, 0.1, 0.1, 0.0)


def test_the_median_of_twenty_lies_between_the_sixth_and_the_fifteenth():
    # From the binomial distribution: P(6 <= B <= 14) = 0.9586 for B of 20 tosses; one value less is below 95 %.
    found = stats.quantile_interval([float(value) for value in range(20, 0, -1)], 0.5)
    assert (found.value, found.low, found.high) == (10.0, 6.0, 15.0)


def test_few_runs_say_nothing_of_the_95th_percentile():
    # All of 72 values lie below it in 0.95 ** 72 = 2.49 % of cases, all of 71 in 2.62 %.
    enough = stats.quantile_interval([float(value) for value in range(1, 73)], 0.95)
    few = stats.quantile_interval([float(value) for value in range(1, 72)], 0.95)
    assert (enough.low, enough.high) == (64.0, 72.0)
    assert (few.low, few.high) == (63.0, None)


def test_quantiles_of_very_many_values():
    found = stats.quantile_interval([float(value) for value in range(20_000)], 0.05)
    assert found.value == 999.0
    assert 930 < found.low < 999 < found.high < 1070


@given(MANY, st.sampled_from([0.05, 0.5, 0.9]))
def test_a_quantile_lies_within_its_interval(values, share):
    found = stats.quantile_interval(values, share)
    assert found.value in values
    assert found.low is None or found.low <= found.value
    assert found.high is None or found.value <= found.high


@given(MANY, VALUES)
def test_a_shift_moves_the_interval_along(values, by):
    still, moved = stats.mean_interval(values), stats.mean_interval([value + by for value in values])
    assert moved.low == pytest.approx(still.low + by, rel=1e-6, abs=1e-3)
    assert moved.high == pytest.approx(still.high + by, rel=1e-6, abs=1e-3)


@given(MANY)
def test_a_higher_level_is_wider(values):
    assert stats.mean_interval(values, 0.99).half_width >= stats.mean_interval(values, 0.9).half_width


@given(st.lists(st.tuples(VALUES, VALUES), min_size=2, max_size=20))
def test_pairs_do_not_care_which_comes_first(pairs):
    base, other = map(list, zip(*pairs, strict=True))
    there, back = stats.paired(base, other), stats.paired(other, base)
    assert there.difference.value == -back.difference.value
    assert (there.variance_removed, there.p_value, there.clear) == (back.variance_removed, back.p_value, back.clear)


def test_a_pair_by_hand():
    found = stats.paired([10.0, 20.0, 30.0], [11.0, 23.0, 32.0])
    assert found.difference.value == 2.0
    assert found.difference.half_width == pytest.approx(4.3026527 / math.sqrt(3), rel=1e-6)
    assert found.variance_removed == pytest.approx(1 - 1 / (100 + 111))
    assert found.p_value == pytest.approx(0.0742, abs=1e-4)
    assert not found.clear


def test_arms_that_are_the_same_differ_by_nothing_at_all():
    found = stats.paired([1.1, 2.2, 3.3], [1.1, 2.2, 3.3])
    assert found.identical
    assert not found.clear
    assert (found.difference.low, found.difference.high, found.p_value) == (0.0, 0.0, 1.0)


def test_a_difference_that_never_varies_is_clear():
    found = stats.paired([1.0, 2.0, 3.0], [2.0, 3.0, 4.0])
    assert (found.difference.low, found.p_value, found.variance_removed, found.clear) == (1.0, 0.0, 1.0, True)


def test_pairing_against_the_grain_does_harm_and_says_so():
    found = stats.paired([1.0, 2.0, 3.0, 4.0], [4.0, 3.0, 2.0, 1.0])
    assert found.variance_removed == pytest.approx(-1.0)


def test_one_pair_gives_a_difference_and_no_certainty():
    found = stats.paired([1.0], [5.0])
    assert (found.difference.value, found.difference.low, found.p_value, found.clear) == (4.0, None, None, False)


@pytest.mark.parametrize(("base", "other"), [([1.0], [1.0, 2.0]), ([], [])])
def test_pairs_need_two_equal_sides(base, other):
    with pytest.raises(ValueError, match=r"pairs|no values"):
        stats.paired(base, other)


def test_strangers_by_hand():
    found = welch_difference([1.0, 3.0], [2.0, 6.0, 10.0])
    error = math.sqrt(2 / 2 + 16 / 3)
    degrees = int((2 / 2 + 16 / 3) ** 2 / ((2 / 2) ** 2 / 1 + (16 / 3) ** 2 / 2))
    assert degrees == 2
    assert found.half_width == pytest.approx(4.3026527 * error, rel=1e-6)


def by_definition(chances: list[float]) -> list[float]:
    """Holm as his paper states it: the least level at which each is rejected."""
    order = sorted(chances)
    steps = itertools.accumulate(((len(order) - place) * p for place, p in enumerate(order)), max)
    least = [min(1.0, step) for step in steps]
    return [least[order.index(p)] for p in chances]


@given(CHANCES)
def test_the_correction_is_what_its_paper_says(chances):
    found = stats.holm(chances)
    assert all(p <= q <= 1 for p, q in zip(chances, found, strict=True))
    if len(set(chances)) == len(chances):
        assert found == pytest.approx(by_definition(chances))


@given(CHANCES)
def test_holm_lies_between_no_correction_and_bonferroni(chances):
    for p, holm in zip(chances, stats.holm(chances), strict=True):
        assert p - 1e-12 <= holm + 1e-12 <= min(1.0, len(chances) * p) + 2e-12


def test_twenty_comparisons_of_nothing_need_a_correction():
    """Of 20 differences without substance one has p = 0.03; alone it would pass for clear, among 20 it does not."""
    pairs = [stats.paired([0.0, 1.0, 2.0, 3.0], [value * n + 0.01 * n for n, value in enumerate([1.0, 1.0, 1.2, 1.6])])]
    narrow = stats.PairedDifference(stats.Interval(2.0, 0.3, 3.7), 10.0, 12.0, 10, 0.9, 0.03)
    dull = [stats.PairedDifference(stats.Interval(0.1, -1.0, 1.2), 10.0, 10.1, 10, 0.9, 0.8)] * 19
    assert narrow.clear
    assert stats.corrected([narrow])[0].clear
    first, *rest = stats.corrected([narrow, *dull])
    assert first.adjusted_p_value == pytest.approx(0.6)
    assert not first.clear
    assert not any(one.clear for one in rest)
    assert pairs[0].pairs == 4


def test_what_claims_nothing_does_not_count_as_a_comparison():
    narrow = stats.PairedDifference(stats.Interval(2.0, 0.3, 3.7), 10.0, 12.0, 10, 0.9, 0.03)
    same, single = stats.paired([1.0, 2.0], [1.0, 2.0]), stats.paired([1.0], [2.0])
    found = stats.corrected([narrow, same, single])
    assert (found[0].adjusted_p_value, found[1].adjusted_p_value, found[2].adjusted_p_value) == (0.03, None, None)


@given(st.lists(st.floats(90, 110), min_size=3, max_size=12), st.sampled_from([0.005, 0.02, 0.1]))
def test_runs_needed_are_enough_and_none_too_many(values, relative):
    needed = stats.replications_needed(values, relative)
    wanted, spread = relative * abs(stats.mean(values)), stats.standard_deviation(values)

    def half(count: int) -> float:
        return critical_value(0.95, count - 1) * spread / math.sqrt(count)

    assert half(needed) <= wanted
    assert needed == 2 or half(needed - 1) > wanted
    assert stats.replications_needed([0.0, 0.0], relative) is None
    assert stats.replications_needed([1.0], relative) is None
    assert stats.replications_needed([1.0, 2.0, 4.0], 1e-9) is None
