"""A run's steady state: what its beginning is worth, and means with intervals over the rest, from one long run.

Bins of the series are the values, in order of time, up to the end of demand. One cut holds for all numbers: MSER-5 of
the payments in flight, the state of the whole system; or what the scenario says. Intervals are by batch means.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from sandbox.engine.simulation import Simulation
from sandbox.stats.steady import BATCHES, WarmUp, batch_means, mser5

JUDGED_BY: Final = "in_flight"
NUMBERS: Final = (JUDGED_BY, "submitted", "settled", "settled_fen", "gateway_queue_mean", "ledger_queue_mean",
                  "gateway_utilisation_max", "ledger_utilisation")  # fmt: skip
"""Columns of the series that have a steady state, each a value a bin."""


def in_flight(simulation: Simulation) -> list[float]:
    """Payments in flight at the end of each whole bin of demand: what a warm-up is judged by."""
    return [float(value) for value in _column(simulation, JUDGED_BY)]


def steady_state(simulation: Simulation) -> dict[str, Any]:
    """The section `steady_state`; {} if the scenario asks for none."""
    series = simulation.world.scenario.series
    if not series.steady_state:
        return {}
    judged = in_flight(simulation)
    found = mser5(judged) if series.warm_up is None else _given(series.warm_up // series.bin, len(judged))
    section: dict[str, Any] = {
        "bins": len(judged),
        "bin_us": series.bin,
        "cut_by": "mser5" if series.warm_up is None else "scenario",
        "cut_us": found.cut * series.bin,
        "cut_share": found.share,
        "reached": found.settled,
        "numbers": {},
    }
    for name in NUMBERS:
        values = _column(simulation, name)
        if len(values) - found.cut < BATCHES:
            continue  # which is said by whoever shows the summary
        one = batch_means(values, warm_up=found)
        section["numbers"][name] = {
            "mean": one.mean.value,
            "low": one.mean.low,
            "high": one.mean.high,
            "level": one.mean.level,
            "batches": one.batches,
            "batch_bins": one.length,
            "correlation": one.correlation,
            "trusted": one.trusted,
        }
    return {"steady_state": section}


def _given(cut: int, count: int) -> WarmUp:
    """What somebody else has found, or wants."""
    return WarmUp(min(cut, count), count, cut <= count // 2)


def _column(simulation: Simulation, name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    scenario = simulation.world.scenario
    whole = scenario.duration // scenario.series.bin
    return np.asarray(simulation.observer.series()[name][:whole], dtype=np.float64)
