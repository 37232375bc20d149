"""What a handful of runs can say: means and quantiles with intervals, paired differences, many comparisons at once.

Values are floats in the unit of their metric, one a run; runs are independent, being drawn from seeds of their own.
Sums are exact before they are rounded (`math.fsum`), so the same values give the same bytes everywhere.

Sources: Student 1908 (means); David and Nagaraja, "Order Statistics" 2003, 7.1 (quantiles, whatever the distribution);
Holm 1979; Law, "Simulation Modeling and Analysis" 2015, chapters 10 and 11 (pairs).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sandbox.stats.student import critical_value, p_value

LEVEL: Final = 0.95
QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Interval:
    """A number with an interval around it that holds the truth in a share `level` of all experiments.

    `low` and `high` are None where there are too few runs to say.
    """

    value: float
    low: float | None
    high: float | None
    level: float = LEVEL

    @property
    def half_width(self) -> float | None:
        """Half of the interval's width."""
        return None if self.low is None or self.high is None else (self.high - self.low) / 2

    @property
    def relative_half_width(self) -> float | None:
        """Half-width over the size of the value: what a precision of 2 % speaks of."""
        half = self.half_width
        if half is None:
            return None
        if half == 0:
            return 0.0
        return half / abs(self.value) if self.value else None

    def contains(self, truth: float) -> bool:
        """Whether a number lies inside; False where there is no interval."""
        return self.low is not None and self.high is not None and self.low <= truth <= self.high


def mean(values: Sequence[float]) -> float:
    """The mean.

    Raises:
        ValueError: there are no values.
    """
    if not len(values):
        raise ValueError("no values, no mean")
    return math.fsum(values) / len(values)


def variance(values: Sequence[float]) -> float:
    """The sample variance (n - 1); 0 of a single value."""
    if len(values) < 2:
        return 0.0
    middle = mean(values)
    return math.fsum((value - middle) ** 2 for value in values) / (len(values) - 1)


def standard_deviation(values: Sequence[float]) -> float:
    """The sample standard deviation.

    >>> standard_deviation([2.0, 4.0, 6.0])
    2.0
    """
    return math.sqrt(variance(values))


def mean_interval(values: Sequence[float], level: float = LEVEL) -> Interval:
    """Mean of independent values with Student's interval.

    >>> found = mean_interval([9.0, 10.0, 11.0])
    >>> found.value, round(found.low, 2), round(found.high, 2)
    (10.0, 7.52, 12.48)
    """
    middle, count = mean(values), len(values)
    if count < 2:
        return Interval(middle, None, None, level)
    if min(values) == max(values):
        return Interval(float(values[0]), float(values[0]), float(values[0]), level)
    half = critical_value(level, count - 1) * standard_deviation(values) / math.sqrt(count)
    return Interval(middle, middle - half, middle + half, level)


def quantile_interval(values: Sequence[float], share: float, level: float = LEVEL) -> Interval:
    """A quantile of the distribution the values come from (nearest rank), with an interval that needs no normality.

    Its ends are two of the values: between them the quantile lies with a probability of at least `level`, counted from
    the binomial distribution. With few values the ends of an outer quantile do not exist.

    >>> found = quantile_interval([float(n) for n in range(1, 21)], 0.5)
    >>> found.value, found.low, found.high
    (10.0, 6.0, 15.0)
    >>> quantile_interval([1.0, 2.0, 3.0], 0.95).high is None
    True
    """
    ordered, count = sorted(values), len(values)
    if not count:
        raise ValueError("no values, no quantile")
    value = float(ordered[min(max(math.ceil(share * count - 1e-12), 1), count) - 1])
    tail, below, low, high = (1.0 - level) / 2, 0.0, None, None
    for rank in range(1, count + 1):
        # `below`: probability that fewer than `rank` of the values lie under the quantile.
        below += _binomial(count, rank - 1, share)
        if below <= tail:
            low = float(ordered[rank - 1])
        if below >= 1.0 - tail:
            high = float(ordered[rank - 1])
            break
    return Interval(value, low, high, level)


def _binomial(count: int, hits: int, share: float) -> float:
    """Probability of so many hits in `count` trials, 0 < share < 1."""
    ways = math.lgamma(count + 1) - math.lgamma(hits + 1) - math.lgamma(count - hits + 1)
    return math.exp(ways + hits * math.log(share) + (count - hits) * math.log1p(-share))


@dataclass(frozen=True)
class Description:
    """One metric over many runs."""

    count: int
    mean: Interval
    standard_deviation: float
    minimum: float
    maximum: float
    quantiles: Mapping[float, Interval]


def describe(values: Sequence[float], level: float = LEVEL) -> Description:
    """Mean, spread and quantiles of a metric over independent runs.

    Raises:
        ValueError: there are no values.
    """
    return Description(
        count=len(values),
        mean=mean_interval(values, level),
        standard_deviation=standard_deviation(values),
        minimum=float(min(values, default=math.nan)),
        maximum=float(max(values, default=math.nan)),
        quantiles={share: quantile_interval(values, share, level) for share in QUANTILES},
    )


@dataclass(frozen=True)
class PairedDifference:
    """A policy against the base on the same seeds.

    Attributes:
        difference: mean of the differences, policy less base, with Student's interval of the differences.
        base_mean, other_mean: of the base and of the policy.
        pairs: number of seeds.
        variance_removed: share of the difference's variance that pairing took away, against runs with seeds of their
            own; below 0 where pairing did harm; None where neither varies.
        p_value: how often chance alone gives so large a difference; None with one pair.
        adjusted_p_value: the same after correction for the number of comparisons; None before `corrected`.
    """

    difference: Interval
    base_mean: float
    other_mean: float
    pairs: int
    variance_removed: float | None
    p_value: float | None
    adjusted_p_value: float | None = None

    @property
    def identical(self) -> bool:
        """Whether every pair came out the same to the last digit."""
        return self.difference.value == 0 and (self.difference.half_width or 0.0) == 0

    @property
    def clear(self) -> bool:
        """Whether chance is an unlikely reason for the difference, other comparisons taken into account."""
        p = self.p_value if self.adjusted_p_value is None else self.adjusted_p_value
        return p is not None and p < 1.0 - self.difference.level - 1e-12 and not self.identical


def paired(base: Sequence[float], other: Sequence[float], level: float = LEVEL) -> PairedDifference:
    """Compare two arms seed by seed: `base[k]` and `other[k]` come from the same seed.

    >>> found = paired([100.0, 120.0, 90.0], [105.0, 126.0, 94.0])
    >>> found.difference.value, round(found.difference.low, 2), round(found.variance_removed, 3)
    (5.0, 2.52, 0.998)

    Raises:
        ValueError: the arms have not equally many values, or none.
    """
    if len(base) != len(other):
        raise ValueError(f"pairs need as many values on either side: {len(base)} and {len(other)}")
    differences = [b - a for a, b in zip(base, other, strict=True)]
    difference = mean_interval(differences, level)
    apart = variance(base) + variance(other)
    return PairedDifference(
        difference=difference,
        base_mean=mean(base),
        other_mean=mean(other),
        pairs=len(base),
        variance_removed=1.0 - variance(differences) / apart if apart > 0 else None,
        p_value=_p_of(differences),
    )


def _p_of(differences: Sequence[float]) -> float | None:
    """Student's p-value of a mean of 0. Differences that are all alike leave no doubt."""
    if len(differences) < 2:
        return None
    error = standard_deviation(differences) / math.sqrt(len(differences))
    middle = mean(differences)
    if error == 0:
        return 1.0 if middle == 0 else 0.0
    return p_value(middle / error, len(differences) - 1)


def holm(p_values: Sequence[float]) -> list[float]:
    """p-values such that the chance of one false alarm among all of them stays below the level (Holm 1979).

    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    adjusted, highest = [0.0] * len(p_values), 0.0
    for step, place in enumerate(order):
        highest = max(highest, (len(p_values) - step) * p_values[place])
        adjusted[place] = min(1.0, highest)
    return adjusted


def corrected(comparisons: Sequence[PairedDifference]) -> list[PairedDifference]:
    """The comparisons with p-values corrected for their number (Holm); one alone needs no correction.

    A comparison without a p-value (a single pair) counts in nothing, and so does one whose arms are identical: there
    nothing is claimed.
    """
    counted = [place for place, one in enumerate(comparisons) if one.p_value is not None and not one.identical]
    known = [comparisons[place].p_value or 0.0 for place in counted]
    adjusted = dict(zip(counted, holm(known), strict=True))
    return [replace(one, adjusted_p_value=adjusted.get(place)) for place, one in enumerate(comparisons)]


MOST_NEEDED: Final = 2**40
"""A precision that takes more runs is out of reach."""


def replications_needed(values: Sequence[float], relative: float, level: float = LEVEL) -> int | None:
    """About how many runs give the mean to a relative precision, judged by the spread seen so far.

    None where it cannot be said: fewer than two values, a mean of 0, or more runs than anybody could make.

    >>> replications_needed([90.0, 110.0, 95.0, 105.0], 0.02)
    83
    """
    if len(values) < 2 or mean(values) == 0:
        return None
    wanted, spread = relative * abs(mean(values)), standard_deviation(values)

    def enough(count: int) -> bool:
        return critical_value(level, count - 1) * spread <= wanted * math.sqrt(count)

    high = 2
    while not enough(high):
        high *= 2
        if high > MOST_NEEDED:
            return None
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
