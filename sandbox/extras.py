"""Libraries that only some work needs: imported when needed; of a missing one, the extra that brings it is named."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

EXTRAS: Final[dict[str, tuple[str, ...]]] = {
    "cluster": ("dask", "distributed", "fsspec"),
    "crypto": ("cryptography", "gmpy2"),
    "doe": ("SALib", "scipy"),
    "iso20022": ("pyiso20022", "xsdata"),
    "query": ("duckdb",),
}
"""What each extra brings, by the name under which it is imported. Without `crypto` signatures take longer, no more."""

NEEDS: Final = {
    "kept": "cluster",
    "cluster": "cluster",
    "sensitivity": "doe",
    "sobol": "doe",
    "messages": "iso20022",
    "query": "query",
}
"""The extra of each kind of work that cannot be done without one; `needs_<work>` in the catalogue says what it is."""

ENGLISH: Final[dict[str, str]] = {
    "missing": '{needs}: {python} -m pip install "ecny-sandbox[{extra}]"',
    "broken": '{needs} ({reason}): {python} -m pip install --upgrade "ecny-sandbox[{extra}]"',
    "needs_cluster": "a cluster needs Dask",
    "needs_kept": "keeping tables in a store needs fsspec",
    "needs_messages": "ISO 20022 messages need pyiso20022 and xsdata",
    "needs_query": "questions in SQL need DuckDB",
    "needs_sensitivity": "the designs `morris` and `saltelli` need SALib",
    "needs_sobol": "the design `sobol` needs SciPy",
}


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
    extra = NEEDS[work]
    absent = isinstance(error, ModuleNotFoundError) and (error.name or "").partition(".")[0] in EXTRAS[extra]
    return ENGLISH["missing" if absent else "broken"].format(
        needs=ENGLISH[f"needs_{work}"],
        python=shlex.quote(sys.executable or "python"),
        extra=extra,
        reason=" ".join(str(error).split()),
    )


__all__ = ["EXTRAS", "NEEDS", "ExtraMissing", "needed"]
