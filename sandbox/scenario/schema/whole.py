"""The whole scenario: what every scenario has, and the sections that features declare."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Generic, NamedTuple, Self, TypeVar

from pydantic import create_model, model_validator

from sandbox.feature import Declaration, Feature, FeatureError, declared, features
from sandbox.scenario.schema.consistency import find_problems
from sandbox.scenario.schema.fields import Model, Problem, Role, inconsistent, param
from sandbox.scenario.schema.scenario import Scenario
from sandbox.signals import held

Mine = TypeVar("Mine", bound=Model)

LAST: Final = "experiment"
"""The section before which those of features are written out."""


class Dated(NamedTuple):
    """Something that begins, and perhaps ends, at a time of its own (us): the path of its section, the name of the
    entry that says when it begins, and how long it lasts."""

    path: tuple[str | int, ...]
    entry: str
    begins: int
    lasts: int | None = None


def _nothing(*_: object) -> Iterable[Any]:
    return ()


@dataclass(frozen=True)
class Section(Generic[Mine]):
    """What a feature declares of its section of a scenario; a run has the feature if its scenario has the section.

    Args:
        key: its name in a file.
        model: its pydantic model; parameters are declared with `sandbox.scenario.schema.fields.param`.
        doc: one line for the reference.
        role: who may set it.
        problems: what in it does not go together, or not with the rest of the scenario. A problem's code is one of
            `sandbox.text`, or the sentence itself.
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
    """

    find: Callable[[Scenario], object | None]


class _Checked(Scenario):
    @model_validator(mode="after")
    def _consistent(self) -> Self:
        """Checks that need more than one section."""
        problems = find_problems(self)
        for section, mine in used(self, Section):
            problems += section.problems(self, mine)
        if problems:
            raise inconsistent(*problems)
        return self


def used(scenario: Scenario, kind: type[Declaration]) -> list[tuple[Declaration, Any]]:
    """What features that a scenario has declare of a kind, in order, each with its section or what it finds `Within`
    the scenario."""
    held = ((one, _held(scenario, one)) for one in features())
    return [(said, mine) for one, mine in held if mine is not None and (said := one.said(kind)) is not None]


def _held(scenario: Scenario, feature: Feature) -> object | None:
    section, within = feature.said(Section), feature.said(Within)
    if section is not None:
        return getattr(scenario, section.key, None)
    return within.find(scenario) if within is not None else None


def whole() -> type[Scenario]:
    """The model of a scenario with every section there is now."""
    return _made(tuple(section for _, section in declared(Section)))


def validate(data: object, *, context: dict[str, object] | None = None) -> Scenario:
    """A scenario of plain values.

    Raises:
        pydantic.ValidationError: it is none.
    """
    return whole().model_validate(data, context=context)


@cache
def _made(sections: tuple[Section[Any], ...]) -> type[Scenario]:
    order = list(Scenario.model_fields)
    for section in sections:
        if section.key in order:
            raise FeatureError(f"section {section.key!r}: that name is taken")
        order.insert(order.index(LAST), section.key)
    fields: dict[str, Any] = {
        section.key: (section.model | None, param(None, doc=section.doc, role=section.role)) for section in sections
    }
    with held():  # pydantic calls a schema broken whose making was interrupted
        made = create_model("Scenario", __base__=_Checked, __module__=__name__, **fields)
        made.__doc__ = Scenario.__doc__
        declared_fields = {name: made.model_fields[name] for name in order}
        made.__pydantic_fields__ = declared_fields
        made.model_rebuild(force=True)
    return made
