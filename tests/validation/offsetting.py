"""How far offsetting stays behind the best that could settle: `python -m tests.validation.offsetting` prints it.

Random queues in two currencies; the best is found by an integer program (SciPy's solver). The gap is the share of the
best's worth that a choice leaves waiting; queues of which nothing can settle are left out. Needs scipy.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np

from sandbox.core.draws import Int64Array, lognormal_table, sample, stream, uniforms
from sandbox.features.crossborder.queue.offsetting import (
    LAST,
    Choice,
    Queue,
    alone,
    bilateral,
    multilateral,
    pairs_of,
    queue_of,
    together,
)
from tests.crossborder.queues import optimum, worth_of

CASES: Final = 100
SIZES: Final = ((8, 4), (16, 5), (32, 6))
"""Groups and participants."""
LIQUIDITY: Final = (0.5, 2.0, 8.0)
"""Mean of what a pool has, in mean payments."""
WAYS: Final = ("alone", "bilateral", "multilateral, last dropped", "multilateral", "together")
MEAN: Final = 165
"""Of the payments' sizes (lognormal, median 100, sigma 1)."""


class Case(NamedTuple):
    """A queue and what its pools hold."""

    available: Int64Array
    queue: Queue
    pair: Int64Array


def case(number: int, groups: int, participants: int, liquidity: float) -> Case:
    """One random case; a third of the groups are payments against payment."""
    key = groups, participants, liquidity, number
    payer, other, kind, amount, price, held = (
        np.empty(2 * participants if name == "held" else groups, dtype=np.int64)
        for name in ("payer", "other", "kind", "amount", "price", "held")
    )
    uniforms(stream(*key, "payer"), 0, participants, payer)
    uniforms(stream(*key, "payee"), 0, participants - 1, other)
    uniforms(stream(*key, "kind"), 0, 3, kind)
    uniforms(stream(*key, "held"), 0, int(2 * liquidity * MEAN), held)
    sizes = lognormal_table(100, 1.0)
    sample(sizes, stream(*key, "amount"), 0, amount)
    sample(sizes, stream(*key, "price"), 0, price)
    payee = (payer + 1 + other) % participants
    double = np.flatnonzero(kind == 0)
    queue = queue_of(
        np.concatenate([np.arange(groups), double]),
        np.concatenate([payer, payee[double] + participants]),
        np.concatenate([payee, payer[double] + participants]),
        np.concatenate([amount + 1, price[double] + 1]),
    )
    return Case(held, queue, pairs_of(queue, np.arange(2 * participants) % participants))


def choices(one: Case) -> dict[str, Choice]:
    """What each way settles."""
    available, queue, pair = one
    return {
        "alone": alone(available, queue),
        "bilateral": bilateral(available, queue, pair),
        "multilateral, last dropped": multilateral(available, queue, rule=LAST),
        "multilateral": multilateral(available, queue),
        "together": together(available, queue, pair, worth_of(queue)),
    }


def gaps(groups: int, participants: int, liquidity: float, cases: int = CASES) -> dict[str, list[float]]:
    """The gap of each way in each case of which something can settle; a choice above the best is a bug."""
    found: dict[str, list[float]] = {way: [] for way in WAYS}
    for number in range(cases):
        one = case(number, groups, participants, liquidity)
        best, worth = optimum(one.available, one.queue), worth_of(one.queue)
        for way, choice in choices(one).items():
            settled = int(worth[choice.taken].sum())
            assert settled <= best, f"{way} settles more than can settle"
            assert choice.after.min() >= 0, f"{way} overdraws"
            if best:
                found[way].append(1 - settled / best)
    return found


def table() -> Iterator[str]:
    """The distribution of gaps, a line a kind of queue and way."""
    yield "| groups, participants, liquidity | way | best reached | gap, mean | median | p95 | worst |"
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: |"
    for groups, participants in SIZES:
        for liquidity in LIQUIDITY:
            for way, one in gaps(groups, participants, liquidity).items():
                gap = np.array(one)
                cells = " | ".join(
                    f"{part:.1%}" for part in (gap.mean(), np.median(gap), np.quantile(gap, 0.95), gap.max())
                )
                yield f"| {groups}, {participants}, {liquidity:g} | {way} | {np.mean(gap < 1e-9):.0%} | {cells} |"


if __name__ == "__main__":
    for line in table():
        print(line, flush=True)
