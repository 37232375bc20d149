"""Measure many runs and print a table: `python -m benchmarks.experiments`; `--quick` takes a quarter of the runs.

Lines: what two processes give over one, what a run costs beside itself, and what the parent and the table need for
10,000 runs (there the runs are answered by a stand-in, for only the parent is measured).
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.__main__ import line
from benchmarks.peak import peak_bytes
from sandbox.experiment.dispatch import run_jobs
from sandbox.experiment.job import Job, JobResult, jobs_of
from sandbox.experiment.store import DiskStore
from sandbox.experiment.table import read_results, write_table
from sandbox.experiment.worker_task import prepare, run_job, this_program
from sandbox.experiment.workers import InProcess, Processes, Workers
from sandbox.scenario.load import load
from sandbox.simulate import simulate

MIB = 2**20
TWO_SECONDS = {"demand.segments.shops.payments": "500000 /day"}


def wall_s(work: Callable[[], object]) -> float:
    """How long it takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def throughput_line(runs: int) -> None:
    """Luohu on one worker process and on two; starting them is not counted."""
    jobs = jobs_of(load("luohu-red-packets-2020"), replications=runs)
    took = {}
    for count in (1, 2):
        with (
            Processes(count) as workers,
            tempfile.TemporaryDirectory() as folder,
            DiskStore(Path(folder) / "s") as store,
        ):
            run_jobs(jobs[: 2 * count], workers)
            took[count] = wall_s(lambda workers=workers, store=store: run_jobs(jobs, workers, store))  # type: ignore[misc]
    gain = took[1] / took[2]
    got = f"{gain:.2f} times ({took[1]:.2f} s, {took[2]:.2f} s)"
    line(f"two processes over one, {runs} Luohu runs", "1.8 times", got, gain >= 1.8)


def overhead_line(runs: int) -> None:
    """A run of about 2 s as a job, with text, loading, flattening and keeping, and bare."""
    loaded = load("strict-or-open-limits", overrides=TWO_SECONDS)
    jobs = jobs_of(loaded, replications=runs)
    bare = kept = 0.0
    with tempfile.TemporaryDirectory() as folder, DiskStore(Path(folder) / "s") as store:
        for job in jobs:
            scenario = loaded.scenario.model_copy(update={"seed": job.seed})
            bare += wall_s(lambda scenario=scenario: simulate(scenario, None, name="bare"))  # type: ignore[misc]
            kept += wall_s(lambda job=job: run_jobs([job], InProcess(), store))  # type: ignore[misc]
    share = kept / bare - 1
    line(f"overhead of a run of {bare / runs:.1f} s", "5 %", f"{100 * share:.1f} %", share <= 0.05)


class StandIn(Workers):
    """Answers each job at once with numbers like a run's."""

    def __init__(self, like: JobResult) -> None:
        self.executor = _Answers(like)


class _Answers(Executor):
    def __init__(self, like: JobResult) -> None:
        self._like = like

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """As a worker's answer arrives: names and numbers of its own."""
        job: Job = args[0]
        future: Future[Any] = Future()
        values = self._like.values * (1 + job.replication / 7919)
        future.set_result(JobResult(tuple(f"{name}" for name in self._like.names), values, took_s=0.1))
        return future


def memory_lines(runs: int) -> None:
    """Peak of this process for so many runs, and reading their table."""
    jobs = jobs_of(
        load("luohu-red-packets-2020"), [{"ledger.servers": str(4 + at)} for at in range(100)], replications=runs // 100
    )
    like = run_job(jobs[0], this_program())
    with tempfile.TemporaryDirectory() as folder, DiskStore(Path(folder) / "s") as store:
        took = wall_s(lambda: write_table(run_jobs(jobs, StandIn(like), store), Path(folder) / "sweep.parquet"))
        peak = peak_bytes() / MIB
        line(f"peak memory of the parent, {runs:,} runs", "500 MiB", f"{peak:,.0f} MiB", peak <= 500)
        line("collecting and keeping a run", "-", f"{1e3 * took / runs:.2f} ms", True)
        again = wall_s(lambda: run_jobs(jobs, StandIn(like), store))
        line("taking a finished run from the store", "-", f"{1e3 * again / runs:.2f} ms", True)
        loaded = min(wall_s(lambda: read_results(Path(folder) / "sweep.parquet")) for _ in range(3))
        line(
            f"reading the table of {runs:,} runs, {len(like.names)} numbers each", "1 s", f"{loaded:.2f} s", loaded <= 1
        )
        assert np.isfinite(read_results(Path(folder) / "sweep.parquet").values).any()


def main() -> None:
    """Print the table."""
    quick = "--quick" in sys.argv
    print("| what | asked for | measured | holds |\n| --- | --- | --- | --- |")
    prepare()
    memory_lines(2_500 if quick else 10_000)
    throughput_line(10 if quick else 40)
    overhead_line(2 if quick else 6)


if __name__ == "__main__":
    main()
