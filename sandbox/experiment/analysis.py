"""What the runs of a design say beyond one comparison at a time: sensitivity, regret, who matters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
import numpy.typing as npt

from sandbox.experiment.asked import Asked
from sandbox.experiment.compare import choices_of
from sandbox.experiment.frontier import regrets
from sandbox.experiment.results import Results
from sandbox.experiment.sensitivity import (
    SensitivityError,
    morris_design,
    morris_effects,
    sobol_design,
    sobol_indices,
    swings,
)
from sandbox.experiment.stress import METRICS, ranking
from sandbox.metric import direction_of, label
from sandbox.stats.intervals import Interval, Paired


def analysis_of(asked: Asked, results: Results, metrics: Sequence[str]) -> dict[str, Any]:
    """Whatever fits the design; every metric's words, and its good direction if it has one."""
    found: dict[str, Any] = {
        "labels": {metric: label(metric) for metric in metrics},
        "high_is_good": {metric: direction_of(metric) for metric in metrics},
    }
    if asked.design in ("morris", "saltelli", "one_at_a_time"):
        found["sensitivity"] = [_sensitivity(asked, results, metric) for metric in metrics]
    kinds = {factor.kind for factor in asked.factors}
    if asked.design == "grid" and kinds == {"lever", "uncertainty"}:
        found["regret"] = [_regret(asked, results, metric) for metric in metrics]
    if asked.kind == "stress":
        found["ranking"] = _ranking(results, metrics[0])
    return found


def _sensitivity(asked: Asked, results: Results, metric: str) -> dict[str, Any]:
    """One metric's bars, the largest first; or why there are none."""
    entry: dict[str, Any] = {"metric": metric, "method": asked.design, "bars": []}
    table = results.pivot(metric)
    try:
        entry["bars"] = _bars(asked, table)
    except SensitivityError as error:
        entry["error"] = str(error)
    return entry


def _bars(asked: Asked, table: npt.NDArray[np.float64]) -> list[dict[str, Any]]:
    seed = asked.base.scenario.seed
    if asked.design == "one_at_a_time":
        return [
            {
                "path": one.path,
                "low_words": one.low_words,
                "high_words": one.high_words,
                "low": _interval(one.low.difference),
                "high": _interval(one.high.difference),
            }
            for one in swings(asked.factors, table)
        ]
    values = table.mean(axis=1)
    if asked.design == "morris":
        effects = morris_effects(morris_design(asked.factors, asked.samples, seed), values)
        return [
            {"path": one.path, "size": _interval(one.size), "mean": one.mean, "spread": one.spread} for one in effects
        ]
    indices = sobol_indices(sobol_design(asked.factors, asked.samples, seed), values)
    return [
        {"path": one.path, "first": _interval(one.first), "total": _interval(one.total), "doubtful": one.doubtful}
        for one in indices
    ]


def _regret(asked: Asked, results: Results, metric: str) -> dict[str, Any]:
    """Each choice of the levers over the drawn futures; a future's number is the mean over its replications. Nothing
    is given away in a metric of which neither more nor less is known to be better."""
    entry: dict[str, Any] = {"metric": metric, "futures": 0, "choices": []}
    high_is_good = direction_of(metric)
    if high_is_good is None:
        return entry
    choices = choices_of(results, asked.factors)
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


def _paired(one: Paired | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {
        **_interval(one.difference), "base": one.base, "clear": one.clear, "same": one.identical, "pairs": one.pairs,
        "removed": one.removed,
    }  # fmt: skip


def _interval(one: Interval) -> dict[str, float | None]:
    return {"value": one.value, "low": one.low, "high": one.high}
