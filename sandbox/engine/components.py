"""The components of a run: what is declared of every run, and of the features that its scenario has."""

from __future__ import annotations

from sandbox.control import Component, Control, Simulated
from sandbox.scenario.schema import used


def components_of(control: Control) -> list[Component]:
    """In the order in which they start, finish, and write their tables."""
    made = [one.component(control, mine) for one, mine in used(control.world.scenario, Simulated)]
    return [component for some in made for component in (some if isinstance(some, list) else [some])]
