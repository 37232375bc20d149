"""The parts of a run: what is declared of every run, and of the features that its scenario has."""

from __future__ import annotations

from sandbox.control import Control, Part, Simulated
from sandbox.scenario.schema import used


def parts_of(control: Control) -> list[Part]:
    """In the order in which they start, finish, and write their tables."""
    made = [one.part(control, mine) for one, mine in used(control.world.scenario, Simulated)]
    return [part for some in made for part in (some if isinstance(some, list) else [some])]
