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
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from types import TracebackType
from typing import Any, Final, Self

from sandbox.experiment.errors import WorkersError
from sandbox.experiment.jobs import hello, one_thread, this_program, without_main
from sandbox.extras import needed
from sandbox.signals import held

CONNECT_S: Final = 10.0
"""How long to wait for a cluster and its first worker."""
METHOD: Final = "forkserver" if sys.platform.startswith("linux") else "spawn"
LOOK_S: Final = 1.0
"""So often we look whether they live when nothing ends."""
GONE_S: Final = 30.0
"""So long a cluster may be without a worker, or out of reach, before it is given up."""
LOCAL: Final = "local"
COUNT_AGAIN_S: Final = 2.0
"""A cluster may grow and shrink; so often we look."""
MOST_PROCESSES: Final = 61 if sys.platform == "win32" else 1024
"""Windows waits for no more at a time."""
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

    def submit(self, call: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        """Give a call to whoever is free."""
        return self.executor.submit(call, *arguments)

    def renew(self) -> bool:
        """After a loss: make new workers. Whether all jobs in flight are lost."""
        return False

    def are_lost(self) -> bool:
        """Asked when nothing has ended for a while: whether all jobs in flight are lost, and nobody has said so.

        Raises:
            WorkersError: there is nobody left who could end one.
        """
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
        self._count = min(count or cores(), MOST_PROCESSES)
        self._pool: ProcessPoolExecutor | None = None

    @property
    def count(self) -> int:
        """How many jobs run at a time."""
        return self._count

    @property
    def executor(self) -> Executor:  # type: ignore[override]
        """The pool of now; another after a loss."""
        if self._pool is None:
            self._pool = self._started()
        return self._pool

    def submit(self, call: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        """Give a call to whoever is free; a signal does not come between a process and what it is to know at first."""
        executor = self.executor
        with held(), without_main():
            return executor.submit(call, *arguments)

    def renew(self) -> bool:
        """A pool is broken as a whole when one of its processes dies."""
        self._stop()
        return True

    def are_lost(self) -> bool:
        """Whether a process has died, which a pool may miss while it starts."""
        processes = getattr(self._pool, "_processes", None) or {}
        return any(process.exitcode is not None for process in list(processes.values()))

    def __enter__(self) -> Self:
        try:
            ready = self.submit(hello)
            while not ready.done():
                wait([ready], LOOK_S)
                if not ready.done() and self.are_lost():
                    raise BrokenExecutor
            ready.result()
        except BrokenExecutor:
            self._stop()
            raise WorkersError("all_lost", refused=True) from None
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()
        if kind is not None:
            _end_forkserver()

    def _started(self) -> ProcessPoolExecutor:
        """A new pool. A thread starts it, so that Ctrl-C interrupts the waiting and not the start of a process."""
        made: Future[ProcessPoolExecutor] = Future()

        def make() -> None:
            try:
                made.set_result(self._new())
            except BaseException as error:
                made.set_exception(error)

        threading.Thread(target=make, daemon=True).start()
        try:
            return made.result()
        except (OSError, EOFError):  # the process from which workers are forked has died
            raise WorkersError("all_lost", refused=True) from None
        except BaseException:
            made.add_done_callback(lambda pool: None if pool.exception() else _end(pool.result()))
            _end_forkserver()
            raise

    def _new(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context(METHOD)
        if METHOD == "forkserver":
            context.set_forkserver_preload(["sandbox.experiment.preload"])
        _without_ctrl_c()
        pool = ProcessPoolExecutor(self._count, mp_context=context, initializer=_begin)
        try:
            with one_thread(), without_main():
                for _ in range(self._count):
                    pool.submit(hello)  # starts the processes now, with the environment that is for them
        except BaseException:
            _end(pool)
            raise
        return pool

    def _stop(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            _end(pool)


def _end(pool: ProcessPoolExecutor) -> None:
    processes = list((getattr(pool, "_processes", None) or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(CONNECT_S)
        if process.exitcode is None:
            process.kill()


def _end_forkserver() -> None:
    """It may still be loading what workers need, and would go on without us."""
    server = getattr(sys.modules.get("multiprocessing.forkserver"), "_forkserver", None)  # not every system has it
    number = getattr(server, "_forkserver_pid", None)
    if number is not None:
        with contextlib.suppress(OSError):
            os.kill(number, signal.SIGKILL)


def _without_ctrl_c() -> None:
    """Let processes that this thread starts be born deaf to Ctrl-C, which is for their parent to hear."""
    if hasattr(signal, "pthread_sigmask"):
        from multiprocessing import resource_tracker

        resource_tracker.ensure_running()  # which else would lift the mask again
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def cores() -> int:
    """How many cores we may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begin() -> None:
    """In a new worker: leave Ctrl-C to the parent, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


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
        self._threads, self._counted_until_s, self._had_some_s = 1, 0.0, time.monotonic()

    @property
    def count(self) -> int:
        """Threads of all workers there are now, or were a moment ago."""
        now_s = time.monotonic()
        if now_s >= self._counted_until_s:
            try:
                there = self._client.sync(self._client.scheduler.ncores, workers=None, callback_timeout=CONNECT_S)
            except (OSError, TimeoutError, RuntimeError):
                if self._gone_for_s() > GONE_S:  # until then it may only be busy
                    raise WorkersError("cluster_gone", address=self._address) from None
            else:
                self._threads = sum(int(threads) for threads in there.values())
                if self._threads:
                    self._had_some_s = now_s
            self._counted_until_s = now_s + COUNT_AGAIN_S
        return max(1, self._threads)

    def are_lost(self) -> bool:
        """Dask says itself what is lost, but waits for ever for workers that may come.

        Raises:
            WorkersError: the scheduler is gone, or all workers are and none comes.
        """
        if self._client.status != "running" and self._gone_for_s() > GONE_S:
            raise WorkersError("cluster_gone", address=self._address)
        if self._client.status == "running" and self.count and not self._threads and self._gone_for_s() > GONE_S:
            raise WorkersError("none_left", address=self._address, seconds=f"{GONE_S:g}")
        return False

    def _gone_for_s(self) -> float:
        return time.monotonic() - self._had_some_s

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
            settings = {"distributed.scheduler.allowed-failures": DEATHS_ALLOWED}
            with one_thread(), without_main(), dask.config.set(settings):
                address = self._open.enter_context(
                    distributed.LocalCluster(
                        n_workers=self._count,
                        threads_per_worker=1,
                        host="127.0.0.1",
                        dashboard_address=None,
                        silence_logs=50,
                    )
                )
        if self._address.startswith(("tls:", "wss:")) and not _has_certificates():
            raise WorkersError("no_certificates", refused=True, address=self._address)
        client = distributed.Client.__new__(distributed.Client)
        try:
            client.__init__(address, timeout=CONNECT_S, set_as_default=False)
        except BaseException as error:
            client.status = "closed"  # else it tries to say goodbye to nobody when it is thrown away
            if not isinstance(error, Exception):
                raise
            # Dask raises whatever its transport does: OSError, TypeError, ssl's, ...
            reason = " ".join(str(error).split()) or type(error).__name__
            raise WorkersError("unreachable", refused=True, address=self._address, reason=reason) from None
        self._open.enter_context(client)
        try:
            client.wait_for_workers(1, timeout=CONNECT_S)
        except TimeoutError:
            raise WorkersError("none", refused=True, address=self._address) from None
        return client

    def _greet(self) -> None:
        """Every worker there is must run this very program."""
        ours = this_program()
        for worker, answer in self._client.run(hello, on_error="return").items():
            if isinstance(answer, BaseException):
                reason = " ".join(f"{type(answer).__name__}: {answer}".split())
                raise WorkersError("no_program", refused=True, worker=worker, reason=reason)
            if answer != ours:
                raise WorkersError("version_of", refused=True, worker=worker, theirs=answer, ours=ours)


def _has_certificates() -> bool:
    """Whether Dask's configuration names what a client needs to show and to trust."""
    with needed("cluster"):
        import dask
    names = ("ca-file", "client.cert", "client.key")
    return all(dask.config.get(f"distributed.comm.tls.{name}", None) for name in names)


def workers_for(processes: int | None, cluster: str | None) -> Workers:
    """The workers that were asked for: a cluster's, or so many processes; one process is this one."""
    if cluster is not None:
        return Cluster(cluster, processes)
    wanted = processes or cores()
    return InProcess() if wanted == 1 else Processes(wanted)
