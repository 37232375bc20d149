"""Random draws: named 64-bit streams and distributions as integer quantile tables.

A draw is a pure function of a 64-bit key and a purpose (a counter-based generator: SplitMix64's finaliser, Steele,
Lea and Flood 2014), so nothing depends on the order in which draws are asked for. A distribution is a table of its
quantile function in integers; looking it up needs no floating point, so results are the same on every machine and
with or without numba.

The table: both tails are cut into octaves of probability (1/2 to 1/4, 1/4 to 1/8, ... 2**-41), each octave into 128
equal steps with linear interpolation. Values must stay below 2**42.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal
from functools import lru_cache
from statistics import NormalDist
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sandbox.core.compiled import compiled, shared

Int64Array = npt.NDArray[np.int64]
UInt64Array = npt.NDArray[np.uint64]

OCTAVES: Final = 40
STEPS: Final = 128
_ROW: Final = STEPS + 1
TABLE_LENGTH: Final = 2 * OCTAVES * _ROW
TABLES_KEPT: Final = 64
"""Tables take 0.1 s each to make and a sweep makes the same ones again and again. Nobody writes into a table."""
VALUE_MAX: Final = 2**42

_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_M1: Final = np.uint64(0xBF58476D1CE4E5B9)
_M2: Final = np.uint64(0x94D049BB133111EB)
_U1: Final = np.uint64(1)
_U27: Final = np.uint64(27)
_U30: Final = np.uint64(30)
_U31: Final = np.uint64(31)
_U32: Final = np.uint64(32)
_TOP: Final = np.int64(1 << 62)


def stream(seed: int, *names: object) -> np.uint64:
    """The 64-bit key of the random stream with this name; streams with different names are independent."""
    text = "/".join([str(seed), *map(str, names)])
    return np.uint64(int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little"))


@shared
def mix(key: np.uint64, purpose: int) -> np.uint64:
    """A uniform 64-bit word that depends on key and purpose alone."""
    word = key + _GOLDEN * np.uint64(purpose)
    word = (word ^ (word >> _U30)) * _M1
    word = (word ^ (word >> _U27)) * _M2
    return word ^ (word >> _U31)


def under(key: np.uint64, *purposes: int) -> np.uint64:
    """The key of something below something: `mix` again and again, for Python (compiled code gives it a plain int)."""
    for purpose in purposes:
        key = np.uint64(mix(key, purpose))
    return key


@shared
def below(word: np.uint64, bound: int) -> int:
    """A uniform integer in 0..bound-1 (bound below 2**31) from a uniform word."""
    drawn: Any = np.int64(((word >> _U32) * np.uint64(bound)) >> _U32)
    return drawn


@shared
def quantile(tables: Int64Array, row: int, word: np.uint64) -> int:
    """The value of the table's distribution at a uniform word."""
    bits: Any = np.int64(word >> _U1)
    side = 0
    if bits >= _TOP:
        side = OCTAVES * _ROW
        bits -= _TOP
    # Now bits / 2**63 is the probability of the tail, in 0..1/2; its highest bit gives the octave. 53 bits convert
    # exactly.
    bits = (bits << 1) | 1
    octave: Any = 1075 - (np.float64(bits >> 10).view(np.int64) >> 52)
    if octave >= OCTAVES:
        octave = OCTAVES - 1
        bits = _TOP >> octave
    bits = (bits << octave) - _TOP
    step = bits >> 55
    rest = (bits >> 35) & 0xFFFFF
    at = side + octave * _ROW + step
    low = tables[row, at]
    return low + (((tables[row, at + 1] - low) * rest + 0x80000) >> 20)


_EXACT: Final = Context(prec=60, rounding=ROUND_HALF_EVEN, Emin=MIN_EMIN, Emax=MAX_EMAX)
"""Logarithms in it are correctly rounded on every machine (IEEE 854), unlike those of the C library."""


def two_sided_geometric(key: np.uint64, epsilon: float) -> int:
    """Noise k with a probability in proportion to exp(-epsilon |k|): the geometric mechanism (Ghosh, Roughgarden and
    Sundararajan 2009) for a count that one more or less changes by 1.

    It is the difference of two one-sided geometric draws, each by inversion of a uniform number of 128 bits; so |k|
    stays below 90 / epsilon.
    """
    with np.errstate(over="ignore"):
        words = [int(mix(key, number)) for number in range(4)]
    first, second = (geometric(words[at] << 64 | words[at + 1], epsilon) for at in (0, 2))
    return first - second


def geometric(uniform: int, epsilon: float) -> int:
    """Of a uniform number of 128 bits: k or more with the probability exp(-epsilon k)."""
    size = -math.log((2 * uniform + 1) / 2**129)
    error = 1e-12 * (1.0 + size)  # far more than the C library's
    low, high = math.floor((size - error) / epsilon), math.floor((size + error) / epsilon)
    if low == high:
        return low
    tail = _EXACT.divide(Decimal(2 * uniform + 1), Decimal(2**129))
    return int(_EXACT.divide(-_EXACT.ln(tail), Decimal(epsilon)))


def table(quantile_function: Callable[[float, bool], float]) -> Int64Array:
    """Tabulate a quantile function.

    `quantile_function(tail, upper)` gives the value whose upper (or lower) tail has probability `tail`, 0 < tail <=
    1/2. Returns int64 of length TABLE_LENGTH.
    """
    values = np.zeros(TABLE_LENGTH, dtype=np.int64)
    for side, upper in enumerate((False, True)):
        for octave in range(OCTAVES):
            for step in range(_ROW):
                tail = (1 + step / STEPS) * 2.0 ** -(octave + 2)
                value = quantile_function(tail, upper)
                at = (side * OCTAVES + octave) * _ROW + step
                values[at] = round(min(max(value, 0.0), VALUE_MAX - 1.0))
    return values


def fixed_table(value: float) -> Int64Array:
    """Always the same value."""
    return np.full(TABLE_LENGTH, round(min(value, VALUE_MAX - 1.0)), dtype=np.int64)


@lru_cache(maxsize=TABLES_KEPT)
def exponential_table(mean: float) -> Int64Array:
    """Exponential with this mean."""
    return table(lambda tail, upper: -mean * (math.log(tail) if upper else math.log1p(-tail)))


@lru_cache(maxsize=TABLES_KEPT)
def lognormal_table(median: float, sigma: float, least: float = 0.0, most: float = VALUE_MAX - 1.0) -> Int64Array:
    """Lognormal with this median and this standard deviation of the logarithm, clipped to least..most."""
    normal = NormalDist()

    def value(tail: float, upper: bool) -> float:
        z = normal.inv_cdf(tail)
        return min(max(median * math.exp(sigma * (-z if upper else z)), least), most)

    return table(value)


@lru_cache(maxsize=TABLES_KEPT)
def activity_table(sigma: float) -> Int64Array:
    """Position (0..2**32-1) among wallets ordered by activity, drawn in proportion to activity.

    Activity is lognormal with standard deviation `sigma` of its logarithm. The share of all activity below the
    p-quantile (the Lorenz curve) is Phi(Phi^-1(p) - sigma), so the position is Phi(Phi^-1(u) + sigma).
    """
    normal = NormalDist()
    whole = 2.0**32

    def value(tail: float, upper: bool) -> float:
        z = normal.inv_cdf(tail)
        if upper:
            return min(whole - whole * normal.cdf(z - sigma), whole - 1)
        return min(whole * normal.cdf(z + sigma), whole - 1)

    return table(value)


@compiled
def sample(values: Int64Array, key: np.uint64, first: int, out: Int64Array) -> None:
    """Fill `out` with draws number first, first+1, ... of a one-row table `values` from the stream `key`."""
    tables = values.reshape((1, values.size))
    for i in range(out.size):
        out[i] = quantile(tables, 0, mix(key, first + i))


@compiled
def at_words(values: Int64Array, uniform: UInt64Array, out: Int64Array) -> None:
    """Fill `out` with the values of a one-row table at these uniform words."""
    tables = values.reshape((1, values.size))
    for i in range(out.size):
        out[i] = quantile(tables, 0, uniform[i])


@compiled
def words(key: np.uint64, first: int, out: UInt64Array) -> None:
    """Fill `out` with the words number first, first+1, ... of the stream `key`."""
    for i in range(out.size):
        out[i] = mix(key, first + i)


@compiled
def uniforms(key: np.uint64, first: int, bound: int, out: Int64Array) -> None:
    """Fill `out` with draws number first, first+1, ... uniform in 0..bound-1 from the stream `key`."""
    for i in range(out.size):
        out[i] = below(mix(key, first + i), bound)


@compiled
def by_key(key: np.uint64, keys: Int64Array, bound: int, out: Int64Array) -> None:
    """Fill `out` with a draw for each payment by its key, uniform in 0..bound-1, out of the stream `key`."""
    for i in range(out.size):
        out[i] = below(mix(key ^ np.uint64(keys[i]), 0), bound)
