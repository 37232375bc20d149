"""Carrying an experiment out: a look first, then the runs, then the folder.

Nothing is written before the pilot runs are back and have said that the rest can be done in time; finished runs are
kept in `finished-runs.sqlite` beside the folder, so that the same question, or a larger one, goes on from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from statistics import median
from typing import Any, Final, Self

from sandbox.experiment.cluster import workers_for
from sandbox.experiment.dispatch import Progress, run_jobs
from sandbox.experiment.errors import ExperimentError, ExperimentFailure
from sandbox.experiment.folder import Experiment, Finish, write_folder
from sandbox.experiment.job import Job
from sandbox.experiment.plan import DEFAULT_METRICS, ExperimentPlan, checked, with_replications
from sandbox.experiment.results import Results, check_declared
from sandbox.experiment.run_folders import RunFolders
from sandbox.experiment.store import FILE, DiskStore, MemoryStore
from sandbox.experiment.words import span
from sandbox.experiment.worker_task import this_build
from sandbox.experiment.workers import Workers, cores
from sandbox.language import _
from sandbox.runfolder import check_out
from sandbox.scenario.memory import check_memory
from sandbox.stats.intervals import Interval, mean_interval, replications_needed

MANY_RUNS: Final = 2_000
LONG_S: Final = 600.0
"""More runs, or more time, than this needs a yes."""
MIN_REPLICATIONS: Final = 10
"""Before a precision is judged; fewer would often look precise by chance."""
MAX_REPLICATIONS: Final = 1_000
GROWTH: Final = 2.0
"""The number of runs at most doubles between two looks, for the first guess is a rough one."""


@dataclass(frozen=True)
class ExecutionOptions:
    """How an experiment is carried out; none of it changes a number.

    Attributes:
        out: the folder; of the question's own name if not given.
        force: replace a finished one there.
        yes: do it however large it is.
        processes: how many work; as many as cores if not given.
        cluster: address of a Dask scheduler, or `local`.
        keep_tables: where each run's own tables are kept: a folder, or a URL for fsspec; not at all if not given.
        record: which payments those hold: `all`, `none`, or a share of them.
        progress: called with how many runs are done, and of how many.
        finish: draws the report.
    """

    out: Path | None = None
    force: bool = False
    yes: bool = False
    processes: int | None = None
    cluster: str | None = None
    keep_tables: str | None = None
    record: str | float = "all"
    progress: Progress | None = None
    finish: Finish | None = None

    @property
    def tables(self) -> RunFolders | None:
        """Where tables go, if anywhere."""
        return None if self.keep_tables is None else RunFolders.at(self.keep_tables, self.record)

    @classmethod
    def of(cls, out: str | Path | None = None, **options: Any) -> Self:
        """With the folder as text, too.

        Raises:
            ExperimentError: something else is given, such as a process or a part of one's own, which no worker has.
        """
        known = [one.name for one in fields(cls)]
        if unknown := [name for name in options if name not in known]:
            raise ExperimentError(
                "'{name}' says nothing of how runs are carried out; there are: {known}",
                name=unknown[0],
                known=", ".join(known),
            )
        return cls(None if out is None else Path(out), **options)


@dataclass(frozen=True)
class Precision:
    """A metric's mean is wanted so precisely: half the interval's width over the mean, 0..1."""

    metric: str
    share: float


def run_experiment(
    plan: ExperimentPlan, options: ExecutionOptions | None = None, precisions: Sequence[Precision] = ()
) -> Experiment:
    """Run an experiment into its folder.

    Raises:
        ExperimentError, UnknownMetric: it is too large without a yes, or a metric is unknown; nothing was written.
        WorkersError: nobody can work; `refused` if nothing was written.
        OutputError: the folder cannot be used.
        StoreError: finished runs cannot be kept.
    """
    options = options or ExecutionOptions()
    out = plan.folder() if options.out is None else options.out
    check_out(out.absolute(), options.force)
    checked(plan)
    check_declared([*plan.metrics, *(one.metric for one in precisions)])
    if options.cluster is None:
        for loaded in plan.policies.values():
            check_memory(loaded, min(plan.count, options.processes or cores()))
    tables = options.tables
    if tables is not None:
        tables.check(several=options.cluster is not None or (options.processes or cores()) > 1)
    with workers_for(options.processes, options.cluster) as workers, DiskStore(out.absolute().parent / FILE) as store:
        pilot = _pilot(plan, workers, store, options.yes, [one.metric for one in precisions], tables)
        made = sum(one.error is None for one in pilot.runs.values())
        pilot.save(store)
        if precisions:
            plan, results, more = _until_precise(plan, precisions, workers, store, options.progress, tables)
        else:
            results, more = run_jobs(plan.jobs(), workers, store, options.progress, tables), {}
    results = replace(results, repeated=max(0, results.repeated - made), distrusted=len(store.distrusted))
    metrics = _known([*dict.fromkeys([*(one.metric for one in precisions), *plan.metrics])], results)
    return write_folder(
        plan, results, metrics, out, force=options.force, finish=options.finish, more=more, tables=tables
    )


def _pilot(
    plan: ExperimentPlan,
    workers: Workers,
    store: DiskStore,
    yes: bool,
    precise: Sequence[str],
    tables: RunFolders | None,
) -> MemoryStore:
    """A few runs from all over the design; the finished ones, to be kept if the rest is done."""
    jobs = plan.jobs()
    count = min(len(jobs), 2 * workers.count)
    places = sorted({round(at * (len(jobs) - 1) / max(count - 1, 1)) for at in range(count)})
    tried = MemoryStore(store)
    try:
        found = run_jobs([jobs[at] for at in places], workers, tried, tables=tables)
        _check_metrics([*plan.metrics, *precise], found)
        if not yes:
            _check_size(jobs, store, tried, workers.count)
    except ExperimentFailure as failure:
        if tables is not None and failure.refused:
            tables.remove(tried.runs)
        raise
    return tried


def _check_metrics(metrics: Sequence[str], found: Results) -> None:
    if len(found.errors) == len(found.jobs):
        return
    for metric in metrics:
        if metric not in DEFAULT_METRICS:
            found.check_metric(metric)


def _check_size(jobs: Sequence[Job], store: DiskStore, tried: MemoryStore, workers: int) -> None:
    build = this_build()
    left = sum(not store.has(key) and key not in tried.runs for key in {job.key(build) for job in jobs})
    times = sorted(outcome.took_s for outcome in tried.runs.values())
    seconds = left * median(times) / workers if times else 0.0
    if left > MANY_RUNS or seconds > LONG_S:
        who = _("one process") if workers == 1 else _("{count} processes", count=workers)
        raise ExperimentError(
            "{runs} runs, about {time} on {workers} (from a pilot of {pilot}); if you want that, add --yes",
            runs=f"{left:,}",
            time=span(seconds),
            workers=who,
            pilot=len(times),
        )


def _until_precise(
    plan: ExperimentPlan,
    precisions: Sequence[Precision],
    workers: Workers,
    store: DiskStore,
    progress: Progress | None,
    tables: RunFolders | None,
) -> tuple[ExperimentPlan, Results, dict[str, Any]]:
    """Run until every precision is reached, or there are MAX_REPLICATIONS (or as many as were asked for)."""
    most = plan.replications
    count = min(MIN_REPLICATIONS, most)
    while True:
        plan = with_replications(plan, count)
        results = run_jobs(plan.jobs(), workers, store, progress, tables)
        reached = [_interval(results, one) for one in precisions]
        short = [one for one, interval in zip(precisions, reached, strict=True) if not _precise(one, interval)]
        if not short or count >= most:
            break
        needed = [replications_needed(_sample(results, one.metric), one.share) or most for one in short]
        count = min(most, max(count + 1, min(max(needed), int(GROWTH * count))))
    said = [
        {
            "metric": one.metric,
            "asked": one.share,
            "reached": None if interval is None else interval.relative_half_width,
            "ok": _precise(one, interval),
            "runs": count,
            "most": most,
        }
        for one, interval in zip(precisions, reached, strict=True)
    ]
    return plan, results, {"precision": said}


def _sample(results: Results, metric: str) -> list[float]:
    return [float(value) for value in results.sample(metric)] if metric in results.metrics else []


def _interval(results: Results, one: Precision) -> Interval | None:
    values = _sample(results, one.metric)
    return mean_interval(values) if len(values) > 1 else None


def _precise(one: Precision, interval: Interval | None) -> bool:
    return (
        interval is not None and interval.relative_half_width is not None and interval.relative_half_width <= one.share
    )


def _known(metrics: Sequence[str], results: Results) -> list[str]:
    """Of the metrics that are looked at by default, those that these runs have."""
    return [metric for metric in metrics if metric in results.metrics]
