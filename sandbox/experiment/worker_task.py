"""One job in a worker: a scenario as text and a seed in, flat numbers out.

A worker is a process with one thread. What a job can do wrong by itself comes back as a sentence; only a worker that
dies raises.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import platform
import sys
import time
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sandbox.experiment.job import Job, JobResult, result_of
from sandbox.files import reason
from sandbox.language import _
from sandbox.version import __version__

if TYPE_CHECKING:
    from sandbox.experiment.run_folders import RunFolders
    from sandbox.scenario.load import Loaded, Template

ONE_THREAD: Final = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",
)
"""Set to 1 for worker processes: there are as many workers as cores."""

_PACKAGE: Final = Path(__file__).resolve().parents[1]
_NO_EFFECT_ON_RESULTS: Final = ("cli", "experiment")
"""Folders of the package that do not decide a run's numbers; `flat.py` does."""
_SMALL: Final[dict[str, Any]] = {"duration": 60_000_000, "population": {"wallets": 10}, "merchants": {"count": 1}}
_TEMPLATES_KEPT: Final = 16
NUMERIC_PACKAGES: Final = ("numpy", "numba")
"""Packages whose version may decide the last digit of a number."""
LONGEST_ERROR: Final = 500


@lru_cache(maxsize=1)
def this_build() -> str:
    """Version and a digest of the sources that decide a run's numbers."""
    digest = hashlib.sha256()
    files = [*_PACKAGE.rglob("*.py"), *(_PACKAGE.parent / "wallets").rglob("*.py")]
    for file in sorted(files):
        place = file.relative_to(_PACKAGE.parent)
        if place.parts[1] not in _NO_EFFECT_ON_RESULTS or place.name == "flat.py":
            digest.update(place.as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return f"{__version__}+{digest.hexdigest()[:12]}"


@lru_cache(maxsize=1)
def this_program() -> str:
    """The build and what it runs on, which all who work together must have alike: the last digit of a logarithm or a
    sum is Python's and NumPy's, and may change with them."""
    minor = platform.python_version().rpartition(".")[0]
    return f"{this_build()} on Python {minor}, " + ", ".join(f"{name} {version(name)}" for name in NUMERIC_PACKAGES)


def handshake() -> str:
    """Who is there; also makes the worker ready, so that the first job takes no longer than others."""
    prepare()
    return this_program()


@lru_cache(maxsize=1)
def prepare() -> None:
    """Load what a run needs, its compiled code too, and keep its libraries to one thread."""
    import pyarrow as pa

    from sandbox.scenario.schema import Scenario
    from sandbox.simulate import simulate

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    simulate(Scenario(title="-", question="-", **_SMALL), None, name="-")


def run_job(job: Job, program: str, tables: RunFolders | None = None) -> JobResult:
    """Run one job.

    Args:
        job: what to run.
        program: that asks; a worker with another does nothing and says so.
        tables: where to keep the run's tables; not at all if not given.
    """
    if program != this_program():
        return JobResult(other_program=this_program())
    prepare()
    began = time.perf_counter()
    try:
        summary = summary_of(job) if tables is None else tables.write(job.key(this_build()), loaded_of(job))
        return result_of(summary, time.perf_counter() - began)
    except Exception as error:
        if tables is not None and isinstance(error, OSError) and error.errno is not None:
            return JobResult(unkept=reason(error))  # a full disk, for one: the next run would fail as well
        return JobResult(error=one_line(error), took_s=time.perf_counter() - began)


def summary_of(job: Job) -> dict[str, Any]:
    """The whole summary of a job's run; nothing is written.

    Raises:
        ScenarioErrors: what is set does not go together; and all that a run may raise.
    """
    from sandbox.simulate import simulate

    loaded = loaded_of(job)
    return simulate(loaded.scenario, None, name=job.name, record="none", base_dir=loaded.base_dir)


def loaded_of(job: Job) -> Loaded:
    """A job's scenario with everything set.

    Raises:
        ScenarioErrors: what is set does not go together.
        ValueError: its trace is another file here.
    """
    loaded = _template(job.scenario, job.name).load(dict((*job.fixed, *job.varied)), job.seed)
    if not job.fixed and not job.varied and loaded.digest != job.digest:
        raise ValueError(_("the trace {path} is not the same file here", path=loaded.trace_path()))
    return loaded


@lru_cache(maxsize=_TEMPLATES_KEPT)
def _template(words: str, name: str) -> Template:
    from sandbox.scenario.load import template_of

    return template_of(words, name)


def one_line(error: BaseException) -> str:
    """An exception as one line."""
    from sandbox.scenario.errors import ScenarioErrors

    words = "; ".join(map(str, error.errors)) if isinstance(error, ScenarioErrors) else str(error)
    kind = "" if isinstance(error, ScenarioErrors) else f"{type(error).__name__}: "
    return " ".join((kind + words).split())[:LONGEST_ERROR]


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Processes that start meanwhile inherit an environment that gives each of them one thread."""
    before = {name: os.environ.get(name) for name in ONE_THREAD}
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


@contextlib.contextmanager
def without_main() -> Iterator[None]:
    """Processes that start meanwhile do not import the program that uses us: they need nothing of it, and one whose
    lines are not below `if __name__ == "__main__":` would begin again in each of them.
    """
    names = vars(sys.modules["__main__"])
    hidden: tuple[str, ...] = ("__file__", "__spec__")
    before = {name: names.pop(name) for name in hidden if name in names}
    names["__spec__"] = None
    try:
        yield
    finally:
        names.update(before)
