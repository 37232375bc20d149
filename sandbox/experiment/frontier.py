"""Two goals at once, and one choice under many futures.

Pareto 1906 for the front; Savage, "The theory of statistical decision", 1951, for regret.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def pareto_front(
    first: Sequence[float] | Floats, second: Sequence[float] | Floats, high_is_good: tuple[bool, bool]
) -> list[int]:
    """Places of the choices that no other beats: in both goals as good and in one better. Ordered by the first goal,
    from its worst to its best; a choice without a number in both is left out.

    >>> pareto_front([1.0, 2.0, 3.0, 2.0], [5.0, 4.0, 1.0, 3.0], (True, True))
    [0, 1, 2]
    >>> pareto_front([1.0, 2.0], [1.0, 2.0], (True, False))
    [0, 1]
    """
    signs = [1.0 if high else -1.0 for high in high_is_good]
    goals = np.column_stack([np.asarray(first, float) * signs[0], np.asarray(second, float) * signs[1]])
    known = [int(place) for place in np.flatnonzero(~np.isnan(goals).any(axis=1))]
    # From the best first goal down; a choice stays if its second goal is better than all before, or the same twice.
    kept: list[int] = []
    for place in sorted(known, key=lambda at: (-goals[at, 0], -goals[at, 1], at)):
        last = kept[-1] if kept else None
        if last is None or goals[place, 1] > goals[last, 1] or tuple(goals[place]) == tuple(goals[last]):
            kept.append(place)
    return sorted(kept, key=lambda at: (goals[at, 0], -goals[at, 1], at))


@dataclass(frozen=True)
class Regret:
    """How much a choice gives away against the best choice of each future, in the metric's unit; never below 0.

    Attributes:
        choice: its place.
        worst: over all futures.
        mean: over all futures.
        best_in: share of futures in which no other does better.
    """

    choice: int
    worst: float
    mean: float
    best_in: float


def regrets(table: Floats, high_is_good: bool) -> list[Regret]:
    """Every choice's regret, the smallest worst case first.

    Args:
        table: the metric as (choices, futures); futures in which a choice has no number count for none.
        high_is_good: whether more is better.

    Raises:
        ValueError: no future has a number for every choice.

    >>> [(one.choice, one.worst) for one in regrets(np.array([[9.0, 1.0], [6.0, 5.0]]), True)]
    [(1, 3.0), (0, 4.0)]
    """
    known = np.asarray(table, dtype=np.float64)
    known = known[:, ~np.isnan(known).any(axis=0)] * (1.0 if high_is_good else -1.0)
    if not known.size:
        raise ValueError("no future has a number for every choice")
    lost = known.max(axis=0) - known
    found = [Regret(at, float(row.max()), float(row.mean()), float((row == 0).mean())) for at, row in enumerate(lost)]
    return sorted(found, key=lambda one: (one.worst, one.mean, one.choice))
