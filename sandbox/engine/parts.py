"""The parts of a run: each looks at the scenario and says whether it has something to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sandbox.banking.postings import postings
from sandbox.control import Control, Part, Simulated
from sandbox.feature import of_program
from sandbox.oversight.containment import containment
from sandbox.scenario.schema import used


def _of_features(control: Control) -> list[Part]:
    return [part for one, mine in used(control.world.scenario, Simulated) for part in _listed(one.part(control, mine))]


def _listed(made: Part | list[Part] | None) -> list[Part]:
    return made if isinstance(made, list) else [] if made is None else [made]


PARTS: Final[tuple[Callable[[Control], Part | list[Part] | None], ...]] = (postings, containment, _of_features)
"""In the order in which they start, finish, and write their tables."""


_OURS: Final = PARTS


def foreign_parts() -> list[str]:
    """What somebody has put into `PARTS`, or taken out of it, since this program was started, or uses as a feature that
    is not installed: a worker would not have it."""
    changed = [*(make for make in PARTS if make not in _OURS), *(make for make in _OURS if make not in PARTS)]
    names = [f"{make.__module__}.{getattr(make, '__qualname__', make)}" for make in changed]
    return [*names, *(f"the feature {one.name}" for one in of_program())]


def parts_of(control: Control) -> list[Part]:
    """Those that this run has."""
    return [part for make in PARTS for part in _listed(make(control))]
