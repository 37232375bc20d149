"""What a feature declares of the scenario: its section, or what it reads of others.

Nothing is imported here that reading a feature's name would not need: models come with `Later`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from sandbox.scenario.schema.fields import Model, Problem, Role
    from sandbox.scenario.schema.scenario import Scenario

Mine = TypeVar("Mine", bound="Model")


class Dated(NamedTuple):
    """Something that begins, and perhaps ends, at a time of its own (us): the path of its section, the name of the
    entry that says when it begins, and how long it lasts."""

    path: tuple[str | int, ...]
    entry: str
    begins: int
    lasts: int | None = None


def _nothing(*__: object) -> Iterable[Any]:
    return ()


@dataclass(frozen=True)
class Section(Generic[Mine]):
    """What a feature declares of its section of a scenario; a run has the feature if its scenario has the section.

    Args:
        key: its name in a file.
        model: its pydantic model; parameters are declared with `sandbox.scenario.schema.fields.param`.
        doc: one line for the reference.
        role: who may set it.
        problems: what in it does not go together, or not with the rest of the scenario.
        dated: what in it begins at a time of its own.
        needs: what of it takes memory as it grows: the path of the lever, how many, and bytes for each.
    """

    key: str
    model: type[Mine]
    doc: str
    role: Role = "design"
    problems: Callable[[Scenario, Mine], Iterable[Problem]] = _nothing
    dated: Callable[[Mine], Iterable[Dated]] = _nothing
    needs: Callable[[Scenario, Mine], Iterable[tuple[str, float, float]]] = _nothing


@dataclass(frozen=True)
class Within:
    """What a feature without a section of its own declares: a run has it if it finds what it needs in the scenario.

    Args:
        find: what the feature goes by; None if the scenario has no use for it.
        problems: what in that does not go together, or not with the rest of the scenario.
    """

    find: Callable[[Scenario], object | None]
    problems: Callable[[Scenario, Any], Iterable[Problem]] = _nothing
