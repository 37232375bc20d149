"""Who does the work: this process, processes beside it, or a Dask cluster, each as a `concurrent.futures.Executor`."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import multiprocessing.connection
import os
import re
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from types import TracebackType
from typing import Any, Final, Self

from sandbox.experiment.errors import WorkersError
from sandbox.experiment.jobs import hello, one_thread, prepare, this_build
from sandbox.extras import needed

CONNECT_S: Final = 10.0
"""How long to wait for a cluster and its first worker."""
LOCAL: Final = "local"
COUNT_AGAIN_S: Final = 2.0
"""A cluster may grow and shrink; so often we look."""
_ADDRESS: Final = re.compile(r"(tcp|tls|ucx|wss?)://\S+:\d{1,5}\Z")
DEATHS_ALLOWED: Final = 1
"""A task may outlive this many workers of a local cluster; then it comes back as lost, and runs alone."""


class Workers:
    """Context manager; `executor` takes jobs while it is open.

    Raises:
        WorkersError: on entering, if the workers cannot be had.
    """

    executor: Executor
    lost: tuple[type[BaseException], ...] = (BrokenExecutor,)
    """What a future raises whose worker has died."""

    @property
    def count(self) -> int:
        """How many jobs run at a time."""
        return 1

    def renew(self) -> bool:
        """After a loss: make new workers. Whether all jobs in flight are lost."""
        return False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass


class _Here(Executor):
    """Runs a call when it is submitted."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


class InProcess(Workers):
    """This process."""

    def __init__(self) -> None:
        self.executor = _Here()


class Processes(Workers):
    """Processes on this machine, each with one thread.

    Args:
        count: how many; as many as there are cores for us, if not given.
    """

    def __init__(self, count: int | None = None) -> None:
        self._count = count or cores()
        self._pool: ProcessPoolExecutor | None = None

    @property
    def count(self) -> int:
        """How many jobs run at a time."""
        return self._count

    @property
    def executor(self) -> Executor:  # type: ignore[override]
        """The pool of now; another after a loss."""
        if self._pool is None:
            self._pool = self._new()
        return self._pool

    def renew(self) -> bool:
        """A pool is broken as a whole when one of its processes dies."""
        self._stop()
        return True

    def __enter__(self) -> Self:
        try:
            self.executor.submit(hello).result()
        except BrokenExecutor:
            self._stop()
            raise WorkersError("all_lost", refused=True) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _new(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("forkserver" if sys.platform.startswith("linux") else "spawn")
        if context.get_start_method() == "forkserver":
            context.set_forkserver_preload(["sandbox.experiment.preload"])
        before = one_thread()
        try:
            pool = ProcessPoolExecutor(self._count, mp_context=context, initializer=_begin)
            for _ in range(self._count):
                pool.submit(hello)  # starts the processes now, with the environment that is for them
        finally:
            for name, value in before.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})
        return pool

    def _stop(self) -> None:
        pool, self._pool = self._pool, None
        if pool is None:
            return
        processes = list((getattr(pool, "_processes", None) or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes:
            process.terminate()
        for process in processes:
            process.join(CONNECT_S)


def cores() -> int:
    """How many cores we may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begin() -> None:
    """In a new worker: leave Ctrl-C to the parent, end with it, load what runs need."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    prepare()


def _end_with(sentinel: int) -> None:
    """A pool's processes outlive a parent that is killed; these do not."""
    multiprocessing.connection.wait([sentinel])
    os._exit(1)


class Cluster(Workers):
    """A Dask cluster, somebody's or a local one.

    Args:
        address: `tcp://HOST:PORT` or `tls://HOST:PORT` of the scheduler (certificates come from Dask's own
            configuration), or `local`.
        count: processes of a local cluster.
    """

    def __init__(self, address: str, count: int | None = None) -> None:
        self._address = address
        self._count = count or cores()
        self._open = contextlib.ExitStack()
        self._client: Any = None
        self._threads, self._counted_until_s = 1, 0.0

    @property
    def count(self) -> int:
        """Threads of all workers there are now, or were a moment ago."""
        now_s = time.monotonic()
        if now_s >= self._counted_until_s:
            try:
                self._threads = sum(self._client.nthreads().values())
            except (OSError, TimeoutError):
                raise WorkersError("cluster_gone", address=self._address) from None
            self._counted_until_s = now_s + COUNT_AGAIN_S
        return max(1, self._threads)

    def __enter__(self) -> Self:
        if self._address != LOCAL and not _ADDRESS.match(self._address):
            raise WorkersError("address", refused=True, address=self._address)
        with needed("cluster"):
            import distributed
        from concurrent.futures import CancelledError

        logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what goes wrong is told in our words
        try:
            self._client = self._connect(distributed)
            self._greet()
            self.executor = self._client.get_executor(pure=False)
        except BaseException:
            self._open.close()
            raise
        self.lost = (distributed.scheduler.KilledWorker, CancelledError)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def renew(self) -> bool:
        """Dask gives lost jobs to other workers by itself; only what it gave up comes back.

        Raises:
            WorkersError: the scheduler is gone.
        """
        if self._client.status != "running":
            raise WorkersError("cluster_gone", address=self._address)
        return False

    def _connect(self, distributed: Any) -> Any:
        address: Any = self._address
        if address == LOCAL:
            with needed("cluster"):
                import dask
            before = one_thread()
            try:
                with dask.config.set({"distributed.scheduler.allowed-failures": DEATHS_ALLOWED}):
                    address = self._open.enter_context(
                        distributed.LocalCluster(
                            n_workers=self._count,
                            threads_per_worker=1,
                            host="127.0.0.1",
                            dashboard_address=None,
                            silence_logs=50,
                        )
                    )
            finally:
                for name, value in before.items():
                    os.environ.pop(name) if value is None else os.environ.update({name: value})
        try:
            client = self._open.enter_context(distributed.Client(address, timeout=CONNECT_S, set_as_default=False))
        except (OSError, TimeoutError, ValueError) as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise WorkersError("unreachable", refused=True, address=self._address, reason=reason) from None
        try:
            client.wait_for_workers(1, timeout=CONNECT_S)
        except TimeoutError:
            raise WorkersError("none", refused=True, address=self._address) from None
        return client

    def _greet(self) -> None:
        """Every worker there is must run this very program."""
        ours = this_build()
        for worker, answer in self._client.run(hello, on_error="return").items():
            if isinstance(answer, BaseException):
                reason = " ".join(f"{type(answer).__name__}: {answer}".split())
                raise WorkersError("no_program", refused=True, worker=worker, reason=reason)
            if answer.build != ours:
                raise WorkersError("version_of", refused=True, worker=worker, theirs=answer.build, ours=ours)


def workers_for(processes: int | None, cluster: str | None) -> Workers:
    """The workers that were asked for: a cluster's, or so many processes; one process is this one."""
    if cluster is not None:
        return Cluster(cluster, processes)
    wanted = processes or cores()
    return InProcess() if wanted == 1 else Processes(wanted)
