"""All that was published and can be held against the simulator, by name."""

from __future__ import annotations

import pkgutil
from typing import Final

from sandbox.feature import declared
from sandbox.validation.check import Case, Published

CASES: Final = {
    "queues": "sandbox.validation.queues:checks",
    "luohu": "sandbox.validation.luohu:checks",
}
"""Where the checks of each stand; features declare theirs (`Published`)."""


def names() -> tuple[str, ...]:
    """Every case."""
    return tuple(_places())


def case(name: str) -> Case:
    """The case of a name."""
    return Case(name, pkgutil.resolve_name(_places()[name]))


def _places() -> dict[str, str]:
    return CASES | {name: place for _, one in declared(Published) for name, place in one.cases.items()}
