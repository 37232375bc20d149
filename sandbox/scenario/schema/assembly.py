"""The whole scenario: what every scenario has, and the sections that features declare."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import create_model

from sandbox.feature import Declaration, Feature, FeatureError, declared, features
from sandbox.scenario.schema.consistency import find_problems
from sandbox.scenario.schema.fields import Problem, param
from sandbox.scenario.schema.scenario import Scenario
from sandbox.scenario.section import Section, Within
from sandbox.signals import signals_held


class _Checked(Scenario):
    def problems(self) -> Iterator[Problem]:
        """What needs more than one section to be seen."""
        yield from find_problems(self)
        for section, mine in used(self, Section):
            yield from section.problems(self, mine)
        for within, found in used(self, Within):
            yield from within.problems(self, found)


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


def scenario_model() -> type[Scenario]:
    """The model of a scenario with every section there is now; those that a regulator sets stand before others."""
    sections = (section for _, section in declared(Section))
    return _made(tuple(sorted(sections, key=lambda one: one.role != "lever")))


def scenario_from(data: object, *, context: dict[str, object] | None = None) -> Scenario:
    """A scenario of plain values.

    Raises:
        pydantic.ValidationError: it is none.
    """
    return scenario_model().model_validate(data, context=context)


@cache
def _made(sections: tuple[Section[Any], ...]) -> type[Scenario]:
    fields: dict[str, Any] = {}
    for section in sections:
        if section.key in Scenario.model_fields or section.key in fields:
            raise FeatureError(f"section {section.key!r}: that name is taken")
        fields[section.key] = (section.model | None, param(None, doc=section.doc, role=section.role))
    with signals_held():  # pydantic calls a schema broken whose making was interrupted
        made = create_model("Scenario", __base__=_Checked, __module__=__name__, **fields)
        made.__doc__ = Scenario.__doc__
    return made
