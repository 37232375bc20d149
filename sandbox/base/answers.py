"""What a scenario's `answers` ask for: that the entries are declared, and published numbers in their units."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from pydantic_core import PydanticCustomError

from sandbox.language import N_
from sandbox.metric import FEN, MINOR, MS, US, USD_CENTS, Unit, metric, nearest_metric, unit_of
from sandbox.scenario import units
from sandbox.scenario.paths import Path
from sandbox.scenario.schema import Scenario
from sandbox.scenario.schema.answers import OWN, Answer
from sandbox.scenario.schema.fields import Problem
from sandbox.sentence import holes

_READERS: Final[Mapping[Unit, Callable[[str], object]]] = {
    FEN: units.parse_money,
    MINOR: units.parse_money,
    USD_CENTS: units.parse_dollars,
    US: units.parse_duration,
    MS: units.parse_duration,
    "share": units.parse_share,
    "relative": units.parse_share,
}


def problems(scenario: Scenario) -> Iterator[Problem]:
    """Entries that no summary has, and published numbers that cannot be read; those of the experiment among them."""
    for place, answer in enumerate(scenario.answers):
        at: Path = ("answers", place)
        for name in ("metric", "of", "against"):
            if (path := getattr(answer, name)) is not None:
                yield from _unknown((*at, name), path)
        for path in holes(answer.says or ""):
            if path not in OWN:
                yield from _unknown((*at, "says"), path)
        if answer.published is not None and metric(answer.metric) is not None:
            try:
                _published(answer)
            except PydanticCustomError as error:
                yield Problem((*at, "published"), N_("this is read as `metric` is: {reason}"), reason=str(error))
    if scenario.experiment is not None:
        for place, path in enumerate(scenario.experiment.metrics):
            yield from _unknown(("experiment", "metrics", place), path)


def _unknown(at: Path, path: str) -> Iterable[Problem]:
    if metric(path) is not None:
        return
    near = nearest_metric(path)
    if near is None:
        yield Problem(at, N_("no run has a number '{metric}'"), metric=path)
    else:
        yield Problem(at, N_("no run has a number '{metric}'. Did you mean '{nearest}'?"), metric=path, nearest=near)


def _published(answer: Answer) -> float:
    """The published number, as the summary has its like."""
    unit = unit_of(answer.metric)
    found = _READERS.get(unit, units.parse_number)(answer.published or "")
    assert isinstance(found, (int, float))
    return found / 1000 if unit == MS else found


def resolved(scenario: Scenario) -> list[dict[str, Any]]:
    """The answers as a summary has them: without what was not given, published numbers in the unit of their entry."""
    return [
        {
            **{name: value for name, value in answer.model_dump().items() if value is not None},
            **({"published": _published(answer)} if answer.published is not None else {}),
        }
        for answer in scenario.answers
    ]
