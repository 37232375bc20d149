"""One warm-up for all runs of an experiment, from a few runs made beforehand.

A cut of its own for each run looks for the calmest end of that run and so picks low values (`sandbox.stats.steady`).
"""

from __future__ import annotations

from typing import Final

from sandbox.engine.simulation import Simulation
from sandbox.metrics.steady import in_flight
from sandbox.scenario.load import Loaded
from sandbox.simulate import simulate
from sandbox.stats.steady import common_warm_up

PILOTS: Final = 5


def common_cut_us(loaded: Loaded) -> int:
    """What to cut of the beginning of each run (us), judged by the mean of five runs that are not used otherwise."""
    runs: list[list[float]] = []
    for number in range(PILOTS):
        # Far from the seeds of replications, which count up from the scenario's.
        scenario = loaded.scenario.model_copy(update={"seed": (loaded.scenario.seed + 2**62 + number) % 2**63})
        seen: list[Simulation] = []
        simulate(scenario, None, name=loaded.name, base_dir=loaded.base_dir, prepare=seen.append)
        runs.append(in_flight(seen[0]))
    return common_warm_up(runs).cut * loaded.scenario.series.bin
