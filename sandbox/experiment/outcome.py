"""How a job ended: flat numbers, or why there are none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from sandbox.experiment.flat import flatten


@dataclass(frozen=True)
class Outcome:
    """How a job ended.

    Attributes:
        names: dotted names of numbers.
        values: the numbers, NaN where the summary has none.
        error: what went wrong, if it did; then there are no numbers.
        took_s: how long the job took in its worker.
        other_program: the worker's program, if it is not the one that was asked for.
        unkept: why the run's tables could not be written: no fault of the run.
    """

    names: tuple[str, ...] = ()
    values: npt.NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    error: str | None = None
    took_s: float = 0.0
    other_program: str | None = None
    unkept: str | None = None


def outcome_of(summary: Mapping[str, Any], took_s: float) -> Outcome:
    """A finished run's numbers."""
    flat = flatten(summary)
    values = np.array([np.nan if value is None else value for value in flat.values()], dtype=np.float64)
    return Outcome(tuple(flat), values, took_s=took_s)
