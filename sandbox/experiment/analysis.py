"""What the runs of a design say beyond one comparison at a time: sensitivity, regret, who matters.

Savage, "The theory of statistical decision", 1951, for regret.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sandbox.experiment.compare import choices_of
from sandbox.experiment.errors import SensitivityError
from sandbox.experiment.plan import ExperimentPlan
from sandbox.experiment.results import Results
from sandbox.experiment.sensitivity import (
    morris_design,
    morris_effects,
    sobol_design,
    sobol_indices,
    swings,
)
from sandbox.experiment.stress import METRICS, ranking
from sandbox.metric import direction_of, label
from sandbox.stats.intervals import Interval, PairedDifference

Floats = npt.NDArray[np.float64]


def analysis_of(plan: ExperimentPlan, results: Results, metrics: Sequence[str]) -> dict[str, Any]:
    """Whatever fits the design; every metric's words, and its good direction if it has one."""
    found: dict[str, Any] = {
        "labels": {metric: label(metric) for metric in metrics},
        "high_is_good": {metric: direction_of(metric) for metric in metrics},
    }
    if plan.design in ("morris", "saltelli", "one_at_a_time"):
        found["sensitivity"] = [_sensitivity(plan, results, metric) for metric in metrics]
    kinds = {factor.kind for factor in plan.factors}
    if plan.design == "grid" and kinds == {"lever", "uncertainty"}:
        found["regret"] = [_regret(plan, results, metric) for metric in metrics]
    if plan.kind == "stress":
        found["ranking"] = _ranking(results, metrics[0])
    return found


def _sensitivity(plan: ExperimentPlan, results: Results, metric: str) -> dict[str, Any]:
    """One metric's bars, the largest first; or why there are none."""
    entry: dict[str, Any] = {"metric": metric, "method": plan.design, "bars": []}
    table = results.pivot(metric)
    try:
        entry["bars"] = _bars(plan, table)
    except SensitivityError as error:
        entry["error"] = str(error)
    return entry


def _bars(plan: ExperimentPlan, table: Floats) -> list[dict[str, Any]]:
    seed = plan.base.scenario.seed
    if plan.design == "one_at_a_time":
        return [
            {
                "path": one.path,
                "low_words": one.low_words,
                "high_words": one.high_words,
                "low": _interval(one.low.difference),
                "high": _interval(one.high.difference),
            }
            for one in swings(plan.factors, table)
        ]
    values = table.mean(axis=1)
    if plan.design == "morris":
        effects = morris_effects(morris_design(plan.factors, plan.samples, seed), values)
        return [
            {"path": one.path, "size": _interval(one.size), "mean": one.mean, "spread": one.spread} for one in effects
        ]
    indices = sobol_indices(sobol_design(plan.factors, plan.samples, seed), values)
    return [
        {"path": one.path, "first": _interval(one.first), "total": _interval(one.total), "doubtful": one.doubtful}
        for one in indices
    ]


def _regret(plan: ExperimentPlan, results: Results, metric: str) -> dict[str, Any]:
    """Each choice of the levers over the drawn futures; a future's number is the mean over its replications. Nothing
    is given away in a metric of which neither more nor less is known to be better."""
    entry: dict[str, Any] = {"metric": metric, "futures": 0, "choices": []}
    high_is_good = direction_of(metric)
    if high_is_good is None:
        return entry
    choices = choices_of(results, plan.factors)
    values = results.column(metric)
    futures = list(dict.fromkeys(inputs[0] for choice in choices for inputs in choice.runs))
    table = np.full((len(choices), len(futures)), np.nan)
    for row, choice in enumerate(choices):
        for at, future in enumerate(futures):
            known = [values[place] for inputs, place in choice.runs.items() if inputs[0] == future]
            table[row, at] = np.mean(known) if known else np.nan
    entry["futures"] = int((~np.isnan(table).any(axis=0)).sum())
    if entry["futures"]:
        entry["choices"] = [{**asdict(one), "choice": choices[one.choice].name} for one in regrets(table, high_is_good)]
    return entry


@dataclass(frozen=True)
class Regret:
    """How much a choice gives away against the best choice of each future, in the metric's unit; never below 0.

    Attributes:
        choice: its place.
        worst: over all futures.
        mean: over all futures.
        best_in: share of futures in which no other does better.
    """

    choice: int
    worst: float
    mean: float
    best_in: float


def regrets(table: Floats, high_is_good: bool) -> list[Regret]:
    """Every choice's regret, the smallest worst case first.

    Args:
        table: the metric as (choices, futures); futures in which a choice has no number count for none.
        high_is_good: whether more is better.

    Raises:
        ValueError: no future has a number for every choice.

    >>> [(one.choice, one.worst) for one in regrets(np.array([[9.0, 1.0], [6.0, 5.0]]), True)]
    [(1, 3.0), (0, 4.0)]
    """
    known = np.asarray(table, dtype=np.float64)
    known = known[:, ~np.isnan(known).any(axis=0)] * (1.0 if high_is_good else -1.0)
    if not known.size:
        raise ValueError("no future has a number for every choice")
    lost = known.max(axis=0) - known
    found = [Regret(at, float(row.max()), float(row.mean()), float((row == 0).mean())) for at, row in enumerate(lost)]
    return sorted(found, key=lambda one: (one.worst, one.mean, one.choice))


def _ranking(results: Results, lost: str) -> list[dict[str, Any]]:
    """Who matters, by the value `lost`; what else changes with each."""
    if lost not in results.metrics:
        return []
    others = {metric: {row.participant: row.lost for row in ranking(results, metric)} for metric in METRICS[1:]}
    return [
        {
            "participant": row.participant,
            "share": row.share,
            "lost": _paired(row.lost),
            "also": {metric: _paired(found.get(row.participant)) for metric, found in others.items()},
        }
        for row in ranking(results, lost)
    ]


def _paired(one: PairedDifference | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        **_interval(one.difference), "base": one.base_mean, "clear": one.clear, "same": one.identical,
        "pairs": one.pairs, "removed": one.variance_removed,
    }  # fmt: skip


def _interval(one: Interval) -> dict[str, float | None]:
    return {"value": one.value, "low": one.low, "high": one.high}
