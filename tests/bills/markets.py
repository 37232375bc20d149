"""Small markets for bills and data, with nothing beside them."""

from __future__ import annotations

from typing import Any

from sandbox.engine.simulation import Simulation
from sandbox.scenario.schema import Scenario, scenario_from
from sandbox.world import build

DAY_US = 86_400_000_000


def scenario_of(days: int = 40, **sections: Any) -> Scenario:
    """Two operators, four wallets, no demand of their own."""
    data = {
        "title": "Small",
        "question": "Does it hold?",
        "duration": days * DAY_US,
        "series": {"bin": DAY_US},
        "institutions": {name: {"share": 0.5, "servers": 2} for name in ("north", "south")},
        "population": {"wallets": 2, "corporates": 2},
        "merchants": {"count": 1},
        "demand": {"segments": {"shops": {"payments": 1.0}}},
        **sections,
    }
    return scenario_from(data)


def ran(scenario: Scenario, seed: int = 1) -> Simulation:
    """A run of it that is over."""
    simulation = Simulation(build(scenario, seed))
    simulation.run()
    return simulation
