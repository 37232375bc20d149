"""Who lost payments to technical trouble: payments offered and lost between the institutions of payers and payees.

The sums of a run do not say whose payees a payment was for, so this is counted from the payments themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reports.columns import plain, whole
from sandbox.records import Run

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    Counts = npt.NDArray[np.int64]

OUTCOMES: Final = ("unavailable", "timed_out")
_COLUMNS: Final = ("payer_institution", "payee_institution", "outcome")


@dataclass(frozen=True)
class Lost:
    """Payments `offered` and `lost`, a row an institution of payers, a column an institution of payees."""

    institutions: tuple[str, ...]
    offered: Counts
    lost: Counts


def lost(run: Run) -> Lost | None:
    """Count a run that recorded all its payments; None if nothing was lost or there is but one institution.

    Raises:
        sandbox.records.RunError: the payments cannot be read.
    """
    import numpy as np

    table = run.arrow("payments", list(_COLUMNS)).unify_dictionaries().combine_chunks()
    payers, payees, outcomes = (_names(table, name) for name in _COLUMNS)
    names = sorted({*payers, *payees})
    gone = [place for place, name in enumerate(outcomes) if name in OUTCOMES]
    if len(names) < 2 or not gone:
        return None
    place = {name: number for number, name in enumerate(names)}
    payer, payee = (
        np.array([place[name] for name in known], dtype=np.int64)[_codes(table, column)]
        for known, column in ((payers, _COLUMNS[0]), (payees, _COLUMNS[1]))
    )
    cell, is_lost = payer * len(names) + payee, np.isin(_codes(table, "outcome"), gone)
    shape = (len(names), len(names))
    offered, missed = (np.bincount(one, minlength=len(names) ** 2).reshape(shape) for one in (cell, cell[is_lost]))
    return Lost(tuple(names), offered, missed) if missed.any() else None


def _names(table: pa.Table, name: str) -> list[str]:
    return [str(word) for word in whole(table, name).dictionary.to_pylist()]


def _codes(table: pa.Table, name: str) -> Counts:
    return plain(whole(table, name).indices)[0].astype("int64")
