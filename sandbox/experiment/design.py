"""Designs: which points of the parameters are run.

A factor's draws come from a stream of its own name, so another factor more or less changes nobody else's draws.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import Any, Final, Literal

import numpy as np
import numpy.typing as npt

from sandbox.core.draws import mix, stream
from sandbox.experiment.factors import Factor
from sandbox.extras import needed

DesignKind = Literal["grid", "latin_hypercube", "sobol", "one_at_a_time", "morris", "saltelli"]
DesignPoint = dict[str, str]

_SOBOL_BITS: Final = 30


def count_of(factors: Sequence[Factor], design: DesignKind, samples: int) -> int:
    """How many points a design has; nothing is made."""
    if design == "one_at_a_time":
        return 1 + 2 * len(factors)
    if design in ("morris", "saltelli"):
        return samples * (len(factors) + (1 if design == "morris" else 2))
    if design != "grid":
        return samples
    levels = math.prod(len(one.levels) for one in factors if one.kind == "lever")
    return levels * (samples if any(one.kind == "uncertainty" for one in factors) else 1)


def futures_of(factors: Sequence[Factor], design: DesignKind, samples: int) -> int:
    """Under how many draws of the uncertainties each choice of a grid is run; 1 in designs that draw all together."""
    return samples if design == "grid" and any(one.kind == "uncertainty" for one in factors) else 1


def check_libraries(design: DesignKind) -> None:
    """Raises ExtraMissing if the design, or what is said of its runs, needs a library that is not here."""
    if design == "sobol":
        _qmc()
    elif design in ("morris", "saltelli"):
        from sandbox.experiment.sensitivity import check_library

        check_library(design)


def points_of(factors: Sequence[Factor], design: DesignKind, samples: int, seed: int) -> list[DesignPoint]:
    """The points, each a value by path.

    grid: every combination of the levers' values, the last lever fastest; each under the same `samples` draws of the
    uncertainties, if there are any. latin_hypercube, sobol: `samples` draws of all factors together. The others:
    `sandbox.experiment.sensitivity`.
    """
    if design in ("one_at_a_time", "morris", "saltelli"):
        from sandbox.experiment.sensitivity import points_for

        return points_for(design, factors, samples, seed)
    if design != "grid":
        return _sampled(factors, design, samples, seed)
    levers = [one for one in factors if one.kind == "lever"]
    futures = _sampled([one for one in factors if one.kind == "uncertainty"], "latin_hypercube", samples, seed)
    combinations = itertools.product(*(one.levels for one in levers))
    choices = [dict(zip((one.path for one in levers), values, strict=True)) for values in combinations]
    return [{**choice, **future} for choice in choices for future in futures or [{}]]


def _sampled(factors: Sequence[Factor], design: DesignKind, samples: int, seed: int) -> list[DesignPoint]:
    if not factors:
        return []
    unit = _sobol(factors, samples, seed) if design == "sobol" else latin_hypercube(factors, samples, seed)
    return [{one.path: one.at(float(share)) for one, share in zip(factors, row, strict=True)} for row in unit]


def latin_hypercube(factors: Sequence[Factor], samples: int, seed: int) -> npt.NDArray[np.float64]:
    """(samples, factors) in 0..1: each factor once in each of `samples` equal strips, in random order and at a random
    place of its strip (McKay, Beckman and Conover 1979).

    Not SciPy's, whose order of draws may change from release to release: a sweep must give the same bytes again.
    """
    columns = []
    for factor in factors:
        key = stream(seed, "design", factor.path)
        with np.errstate(over="ignore"):
            words = [mix(key, number) for number in range(2 * samples)]
        order = np.argsort(np.array(words[:samples], dtype=np.uint64), kind="stable")
        within = np.array([float(int(word) >> 11) / 2.0**53 for word in words[samples:]])
        columns.append((order + within) / samples)
    return np.column_stack(columns)


def _sobol(factors: Sequence[Factor], samples: int, seed: int) -> npt.NDArray[np.float64]:
    """Sobol's sequence, each coordinate shifted digit by digit by one random word (Cranley and Patterson's idea in base
    2), which keeps its evenness and takes its first point out of the corner."""
    raw = _qmc().Sobol(len(factors), scramble=False, bits=_SOBOL_BITS).random(samples)
    whole = np.round(raw * 2.0**_SOBOL_BITS).astype(np.uint64)
    shifts = [int(stream(seed, "design", factor.path)) >> (64 - _SOBOL_BITS) for factor in factors]
    shifted = whole ^ np.array(shifts, dtype=np.uint64)
    found: npt.NDArray[np.float64] = (shifted.astype(np.float64) + 0.5) / 2.0**_SOBOL_BITS
    return found


def _qmc() -> Any:
    with needed("sobol"):
        from scipy.stats import qmc
    return qmc


def digest_of(keys: Sequence[str]) -> str:
    """A short name for a set of jobs."""
    import hashlib

    return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:8]
