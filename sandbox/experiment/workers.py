"""Who does the work: this process, or processes beside it, as a `concurrent.futures.Executor`."""

from __future__ import annotations

import contextlib
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from types import TracebackType
from typing import Any, Final, Self

from sandbox.experiment.errors import NoWorkersError, WorkersError
from sandbox.experiment.worker_task import handshake, one_thread, without_main
from sandbox.language import N_, UnknownLanguage, choose, tag
from sandbox.signals import signals_held

JOIN_S: Final = 10.0
"""How long a process that was told to end may take."""
METHOD: Final = "forkserver" if sys.platform.startswith("linux") else "spawn"
POLL_S: Final = 1.0
"""So often we look whether they live when nothing ends."""
MOST_PROCESSES: Final = 61 if sys.platform == "win32" else 1024
"""Windows waits for no more at a time."""


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


class _InlineExecutor(Executor):
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
        self.executor = _InlineExecutor()


class Processes(Workers):
    """Processes on this machine, each with one thread.

    Args:
        count: how many; as many as there are cores for us, if not given.
    """

    def __init__(self, count: int | None = None) -> None:
        self._count = min(count or cores(), MOST_PROCESSES)
        self._pool: ProcessPoolExecutor | None = None
        self._language = tag()

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
        with signals_held(), without_main():
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
            ready = self.submit(handshake)
            while not ready.done():
                wait([ready], POLL_S)
                if not ready.done() and self.are_lost():
                    raise BrokenExecutor
            ready.result()
        except BrokenExecutor:
            self._stop()
            raise die_at_once(NoWorkersError) from None
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
            raise die_at_once(NoWorkersError) from None
        except BaseException:
            made.add_done_callback(lambda pool: None if pool.exception() else _end(pool.result()))
            _end_forkserver()
            raise

    def _new(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context(METHOD)
        if METHOD == "forkserver":
            context.set_forkserver_preload(["sandbox.experiment.preload"])
        _without_ctrl_c()
        pool = ProcessPoolExecutor(self._count, mp_context=context, initializer=_begin, initargs=(self._language,))
        try:
            with one_thread(), without_main():
                for __ in range(self._count):
                    pool.submit(handshake)  # starts the processes now, with the environment that is for them
        except BaseException:
            _end(pool)
            raise
        return pool

    def _stop(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            _end(pool)


def die_at_once(error: type[WorkersError]) -> WorkersError:
    """Workers end before they have done anything."""
    return error(N_("workers die as soon as they begin; is there enough memory? Try fewer with --processes"))


def _end(pool: ProcessPoolExecutor) -> None:
    processes = list((getattr(pool, "_processes", None) or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    for process in processes:
        process.terminate()
    for process in processes:
        process.join(JOIN_S)
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


def _begin(language: str) -> None:
    """In a new worker: leave Ctrl-C to the parent, speak its language, and end with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(UnknownLanguage):  # of a feature that only the parent has
        choose(language)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    """A pool's processes outlive a parent that is killed; these do not."""
    multiprocessing.connection.wait([sentinel])
    os._exit(1)
