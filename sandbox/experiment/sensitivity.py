"""Which assumptions the answer hangs on: screening (Morris), shares of variance (Sobol), and one step at a time.

Designs and indices are SALib's; this module puts parameters with units on its unit cube and back, keeps the random
draws the same at every point (all points share their seeds, so what differs is the parameters' doing), and says how
sure an index is. SALib brings SciPy, which takes a second to import; both are imported when they are needed.

Sources: Morris 1991; Campolongo, Cariboni and Saltelli 2007 (mu star); Saltelli 2002 and Saltelli et al. 2010 (Sobol
indices); Herman and Usher, "SALib", JOSS 2017.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from sandbox.core.draws import stream
from sandbox.experiment.errors import SensitivityError
from sandbox.experiment.factors import Factor
from sandbox.extras import needed
from sandbox.stats.intervals import LEVEL, Interval, PairedDifference, paired

Floats = npt.NDArray[np.float64]

LEVELS: Final = 4
"""Morris looks at a range in this many places: 0, 1/3, 2/3 and 1."""
RESAMPLES: Final = 1_000
LEAST_SAMPLES: Final = {"morris": 4, "saltelli": 8}
"""Fewer trajectories, or samples, leave nothing to resample for an interval. ASSUMED."""
CONSTANT: Final = 1e-9
"""A metric that spreads less than this share of its size is constant but for rounding."""
RARE_SHARE: Final = 0.05
RARE_LEAST, RARE_MOST = 5, 30
"""A metric has to leave its usual value at this share of the points, and at so many of them at least; from RARE_MOST on
it is judged however many points there are. ASSUMED."""
DIGITS: Final = 10
"""Of a place in the unit cube, so that no platform's rounding decides a digit."""


@dataclass(frozen=True)
class SensitivityDesign:
    """Points of a sensitivity analysis.

    Attributes:
        method: whose points they are.
        factors: what is varied.
        shares: (points, factors), the place of each point in the unit cube.
        seed: of the design and of the intervals' resampling.
    """

    method: Literal["morris", "sobol"]
    factors: tuple[Factor, ...]
    shares: Floats
    seed: int

    @property
    def points(self) -> list[dict[str, str]]:
        """What each point sets, by path."""
        return [
            {factor.path: factor.at(float(share)) for factor, share in zip(self.factors, row, strict=True)}
            for row in self.shares
        ]


@dataclass(frozen=True)
class MorrisEffect:
    """What one parameter does to one metric, by Morris; in the metric's unit, from one end of its range to the other.

    Attributes:
        path: of the parameter.
        size: mean of the sizes of its elementary effects (mu star), with an interval.
        mean: mean of the effects; far smaller than `size` where they point both ways.
        spread: standard deviation of the effects: large where others decide what this one does, or it bends.
    """

    path: str
    size: Interval
    mean: float
    spread: float


@dataclass(frozen=True)
class SobolIndex:
    """Shares of a metric's variance over all ranges, by Sobol.

    Attributes:
        path: of the parameter.
        first: share that goes away when it alone is known.
        total: share that stays when all others are known: its own and what it does together with others.
    """

    path: str
    first: Interval
    total: Interval

    @property
    def doubtful(self) -> bool:
        """Whether it lies outside 0 to 1 by more than its interval, which only too few samples can do."""
        both = (self.first, self.total)
        return any(one.low is not None and one.high is not None and (one.low > 1 or one.high < 0) for one in both)


def morris_design(factors: Sequence[Factor], trajectories: int, seed: int) -> SensitivityDesign:
    """Trajectories through the ranges, each changing one parameter at a time: trajectories x (factors + 1) points.

    Raises:
        SensitivityError: no factors.
        ExtraMissing: SALib is not installed.
    """
    sample = _salib("sample.morris").sample
    shares = sample(_problem(factors), trajectories, num_levels=LEVELS, seed=_salib_seed(seed, "morris"))
    return SensitivityDesign("morris", tuple(factors), np.round(shares, DIGITS), seed)


def sobol_design(factors: Sequence[Factor], samples: int, seed: int) -> SensitivityDesign:
    """Saltelli's points, for indices of first and of total order: samples x (factors + 2); a power of 2 is best.

    Raises:
        SensitivityError: no factors.
        ExtraMissing: SALib is not installed.
    """
    sample = _salib("sample.sobol").sample
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that a number of samples is no power of 2
        shares = sample(_problem(factors), samples, calc_second_order=False, seed=_salib_seed(seed, "sobol"))
    return SensitivityDesign("sobol", tuple(factors), np.round(shares, DIGITS), seed)


def morris_effects(
    design: SensitivityDesign, values: Sequence[float] | Floats, level: float = LEVEL
) -> list[MorrisEffect]:
    """Effects on a metric, largest first.

    Args:
        design: the points.
        values: the metric at each point, the mean over its runs.
        level: of the intervals.

    Raises:
        SensitivityError: a point has no value, or too few of them differ.
    """
    numbers = _varied_enough(_complete(design, values))
    found = _analyzed(
        "morris", _problem(design.factors), design.shares, numbers, num_levels=LEVELS, conf_level=level,
        seed=_salib_seed(design.seed, "morris intervals"),
    )  # fmt: skip
    effects = [
        MorrisEffect(factor.path, _symmetric(size, half, level), float(mean), float(spread))
        for factor, size, half, mean, spread in zip(
            design.factors, found["mu_star"], found["mu_star_conf"], found["mu"], found["sigma"], strict=True
        )
    ]
    return sorted(effects, key=lambda one: -one.size.value)


def sobol_indices(
    design: SensitivityDesign, values: Sequence[float] | Floats, level: float = LEVEL
) -> list[SobolIndex]:
    """Sobol indices of a metric, the largest total first.

    Args:
        design: the points.
        values: the metric at each point, the mean over its runs.
        level: of the intervals.

    Raises:
        SensitivityError: a point has no value, or too few of them differ.
    """
    numbers = _varied_enough(_complete(design, values))
    found = _analyzed(
        "sobol", _problem(design.factors), numbers, calc_second_order=False, conf_level=level,
        seed=_salib_seed(design.seed, "sobol intervals"),
    )  # fmt: skip
    columns = (found[name] for name in ("S1", "S1_conf", "ST", "ST_conf"))
    indices = [
        SobolIndex(factor.path, _symmetric(first, first_half, level), _symmetric(total, total_half, level))
        for factor, first, first_half, total, total_half in zip(design.factors, *columns, strict=True)
    ]
    return sorted(indices, key=lambda one: -one.total.value)


@dataclass(frozen=True)
class Swing:
    """What a metric does when one parameter alone goes to either end of its range; a bar of a tornado.

    `low` and `high` are differences from the scenario as it stands, on the same seeds.
    """

    path: str
    low_words: str
    high_words: str
    low: PairedDifference
    high: PairedDifference

    @property
    def width(self) -> float:
        """From the lowest to the highest of the three means."""
        ends = (0.0, self.low.difference.value, self.high.difference.value)
        return max(ends) - min(ends)


def one_at_a_time(factors: Sequence[Factor]) -> list[dict[str, str]]:
    """The scenario as it stands, then each parameter at the low and the high end of its range.

    >>> one_at_a_time([Factor("ledger.servers", low="4", high="8")])
    [{}, {'ledger.servers': '4'}, {'ledger.servers': '8'}]
    """
    _problem(factors)
    return [{}, *({factor.path: words} for factor in factors for words in _range_ends(factor))]


def swings(factors: Sequence[Factor], table: Floats, level: float = LEVEL) -> list[Swing]:
    """A tornado's bars, the widest first.

    Args:
        factors: as for `one_at_a_time`.
        table: the metric as (points, runs), points in the order of `one_at_a_time`; run k has the same seed everywhere.
        level: of the intervals.

    Raises:
        SensitivityError: a run has no value, or all have the same.
    """
    if np.isnan(table).any() or len(table) != 2 * len(factors) + 1:
        raise _incomplete(int(np.isnan(table).any(axis=1).sum()), len(table))
    if _is_constant(table):
        raise SensitivityError("it is the same at all points, so nothing can be said of what moves it")
    rows = [[float(value) for value in row] for row in table]
    found = [
        Swing(factor.path, *_range_ends(factor), *(paired(rows[0], rows[1 + 2 * at + end], level) for end in (0, 1)))
        for at, factor in enumerate(factors)
    ]
    return sorted(found, key=lambda one: -one.width)


def points_for(design: str, factors: Sequence[Factor], samples: int, seed: int) -> list[dict[str, str]]:
    """The points of a design by its name: `one_at_a_time`, `morris` or `saltelli`.

    Raises:
        SensitivityError: no factors.
        ExtraMissing: SALib is not installed.
    """
    if design == "one_at_a_time":
        return one_at_a_time(factors)
    made = morris_design if design == "morris" else sobol_design
    return made(factors, samples, seed).points


def _range_ends(factor: Factor) -> tuple[str, str]:
    return factor.at(0.0), factor.at(1.0)


def _problem(factors: Sequence[Factor]) -> dict[str, Any]:
    if not factors:
        raise SensitivityError("nothing is varied; name at least one parameter with a range")
    return {"num_vars": len(factors), "names": [one.path for one in factors], "bounds": [[0.0, 1.0]] * len(factors)}


def check_library(design: str) -> None:
    """Raises ExtraMissing if SALib cannot make the points or the numbers of `morris` or `saltelli`."""
    method = "morris" if design == "morris" else "sobol"
    _salib(f"sample.{method}")
    _salib(f"analyze.{method}")


def _salib(name: str) -> Any:
    from importlib import import_module

    with needed("sensitivity"):
        return import_module(f"SALib.{name}")


def _salib_seed(seed: int, purpose: str) -> int:
    """A seed for SALib, above 0: it takes 0 for none."""
    return 1 + (int(stream(seed, "sensitivity", purpose)) >> 33)


def _complete(design: SensitivityDesign, values: Sequence[float] | Floats) -> Floats:
    numbers = np.asarray(values, dtype=np.float64)
    missing = int(np.isnan(numbers).sum()) + abs(len(design.shares) - len(numbers))
    if missing:
        raise _incomplete(missing, len(design.shares))
    return numbers


def _incomplete(missing: int, points: int) -> SensitivityError:
    return SensitivityError(
        "{missing} of {points} points have no number, and the indices need all; see the errors of those runs",
        missing=missing,
        points=points,
    )


def check_samples(design: str, samples: int) -> None:
    """Raises SensitivityError where so few samples would say nothing; known before anything is run."""
    least = LEAST_SAMPLES.get(design, 0)
    if samples < least:
        raise SensitivityError(
            "{samples} samples are too few to say what matters; give --samples {least} at the very least, "
            "better some hundred",
            samples=samples,
            least=least,
        )


def _is_constant(numbers: Floats) -> bool:
    return bool(np.ptp(numbers) <= CONSTANT * np.abs(numbers).max())


def _varied_enough(numbers: Floats) -> Floats:
    """The metric's numbers, if enough of them differ for variances to mean something."""
    if _is_constant(numbers):
        raise SensitivityError("it is the same at all points, so nothing can be said of what moves it")
    moved = len(numbers) - int(np.unique(numbers, return_counts=True)[1].max())
    if moved < min(max(RARE_SHARE * len(numbers), RARE_LEAST), RARE_MOST):
        raise SensitivityError(
            "it leaves its usual value at {moved} of {points} points only; take more samples, or ranges in "
            "which it happens more often",
            moved=moved,
            points=len(numbers),
        )
    return numbers


def _analyzed(method: str, *given: Any, **how: Any) -> Mapping[str, Any]:
    """What SALib finds; what it warns of is for us to say."""
    analyze = _salib(f"analyze.{method}").analyze
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        found: Mapping[str, Any] = analyze(*given, num_resamples=RESAMPLES, **how)
    if not all(np.isfinite(np.asarray(found[name], dtype=np.float64)).all() for name in _NUMBERS[method]):
        raise SensitivityError("its indices are not numbers; take more samples")
    return found


_NUMBERS: Final = {"morris": ("mu", "mu_star", "mu_star_conf", "sigma"), "sobol": ("S1", "S1_conf", "ST", "ST_conf")}


def _symmetric(value: float, half: float, level: float) -> Interval:
    return Interval(float(value), float(value) - float(half), float(value) + float(half), level)
