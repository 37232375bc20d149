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

from sandbox.experiment.asked import HEADLINES, Asked, checked, with_replications
from sandbox.experiment.cluster import workers_for
from sandbox.experiment.errors import ExperimentError, ExperimentFailure
from sandbox.experiment.executors import Progress, run_jobs
from sandbox.experiment.folder import Experiment, Finish, write_folder
from sandbox.experiment.jobs import this_build
from sandbox.experiment.kept import Tables
from sandbox.experiment.plan import Job
from sandbox.experiment.results import Results, check_declared
from sandbox.experiment.store import FILE, DiskStore, MemoryStore
from sandbox.experiment.words import span
from sandbox.experiment.workers import Workers, cores
from sandbox.language import _
from sandbox.runfolder import check_out
from sandbox.scenario.memory import check_memory
from sandbox.stats.intervals import Interval, mean_interval, runs_needed

MANY_RUNS: Final = 2_000
LONG_S: Final = 600.0
"""More runs, or more time, than this needs a yes."""
LEAST_RUNS: Final = 10
"""Before a precision is judged; fewer would often look precise by chance."""
MOST_REPLICATIONS: Final = 1_000
GROWTH: Final = 2.0
"""The number of runs at most doubles between two looks, for the first guess is a rough one."""


@dataclass(frozen=True)
class How:
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
    def tables(self) -> Tables | None:
        """Where tables go, if anywhere."""
        return None if self.keep_tables is None else Tables.at(self.keep_tables, self.record)

    @classmethod
    def of(cls, out: str | Path | None = None, **how: Any) -> Self:
        """With the folder as text, too.

        Raises:
            ExperimentError: something else is given, such as a process or a part of one's own, which no worker has.
        """
        known = [one.name for one in fields(cls)]
        if unknown := [name for name in how if name not in known]:
            raise ExperimentError(
                _(
                    "'{name}' says nothing of how runs are carried out; there are: {known}",
                    name=unknown[0],
                    known=", ".join(known),
                )
            )
        return cls(None if out is None else Path(out), **how)


@dataclass(frozen=True)
class Precision:
    """A metric's mean is wanted so precisely: half the interval's width over the mean, 0..1."""

    metric: str
    share: float


def carry_out(asked: Asked, how: How | None = None, precisions: Sequence[Precision] = ()) -> Experiment:
    """Run an experiment into its folder.

    Raises:
        ExperimentError, UnknownMetric: it is too large without a yes, or a metric is unknown; nothing was written.
        WorkersError: nobody can work; `refused` if nothing was written.
        OutputError: the folder cannot be used.
        StoreError: finished runs cannot be kept.
    """
    how = how or How()
    out = asked.folder() if how.out is None else how.out
    check_out(out.absolute(), how.force)
    checked(asked)
    check_declared([*asked.metrics, *(one.metric for one in precisions)])
    if how.cluster is None:
        for loaded in asked.policies.values():
            check_memory(loaded, min(asked.count, how.processes or cores()))
    tables = how.tables
    if tables is not None:
        tables.check(several=how.cluster is not None or (how.processes or cores()) > 1)
    with workers_for(how.processes, how.cluster) as workers, DiskStore(out.absolute().parent / FILE) as store:
        pilot = _pilot(asked, workers, store, how.yes, [one.metric for one in precisions], tables)
        made = sum(one.error is None for one in pilot.runs.values())
        pilot.save(store)
        if precisions:
            asked, results, more = _until_precise(asked, precisions, workers, store, how.progress, tables)
        else:
            results, more = run_jobs(asked.jobs(), workers, store, how.progress, tables), {}
    results = replace(results, repeated=max(0, results.repeated - made), distrusted=len(store.distrusted))
    metrics = _known([*dict.fromkeys([*(one.metric for one in precisions), *asked.metrics])], results)
    return write_folder(asked, results, metrics, out, force=how.force, finish=how.finish, more=more, tables=tables)


def _pilot(
    asked: Asked, workers: Workers, store: DiskStore, yes: bool, precise: Sequence[str], tables: Tables | None
) -> MemoryStore:
    """A few runs from all over the design; the finished ones, to be kept if the rest is done."""
    jobs = asked.jobs()
    count = min(len(jobs), 2 * workers.count)
    places = sorted({round(at * (len(jobs) - 1) / max(count - 1, 1)) for at in range(count)})
    tried = MemoryStore(store)
    try:
        found = run_jobs([jobs[at] for at in places], workers, tried, tables=tables)
        _check_metrics([*asked.metrics, *precise], found)
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
        if metric not in HEADLINES:
            found.check_metric(metric)


def _check_size(jobs: Sequence[Job], store: DiskStore, tried: MemoryStore, workers: int) -> None:
    build = this_build()
    left = sum(not store.has(key) and key not in tried.runs for key in {job.key(build) for job in jobs})
    times = sorted(outcome.took_s for outcome in tried.runs.values())
    seconds = left * median(times) / workers if times else 0.0
    if left > MANY_RUNS or seconds > LONG_S:
        who = _("one process") if workers == 1 else _("{count} processes", count=workers)
        raise ExperimentError(
            _(
                "{runs} runs, about {time} on {workers} (from a pilot of {pilot}); if you want that, add --yes",
                runs=f"{left:,}",
                time=span(seconds),
                workers=who,
                pilot=len(times),
            )
        )


def _until_precise(
    asked: Asked,
    precisions: Sequence[Precision],
    workers: Workers,
    store: DiskStore,
    progress: Progress | None,
    tables: Tables | None,
) -> tuple[Asked, Results, dict[str, Any]]:
    """Run until every precision is reached, or there are MOST_REPLICATIONS (or as many as were asked for)."""
    most = asked.replications
    count = min(LEAST_RUNS, most)
    while True:
        asked = with_replications(asked, count)
        results = run_jobs(asked.jobs(), workers, store, progress, tables)
        reached = [_interval(results, one) for one in precisions]
        short = [one for one, interval in zip(precisions, reached, strict=True) if not _precise(one, interval)]
        if not short or count >= most:
            break
        needed = [runs_needed(_sample(results, one.metric), one.share) or most for one in short]
        count = min(most, max(count + 1, min(max(needed), int(GROWTH * count))))
    said = [
        {
            "metric": one.metric,
            "asked": one.share,
            "reached": None if interval is None else interval.relative,
            "ok": _precise(one, interval),
            "runs": count,
            "most": most,
        }
        for one, interval in zip(precisions, reached, strict=True)
    ]
    return asked, results, {"precision": said}


def _sample(results: Results, metric: str) -> list[float]:
    return [float(value) for value in results.sample(metric)] if metric in results.metrics else []


def _interval(results: Results, one: Precision) -> Interval | None:
    values = _sample(results, one.metric)
    return mean_interval(values) if len(values) > 1 else None


def _precise(one: Precision, interval: Interval | None) -> bool:
    return interval is not None and interval.relative is not None and interval.relative <= one.share


def _known(metrics: Sequence[str], results: Results) -> list[str]:
    """Of the metrics that are looked at by default, those that these runs have."""
    return [metric for metric in metrics if metric in results.metrics]
