"""A town with every kind of contract, small enough to run in a moment."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from sandbox.core.draws import Int64Array
from sandbox.engine.simulation import Simulation
from sandbox.features.contracts.active import ActiveContract
from sandbox.features.contracts.component import ProgrammableMoney
from sandbox.scenario.load import load
from sandbox.world import build

TOWN = Path(__file__).parent / "town.yaml"


class Watched:
    """A run of the town, and all its payments as columns (ended.ROWS, number)."""

    def __init__(self, changes: dict[str, Any], prepare: Callable[[Simulation], None] | None) -> None:
        scenario = load(TOWN, overrides=changes).scenario
        self.simulation = Simulation(build(scenario, scenario.seed))
        windows: list[Int64Array] = []
        self.simulation.control.listen(lambda window: windows.append(window.copy()))
        if prepare is not None:
            prepare(self.simulation)
        self.simulation.run()
        self.payments = np.concatenate(windows, axis=1)
        component = self.simulation.control.component(ProgrammableMoney)
        assert component is not None
        self.component = component
        self.rows = component.service.pendings.rows
        self.contract, self.holder, self.payee, self.deadline = component.service.pending_terms()

    def kind(self, name: str) -> Any:
        """One contract by its name."""
        found: list[ActiveContract] = [one for one in self.component.contracts if one.name == name]
        return found[0]

    def of(self, name: str) -> Int64Array:
        """Rows of its pendings."""
        return np.asarray(self.rows[self.contract == self.kind(name).number])

    def endings(self, name: str) -> dict[tuple[str, str], int]:
        """How many pendings of a contract ended how and why."""
        found = self.summary(name)["endings"]
        return {(ending, why): row["count"] for ending, rows in found.items() for why, row in rows.items()}

    def refused(self, name: str) -> dict[str, int]:
        """Attempts that came to nothing, by reason."""
        found: dict[str, int] = self.summary(name)["refused_by_reason"]
        return found

    def summary(self, name: str) -> dict[str, Any]:
        """What the summary says of a contract."""
        rows = self.component.summary()["contracts"]["contracts"]
        return dict(next(one for one in rows if one["name"] == name))


def town(prepare: Callable[[Simulation], None] | None = None, **changes: Any) -> Watched:
    """The town with values set; `__` in a name stands for a dot."""
    return Watched({name.replace("__", "."): value for name, value in changes.items()}, prepare)


@cache
def as_it_is() -> Watched:
    """The town as its file has it, run once."""
    return town()
