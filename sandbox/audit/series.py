"""The series against the payments: what was submitted, settled and refused by a rule in each bin is counted again.

When a payment ended that the ledger never answered is in no table, so those are counted in all, not by bin.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from sandbox.audit.arrow import numbers, read
from sandbox.audit.payments import PAYMENTS, Window
from sandbox.audit.problems import FIGURE, Problem, in_row, problem
from sandbox.core.draws import Int64Array
from sandbox.core.layout import Outcome, ended
from sandbox.tables import OUTCOMES, REFUSALS, table_file

SERIES: Final = table_file("series")
_COLUMNS: Final = ["at_us", "submitted", "ended", "settled", "settled_fen", *REFUSALS]


class Bins:
    """The bins of `series.parquet`, and what payments fell into them. Raises what reading a table raises."""

    def __init__(self, folder: Path) -> None:
        table = read(folder, "series", _COLUMNS)
        self._said = {name: numbers(table, name) for name in _COLUMNS}
        at_us = self._said["at_us"]
        self._count = at_us.size
        self._step = max(1, int(at_us[1])) if at_us.size > 1 else np.iinfo(np.int64).max
        self._submitted, self._settled_fen = (np.zeros(self._count, dtype=np.int64) for __ in range(2))
        self._outcomes = np.zeros((Outcome.UNAVAILABLE, self._count), dtype=np.int64)

    def take(self, window: Window, count: int) -> None:
        """Count the first `count` payments of a window."""
        if not self._count:
            return
        out, outcome = window.out[:, :count], window.codes["outcome"][:count]
        self._submitted += np.bincount(self._bin(out[ended.SUBMITTED_AT]), minlength=self._count)
        answered = outcome < Outcome.UNAVAILABLE
        ended_at, code = self._bin(out[ended.ENDED_AT, answered]), outcome[answered]
        self._outcomes += np.bincount(
            code * self._count + ended_at, minlength=Outcome.UNAVAILABLE * self._count
        ).reshape(self._outcomes.shape)  # fmt: skip
        settled = code == Outcome.SETTLED
        np.add.at(self._settled_fen, ended_at[settled], out[ended.AMOUNT, answered][settled])

    def problems(self, whole: bool) -> Iterator[Problem]:
        """The series by itself; and, if all payments were taken, against them."""
        said = self._said
        found = {"at_us": np.arange(self._count) * self._step} if self._count > 1 else {}
        with np.errstate(over="ignore"):
            found["ended"] = np.sum([said[name] for name in ("settled", *REFUSALS)], axis=0)
        yield from self._first(found, SERIES)
        if whole:
            by_rule = {name: self._outcomes[code] for code, name in enumerate(OUTCOMES[: Outcome.UNAVAILABLE])}
            counted = {"submitted": self._submitted, **by_rule, "settled_fen": self._settled_fen}
            yield from self._first(counted, PAYMENTS)

    def _bin(self, at_us: Int64Array) -> Int64Array:
        return np.clip(at_us // self._step, 0, self._count - 1)

    def _first(self, found: dict[str, Int64Array], table: str) -> Iterator[Problem]:
        for name, values in found.items():
            wrong = np.flatnonzero(values != self._said[name])
            if wrong.size:
                row = int(wrong[0])
                values_there = {"said": int(self._said[name][row]), "found": int(values[row])}
                yield problem(SERIES, in_row(row), FIGURE, name=name, table=table, **values_there)
