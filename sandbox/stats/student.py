"""Student's t without SciPy: distribution, quantiles and p-values for whole degrees of freedom.

The distribution function is a finite sum of powers of a cosine, exact up to rounding (Abramowitz and Stegun 1964,
26.7.3 and 26.7.4), so an interval costs no second of import.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist
from typing import Final

MOST_DEGREES: Final = 20_000
"""From here on the normal distribution takes over; it differs by less than 0.0002 at t = 2."""


def central_probability(t: float, degrees: int) -> float:
    """Probability that a Student's t lies between -t and t.

    >>> round(central_probability(12.706, 1), 4), round(central_probability(2.228, 10), 4), central_probability(0.0, 5)
    (0.95, 0.95, 0.0)

    Raises:
        ValueError: fewer than one degree of freedom.
    """
    if degrees < 1:
        raise ValueError(f"Student's t needs at least one degree of freedom, not {degrees}")
    if math.isinf(t):
        return 1.0
    if degrees > MOST_DEGREES:
        return 2.0 * NormalDist().cdf(t) - 1.0
    angle = math.atan(t / math.sqrt(degrees))
    sine, square = math.sin(angle), math.cos(angle) ** 2
    odd = degrees % 2
    term = total = math.cos(angle) if odd else 1.0
    for power in range(2 + odd, degrees - 1, 2):
        term *= square * (power - 1) / power
        total += term
    if not odd:
        return sine * total
    return (angle + (sine * total if degrees > 1 else 0.0)) * 2.0 / math.pi


def p_value(t: float, degrees: int) -> float:
    """Two-sided: how often chance alone gives a t at least this far from 0.

    >>> round(p_value(-2.228, 10), 3), p_value(0.0, 3)
    (0.05, 1.0)
    """
    return max(0.0, 1.0 - central_probability(abs(t), degrees))


@lru_cache(maxsize=256)
def critical_value(level: float, degrees: int) -> float:
    """The t between whose negative and itself a share `level` lies.

    >>> round(critical_value(0.95, 9), 3), round(critical_value(0.99, 30), 3), round(critical_value(0.95, 1), 2)
    (2.262, 2.75, 12.71)

    Raises:
        ValueError: `level` is not between 0 and 1, or there are no degrees of freedom.
    """
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1: {level}")
    low, high = 0.0, 1.0
    while central_probability(high, degrees) < level:
        low, high = high, 2.0 * high
    for _ in range(200):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if central_probability(middle, degrees) < level:
            low = middle
        else:
            high = middle
    return high
