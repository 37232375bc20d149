"""A run of an ordinary scenario file, its payments and stations, and means with honest standard errors.

Waits of successive payments depend on each other, so a standard error comes from batch means: the run is cut into
batches long against that dependence, and their means are taken as independent. The first tenth of a run is warm-up and
not used.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow.parquet as pq

from sandbox.core.layout import code, ended
from sandbox.engine.final_tables import write_final_tables
from sandbox.engine.simulation import Simulation
from sandbox.scenario.load import load
from sandbox.scenario.schema import Scenario
from sandbox.stats.steady import means_of_batches
from sandbox.tables import OUTCOMES, table_file
from sandbox.world import World, build

SCENARIOS = Path(__file__).parent / "scenarios"
BATCHES = 32
WARM_UP = 0.1
SHARP = 0.02
"""A mean counts only if its standard error is below this share of the exact value."""
SIGMAS = 4.0

Int64Array = npt.NDArray[np.int64]
GATEWAY, LEDGER = 0, 2
"""Sides of ended.WAITS and ended.SERVICES: payer gateway, payee gateway, ledger."""


@dataclass(frozen=True)
class Estimate:
    """A mean and its standard error."""

    mean: float
    standard_error: float

    def agrees(self, exact: float, sharp: float = SHARP) -> bool:
        """Within 4 standard errors of the exact value, and sharp enough for that to mean something."""
        return abs(self.mean - exact) <= SIGMAS * self.standard_error and self.sharp(exact, sharp)

    def sharp(self, exact: float, share: float = SHARP) -> bool:
        """Is the standard error small beside the exact value?"""
        return self.standard_error < share * abs(exact)


def batch_estimate(values: npt.NDArray[Any], batches: int = BATCHES) -> Estimate:
    """Mean of a series in order of time, with its standard error by batch means.

    What is left over when all batches are equally long is dropped.
    """
    means = means_of_batches(np.asarray(values, dtype=np.float64), batches)
    return Estimate(float(means.mean()), float(means.std(ddof=1) / np.sqrt(batches)))


@dataclass
class Observations:
    """What one run showed. Payments are in order of submission; times in microseconds."""

    scenario: Scenario
    submitted_us: Int64Array
    ended_us: Int64Array
    waits_us: Int64Array
    services_us: Int64Array
    outcomes: Int64Array
    stations: dict[str, dict[str, npt.NDArray[Any]]]
    """By station, the columns of `stations.parquet`, one entry a bin in which something happened."""

    @property
    def warm_us(self) -> int:
        """End of the warm-up, at the end of a bin."""
        bin_us = self.scenario.series.bin
        return round(self.scenario.duration * WARM_UP) // bin_us * bin_us

    @cached_property
    def steady(self) -> npt.NDArray[np.bool_]:
        """Payments submitted after the warm-up."""
        return np.asarray(self.submitted_us >= self.warm_us)

    def wait_us(self, side: int) -> Int64Array:
        """Waits at a stage after the warm-up."""
        return np.asarray(self.waits_us[side][self.steady])

    def spent_us(self, side: int) -> Int64Array:
        """Wait and service at a stage after the warm-up."""
        return np.asarray((self.waits_us[side] + self.services_us[side])[self.steady])

    def ended_as(self, outcome: str) -> npt.NDArray[np.bool_]:
        """Which payments after the warm-up ended so."""
        return np.asarray(self.outcomes[self.steady] == OUTCOMES.index(outcome))

    def bins(self, station: str, column: str) -> npt.NDArray[Any]:
        """A station's column, one entry for every bin between warm-up and the end of demand."""
        table = self.stations[station]
        chosen = (table["at_us"] >= self.warm_us) & (table["at_us"] < self.scenario.duration)
        expected = (self.scenario.duration - self.warm_us) // self.scenario.series.bin
        assert int(chosen.sum()) == expected, f"{station} was idle for a whole bin: use longer bins"
        return np.asarray(table[column][chosen])


def scenario_of(file: str, overrides: Mapping[str, Any] | None = None, seed: int | None = None) -> Scenario:
    """One of the scenario files beside this module, as an analyst would load it."""
    return load(SCENARIOS / file, overrides=overrides, seed=seed).scenario


def observe(scenario: Scenario, tamper: Callable[[World], None] | None = None) -> Observations:
    """Run a scenario and keep what the checks need; `tamper` puts a mistake into its world, to test the checks."""
    rows = [
        ended.SUBMITTED_AT,
        ended.ENDED_AT,
        ended.CODES,
        *range(ended.WAITS, ended.WAITS + 3),
        *range(ended.SERVICES, ended.SERVICES + 3),
    ]
    parts: list[Int64Array] = []
    world = build(scenario, scenario.seed)
    if tamper is not None:
        tamper(world)
    simulation = Simulation(world)
    simulation.on_window.append(lambda window: parts.append(window[rows]))
    simulation.run()
    columns = np.concatenate(parts, axis=1)
    columns = columns[:, np.argsort(columns[0], kind="stable")]
    with tempfile.TemporaryDirectory() as folder:
        write_final_tables(simulation, Path(folder))
        table = pq.read_table(Path(folder) / table_file("stations")).to_pandas()
    stations = {
        str(name): {column: rows[column].to_numpy() for column in rows.columns if column != "station"}
        for name, rows in table.groupby("station", observed=True)
    }
    return Observations(
        scenario, columns[0], columns[1], columns[3:6], columns[6:9], columns[2] & code.OUTCOME_MASK, stations
    )
