"""`summary.json` of an experiment: the design, the numbers asked for with their intervals, comparisons, what failed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sandbox.experiment.analysis import analysis_of
from sandbox.experiment.compare import Choice, choices_of, compare, independent
from sandbox.experiment.plan import ExperimentPlan
from sandbox.experiment.results import Results
from sandbox.metric import possible
from sandbox.scenario.paths import format_path, parse_path
from sandbox.stats.intervals import describe

MOST_DESCRIBED: Final = 500
"""Choices that are described one by one; the table has the others."""


def summary_of(plan: ExperimentPlan, results: Results, metrics: Sequence[str]) -> dict[str, Any]:
    """Everything in `summary.json`."""
    choices = choices_of(results, plan.factors)
    drawn = plan.design != "grid"
    return {
        "kind": plan.kind,
        "title": plan.base.scenario.title,
        "question": plan.base.scenario.question,
        "design": {
            "kind": plan.design,
            "samples": plan.samples,
            "replications": plan.replications,
            "runs": len(results.jobs),
            "seed": plan.base.scenario.seed,
        },
        "factors": [
            {
                "path": one.path,
                "kind": one.kind,
                "unit": one.unit,
                "values": list(one.levels),
                "numbers": [None if math.isnan(at) or math.isinf(at) else at for at in one.level_values],
                "low": one.low or None,
                "high": one.high or None,
                "scale": one.scale,
            }
            for one in plan.factors
        ],
        "metrics": list(metrics),
        "policies": [
            {
                "policy": name,
                "scenario": loaded.name,
                "title": loaded.scenario.title,
                "set": dict(plan.fixed.get(name, {})),
            }
            for name, loaded in plan.policies.items()
        ],
        "names": _names(plan, choices),
        "described": [] if drawn else described(results, metrics, choices),
        "comparisons": [] if drawn else _compared(results, metrics, plan),
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
        **analysis_of(plan, results, metrics),
    }


def _names(plan: ExperimentPlan, choices: Sequence[Choice]) -> dict[str, str]:
    """What each choice is called where there is little room: of each path its end."""
    fixed = [path for values in plan.fixed.values() for path in values]
    short = short_paths(dict.fromkeys([*(factor.path for factor in plan.factors), *fixed]))
    found = {}
    for choice in choices[:MOST_DESCRIBED]:
        name = choice.name
        for path in sorted(short, key=len, reverse=True):
            name = name.replace(f"{path}=", f"{short[path]}=")
        found[choice.name] = name
    return found


def _compared(results: Results, metrics: Sequence[str], plan: ExperimentPlan) -> list[dict[str, Any]]:
    """Every comparison; `leads` marks the largest difference of its metric, a clear one before all others."""
    rows = [one.as_dict() | {"leads": False} for one in compare(results, metrics, plan.factors)]
    for metric in metrics:
        told = [row for row in rows if row["metric"] == metric and row.get("pairs") and row["difference"]]
        if told:
            max(told, key=lambda row: (row["clear"], abs(row["difference"])))["leads"] = True
    return rows


def described(results: Results, metrics: Sequence[str], choices: Sequence[Choice]) -> list[dict[str, Any]]:
    """Each choice's numbers over its runs: mean with interval, spread, quantiles."""
    rows = []
    for choice in choices[:MOST_DESCRIBED]:
        for metric in metrics:
            column = results.column(metric)
            known = {inputs: float(column[at]) for inputs, at in choice.runs.items() if column[at] == column[at]}
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
                    "low": possible(metric, found.mean.low),
                    "high": possible(metric, found.mean.high),
                    "level": found.mean.level,
                    "deviation": found.standard_deviation,
                    "least": found.minimum,
                    "most": found.maximum,
                    "quantiles": {f"{share:g}": one.value for share, one in found.quantiles.items()},
                }
            )
    return rows


def short_paths(paths: Iterable[str]) -> dict[str, str]:
    """Each path's shortest end that tells it from the others, for lines and figures that have little room.

    >>> short_paths(["rules.wallet_limits.classes.IV.single", "rules.wallet_limits.classes.IV.daily"]).values()
    dict_values(['single', 'daily'])
    >>> short_paths(["classes.III.single", "classes.IV.single", "faults[0]"]).values()
    dict_values(['III.single', 'IV.single', 'faults[0]'])
    """
    found = {path: _path_ends(path) for path in paths}
    everything = [end for ends in found.values() for end in ends]
    return {path: next((end for end in ends if everything.count(end) == 1), path) for path, ends in found.items()}


def _path_ends(path: str) -> list[str]:
    """Every end of a path that begins with a name, shortest first."""
    steps = parse_path(path) or (path,)
    return [format_path(steps[at:]) for at in reversed(range(len(steps))) if isinstance(steps[at], str)]
