"""A real Dask scheduler and real workers on this machine, each a process of its own that a test may kill."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

WORKER = "from distributed.cli.dask_worker import main; main()"
OTHER_VERSION = f"import sandbox.version; sandbox.version.__version__ = '9.9'; {WORKER}"
OTHER_PYTHON = f"import platform; platform.python_version = lambda: '3.99.1'; {WORKER}"


def environment() -> dict[str, str]:
    """In which another Python process imports the same program as this one."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), *sys.path])}


@contextlib.contextmanager
def cluster(folder: Path, workers: int, program: str = WORKER) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Start a scheduler and workers without nannies; yields the address and their processes, the scheduler first."""
    contact = folder / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    head = [sys.executable, "-c", "from distributed.cli.dask_scheduler import main; main()"]
    command = [*head, "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(contact)]
    started = [subprocess.Popen(command, cwd=folder, env=environment(), **quiet)]  # type: ignore[call-overload]
    try:
        deadline = time.monotonic() + 60
        while not contact.exists() or not contact.read_text().strip():
            assert time.monotonic() < deadline, "the scheduler does not come up"
            assert started[0].poll() is None, "the scheduler has ended"
            time.sleep(0.05)
        address = json.loads(contact.read_text())["address"]
        options = ["--no-nanny", "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1"]
        for _ in range(workers):
            line = [sys.executable, "-c", program, address, *options]
            started.append(subprocess.Popen(line, cwd=folder, env=environment(), **quiet))  # type: ignore[call-overload]
        if workers:
            wait_for(address, workers)
        yield address, started
    finally:
        for process in started:
            process.kill()
        for process in started:
            process.wait()


def wait_for(address: str, workers: int) -> None:
    """Until all workers have come."""
    import distributed

    with distributed.Client(address, set_as_default=False) as client:
        client.wait_for_workers(workers, timeout=120)
