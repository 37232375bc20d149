"""Payments over time: offered and settled, the share settled, and the quantiles of the time they took."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reports.source import RunData
from reports.view.bins import Bins, Floats, Ints, fold, longest_run, ratio

FEW = 100
"""With fewer settled payments in a bin its 99th percentile is simply its slowest payment."""

_UNITS = (("s", 1_000_000), ("min", 60_000_000), ("h", 3_600_000_000))


@dataclass(frozen=True)
class Flow:
    """Rates per `unit` (`s`, `min` or `h`) by group of bins.

    `share` is settled / ended; `answered` is what was settled or refused by a rule / ended; NaN where nothing ended.
    """

    bins: Bins
    unit: str
    offered: Floats
    settled: Floats
    counts: dict[str, Ints]
    share: Floats
    answered: Floats


def flow(run: RunData) -> Flow:
    """Offered and settled payments over time, in the largest unit of time that makes the peak at least 1."""
    bins = fold(run.series["at_us"], run.bin_us)
    names = ("submitted", "settled", "ended", "unavailable", "timed_out")
    counts = {name: bins.sum(run.series[name]) for name in names}
    peak = max((int(counts[name].max()) for name in ("submitted", "settled") if bins.count), default=0)
    unit, size = next(((unit, size) for unit, size in _UNITS if peak * size >= bins.step_us), _UNITS[-1])
    scale = np.float64(size / bins.step_us)
    answered = counts["ended"] - counts["unavailable"] - counts["timed_out"]
    return Flow(
        bins,
        unit,
        counts["submitted"] * scale,
        counts["settled"] * scale,
        counts,
        ratio(counts["settled"], counts["ended"]),
        ratio(answered, counts["ended"]),
    )


@dataclass(frozen=True)
class Latency:
    """Highest bin value of each quantile by group, ms; `few_share` is the share of bins with few settled payments."""

    bins: Bins
    quantiles_ms: dict[str, Floats]
    few_share: float


def latency(run: RunData) -> Latency:
    """Quantiles over time.

    Of several bins the highest is kept: quantiles cannot be averaged, but the group's own quantile is never above the
    highest of its bins'.
    """
    bins = fold(run.series["at_us"], run.bin_us)
    settled = np.asarray(run.series["settled"], dtype=np.int64)
    some = settled > 0
    few = float(np.mean(settled[some] < FEW)) if some.any() else 1.0
    names = ("p50", "p95", "p99")
    return Latency(bins, {name: bins.highest(run.series[f"latency_{name}_us"]) / 1000 for name in names}, few)


@dataclass(frozen=True)
class Histogram:
    """Bars of a histogram: `len(counts) + 1` edges."""

    edges_ms: list[float]
    counts: list[int]

    @property
    def per_doubling(self) -> Floats:
        """Share of all payments in each bar, per doubling of time: bars of unequal width show their area."""
        edges = np.asarray(self.edges_ms, dtype=np.float64)
        shares = np.asarray(self.counts, dtype=np.float64) / sum(self.counts)
        return np.asarray(shares / np.log2(edges[1:] / edges[:-1]))


def histogram(edges_ms: list[float], counts: list[int], at_most: int = 40) -> Histogram:
    """Merge neighbouring bars until at most about `at_most` of equal width on a logarithmic axis are left.

    No payment is moved: the edges left are edges of the original.

    >>> histogram([1, 2, 4, 8, 16], [0, 3, 5, 1], at_most=2)
    Histogram(edges_ms=[2, 8, 16], counts=[8, 1])
    """
    filled = [place for place, number in enumerate(counts) if number]
    if not filled:
        return Histogram([], [])
    first, last = filled[0], filled[-1]
    edges, counts = edges_ms[first : last + 2], counts[first : last + 1]
    low = edges[0] if edges[0] > 0 else edges[1] / 10
    width = (edges[-1] / low) ** (1 / at_most) * (1 - 1e-9)
    merged_edges, merged, pending = [low], [], 0
    for upper, number in zip(edges[1:], counts, strict=True):
        pending += number
        if upper >= merged_edges[-1] * width or upper == edges[-1]:
            merged_edges.append(upper)
            merged.append(pending)
            pending = 0
    return Histogram(merged_edges, merged)


@dataclass(frozen=True)
class Spell:
    """The longest run of failing bins: how many, from when, how long."""

    bins: int
    at_us: int
    length_us: int


def longest_failing(run: RunData, line: float) -> Spell:
    """Longest time in which in every bin more than `line` of what ended found a closed station or timed out.

    A bin in which nothing ended counts with the bin before it, unless nothing failing follows: silence is not recovery.
    """
    at_us, ended = (np.asarray(run.series[name], dtype=np.int64) for name in ("at_us", "ended"))
    failed = np.sum([run.series[name] for name in ("unavailable", "timed_out")], axis=0, dtype=np.int64)
    failing: list[bool] = []
    for bad, all_ in zip(np.asarray(failed).tolist(), ended.tolist(), strict=True):
        failing.append(bad > line * all_ if all_ else bool(failing) and failing[-1])
    for place in range(len(failing) - 1, -1, -1):
        later = failing[place + 1] if place + 1 < len(failing) else False
        if not ended[place] and not later:
            failing[place] = False
    length, place = longest_run(failing)
    return Spell(length, int(at_us[place]) if length else 0, length * run.bin_us)


def ended_in_bin(run: RunData, at_us: int | None) -> int | None:
    """How many payments ended in the bin that starts at an instant; None if there is no such bin."""
    if at_us is None:
        return None
    found = np.flatnonzero(np.asarray(run.series.get("at_us", ()), dtype=np.int64) == at_us)
    return int(run.series["ended"][found[0]]) if found.size else None
