"""One code path for all workers: what is lost is run again, what kills is given up, the result is the jobs' alone.

Method: workers of paper that lose what a script says; real processes of which some are killed; properties over scripts.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.experiment import cluster, dispatch, worker_task, workers
from sandbox.experiment.cluster import Cluster, workers_for
from sandbox.experiment.dispatch import KILLED, run_jobs
from sandbox.experiment.errors import WorkersError
from sandbox.experiment.job import Job, JobResult, jobs_of
from sandbox.experiment.results import Results
from sandbox.experiment.store import MemoryStore
from sandbox.experiment.workers import InProcess, Processes, Workers
from sandbox.scenario.load import load


def paper_jobs(count: int) -> list[Job]:
    return [Job("p", number, 0, number, "", "d", varied=(("ledger.servers", str(number)),)) for number in range(count)]


class Paper(Workers):
    """Workers that finish in an order of their own and die under some jobs.

    Args:
        killers: jobs (by seed) under which a worker always dies.
        unexplained: so often a worker dies for no reason of the job's.
        whole: whether all in flight are lost with one.
        order: which of those in flight ends next.
    """

    def __init__(
        self, killers: set[int], unexplained: int, whole: bool, order: Callable[[int], int], count: int = 3
    ) -> None:
        self.killers, self.unexplained, self.whole, self.order = killers, unexplained, whole, order
        self._count = count
        self.in_flight: list[tuple[Future[JobResult], Job]] = []
        self.began: list[int] = []
        self.executor = _PaperExecutor(self)

    @property
    def count(self) -> int:
        return self._count

    def renew(self) -> bool:
        if self.whole:
            self.in_flight.clear()
        return self.whole

    def step(self) -> None:
        future, job = self.in_flight.pop(self.order(len(self.in_flight)))
        self.began.append(job.seed)
        if job.seed in self.killers or self.unexplained > 0:
            self.unexplained -= job.seed not in self.killers
            lost = [(future, job), *self.in_flight] if self.whole else [(future, job)]
            for one, _ in lost:
                one.set_exception(BrokenExecutor("dead"))
        else:
            future.set_result(JobResult(("seed",), np.array([float(job.seed)])))


class _PaperExecutor(Executor):
    def __init__(self, paper: Paper) -> None:
        self.paper = paper

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.paper.in_flight.append((future, args[0]))
        return future


@pytest.fixture(autouse=True)
def paper_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Paper workers work when somebody waits for them."""
    real = dispatch.wait

    def wait(futures: Any, timeout: float, return_when: str) -> Any:
        paper = next((one for one in PAPER if one.in_flight), None)
        if paper is not None and not any(future.done() for future in futures):
            paper.step()
        return real(futures, timeout=timeout, return_when=return_when)

    monkeypatch.setattr(dispatch, "wait", wait)


PAPER: list[Paper] = []


def run_on_paper(jobs: list[Job], paper: Paper, store: MemoryStore | None = None) -> Results:
    PAPER[:] = [paper]
    return run_jobs(jobs, paper, store)


@given(
    count=st.integers(1, 12),
    killers=st.sets(st.integers(0, 11), max_size=3),
    unexplained=st.integers(0, 4),
    whole=st.booleans(),
    order=st.randoms(use_true_random=False),
)
def test_whatever_dies_everything_else_is_finished(
    count: int, killers: set[int], unexplained: int, whole: bool, order: Any
) -> None:
    store = MemoryStore()
    paper = Paper(killers, unexplained, whole, lambda size: order.randrange(size))
    results = run_on_paper(paper_jobs(count), paper, store)
    there = [number for number in range(count) if number in killers]
    given_up = [at for at, words in results.errors.items() if words == KILLED]
    assert set(there) <= set(given_up)
    if unexplained <= 1:
        assert given_up == there, "one accident takes nobody with it"
    for number in range(count):
        if number not in given_up:
            assert results.column("seed")[number] == number
    assert len(store.runs) == count - len(given_up)


def test_a_killer_gets_two_chances_alone_and_others_run_once() -> None:
    paper = Paper({2}, 0, whole=True, order=lambda size: 0)
    results = run_on_paper(paper_jobs(6), paper)
    assert results.errors == {2: KILLED}
    assert paper.began.count(2) == 3  # once among others, twice alone
    assert all(paper.began.count(number) == 1 for number in (0, 1, 3, 4, 5))


def test_workers_that_always_die_are_no_fault_of_the_jobs() -> None:
    with pytest.raises(WorkersError, match="die as soon"):
        run_on_paper(paper_jobs(20), Paper(set(range(20)), 0, whole=True, order=lambda size: 0))


def test_equal_jobs_run_once_and_finished_ones_not_at_all() -> None:
    jobs = paper_jobs(4)
    twins = [*jobs, *(replace(job, policy="q") for job in jobs)]
    store = MemoryStore()
    paper = Paper(set(), 0, whole=False, order=lambda size: size - 1)
    first = run_on_paper(twins, paper, store)
    assert sorted(paper.began) == [0, 1, 2, 3]
    assert list(first.column("seed")) == [0, 1, 2, 3, 0, 1, 2, 3]
    again = Paper(set(), 0, whole=False, order=lambda size: 0)
    second = run_on_paper([*twins, *paper_jobs(6)[4:]], again, store)
    assert again.began == [4, 5]
    assert second.repeated == 4


def test_another_version_stops_everything(monkeypatch: pytest.MonkeyPatch, small_town: Path) -> None:
    work = jobs_of(load(small_town))
    asked = iter(["mine"])
    monkeypatch.setattr(dispatch, "this_program", lambda: next(asked))
    with pytest.raises(WorkersError, match=r"runs ecny-sandbox .* and this is mine"):
        run_jobs(work, InProcess())


def test_progress_counts_to_the_end() -> None:
    seen: list[tuple[int, int]] = []
    PAPER[:] = [Paper({1}, 0, whole=True, order=lambda size: 0)]
    run_jobs(paper_jobs(5), PAPER[0], progress=lambda done, total: seen.append((done, total)))
    assert seen == [(done, 5) for done in range(6)]


# Real processes.

REAL = worker_task.summary_of


def _deadly(job: Job) -> dict[str, Any]:
    """In a worker: a job whose replication is 2 kills its process, one whose replication is 3 fails."""
    if job.replication == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    if job.replication == 3:
        raise RuntimeError("it failed, as it always does")
    return REAL(job)


def _begin_deadly(language: str) -> None:
    worker_task.summary_of = _deadly
    workers._begin(language)


def _begin_told(language: str) -> None:
    os.environ["TOLD"] = language
    workers._begin(language)


class Beginning(Processes):
    """Processes that begin in another way."""

    def __init__(self, count: int, begin: Callable[[str], None]) -> None:
        super().__init__(count)
        self.begin = begin

    def _new(self) -> Any:
        before, workers._begin = workers._begin, self.begin
        try:
            return super()._new()
        finally:
            workers._begin = before


def test_workers_are_told_the_language_and_live_without_its_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "tag", lambda: "zh")
    with Beginning(1, _begin_told) as one:
        assert one.submit(os.getenv, "TOLD").result() == "zh"


def test_real_processes_give_the_same_and_survive_a_killer(small_town: Path) -> None:
    work = jobs_of(load(small_town), [{"ledger.servers": "1"}, {"ledger.servers": "4"}], replications=2)
    alone = run_jobs(work)
    with workers_for(2, None) as two:
        assert run_jobs(work, two).values.tobytes() == alone.values.tobytes()
    deadly = jobs_of(load(small_town), replications=5)
    with Beginning(2, _begin_deadly) as two:
        results = run_jobs(deadly, two)
    assert results.errors == {2: KILLED, 3: "RuntimeError: it failed, as it always does"}
    expected = run_jobs([job for job in deadly if job.replication not in (2, 3)])
    assert results.values[[0, 1, 4]].tobytes() == expected.values.tobytes()


def no_process_is_left() -> bool:
    return not [one for one in multiprocessing.active_children() if one.is_alive()]


def test_ctrl_c_while_workers_start_leaves_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object, **more: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(workers, "wait", interrupted)
    with pytest.raises(KeyboardInterrupt), Processes(2):
        pass
    assert no_process_is_left()


def test_workers_killed_while_they_start_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*arguments: object, **more: object) -> None:
        for process in multiprocessing.active_children():
            process.kill()
            process.join()

    monkeypatch.setattr(workers, "wait", killed)
    monkeypatch.setattr(workers, "handshake", partial(time.sleep, 30))  # who begins at once is not waited for
    with pytest.raises(WorkersError, match="workers die as soon as they begin") as caught, Processes(2):
        pass
    assert caught.value.refused
    assert no_process_is_left()


def test_what_workers_are_forked_from_may_die_too(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*arguments: object, **more: object) -> None:
        raise EOFError("unexpected EOF")

    monkeypatch.setattr(workers, "ProcessPoolExecutor", unreachable)
    with pytest.raises(WorkersError, match="workers die as soon as they begin"), Processes(2):
        pass


def test_a_pool_that_says_nothing_of_a_death_is_seen_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pool may begin to watch a process after its death, and then waits for ever."""

    class Silent(Paper):
        deaf = True

        def are_lost(self) -> bool:
            self.deaf, lost = False, self.deaf
            return lost

    silent = Silent(set(), 0, True, lambda count: 0)
    real, PAPER[:] = dispatch.wait, [silent]

    def wait(futures: Any, timeout: float, return_when: str) -> Any:
        if not silent.deaf:
            silent.step()
        return real(futures, timeout=0.0 if silent.deaf else None, return_when=return_when)

    monkeypatch.setattr(dispatch, "wait", wait)
    done = run_jobs(paper_jobs(4), silent)
    assert sorted(silent.began) == [0, 1, 2, 3]
    assert not done.errors


class Scheduler:
    """As much of Dask's client as is asked whether anybody is there."""

    status = "running"
    scheduler = SimpleNamespace(ncores=None)

    def __init__(self, *threads: int) -> None:
        self._threads = list(threads)

    def sync(self, call: object, **more: object) -> dict[str, int]:
        return {"worker": self._threads.pop(0)} if self._threads else {}


def test_a_cluster_without_workers_is_given_up_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now_s = [0.0]
    monkeypatch.setattr(cluster.time, "monotonic", lambda: now_s[0])
    found = Cluster("tcp://there:8786")
    found._client = Scheduler(2)
    assert not found.are_lost()
    assert found.count == 2
    for now_s[0] in (5.0, 29.0):
        assert not found.are_lost()
    now_s[0] = 31.0
    with pytest.raises(WorkersError, match=r"all workers of the cluster at tcp://there:8786 have gone") as caught:
        found.are_lost()
    assert not caught.value.refused
    found._client, now_s[0] = Scheduler(2), 34.0
    assert not found.are_lost()
    found._client.status = "connecting"
    now_s[0] = 70.0
    with pytest.raises(WorkersError, match=r"cluster at tcp://there:8786 is gone"):
        found.are_lost()


def test_a_scheduler_that_is_busy_is_not_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    class Busy(Scheduler):
        def sync(self, call: object, **more: object) -> dict[str, int]:
            if not self._threads:
                raise TimeoutError
            return super().sync(call)

    now_s = [0.0]
    monkeypatch.setattr(cluster.time, "monotonic", lambda: now_s[0])
    found = Cluster("tcp://there:8786")
    found._client = Busy(3)
    for now_s[0] in (0.0, 12.0, 29.0):
        assert found.count == 3
        assert not found.are_lost()
    now_s[0] = 32.0
    with pytest.raises(WorkersError, match=r"cluster at tcp://there:8786 is gone"):
        assert found.count


@pytest.mark.parametrize("address", ["tls://127.0.0.1:8786", "wss://127.0.0.1:8786"])
def test_a_scheduler_that_asks_for_certificates(address: str) -> None:
    with pytest.raises(WorkersError, match="needs certificates, and Dask's configuration names none") as caught:
        Cluster(address).__enter__()
    assert caught.value.refused


def test_workers_have_one_thread_hear_no_ctrl_c_and_leave_our_environment_alone() -> None:
    before = dict(os.environ)
    with Processes(1) as one:
        threads = one.executor.submit(os.getenv, "OMP_NUM_THREADS").result()
        assert one.executor.submit(_arrow_threads).result() == 1
        deaf_to = one.executor.submit(signal.pthread_sigmask, signal.SIG_BLOCK, ()).result()
    assert threads == "1"
    assert signal.SIGINT in deaf_to  # Ctrl-C is for their parent to hear, from their first moment on
    assert dict(os.environ) == before


def _arrow_threads() -> int:
    import pyarrow as pa

    return pa.cpu_count()


@pytest.mark.slow
def test_a_system_that_cannot_fork_starts_its_workers_in_another_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "METHOD", "spawn")
    monkeypatch.delattr(signal, "pthread_sigmask")
    with Processes(1) as found:
        assert found.submit(worker_task.this_build).result() == worker_task.this_build()
    assert no_process_is_left()


@pytest.mark.slow
def test_a_program_whose_lines_are_all_at_its_top_runs_once(small_town: Path, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        "import sandbox\n"
        "print('begun')\n"
        f"found = sandbox.compare({str(small_town)!r}, variants=[{{'scale': '0.5'}}], replications=2, processes=2)\n"
        "print(len(found.results.values), __file__, __spec__)\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, program], capture_output=True, text=True, timeout=240, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["begun", f"4 {program} None"]
