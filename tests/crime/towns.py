"""A town with crime in it, small enough to run in a moment."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from sandbox.engine.simulation import Simulation
from sandbox.features.crime.criminals import Criminals
from sandbox.scenario.load import load
from sandbox.scenario.schema import Scenario
from sandbox.world import build

TOWN = Path(__file__).parent / "scenarios" / "crime-town.yaml"


def town(**changes: Any) -> Scenario:
    """The town with values set; `__` in a name stands for a dot."""
    return load(TOWN, overrides={name.replace("__", "."): value for name, value in changes.items()}).scenario


def only(name: str, single: str | None = None, **crime: Any) -> Scenario:
    """The town with one pattern and nothing else illicit, and with `single` as every class's limit on a payment."""
    changes: dict[str, Any] = {"crime": {"no_pattern": 0.0, "share": "5 %", "patterns": {name: {}}, **crime}}
    if single is not None:
        classes = {klass: {"single": single} for klass in ("I", "II", "III", "IV")}
        changes["rules__wallet_limits"] = {"classes": classes}
    return town(**changes)


def simulated(scenario: Scenario, prepare: Callable[[Simulation], None] | None = None) -> Simulation:
    """The scenario run to its end."""
    simulation = Simulation(build(scenario, scenario.seed))
    if prepare is not None:
        prepare(simulation)
    simulation.run()
    return simulation


@cache
def as_it_is() -> Simulation:
    """The town as its file has it, run once."""
    return simulated(town())


def criminals(simulation: Simulation) -> Criminals:
    """Its part that is crime."""
    (part,) = [one for one in simulation.components if isinstance(one, Criminals)]
    return part
