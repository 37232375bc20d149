"""A job, which is one run: a scenario as text, what is set in it, and a seed; and what became of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sandbox.core.draws import stream
from sandbox.entries import numbers
from sandbox.scenario.load import Loaded

Setting = tuple[tuple[str, str], ...]
"""Values by path as `--set` gives them, in the order in which they are set."""

JOB_FORMAT: Final = 1
"""Goes up when the numbers of a finished run would be named or counted in another way."""


@dataclass(frozen=True)
class Job:
    """One run.

    Attributes:
        policy: the name under which it is compared: of the scenario or of a variant.
        point: number of the point of the design; runs of one point differ in their random draws only.
        replication: 0 has the scenario's own seed; equal replications of all points and policies share their seed.
        seed: of every random stream.
        scenario: the resolved scenario's text; its digest is what counts.
        digest: of the scenario before anything is set.
        fixed: set in every run of the policy (a variant's `--set`).
        varied: set by the design, on top of `fixed`.
        name: the scenario's, for tables.
    """

    policy: str
    point: int
    replication: int
    seed: int
    scenario: str = field(repr=False, compare=False)
    digest: str
    fixed: Setting = ()
    varied: Setting = ()
    name: str = "scenario"

    def key(self, build: str) -> str:
        """Hash of everything that decides the run's numbers; `build` says which program runs it."""
        content = [JOB_FORMAT, build, self.digest, self.fixed, self.varied, self.seed]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode("utf-8")).hexdigest()


@dataclass(frozen=True)
class JobResult:
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


def result_of(summary: Mapping[str, Any], took_s: float) -> JobResult:
    """A finished run's numbers."""
    flat = numbers(summary)
    values = np.array([np.nan if value is None else value for value in flat.values()], dtype=np.float64)
    return JobResult(tuple(flat), values, took_s=took_s)


def portable_scenario(loaded: Loaded) -> str:
    """The scenario's text as it travels to a worker: every value in force, without what decides no number.

    Sources speak of values that a job may take out, and would then be mistakes.
    """
    scenario = loaded.scenario.model_copy(update={"experiment": None, "sources": {}})
    return replace(loaded, scenario=scenario).resolved_yaml()


def seed_of(seed: int, replication: int) -> int:
    """The seed of a replication: the first has the scenario's own, others one by name."""
    return seed if replication == 0 else int(stream(seed, "replication", replication)) >> 1


def jobs_of(
    loaded: Loaded,
    points: Sequence[Mapping[str, str]] = ({},),
    *,
    replications: int = 1,
    first_replication: int = 0,
    offsets: Sequence[int] = (),
    policy: str | None = None,
    fixed: Mapping[str, str] | None = None,
) -> list[Job]:
    """A job for each point and replication, points first.

    Args:
        loaded: the scenario.
        points: what each point sets, by path, as `--set` does.
        replications: how many of each point.
        first_replication: number of the first.
        offsets: by point, added to the numbers of its replications: points with the same share their random draws.
        policy: name of the policy; the scenario's if not given.
        fixed: what the policy sets, below what a point sets.
    """
    text, seed = portable_scenario(loaded), loaded.scenario.seed
    return [
        Job(
            policy=loaded.name if policy is None else policy,
            point=number,
            replication=replication + (offsets[number] if offsets else 0),
            seed=seed_of(seed, replication + (offsets[number] if offsets else 0)),
            scenario=text,
            digest=loaded.digest,
            fixed=tuple((fixed or {}).items()),
            varied=tuple(point.items()),
            name=loaded.name,
        )
        for number, point in enumerate(points)
        for replication in range(first_replication, first_replication + replications)
    ]
