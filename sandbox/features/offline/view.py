"""Offline payments over time: value that is under way, time until it settled, broken purses and what they cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from reports.source import RunData
from reports.view.bins import Floats, Ints
from reports.view.values import instant, rows, whole, words

SPREAD: Final = ("none", "quarter", "half", "three_quarters", "more", "all")
"""How much of its bound a broken purse spent twice, as the summary names it."""
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


@dataclass(frozen=True)
class Broken:
    """A broken purse: how often value was made by it, what was spent twice, and the bound of that (fen)."""

    name: str
    kind: str
    tamperings: int
    payments: int
    loss_fen: int
    bound_fen: int
    stopped_after_us: int | None


@dataclass(frozen=True)
class Spread:
    """What was spent twice in all and its bound (fen), and the number of broken purses by share of their own bound."""

    loss_fen: int
    bound_fen: int
    purses: tuple[int, ...]


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


def broken(run: RunData) -> list[Broken]:
    """Broken purses that made value, those that cost most first."""
    return [_broken(row) for row in rows(run.get("offline.tampered"))]


def spread(run: RunData) -> Spread | None:
    """How it is spread over broken purses; None if none was copied or set back."""
    purses = tuple(max(0, whole(run.get(f"offline.loss.spread.{name}.purses")) or 0) for name in SPREAD)
    loss, bound = (whole(run.get(f"offline.loss.{name}_fen")) or 0 for name in ("spent_twice", "bound"))
    return Spread(max(0, loss), bound, purses) if bound > 0 and any(purses) else None


def _broken(row: Mapping[str, Any]) -> Broken:
    numbers = {name: whole(row.get(name)) or 0 for name in ("tamperings", "payments", "loss_fen", "bound_fen")}
    stopped = instant(row.get("stopped_after_us"))
    return Broken(words(row.get("purse")), words(row.get("kind")), stopped_after_us=stopped, **numbers)


def downs(run: RunData) -> list[tuple[int, int]]:
    """When the network was down somewhere, each time once (us)."""
    spans = [(instant(row.get("from_us")), instant(row.get("to_us"))) for row in rows(run.get("offline.downtimes"))]
    return sorted({(begin, end) for begin, end in spans if begin is not None and end is not None})
