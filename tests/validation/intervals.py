"""How often a 95 % interval holds the truth, where the truth is known: the queue M/M/1.

`python -m tests.validation.intervals` prints the table. Its many repetitions use a small queue of their own (Lindley's
recursion, NumPy), which knows nothing of the engine: they judge the statistics. `engine` repeats it, less often, with
runs of the simulator itself.

Source: Lindley, "The theory of queues with a single server", 1952; closed forms in `sandbox.validation.theory`.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sandbox.stats.intervals import LEVEL, Interval, mean, mean_interval, paired, variance
from sandbox.stats.steady import WarmUp, batch_means, common_warm_up, mser5
from sandbox.stats.student import critical_value
from sandbox.validation.theory import wait_mmc_s

REPETITIONS: Final = 1_000
"""Chance moves a share of so many by less than 1.4 percentage points in 95 of 100 cases."""
LOAD: Final = 0.7
RUNS: Final = 10
SHORT: Final = 20_000
"""Payments of each of ten runs."""
LONG: Final = 200_000
"""Payments of the one long run that is cut into batches."""
FASTER: Final = 0.95
"""Service times of the second arm, relative to the first's."""

Floats = npt.NDArray[np.float64]


def draws(*names: int, count: int) -> Floats:
    """Services (row 0, mean 1) and gaps between arrivals (row 1, mean 1) of one run."""
    return -np.log1p(-np.random.default_rng(list(names)).random((2, count)))


def welch_difference(base: Sequence[float], other: Sequence[float], level: float = LEVEL) -> Interval:
    """The difference of two arms whose runs have nothing in common (Welch 1947, degrees of freedom rounded down).

    Wrong for runs on the same seeds: there it is too wide, often by far. `paired` is for those.
    """
    value, parts = mean(other) - mean(base), [variance(arm) / len(arm) for arm in (base, other)]
    if min(len(base), len(other)) < 2:
        return Interval(value, None, None, level)
    error = math.fsum(parts)
    if error == 0:
        return Interval(value, value, value, level)
    shares = [part**2 / (len(arm) - 1) for part, arm in zip(parts, (base, other), strict=True)]
    half = critical_value(level, max(1, int(error**2 / math.fsum(shares)))) * math.sqrt(error)
    return Interval(value, value - half, value + half, level)


def waits(drawn: Floats, load: float = LOAD, faster: float = 1.0) -> Floats:
    """Waits in a queue that starts empty: Lindley's recursion as a running minimum."""
    steps = faster * drawn[0] - drawn[1] / load
    reached = np.concatenate([[0.0], np.cumsum(steps[:-1])])
    return np.asarray(reached - np.minimum.accumulate(reached))


def exact(load: float = LOAD, faster: float = 1.0) -> float:
    """The mean wait in the steady state."""
    return wait_mmc_s(load, faster, 1)


def replications(repetition: int, cut: Callable[[list[Floats]], Sequence[WarmUp]], length: int = SHORT) -> Interval:
    """From the means of ten runs, each without its warm-up."""
    runs = [waits(draws(1, repetition, run, count=length)) for run in range(RUNS)]
    return mean_interval([float(run[one.cut :].mean()) for run, one in zip(runs, cut(runs), strict=True)])


def one_cut(runs: list[Floats]) -> list[WarmUp]:
    """The product's way: a common warm-up."""
    return [common_warm_up(runs)] * len(runs)


def own_cuts(runs: list[Floats]) -> list[WarmUp]:
    """The tempting way: each run its own."""
    return [mser5(run) for run in runs]


def batches(repetition: int) -> Interval:
    """From one long run: MSER-5, then twenty batches."""
    return batch_means(waits(draws(2, repetition, count=LONG))).mean


def as_if_independent(repetition: int) -> Interval:
    """From one long run, every payment taken for independent."""
    return mean_interval([float(value) for value in waits(draws(2, repetition, count=LONG // 10))])


def arms(repetition: int) -> tuple[list[float], list[float]]:
    """Mean waits of two arms on the same ten seeds; the second serves faster."""
    seeds = [draws(3, repetition, run, count=SHORT) for run in range(RUNS)]
    return [float(waits(one).mean()) for one in seeds], [float(waits(one, faster=FASTER).mean()) for one in seeds]


def with_pairs(repetition: int) -> Interval:
    """The difference seed by seed."""
    return paired(*arms(repetition)).difference


def without_pairs(repetition: int) -> Interval:
    """The same runs, taken for strangers."""
    return welch_difference(*arms(repetition))


@dataclass(frozen=True)
class Coverage:
    """How often the intervals of one way held the truth."""

    way: str
    repetitions: int
    held: int
    width: float
    """Mean half-width, relative to the truth."""

    @property
    def share(self) -> float:
        """Of the repetitions."""
        return self.held / self.repetitions


def covered(way: str, truth: float, interval: Callable[[int], Interval], repetitions: int = REPETITIONS) -> Coverage:
    """Repeat one way of making an interval."""
    found = [interval(repetition) for repetition in range(repetitions)]
    halves = [one.half_width or 0.0 for one in found]
    held = sum(one.contains(truth) for one in found)
    return Coverage(way, repetitions, held, float(np.mean(halves)) / abs(truth))


DIFFERENCE: Final = exact(LOAD, FASTER) - exact()
WAYS: Final[dict[str, Callable[[], Coverage]]] = {
    "ten runs, common warm-up": lambda: covered("ten runs", exact(), partial(replications, cut=one_cut)),
    "one run, MSER-5, 20 batches": lambda: covered("one run", exact(), batches),
    "two arms, paired": lambda: covered("two arms", DIFFERENCE, with_pairs),
    "WRONG: ten runs, own warm-ups": lambda: covered(
        "own cuts", exact(), partial(replications, cut=own_cuts, length=SHORT // 4)
    ),
    "WRONG: one run, as if independent": lambda: covered("independent", exact(), as_if_independent),
    "WRONG: two arms, as if strangers": lambda: covered("strangers", DIFFERENCE, without_pairs),
}


# --- the simulator itself ------------------------------------------------------------------------------------------

ENGINE_REPETITIONS: Final = 60
ENGINE_RUNS: Final = 5
ENGINE: Final[dict[str, Any]] = {"duration": "5 min", "population.wallets": 50}
WARM_US: Final = 30_000_000


def engine_wait_s(seed: int) -> float:
    """Mean wait at the gateway of one short run of `scenarios/mm1.yaml`, its first 30 s left out."""
    from sandbox.validation.measure import observe, scenario_of

    seen = observe(scenario_of("mm1.yaml", ENGINE, seed))
    return float(seen.waits_us[0][seen.submitted_us >= WARM_US].mean() / 1e6)


def engine(repetitions: int = ENGINE_REPETITIONS) -> Coverage:
    """From the means of five runs of the simulator each."""
    truth = wait_mmc_s(70.0, 0.010, 1)

    def interval(repetition: int) -> Interval:
        first = 1 + repetition * ENGINE_RUNS
        return mean_interval([engine_wait_s(seed) for seed in range(first, first + ENGINE_RUNS)])

    return covered("the simulator, five runs", truth, interval, repetitions)


def table() -> Iterator[str]:
    """The table, as Markdown, a line at a time."""
    yield "| way | repetitions | hold the truth | mean half-width | took |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for way, measure in {**WAYS, "the simulator, five runs": engine}.items():
        began = time.perf_counter()
        found = measure()
        took = f"{time.perf_counter() - began:.1f} s"
        cells = way, str(found.repetitions), f"{found.share:.1%}", f"{found.width:.1%}", took
        yield f"| {' | '.join(cells).replace('%', ' %')} |"


if __name__ == "__main__":
    for line in table():
        print(line, flush=True)
