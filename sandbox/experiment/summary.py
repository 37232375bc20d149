"""`summary.json` of an experiment: the design, the numbers asked for with their intervals, comparisons, what failed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

from sandbox.experiment.analysis import analysis_of
from sandbox.experiment.asked import Asked
from sandbox.experiment.compare import Choice, choices_of, compare, independent
from sandbox.experiment.results import Results
from sandbox.experiment.stats import describe

MOST_DESCRIBED: Final = 500
"""Choices that are described one by one; the table has the others."""


def summary_of(asked: Asked, results: Results, metrics: Sequence[str]) -> dict[str, Any]:
    """Everything in `summary.json`."""
    choices = choices_of(results, asked.factors)
    drawn = asked.design != "grid"
    return {
        "kind": asked.kind,
        "title": asked.base.scenario.title,
        "question": asked.base.scenario.question,
        "design": {
            "kind": asked.design,
            "samples": asked.samples,
            "replications": asked.replications,
            "runs": len(results.jobs),
            "seed": asked.base.scenario.seed,
        },
        "factors": [
            {
                "path": one.path,
                "kind": one.kind,
                "unit": one.unit,
                "values": list(one.levels),
                "numbers": [None if math.isnan(at) or math.isinf(at) else at for at in one.numbers],
                "low": one.low or None,
                "high": one.high or None,
                "scale": one.scale,
            }
            for one in asked.factors
        ],
        "metrics": list(metrics),
        "policies": [
            {
                "policy": name,
                "scenario": loaded.name,
                "title": loaded.scenario.title,
                "set": dict(asked.fixed.get(name, {})),
            }
            for name, loaded in asked.policies.items()
        ],
        "described": [] if drawn else described(results, metrics, choices),
        "comparisons": [] if drawn else [one.as_dict() for one in compare(results, metrics, asked.factors)],
        "failed": [
            {
                "run": at,
                "policy": results.jobs[at].policy,
                "varied": dict(results.jobs[at].varied),
                "seed": results.jobs[at].seed,
                "error": words,
            }
            for at, words in results.errors.items()
        ],
        **analysis_of(asked, results, metrics),
    }


def described(results: Results, metrics: Sequence[str], choices: Sequence[Choice]) -> list[dict[str, Any]]:
    """Each choice's numbers over its runs: mean with interval, spread, quantiles."""
    rows = []
    for choice in choices[:MOST_DESCRIBED]:
        for metric in metrics:
            column = results.column(metric)
            known = {luck: float(column[at]) for luck, at in choice.runs.items() if column[at] == column[at]}
            if not known:
                continue
            found = describe(independent(known))
            rows.append(
                {
                    "choice": choice.name,
                    "policy": choice.policy,
                    "varied": dict(choice.varied),
                    "metric": metric,
                    "count": found.count,
                    "mean": found.mean.value,
                    "low": found.mean.low,
                    "high": found.mean.high,
                    "level": found.mean.level,
                    "deviation": found.deviation,
                    "least": found.least,
                    "most": found.most,
                    "quantiles": {f"{share:g}": one.value for share, one in found.quantiles.items()},
                }
            )
    return rows
