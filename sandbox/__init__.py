"""ecny-sandbox: a simulator of an e-CNY-style digital-currency payment system inside a regulatory sandbox.

`run` runs a scenario into a run folder, `load` reads and checks one, `open_run` opens a finished run folder. They
are imported when first used, so that `import sandbox` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from sandbox.version import __version__

if TYPE_CHECKING:
    from sandbox.api import capacity, compare, load, replicate, run, stress, sweep
    from sandbox.experiment.folder import Experiment, open_experiment
    from sandbox.records import Run, RunError, open_run

__all__ = [
    "Experiment", "Run", "RunError", "__version__", "capacity", "compare", "load", "open_experiment", "open_run",
    "replicate", "run", "stress", "sweep",
]  # fmt: skip

_HOME = {
    **dict.fromkeys(("capacity", "compare", "load", "replicate", "run", "stress", "sweep"), "sandbox.api"),
    **dict.fromkeys(("Experiment", "open_experiment"), "sandbox.experiment.folder"),
    **dict.fromkeys(("Run", "RunError", "open_run"), "sandbox.records"),
}
"""The module of each name."""


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOME})
