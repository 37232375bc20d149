"""Draws: the generator against published numbers and the oracle's reading, tables against closed formulas."""

from __future__ import annotations

import math
from collections import Counter
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import pairwise
from math import log
from operator import mul
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.core import draws
from sandbox.core.draws import (
    OCTAVES,
    STEPS,
    Int64Array,
    activity_table,
    exponential_table,
    fixed_table,
    geometric,
    lognormal_table,
    sample,
    stream,
    two_sided_geometric,
    under,
    uniforms,
)
from tests.oracle import draws as oracle

WORDS = st.integers(0, 2**64 - 1)
PUBLISHED = (
    6457827717110365317,
    3203168211198807973,
    9817491932198370423,
    4593380528125082431,
    16408922859458223821,
)
"""The first five outputs of SplitMix64 for the seed 1234567, as reference implementations give them."""


def drawn(values: Int64Array, key: int, first: int, count: int = 1) -> list[int]:
    """Draws as the engine makes them."""
    out = np.empty(count, dtype=np.int64)
    with np.errstate(over="ignore"):
        sample(values, np.uint64(key), first, out)
    return [int(value) for value in out]


def uniform(key: int, first: int, bound: int) -> int:
    """One uniform draw as the engine makes it."""
    out = np.empty(1, dtype=np.int64)
    uniforms(np.uint64(key), first, bound, out)
    return int(out[0])


def test_the_oracles_mix_is_splitmix64() -> None:
    assert tuple(oracle.mix(1234567, number) for number in range(1, 6)) == PUBLISHED


@given(WORDS, st.integers(0, 2**31), st.integers(1, 2**31 - 1))
def test_uniform_draws_are_the_oracles(key: int, number: int, bound: int) -> None:
    assert uniform(key, number, bound) == oracle.below(oracle.mix(key, number), bound)


def test_the_upper_half_of_mix_is_splitmix64() -> None:
    """A bound of 2**31 - 1 shows the word's upper bits to within one part."""
    for number, word in enumerate(PUBLISHED, start=1):
        assert uniform(1234567, number, 2**31 - 1) == (word >> 32) * (2**31 - 1) >> 32


@pytest.fixture(scope="module")
def ramp() -> Int64Array:
    """A table of which every entry is different, so that no wrong place goes unseen."""
    return np.arange(2 * OCTAVES * (STEPS + 1), dtype=np.int64) * 2_097_143


@given(key=WORDS, number=st.integers(0, 2**40))
def test_quantiles_are_the_oracles(ramp: Int64Array, key: int, number: int) -> None:
    assert drawn(ramp, key, number) == [oracle.quantile(ramp.tolist(), oracle.mix(key, number))]


def unmix(word: int) -> int:
    """The key whose draw number 0 is this word: each step of the finaliser undone."""
    for shift, factor in ((31, 0x94D049BB133111EB), (27, 0xBF58476D1CE4E5B9), (30, 1)):
        undone = word
        for _ in range(64 // shift + 1):
            undone = word ^ undone >> shift
        word = undone * pow(factor, -1, 2**64) % 2**64
    return word


@settings(max_examples=300)
@given(st.integers(0, 63), st.integers(-2, 2), st.booleans())
def test_quantiles_at_the_edges_of_octaves(bit: int, beside: int, upper: bool) -> None:
    """At powers of two and next to them, down to the outermost tail, in both tails."""
    ramp = np.arange(2 * OCTAVES * (STEPS + 1), dtype=np.int64) * 2_097_143
    word = ((1 << bit) + beside + (2**63 if upper else 0)) % 2**64
    key = unmix(word)
    assert oracle.mix(key, 0) == word
    assert drawn(ramp, key, 0) == [oracle.quantile(ramp.tolist(), word)]


def test_the_engine_draws_a_median_and_a_far_tail_where_they_belong() -> None:
    exponential = exponential_table(1e9)
    assert drawn(exponential, unmix(2**63 - 1), 0) == [pytest.approx(1e9 * math.log(2), rel=1e-5)]
    assert drawn(exponential, unmix(0), 0) == [0]
    # The word 2**63 + 2 * (2**32 - 1) has an upper tail of 2**-31.
    assert drawn(exponential, unmix(2**63 + 2**33), 0) == [pytest.approx(1e9 * 31 * math.log(2), rel=1e-5)]


def worst_error(values: Int64Array, exact: object, count: int = 4_000) -> float:
    """Largest distance of table values from the exact quantile, over words spread over all octaves."""
    worst = 0.0
    for number in range(count):
        key = oracle.mix(7, number)
        tail = 2.0 ** -(1 + 20 * oracle.mix(key, 1) / 2**64)
        upper = bool(key & 1)
        word = (int(tail * 2**63) << 1) + (2**63 if upper else 0)
        found = oracle.quantile(values.tolist(), word)
        tail = (2 * (word // 2 % 2**62) + 1) / 2**64
        worst = max(worst, abs(found - exact(tail, upper)))  # type: ignore[operator]
    return worst


def test_error_of_an_exponential_table() -> None:
    """A chord of -log over 1/128 of an octave is at most 1 / (8 * 128**2) of the mean off; two roundings add 1."""
    mean = 1e9
    values = exponential_table(mean)
    error = worst_error(values, lambda tail, upper: -mean * (math.log(tail) if upper else math.log1p(-tail)))
    assert error <= mean / (8 * 128**2) + 1
    assert error >= mean / (16 * 128**2), "too good: the bound says nothing"


def test_error_of_a_lognormal_table() -> None:
    """Within 2e-5 of the value for a sigma of 1 or less."""
    normal, median = NormalDist(), 1e6
    for sigma in (0.25, 1.0):
        values = lognormal_table(median, sigma).tolist()
        for number in range(2_000):
            word = oracle.mix(9, number)
            tail = (2 * (word // 2 % 2**62) + 1) / 2**64
            z = normal.inv_cdf(tail) * (-1 if word >> 63 else 1)
            exact = median * math.exp(sigma * z)
            assert abs(oracle.quantile(values, word) - exact) <= 2e-5 * exact + 1


def mean_of(values: Int64Array) -> float:
    """Exact mean of a table's distribution: the mean of its chords, weighted by their probability."""
    total = 0.0
    for side in range(2):
        for octave in range(OCTAVES):
            first = (side * OCTAVES + octave) * (STEPS + 1)
            row = values[first : first + STEPS + 1].astype(np.float64)
            total += float((row[1:] + row[:-1]).sum()) / 2 * 2.0 ** -(octave + 2) / STEPS
    return total


@pytest.mark.parametrize(
    ("values", "mean"),
    [
        (exponential_table(70_000.0), 70_000.0),
        (lognormal_table(1_800.0, 1.0), 1_800 * math.exp(0.5)),
        (lognormal_table(3_500.0, 1.6), 3_500 * math.exp(1.28)),
        (fixed_table(20_000.0), 20_000.0),
    ],
    ids=["exponential", "survey", "qr quantile", "fixed"],
)
def test_means_of_tables(values: Int64Array, mean: float) -> None:
    """Within 2 in 100,000: chords, rounding to whole units and the missing outermost 2**-41 together."""
    assert mean_of(values) == pytest.approx(mean, rel=2e-5)


def test_a_lognormal_table_is_clipped() -> None:
    values = lognormal_table(1_000.0, 2.0, 100.0, 20_000.0)
    assert (values.min(), values.max()) == (100, 20_000)


def test_activity_without_spread_is_even() -> None:
    """All alike: the position is the probability itself, to one part in a million."""
    values = activity_table(0.0).tolist()
    for number in range(200):
        word = oracle.mix(5, number)
        upper, tail = divmod(word // 2, 2**62)
        exact = 2**32 * ((2**63 - tail) / 2**63 if upper else tail / 2**63)
        assert abs(oracle.quantile(values, word) - exact) <= 2**32 * 1e-6


def test_streams_have_names() -> None:
    keys = {int(stream(seed, *names)) for seed in (1, 2) for names in (("a",), ("b",), ("a", "b"), ("a", 1))}
    assert len(keys) == 8
    assert stream(1, "a", "b") == stream(1, "a", "b")


NOISE = [14, 1, -17, 9, 11, 1]


def chance_of_at_least(k: int, epsilon: float) -> Fraction:
    """How many of the uniform numbers give k or more: larger numbers give less."""
    if k == 0:
        return Fraction(1)
    first = 0  # that gives less
    for bit in reversed(range(128)):
        if geometric(first + (1 << bit) - 1, epsilon) >= k:
            first += 1 << bit
    return Fraction(first, 2**128)


@pytest.mark.parametrize("epsilon", [0.7, 1.0, 3.0])
def test_geometric_noise_protects_one_payment_as_far_as_epsilon_says(epsilon: float) -> None:
    """The probabilities of the noise, counted: (1 - a) / (1 + a) a**|k| with a = exp(-epsilon), so that no release is
    more than exp(epsilon) as likely for one count as for its neighbour."""
    tails = [chance_of_at_least(k, epsilon) for k in range(1 + math.ceil(45 / epsilon))]
    chances = [one - after for one, after in pairwise(tails)]
    noise = [sum(map(mul, chances[k:], chances)) for k in range(10)]
    a = math.exp(-epsilon)
    assert [float(one) for one in noise] == pytest.approx([(1 - a) / (1 + a) * a**k for k in range(10)], rel=1e-12)
    assert all(float(one / other) <= math.exp(epsilon) * (1 + 1e-12) for one, other in pairwise(noise))


def test_geometric_noise_is_drawn_with_its_probabilities() -> None:
    """Chi-square over 20,000 draws with 12 degrees of freedom: by chance above 53 once in 2,000,000 keys."""
    epsilon, count = 0.7, 20_000
    found = Counter(two_sided_geometric(under(stream(3, "noise"), number), epsilon) for number in range(count))
    a = math.exp(-epsilon)
    wanted = {k: (1 - a) / (1 + a) * a ** abs(k) * count for k in range(-6, 7)}
    rest = count - math.fsum(wanted.values()), count - sum(found[k] for k in wanted)
    pairs = [*((wanted[k], found[k]) for k in wanted), rest]
    assert math.fsum((seen - expected) ** 2 / expected for expected, seen in pairs) < 55


def test_geometric_noise_is_one_number_on_every_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the C library's logarithm could decide, decimals do; elsewhere both agree."""
    keys = [under(stream(4, "noise"), 1, number) for number in range(200)]
    drawn = [two_sided_geometric(key, 0.05) for key in keys]
    assert drawn[:6] == NOISE
    assert geometric(2**128 - 1, 1e-6) == 0
    with localcontext() as exact:
        exact.prec = 60
        for k in (1, 2, 17, 60):
            tail = (-k * Decimal.from_float(0.05)).exp()  # the edge between k and k - 1, closer than a float can tell
            last = int(tail * 2**128 - Decimal("0.5"))
            assert [geometric(last + step, 0.05) for step in (-1, 1, 2)] == [k, k - 1, k - 1]
    monkeypatch.setattr(draws.math, "log", lambda x: log(x) * (1 + 1e-14))  # another machine's
    assert [two_sided_geometric(key, 0.05) for key in keys] == drawn
