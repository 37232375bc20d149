"""Offline payments over time: value that is under way, and time until it settled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from reports.source import RunData
from reports.view.bins import Floats, Ints

COLUMNS: Final = ("made_at_us", "settled_at_us", "amount_fen", "hops", "outcome")
STEPS: Final = 400
"""Of the figure over time, at most; each is so many bins of the series."""


_SECOND: Final = 1_000_000.0
"""What took less is shown as this: a logarithmic scale has no 0."""


@dataclass(frozen=True)
class UnderWay:
    """Value that was paid offline and not settled yet (fen), step by step; `edges_us` has one more."""

    edges_us: Ints
    value_fen: Ints


@dataclass(frozen=True)
class Waits:
    """Time until payments settled (us), shortest first, and the share of them that had settled by then."""

    name: str
    wait_us: Floats
    share: Floats

    def until(self, share: float) -> int:
        """By when a share of them had settled (us)."""
        return int(self.wait_us[min(len(self.wait_us) - 1, int(share * len(self.wait_us)))])


def under_way(run: RunData) -> UnderWay | None:
    """What was under way in each step; None without the table or without a payment in it."""
    table = run.table("offline", COLUMNS)
    if not len(table.get("made_at_us", ())):
        return None
    made, amounts = np.asarray(table["made_at_us"], dtype=np.int64), np.asarray(table["amount_fen"], dtype=np.int64)
    settled = np.asarray(table["settled_at_us"], dtype=np.float64)
    honest = np.asarray(table["outcome"], dtype=object)
    counted = np.isin(honest, ("settled", "double_spend", "open", "lost"))
    made, amounts, settled = made[counted], amounts[counted], settled[counted]
    last = max(run.bin_us, int(np.nanmax([made.max(initial=0), np.nanmax(settled, initial=0)])))
    step = run.bin_us * -(-last // (run.bin_us * STEPS))
    edges = np.arange(0, last + step, step, dtype=np.int64)
    begun = np.histogram(made, edges, weights=amounts)[0]
    done = np.isfinite(settled)
    ended = np.histogram(settled[done], edges, weights=amounts[done])[0]
    return UnderWay(edges, np.cumsum(begun - ended).astype(np.int64))


def waits(run: RunData) -> list[Waits]:
    """Time until payments settled, by hops: one, and more where there are any."""
    table = run.table("offline", COLUMNS)
    if not len(table.get("made_at_us", ())):
        return []
    settled = np.asarray(table["settled_at_us"], dtype=np.float64)
    wait = np.maximum(settled - np.asarray(table["made_at_us"], dtype=np.float64), _SECOND)
    hops = np.asarray(table["hops"], dtype=np.int64)
    found = []
    for name, mine in (("one_hop", hops == 1), ("more_hops", hops > 1)):
        some = np.sort(wait[mine & np.isfinite(settled)])
        if some.size:
            found.append(Waits(name, some, np.arange(1, some.size + 1) / some.size))
    return found
