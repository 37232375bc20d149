"""Running many jobs: one code path over `concurrent.futures.Executor`, whoever does the work.

Workers may die. In a pool of processes every job in flight is lost with one worker, and nobody says which job did it;
so jobs that were in flight then are run again alone, one after another. A job that kills its worker twice when it is
alone is given up and listed with its error; all others are finished.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import replace
from typing import Final

from sandbox.experiment.errors import ExperimentError, TablesError, WorkersError
from sandbox.experiment.job import Job, JobResult
from sandbox.experiment.results import Results, collect
from sandbox.experiment.run_folders import RunFolders
from sandbox.experiment.store import MemoryStore, Store
from sandbox.experiment.worker_task import run_job, this_build, this_program
from sandbox.experiment.workers import POLL_S, InProcess, Workers, die_at_once
from sandbox.feature import of_program
from sandbox.language import N_, _

Progress = Callable[[int, int], None]
"""Called with how many runs are done, and how many there are in all."""

MOST_KILLS: Final = 2
"""So often a job may kill a worker."""
IN_FLIGHT_PER_WORKER: Final = 2
"""Jobs in flight for each worker: one runs, one waits, so that no worker waits for the next."""
MOST_GIVEN_UP: Final = 3
"""So many jobs may be given up with nothing finished in between; after that it is not the jobs' fault."""

KILLED: Final = N_("the worker was killed twice while it ran this alone (out of memory?)")


class _Queue:
    """Jobs that are to be run, by place: those nobody suspects, and suspects, who run alone."""

    def __init__(self, places: Iterable[int]) -> None:
        self.waiting = deque(places)
        self.suspects: deque[int] = deque()
        self.strikes: dict[int, int] = {}
        self.in_flight: dict[Future[JobResult], int] = {}

    def __bool__(self) -> bool:
        return bool(self.waiting or self.suspects or self.in_flight)

    def next(self, room: int) -> int | None:
        """The next to submit, None if one must wait."""
        if self.suspects:
            return None if self.in_flight else self.suspects.popleft()
        return self.waiting.popleft() if self.waiting and len(self.in_flight) < room else None

    def lost(self, places: list[int]) -> list[int]:
        """Workers died under these; returns those that are given up."""
        if len(places) == 1 and not self.in_flight:
            self.strikes[places[0]] = self.strikes.get(places[0], 0) + 1
        given_up = [place for place in places if self.strikes.get(place, 0) >= MOST_KILLS]
        self.suspects.extend(sorted(set(places) - set(given_up)))
        return given_up


def run_jobs(
    jobs: Sequence[Job],
    workers: Workers | None = None,
    store: Store | None = None,
    progress: Progress | None = None,
    tables: RunFolders | None = None,
) -> Results:
    """Run jobs and collect their numbers; the result depends on the jobs alone, not on who ran them.

    Args:
        jobs: what to run; equal jobs are run once.
        workers: who works; this process if not given. They are opened by the caller.
        store: finished runs are taken from here and put here, one by one.
        progress: called after each run, and once before the first.
        tables: where each run's tables are kept; a finished run whose tables are not there is run again.

    Raises:
        ExperimentError: this process uses features that are not installed.
        WorkersError: no worker is left, or one has another version; what was finished is in the store.
        StoreError: the store cannot be used.
        TablesError: tables cannot be kept.
    """
    if foreign := [one.name for one in of_program()]:
        raise ExperimentError(
            "{names}: not installed; workers would leave it out and runs kept from before would pass for runs with "
            "it. Install it as a package, or make one run at a time, with sandbox.simulate.simulate",
            names=", ".join(foreign),
        )
    outcomes = MemoryStore()
    build, program = this_build(), this_program()
    keys = [job.key(build) for job in jobs]
    first = {key: place for place, key in reversed(list(enumerate(keys)))}
    there = _already_there(sorted(first, key=first.__getitem__), store, tables)
    outcomes.runs.update(there)
    todo = [place for key, place in sorted(first.items(), key=lambda item: item[1]) if key not in there]
    reused = len(there)
    report = progress or (lambda done, total: None)
    report(reused, len(first))

    names: dict[tuple[str, ...], tuple[str, ...]] = {}

    def keep(place: int, outcome: JobResult) -> None:
        _check_answer(outcome, program, tables, len(outcomes.runs))
        # Each answer of a worker brings its own copy of the names, which weigh ten times its numbers.
        outcome = replace(outcome, names=names.setdefault(outcome.names, outcome.names))
        outcomes.put(keys[place], outcome)
        if store is not None and outcome.error is None:
            store.put(keys[place], outcome)
        report(len(outcomes.runs), len(first))

    call = (program,) if tables is None else (program, tables)
    _run(jobs, todo, workers or InProcess(), call, keep)
    found_by_place = {place: outcomes.runs[key] for place, key in enumerate(keys)}
    results = collect(jobs, found_by_place, repeated=reused)
    if tables is None:
        return results
    return replace(results, tables={at: tables.where(key) for at, key in enumerate(keys) if at not in results.errors})


def _check_answer(outcome: JobResult, program: str, tables: RunFolders | None, done: int) -> None:
    """Raises WorkersError or TablesError for what ends the work as a whole."""
    if outcome.other_program is not None:
        raise WorkersError(
            "a worker runs ecny-sandbox {theirs}, and this is {ours}; have the same on both",
            theirs=outcome.other_program,
            ours=program,
        )
    if outcome.unkept is not None and tables is not None:
        raise TablesError(
            "tables cannot be kept in {place}: {reason}; nothing is finished, and once they can be, the same "
            "command goes on from the {count} runs that are done",
            place=tables.place,
            reason=outcome.unkept,
            count=done,
        )


def _already_there(keys: Sequence[str], store: Store | None, tables: RunFolders | None) -> dict[str, JobResult]:
    """Finished runs: in the store, and where tables are asked for, those that have theirs."""
    found = {}
    written = frozenset() if tables is None else tables.found()
    for key in keys:
        if tables is not None and tables.name(key) not in written:
            continue
        outcome = None if store is None else store.get(key)
        if tables is not None and (outcome is None or tables.is_folder):
            # What the store knows is of no use where the tables are not those of the run. An object store is not asked
            # for what is known.
            own = tables.outcome(key)
            if own is None and store is not None:
                store.distrusted.add(key)
            outcome = own if own is None or outcome is None else outcome
        if outcome is not None:
            found[key] = outcome
    return found


def _run(
    jobs: Sequence[Job],
    todo: list[int],
    workers: Workers,
    call: tuple[str, *tuple[RunFolders, ...]],
    keep: Callable[[int, JobResult], None],
) -> None:
    """`call` is what `run_job` gets beside the job."""
    queue = _Queue(todo)
    in_a_row = 0
    try:
        while queue:
            place = queue.next(workers.count * IN_FLIGHT_PER_WORKER)
            if place is not None:
                lost = _submit(queue, place, jobs[place], workers, call)
            else:
                lost, finished = _finished(queue, workers, keep)
                in_a_row = 0 if finished else in_a_row
            for given_up in queue.lost(lost):
                in_a_row += 1
                if in_a_row > MOST_GIVEN_UP:
                    raise die_at_once(WorkersError)
                keep(given_up, JobResult(error=_(KILLED)))
    except BaseException:
        for future in queue.in_flight:
            future.cancel()
        raise


def _submit(
    queue: _Queue, place: int, job: Job, workers: Workers, call: tuple[str, *tuple[RunFolders, ...]]
) -> list[int]:
    """Submit a job; returns jobs that were lost because the workers are gone."""
    try:
        queue.in_flight[workers.submit(run_job, job, *call)] = place
    except workers.lost:
        return [place, *_all_lost(queue, workers)]
    return []


def _finished(queue: _Queue, workers: Workers, keep: Callable[[int, JobResult], None]) -> tuple[list[int], int]:
    """Wait a while for jobs to end; returns jobs that were lost, and how many are done."""
    finished, lost = 0, []
    done, __ = wait(queue.in_flight, timeout=POLL_S, return_when=FIRST_COMPLETED)
    if not done and workers.are_lost():
        return _all_lost(queue, workers), finished
    for future in done:
        place = queue.in_flight.pop(future)
        try:
            outcome = future.result()
        except workers.lost:
            lost.append(place)
        else:
            keep(place, outcome)
            finished += 1
    if lost:
        lost += _all_lost(queue, workers)
    return lost, finished


def _all_lost(queue: _Queue, workers: Workers) -> list[int]:
    """What else is lost with a worker."""
    if not workers.renew():
        return []
    places = list(queue.in_flight.values())
    queue.in_flight.clear()
    return places
