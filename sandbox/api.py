"""The front door for Python: a scenario in, a finished run folder out.

`run` does what `ecny-sandbox run` does. Beside the engine's tables it writes `scenario.yaml`, `parameters.parquet` and
`summary.json`; the folder becomes visible only when all of it is there (`sandbox.runfolder`).
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from sandbox import __version__, records, tables
from sandbox.records import Run, open_run
from sandbox.runfolder import RunFolderWriter, write_json, write_text

if TYPE_CHECKING:
    from sandbox.experiment.folder import Experiment
    from sandbox.scenario.load import Loaded

__all__ = [
    "Progress", "Record", "capacity", "compare", "default_out", "load", "open_run", "parse_record", "replicate", "run",
    "stress", "sweep",
]  # fmt: skip

Progress = Callable[[float, str], None]
"""Called now and then with the share of the run that is done (0..1) and what is being done."""

Record = Literal["all", "none"] | float
"""Which payments are recorded: all, none, or this share of them (0 < share < 1)."""

PACKAGES: Final = ("simpy", "numpy", "numba", "pandas", "pyarrow", "pydantic", "ruamel.yaml", "matplotlib", "jinja2")
"""Packages on which a run's numbers, bytes or figures may depend; their versions go into the manifest."""

DIGEST_SHOWN: Final = 8


def load(source: str | Path, set: Mapping[str, Any] | None = None, seed: int | None = None) -> Loaded:
    """Read, resolve and validate a scenario: a gallery name or a path.

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
    started = time.perf_counter()
    with RunFolderWriter(default_out(loaded) if out is None else out, force=force) as writer:
        summary = _simulate(loaded, writer.path, chosen, progress)
        _write_inputs(loaded, writer.path)
        write_json(writer.path / records.SUMMARY, summary)
        manifest = _manifest(loaded, record)
        if finish is not None:
            write_json(writer.path / records.DRAFT_MANIFEST, manifest)
            finish(writer.path)
        manifest["took_s"] = round(time.perf_counter() - started, 3)
        return open_run(writer.complete(manifest, _seal(loaded)))


def replicate(
    scenario: str | Path | Loaded,
    replications: int | None = None,
    *,
    precision: Mapping[str, float] | None = None,
    metrics: Sequence[str] | None = None,
    set: Mapping[str, Any] | None = None,
    seed: int | None = None,
    **how: Any,
) -> Experiment:
    """Run a scenario many times with other luck each time.

    Args:
        scenario, set, seed: as for `run`; the seed is that of the first run.
        replications: how often; with `precision`, at most so often.
        precision: by metric, half the 95 % interval's width over the mean that is wanted: 0.02 for 2 %.
        metrics: numbers of the summary to look at first, by dotted name.
        how: `out`, `force`, `yes`, `processes`, `cluster`, `progress`, `finish`, as fields of
            `sandbox.experiment.carry.How`.

    Raises:
        sandbox.experiment.errors.ExperimentFailure: it cannot be done; `refused` if nothing was written.
        ScenarioErrors, OutputError, OSError: as `run`.
    """
    from sandbox.experiment.asked import replications_of
    from sandbox.experiment.carry import MOST_REPLICATIONS, How, Precision, carry_out

    wanted = [Precision(metric, share) for metric, share in (precision or {}).items()]
    most = replications or (MOST_REPLICATIONS if wanted else 10)
    asked = replications_of(_loaded(scenario, set, seed), most, metrics)
    return carry_out(asked, How.of(**how), wanted)


def compare(
    *scenarios: str | Path,
    variants: Sequence[Mapping[str, str]] = (),
    replications: int = 10,
    metrics: Sequence[str] | None = None,
    seed: int | None = None,
    **how: Any,
) -> Experiment:
    """Compare policies on the same luck.

    Args:
        scenarios: gallery names or paths; the first is the base.
        variants: values by path that make a variant of the base, each.
        replications: runs of each policy.
        metrics, seed, how: as for `replicate`.

    Raises:
        As `replicate`.
    """
    from sandbox.experiment.asked import comparison_of
    from sandbox.experiment.carry import How, carry_out

    asked = comparison_of(scenarios, variants=variants, replications=replications, metrics=metrics, seed=seed)
    return carry_out(asked, How.of(**how))


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
    **how: Any,
) -> Experiment:
    """Run a scenario over many values of its parameters; what is not given here the scenario's `experiment` says.

    Args:
        scenario: a gallery name or a path.
        vary: levers by path: a list of values, or `{"low": ..., "high": ..., "scale": "log"}`.
        uncertain: what nobody knows, in the same way.
        design: `grid`, `latin_hypercube` or `sobol`.
        samples: how many draws.
        replications: runs of each point.
        metrics, set, seed, how: as for `replicate`.

    Raises:
        As `replicate`.
    """
    from sandbox.experiment.asked import sweep_of
    from sandbox.experiment.carry import How, carry_out

    asked = sweep_of(
        scenario, vary=vary, uncertain=uncertain, design=design, samples=samples, replications=replications,
        metrics=metrics, overrides=set, seed=seed,
    )  # fmt: skip
    return carry_out(asked, How.of(**how))


def stress(
    scenario: str | Path,
    each: str = "each:institution",
    *,
    replications: int = 10,
    metrics: Sequence[str] | None = None,
    set: Mapping[str, Any] | None = None,
    seed: int | None = None,
    **how: Any,
) -> Experiment:
    """Fail each participant in turn, on the same luck, and rank who matters.

    Args:
        scenario: a gallery name or a path.
        each: `each:institution`, `each:gateway` or `each:ledger`.
        replications: runs of each.
        metrics, set, seed, how: as for `replicate`.

    Raises:
        As `replicate`.
    """
    from sandbox.experiment.carry import How, carry_out
    from sandbox.experiment.stress import stress_of

    asked = stress_of(load(scenario, set, seed), each, replications=replications, metrics=metrics)
    return carry_out(asked, How.of(**how))


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
    **how: Any,
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
        how: `replications`, `precision`, `most`, `out`, `force`, `processes`, `cluster`, `seen`, `finish`, as
            `sandbox.experiment.capacity_folder.carry_out` has them.

    Raises:
        sandbox.scenario.errors.ScenarioErrors: the scenario is wrong; nothing was written.
        sandbox.experiment.errors.ExperimentFailure: the capacity cannot be found.
    """
    from sandbox.experiment.capacity import Bounds
    from sandbox.experiment.capacity_folder import carry_out

    bounds = Bounds(p99, answered, success)
    return carry_out(load(scenario, overrides, seed), bounds, by=by, planned=planned, **how)


def default_out(loaded: Loaded) -> Path:
    """Where a run goes that was given no place: `runs/<scenario>-<seed>-<short digest>`."""
    return Path("runs") / f"{loaded.name}-{loaded.scenario.seed}-{loaded.digest[:DIGEST_SHOWN]}"


def parse_record(text: str | float) -> Record:
    """Read `all`, `none`, `sample:F` or a share F with 0 < F <= 1.

    >>> parse_record("all"), parse_record("sample:0.25"), parse_record("sample:1"), parse_record(0.5)
    ('all', 0.25, 'all', 0.5)

    Raises:
        ValueError: it is none of these.
    """
    if text == "all" or text == "none":
        return "all" if text == "all" else "none"
    try:
        share = float(text.removeprefix("sample:")) if isinstance(text, str) else float(text)
    except ValueError:
        share = 0.0
    if isinstance(text, bool) or not 0 < share <= 1:
        raise ValueError(f"{text!r} is not `all`, `none` or `sample:F` with a share F above 0 and at most 1")
    return "all" if share == 1 else share


def _loaded(scenario: str | Path | Loaded, set: Mapping[str, Any] | None, seed: int | None) -> Loaded:
    if isinstance(scenario, (str, Path)):
        return load(scenario, set=set, seed=seed)
    if set or seed is not None:
        raise ValueError("this scenario is loaded already: give `seed` and `set` to `load`")
    return scenario


def _simulate(loaded: Loaded, folder: Path, record: Record, progress: Progress | None) -> dict[str, Any]:
    from sandbox.simulate import simulate

    return simulate(
        loaded.scenario, folder, name=loaded.name, record=record, base_dir=loaded.base_dir, progress=progress
    )


def _write_inputs(loaded: Loaded, folder: Path) -> None:
    from sandbox.engine.recorder import write_rows

    write_text(folder / records.SCENARIO, loaded.resolved_yaml())
    names = [column.name for column in tables.TABLES["parameters"]]
    write_rows(folder, "parameters", [[row[name] for name in names] for row in loaded.parameters()])


def _manifest(loaded: Loaded, record: str | float) -> dict[str, Any]:
    return {
        "version": __version__,
        "scenario": {"name": loaded.name, "digest": loaded.digest},
        "seed": loaded.scenario.seed,
        "record": record,
        "python": platform.python_version(),
        "packages": {name: _version(name) for name in PACKAGES},
        "machine": f"{platform.system()} {platform.machine()}",
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _seal(loaded: Loaded) -> Callable[[Path, dict[str, Any]], None]:
    from sandbox.journal.seal import close_and_seal

    return lambda folder, manifest: close_and_seal(folder, manifest, loaded.scenario.seed)


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
