"""The front door for Python: a scenario in, a finished run folder out.

`run` does what `ecny-sandbox run` does. Beside the engine's tables it writes `scenario.yaml`, `parameters.parquet` and
`summary.json`; the folder becomes visible only when all of it is there (`sandbox.runfolder`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from sandbox.records import Run, file_name, open_run
from sandbox.running import Progress, Record, parse_record, write_run

if TYPE_CHECKING:
    from sandbox.experiment.folder import Experiment
    from sandbox.scenario.load import Loaded

__all__ = [
    "Progress", "Record", "capacity", "compare", "default_out", "load", "open_run", "parse_record", "replicate", "run",
    "stress", "sweep",
]  # fmt: skip

DIGEST_SHOWN: Final = 8


def load(source: str | Path, set: Mapping[str, Any] | None = None, seed: int | None = None) -> Loaded:
    """Read, resolve and check a scenario: a gallery name or a path.

    Args:
        source: name or path of the scenario.
        set: values by path that take the place of the file's, as `--set` does: `{"rules.box.enabled": "true"}`.
        seed: takes the place of the file's seed.

    Raises:
        sandbox.scenario.errors.ScenarioErrors: everything that is wrong, each with its place.
    """
    from sandbox.scenario.load import load as read

    return read(source, overrides=set, seed=seed)


def run(
    scenario: str | Path | Loaded,
    seed: int | None = None,
    set: Mapping[str, Any] | None = None,
    out: str | Path | None = None,
    *,
    record: str | float = "all",
    force: bool = False,
    progress: Progress | None = None,
    finish: Callable[[Path], object] | None = None,
) -> Run:
    """Run a scenario into a run folder and open it.

    Args:
        scenario: a gallery name, a path, or what `load` gave.
        seed: takes the place of the scenario's seed.
        set: values by path, as for `load`.
        out: the run folder; `runs/<scenario>-<seed>-<digest>` if not given.
        record: which payments `payments.parquet` holds: `all`, `none`, or a share such as 0.1 or `sample:0.1`.
        force: replace an earlier finished run at `out`.
        progress: called as the run goes on.
        finish: called with the working folder when its data are written, before it is finished; draws the report.

    Raises:
        sandbox.scenario.errors.ScenarioErrors: the scenario is wrong; nothing was written.
        sandbox.runfolder.OutputError: `out` cannot be used; nothing was written.
        ValueError: `record` is none of its choices, or `seed` or `set` come with a scenario that is loaded already.
        OSError: the disk is full, for one; nothing that looks finished is left.
    """
    chosen = parse_record(record)
    loaded = _loaded(scenario, set, seed)
    place = default_out(loaded) if out is None else out
    return write_run(loaded, place, record=chosen, asked=record, force=force, progress=progress, finish=finish)


def replicate(
    scenario: str | Path | Loaded,
    replications: int | None = None,
    *,
    precision: Mapping[str, float] | None = None,
    metrics: Sequence[str] | None = None,
    set: Mapping[str, Any] | None = None,
    seed: int | None = None,
    **options: Any,
) -> Experiment:
    """Run a scenario many times with other random draws each time.

    Args:
        scenario, set, seed: as for `run`; the seed is that of the first run.
        replications: how often; with `precision`, at most so often.
        precision: by metric, half the 95 % interval's width over the mean that is wanted: 0.02 for 2 %.
        metrics: numbers of the summary to look at first, by dotted name.
        options: `out`, `force`, `yes`, `processes`, `cluster`, `keep_tables`, `record`, `progress`, `finish`, as
            fields of `sandbox.experiment.execution.ExecutionOptions`.

    Raises:
        sandbox.experiment.errors.ExperimentFailure: it cannot be done; `refused` if nothing was written.
        ScenarioErrors, OutputError, OSError: as `run`.
    """
    from sandbox.experiment.execution import MAX_REPLICATIONS, ExecutionOptions, Precision, run_experiment
    from sandbox.experiment.plan import replications_plan

    wanted = [Precision(metric, share) for metric, share in (precision or {}).items()]
    most = replications or (MAX_REPLICATIONS if wanted else 10)
    loaded = _loaded(scenario, set, seed)
    series = loaded.scenario.series
    if series.steady_state and series.warm_up is None and isinstance(scenario, (str, Path)):
        from sandbox.experiment.warm_up import common_cut_us
        from sandbox.scenario.units import format_duration

        loaded = _loaded(scenario, {**(set or {}), "series.warm_up": format_duration(common_cut_us(loaded))}, seed)
    plan = replications_plan(loaded, most, metrics)
    return run_experiment(plan, ExecutionOptions.of(**options), wanted)


def compare(
    *scenarios: str | Path,
    variants: Sequence[Mapping[str, str]] = (),
    replications: int = 10,
    metrics: Sequence[str] | None = None,
    seed: int | None = None,
    **options: Any,
) -> Experiment:
    """Compare policies on common random numbers.

    Args:
        scenarios: gallery names or paths; the first is the base.
        variants: values by path that make a variant of the base, each.
        replications: runs of each policy.
        metrics, seed, options: as for `replicate`.

    Raises:
        As `replicate`.
    """
    from sandbox.experiment.execution import ExecutionOptions, run_experiment
    from sandbox.experiment.plan import comparison_plan

    plan = comparison_plan(scenarios, variants=variants, replications=replications, metrics=metrics, seed=seed)
    return run_experiment(plan, ExecutionOptions.of(**options))


def sweep(
    scenario: str | Path,
    vary: Mapping[str, Any] | None = None,
    *,
    uncertain: Mapping[str, Any] | None = None,
    design: str | None = None,
    samples: int | None = None,
    replications: int | None = None,
    metrics: Sequence[str] | None = None,
    set: Mapping[str, Any] | None = None,
    seed: int | None = None,
    **options: Any,
) -> Experiment:
    """Run a scenario over many values of its parameters; what is not given here the scenario's `experiment` says.

    Args:
        scenario: a gallery name or a path.
        vary: levers by path: a list of values, or `{"low": ..., "high": ..., "scale": "log"}`.
        uncertain: what nobody knows, in the same way.
        design: `grid`, `latin_hypercube` or `sobol`.
        samples: how many draws.
        replications: runs of each point.
        metrics, set, seed, options: as for `replicate`.

    Raises:
        As `replicate`.
    """
    from sandbox.experiment.execution import ExecutionOptions, run_experiment
    from sandbox.experiment.plan import sweep_plan

    plan = sweep_plan(
        scenario, vary=vary, uncertain=uncertain, design=design, samples=samples, replications=replications,
        metrics=metrics, overrides=set, seed=seed,
    )  # fmt: skip
    return run_experiment(plan, ExecutionOptions.of(**options))


def stress(
    scenario: str | Path,
    each: str = "each:institution",
    *,
    replications: int = 10,
    metrics: Sequence[str] | None = None,
    set: Mapping[str, Any] | None = None,
    seed: int | None = None,
    **options: Any,
) -> Experiment:
    """Fail each participant in turn, on common random numbers, and rank who matters.

    Args:
        scenario: a gallery name or a path.
        each: `each:institution`, `each:gateway` or `each:ledger`.
        replications: runs of each.
        metrics, set, seed, options: as for `replicate`.

    Raises:
        As `replicate`.
    """
    from sandbox.experiment.execution import ExecutionOptions, run_experiment
    from sandbox.experiment.stress import stress_plan

    plan = stress_plan(load(scenario, set, seed), each, replications=replications, metrics=metrics)
    return run_experiment(plan, ExecutionOptions.of(**options))


def capacity(
    scenario: str | Path,
    *,
    by: Literal["people", "payments"] = "people",
    p99: float | None = 1_000.0,
    answered: float | None = 0.99,
    success: float | None = None,
    planned: float | None = None,
    overrides: Mapping[str, Any] | None = None,
    seed: int | None = None,
    **options: Any,
) -> Experiment:
    """Ramp the offered load to its knee.

    Args:
        scenario: a gallery name or a path.
        by: how load grows: more people, or more payments of the same people.
        p99: 99 of 100 settled payments must settle within this (ms); None for no matter.
        answered: this share must be settled or refused by a rule; None for no matter.
        success: this share must settle.
        planned: a planned load, such as 3.0 for three times as much.
        overrides: values by path, as for `load`.
        seed: takes the place of the scenario's.
        options: `replications`, `precision`, `most`, `out`, `force`, `processes`, `cluster`, `on_probe`, `finish`, as
            `sandbox.experiment.capacity_folder.run_capacity` has them.

    Raises:
        sandbox.scenario.errors.ScenarioErrors: the scenario is wrong; nothing was written.
        sandbox.experiment.errors.ExperimentFailure: the capacity cannot be found.
    """
    from sandbox.experiment.capacity import Bounds
    from sandbox.experiment.capacity_folder import run_capacity

    bounds = Bounds(p99, answered, success)
    return run_capacity(load(scenario, overrides, seed), bounds, by=by, planned=planned, **options)


def default_out(loaded: Loaded) -> Path:
    """Where a run goes that was given no place: `runs/<scenario>-<seed>-<short digest>`."""
    return Path("runs") / f"{file_name(loaded.name)}-{loaded.scenario.seed}-{loaded.digest[:DIGEST_SHOWN]}"


def _loaded(scenario: str | Path | Loaded, set: Mapping[str, Any] | None, seed: int | None) -> Loaded:
    if isinstance(scenario, (str, Path)):
        return load(scenario, set=set, seed=seed)
    if set or seed is not None:
        raise ValueError("this scenario is loaded already: give `seed` and `set` to `load`")
    return scenario
