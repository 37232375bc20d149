"""A scenario in, the tables of a run folder and its summary out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sandbox.engine.final_tables import write_final_tables
from sandbox.engine.journal import JournalWriter
from sandbox.engine.recorder import PaymentsWriter
from sandbox.engine.simulation import Simulation, names_of
from sandbox.scenario.schema import Scenario
from sandbox.world import World, build


def simulate(
    scenario: Scenario,
    folder: Path | None,
    *,
    name: str,
    record: str | float = "all",
    base_dir: Path | None = None,
    progress: Callable[[float, str], None] | None = None,
    prepare: Callable[[Simulation], None] | None = None,
) -> dict[str, Any]:
    """Run a scenario; writes the Parquet tables into `folder` and returns the summary. Without a folder nothing is
    written, and the summary is the same.

    `prepare` gets the simulation before it runs, to add processes and listeners of one's own.

    Raises ScenarioErrors for a trace that cannot be used, BrokenInvariant for a bug, OSError for a full disk.
    """
    from sandbox.metrics.summary import summarise

    world = build(scenario, scenario.seed, base_dir)
    writer = None if folder is None else payments_writer(folder, world, record)
    try:
        simulation = Simulation(world, writer, progress)
        if prepare is not None:
            prepare(simulation)
        simulation.run()
    finally:
        if writer is not None:
            writer.close()
    for component in simulation.components:
        component.afterwards(lambda other: _again(other, base_dir))
    if folder is not None:
        write_final_tables(simulation, folder)
    return summarise(simulation, name)


def _again(scenario: Scenario, base_dir: Path | None) -> Simulation:
    """Another run that a component asks for when this one is over; nothing of it is written."""
    trial = Simulation(build(scenario, scenario.seed, base_dir))
    trial.run()
    return trial


def payments_writer(folder: Path, world: World, record: str | float) -> PaymentsWriter:
    """What writes a run's payments, and its journal with them."""
    names = names_of(world)
    return PaymentsWriter(folder, names, record, JournalWriter(folder, names, world.seed))
