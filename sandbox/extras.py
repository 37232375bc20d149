"""Libraries that only some work needs: imported when needed; of a missing one, the extra that brings it is named."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sandbox.language import N_, _

EXTRAS: Final[dict[str, tuple[str, ...]]] = {
    "cluster": ("dask", "distributed", "fsspec"),
    "crypto": ("cryptography", "gmpy2"),
    "doe": ("SALib", "scipy"),
    "iso20022": ("pyiso20022", "xsdata"),
    "query": ("duckdb",),
}
"""What each extra brings, by the name under which it is imported. Without `crypto` signatures take longer, no more."""

NEEDS: Final = {
    "kept": ("cluster", N_("keeping tables in a store needs fsspec")),
    "cluster": ("cluster", N_("a cluster needs Dask")),
    "sensitivity": ("doe", N_("the designs `morris` and `saltelli` need SALib")),
    "sobol": ("doe", N_("the design `sobol` needs SciPy")),
    "messages": ("iso20022", N_("ISO 20022 messages need pyiso20022 and xsdata")),
    "query": ("query", N_("questions in SQL need DuckDB")),
}
"""The extra of each kind of work that cannot be done without one, and what it needs."""


class ExtraMissing(Exception):
    """A library that the work needs cannot be imported; the message names the extra that brings it."""


@contextmanager
def needed(work: str) -> Iterator[None]:
    """Import inside what `work` needs (a key of `NEEDS`).

    Raises:
        ExtraMissing: it cannot be imported.
    """
    try:
        yield
    except ImportError as error:
        raise ExtraMissing(_hint(work, error)) from None


def _hint(work: str, error: ImportError) -> str:
    extra, needs = NEEDS[work]
    absent = isinstance(error, ModuleNotFoundError) and (error.name or "").partition(".")[0] in EXTRAS[extra]
    python = shlex.quote(sys.executable or "python")
    if absent:
        return _('{needs}: {python} -m pip install "ecny-sandbox[{extra}]"', needs=_(needs), python=python, extra=extra)
    message = N_('{needs} ({reason}): {python} -m pip install --upgrade "ecny-sandbox[{extra}]"')
    return _(message, needs=_(needs), reason=" ".join(str(error).split()), python=python, extra=extra)
