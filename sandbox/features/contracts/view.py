"""Where the money of each kind of contract stands over time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from reports.source import RunData
from reports.view.bins import Ints, fold

COLUMNS: Final = ("at_us", "kind", "held_fen", "spent_fen", "returned_fen")


@dataclass(frozen=True)
class KindTotals:
    """One kind, group of bins by group of bins, at the end of each (fen): still held, gone on, gone back."""

    kind: str
    edges_us: Ints
    held_fen: Ints
    spent_fen: Ints
    returned_fen: Ints

    @property
    def opened_fen(self) -> Ints:
        """All that came into escrow by then."""
        return np.asarray(self.held_fen + self.spent_fen + self.returned_fen)


def totals(run: RunData) -> list[KindTotals]:
    """The kinds of the table, in its order."""
    columns = run.table("contracts", COLUMNS)
    if not len(columns.get("at_us", ())):
        return []
    kinds = np.asarray(columns["kind"], dtype=object)
    found = []
    for kind in dict.fromkeys(kinds.tolist()):
        mine = kinds == kind
        at_us = np.asarray(columns["at_us"], dtype=np.int64)[mine]
        bins = fold(at_us, run.bin_us)
        last = np.zeros(bins.count, dtype=np.int64)
        # Rows are in order of time, so that the last of a group stays.
        last[bins.index] = np.arange(at_us.size)
        names = ("held_fen", "spent_fen", "returned_fen")
        money = (np.asarray(columns[name], dtype=np.int64)[mine][last] for name in names)
        found.append(KindTotals(str(kind), bins.edges_us, *money))
    return found
