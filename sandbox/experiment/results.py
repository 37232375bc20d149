"""The results of many runs as one value: who ran with which parameters and seed, every number, and what went wrong.

The long table (`sandbox.experiment.table`, in a folder `sweep.parquet`) has a row a run and metric. In memory the same
numbers are one matrix, runs by metrics, NaN where a run failed or its summary has no such number.

They come from `sandbox.experiment.dispatch.run_jobs(jobs, workers, store, progress)`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from sandbox.experiment.errors import UnknownMetric
from sandbox.experiment.job import Job, JobResult
from sandbox.metric import TEXT, metric, nearest_metric
from sandbox.scenario.paths import nearest

if TYPE_CHECKING:
    import pandas as pd

FloatArray = npt.NDArray[np.float64]

RUN_COLUMNS: Final = ("run", "policy", "point", "replication", "seed")
"""The long table's first columns; then one column a varied parameter, named by its path, then VALUE_COLUMNS."""
VALUE_COLUMNS: Final = ("metric", "value", "error")
TABLES_COLUMN: Final = "tables"
"""The last column, if runs' tables were kept: the address of the run's folder."""


class MatchedSamples(NamedTuple):
    """One metric under two policies, run by run on common random numbers: equal length, no NaN."""

    first: FloatArray
    second: FloatArray


@dataclass(frozen=True)
class Results:
    """What many runs gave, in the order of the design whatever the order in which they ended.

    Attributes:
        jobs: the runs.
        metrics: dotted names of numbers, in the order of the summary.
        values: (runs, metrics); NaN where there is none.
        errors: why a run failed, by its place in `jobs`.
        tables: where a run's own tables are, by its place in `jobs`, if they were kept.
        repeated: how many runs were taken from the store instead of being run (not part of the value).
        distrusted: how many were made anew because what was kept of them had been changed (neither).
    """

    jobs: tuple[Job, ...]
    metrics: tuple[str, ...]
    values: FloatArray
    errors: Mapping[int, str]
    tables: Mapping[int, str] = field(default_factory=dict)
    repeated: int = field(default=0, compare=False)
    distrusted: int = field(default=0, compare=False)

    @cached_property
    def _place(self) -> dict[str, int]:
        return {name: at for at, name in enumerate(self.metrics)}

    @property
    def parameters(self) -> tuple[str, ...]:
        """Paths that the design varies, in the order in which jobs name them."""
        return tuple(dict.fromkeys(path for job in self.jobs for path, __ in job.varied))

    @property
    def policies(self) -> tuple[str, ...]:
        """Names of the policies, in the order of the design."""
        return tuple(dict.fromkeys(job.policy for job in self.jobs))

    def check_metric(self, metric: str) -> None:
        """Raises UnknownMetric, with the nearest name, if no run has this number."""
        if metric not in self._place:
            raise _unknown(metric, nearest(metric, self.metrics))

    def column(self, metric: str) -> FloatArray:
        """One metric of every run, in the order of `jobs`; NaN where it is missing.

        Raises:
            UnknownMetric: no run has it.
        """
        self.check_metric(metric)
        return self.values[:, self._place[metric]]

    def sample(self, metric: str) -> FloatArray:
        """One metric of all runs; those without it are left out."""
        values = self.column(metric)
        return values[~np.isnan(values)]

    def pair(self, metric: str, first: str, second: str) -> MatchedSamples:
        """One metric under two policies, matched by point and replication; a pair of which one is missing is left
        out."""
        values = self.column(metric)
        sides = [
            {(job.point, job.replication): values[at] for at, job in enumerate(self.jobs) if job.policy == policy}
            for policy in (first, second)
        ]
        both = [key for key in sides[0] if key in sides[1] and not np.isnan(sides[0][key] + sides[1][key])]
        return MatchedSamples(np.array([sides[0][key] for key in both]), np.array([sides[1][key] for key in both]))

    def pivot(self, metric: str) -> FloatArray:
        """One metric of one policy as (points, replications), in order; NaN where a run is missing."""
        points = {point: at for at, point in enumerate(dict.fromkeys(job.point for job in self.jobs))}
        table = np.full((len(points), 1 + max(job.replication for job in self.jobs)), np.nan)
        for job, value in zip(self.jobs, self.column(metric), strict=True):
            table[points[job.point], job.replication] = value
        return table

    def parameter(self, path: str) -> list[str | None]:
        """A varied parameter of every run as it was set, with its unit; None where the scenario's own value holds."""
        return [dict(job.varied).get(path) for job in self.jobs]

    def frame(self) -> pd.DataFrame:
        """One row a run: RUN_COLUMNS, the varied parameters, every metric, `error`, and `tables` if they were kept."""
        import pandas as pd

        columns: dict[str, Any] = dict(_run_columns(self.jobs))
        columns |= {path: self.parameter(path) for path in self.parameters}
        columns |= {name: self.values[:, at] for at, name in enumerate(self.metrics)}
        columns["error"] = [self.errors.get(at) for at in range(len(self.jobs))]
        if self.tables:
            columns[TABLES_COLUMN] = [self.tables.get(at) for at in range(len(self.jobs))]
        return pd.DataFrame(columns)


def _run_columns(jobs: Sequence[Job]) -> dict[str, Any]:
    return {
        "run": np.arange(len(jobs), dtype=np.int32),
        "policy": [job.policy for job in jobs],
        "point": np.array([job.point for job in jobs], dtype=np.int32),
        "replication": np.array([job.replication for job in jobs], dtype=np.int32),
        "seed": np.array([job.seed for job in jobs], dtype=np.int64),
    }


def check_declared(metrics: Sequence[str]) -> None:
    """Raises UnknownMetric, with the nearest name, for what no summary has a number of, whatever is run."""
    for name in metrics:
        found = metric(name)
        if found is None or found.unit == TEXT:
            raise _unknown(name, nearest_metric(name))


def _unknown(name: str, near: str | None) -> UnknownMetric:
    if near is None:
        return UnknownMetric("no run has a number '{metric}'", metric=name)
    return UnknownMetric("no run has a number '{metric}'. Did you mean '{nearest}'?", metric=name, nearest=near)


def collect(jobs: Sequence[Job], found: Mapping[int, JobResult], repeated: int = 0) -> Results:
    """Results from the outcomes of runs, by their place in `jobs`."""
    places: dict[str, int] = {}
    columns: dict[tuple[str, ...], npt.NDArray[np.int64]] = {}
    for at in sorted(found):
        names = found[at].names
        if names not in columns:
            columns[names] = np.array([places.setdefault(name, len(places)) for name in names], dtype=np.int64)
    values = np.full((len(jobs), len(places)), np.nan)
    errors: dict[int, str] = {}
    for at in sorted(found):
        outcome = found[at]
        values[at, columns[outcome.names]] = outcome.values
        if outcome.error is not None:
            errors[at] = outcome.error
    return Results(tuple(jobs), tuple(places), values, errors, repeated=repeated)
