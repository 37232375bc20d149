"""A Dask cluster that does the work, and who does it of all: workers that were asked for."""

from __future__ import annotations

import contextlib
import logging
import re
import time
from types import TracebackType
from typing import Any, Final, Self

from sandbox.experiment.errors import NoWorkersError, WorkersError
from sandbox.experiment.worker_task import handshake, one_thread, this_program, without_main
from sandbox.experiment.workers import InProcess, Processes, Workers, cores
from sandbox.extras import needed

CONNECT_S: Final = 10.0
"""How long to wait for a cluster and its first worker."""
GONE_S: Final = 30.0
"""So long a cluster may be without a worker, or out of reach, before it is given up."""
LOCAL: Final = "local"
COUNT_AGAIN_S: Final = 2.0
"""A cluster may grow and shrink; so often we look."""
_ADDRESS: Final = re.compile(r"(tcp|tls|ucx|wss?)://\S+:\d{1,5}\Z")
DEATHS_ALLOWED: Final = 1
"""A task may outlive this many workers of a local cluster; then it comes back as lost, and runs alone."""


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
                    raise self._gone() from None
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
            raise self._gone()
        if self._client.status == "running" and self.count and not self._threads and self._gone_for_s() > GONE_S:
            raise WorkersError(
                "all workers of the cluster at {address} have gone, and none has come for {seconds} s; start "
                "some (`dask worker {address}`), and the same command goes on from what is finished",
                address=self._address,
                seconds=f"{GONE_S:g}",
            )
        return False

    def _gone(self) -> WorkersError:
        return WorkersError(
            "the cluster at {address} is gone; the same command goes on from what is finished", address=self._address
        )

    def _gone_for_s(self) -> float:
        return time.monotonic() - self._had_some_s

    def __enter__(self) -> Self:
        if self._address != LOCAL and not _ADDRESS.match(self._address):
            raise NoWorkersError(
                "'{address}' is no address of a scheduler; expected `local`, or one such as tcp://127.0.0.1:8786",
                address=self._address,
            )
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
            raise self._gone()
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
            raise NoWorkersError(
                "{address} needs certificates, and Dask's configuration names none: set "
                "distributed.comm.tls.ca-file, client.cert and client.key "
                "(DASK_DISTRIBUTED__COMM__TLS__CA_FILE=ca.pem and so on), or use a tcp:// scheduler",
                address=self._address,
            )
        client = distributed.Client.__new__(distributed.Client)
        try:
            client.__init__(address, timeout=CONNECT_S, set_as_default=False)
        except BaseException as error:
            client.status = "closed"  # else it tries to say goodbye to nobody when it is thrown away
            if not isinstance(error, Exception):
                raise
            # Dask raises whatever its transport does: OSError, TypeError, ssl's, ...
            reason = " ".join(str(error).split()) or type(error).__name__
            raise NoWorkersError(
                "no cluster answers at {address} ({reason}); is the scheduler running there?",
                address=self._address,
                reason=reason,
            ) from None
        self._open.enter_context(client)
        try:
            client.wait_for_workers(1, timeout=CONNECT_S)
        except TimeoutError:
            raise NoWorkersError(
                "the cluster at {address} has no workers; start `dask worker {address}` first", address=self._address
            ) from None
        return client

    def _greet(self) -> None:
        """Every worker there is must run this very program."""
        ours = this_program()
        for worker, answer in self._client.run(handshake, on_error="return").items():
            if isinstance(answer, BaseException):
                reason = " ".join(f"{type(answer).__name__}: {answer}".split())
                raise NoWorkersError(
                    "worker {worker} cannot run ecny-sandbox ({reason}); install it there", worker=worker, reason=reason
                )
            if answer != ours:
                raise NoWorkersError(
                    "worker {worker} runs ecny-sandbox {theirs}, and this is {ours}; have the same on both",
                    worker=worker,
                    theirs=answer,
                    ours=ours,
                )


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
