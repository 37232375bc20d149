"""What the pydantic models say of a scenario: what may stand at a path, the values in force, how they are written.

A *leaf* is one value with a unit or a list of plain values; everything above is a section, a mapping of names, or a
list of sections. Everything is read off the pydantic models, so nothing about a parameter is said twice.
"""

from __future__ import annotations

import math
import types
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache
from typing import Annotated, Any, Final, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sandbox.scenario import units
from sandbox.scenario.paths import ANY, Path, parse_path
from sandbox.scenario.schema import Scenario, fields, scenario_model

TEXT_FIELDS: Final = ("title", "question", "look_for", "answers", "sources", "extends")
"""Fields of a scenario that hold words; they change no number."""

RANGED: Final = ("money", "dollars", "duration", "rate", "share", "limit", "patience", "whole", "number")
"""Units of values that are ordered, so that a range of them means something."""

_UNITS: Final[tuple[tuple[Any, str], ...]] = (
    (fields.Money, "money"),
    (fields.Dollars, "dollars"),
    (fields.Duration, "duration"),
    (fields.Rate, "rate"),
    (fields.Share, "share"),
    (fields.Limit, "limit"),
    (fields.Patience, "patience"),
)


@dataclass(frozen=True)
class Shape:
    """What may stand somewhere.

    Attributes:
        kind: `section` (a model), `mapping` (names to `item`), `sequence` (a list of sections), or `value`.
        unit: of a value: money, dollars, duration, rate, share, limit, patience, whole, number, switch, text, date,
            choice, or list (of plain values).
        model: of a section.
        item: of a mapping or sequence.
        choices: of a choice, or of a mapping's names where they are fixed.
    """

    kind: Literal["section", "mapping", "sequence", "value"]
    unit: str = ""
    model: type[BaseModel] | None = None
    item: Shape | None = None
    choices: tuple[str, ...] = ()


class Leaf(NamedTuple):
    """A value in force: where, what, in which unit, the field that declares it, and the fields of the sections above
    (None for a section that stands in a mapping or a list)."""

    path: Path
    value: Any
    shape: Shape
    field: FieldInfo
    above: tuple[FieldInfo | None, ...]


@cache
def shape_of(hint: Any) -> Shape:
    """The shape that a type annotation of the schema stands for."""
    for declared, unit in _UNITS:
        if hint is declared:
            return Shape("value", unit)
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return shape_of(inner[0])
    if origin in (Union, types.UnionType):
        return shape_of(next(one for one in inner if one is not type(None)))
    if origin is Literal:
        return Shape("value", "choice", choices=tuple(str(one) for one in inner))
    if origin is dict:
        return Shape("mapping", item=shape_of(inner[1]), choices=shape_of(inner[0]).choices)
    if origin is list:
        item = shape_of(inner[0])
        return Shape("sequence", item=item) if item.kind == "section" else Shape("value", "list", item=item)
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return Shape("section", model=hint)
    names = {int: "whole", float: "number", bool: "switch", str: "text", datetime: "date"}
    return Shape("value", names[hint])


def root_shape() -> Shape:
    """What a whole scenario is."""
    return shape_of(scenario_model())


@cache
def shapes(model: type[BaseModel]) -> dict[str, Shape]:
    """The shape of each field of a model."""
    hints = get_type_hints(model, include_extras=True)
    return {name: shape_of(_declared(hints[name])) for name in model.model_fields}


def _declared(hint: Any) -> Any:
    # An alias such as Money arrives as an equal, not the same, object once hints are resolved.
    return next((declared for declared, _ in _UNITS if hint == declared), hint)


def shape_at(path: Path) -> Shape | None:
    """What may stand at a path of a scenario; None if nothing may."""
    shape: Shape | None = root_shape()
    for step in path:
        if shape is None:
            return None
        if shape.kind == "section" and shape.model is not None:
            shape = shapes(shape.model).get(str(step))
        elif (
            shape.kind == "mapping"
            or (shape.kind == "sequence" and (isinstance(step, int) or step == ANY))
            or (shape.unit == "list" and isinstance(step, int))
        ):
            shape = shape.item
        else:
            return None
    return shape


def leaves(scenario: Scenario) -> Iterator[Leaf]:
    """Every value in force, in the order of the schema; `sources` and `extends` are not values."""
    for leaf in _section(scenario, (), ()):
        if leaf.path[0] not in ("sources", "extends"):
            yield leaf


def _section(section: BaseModel, path: Path, above: tuple[FieldInfo | None, ...]) -> Iterator[Leaf]:
    kinds = shapes(type(section))
    for name, field in type(section).model_fields.items():
        yield from _below(getattr(section, name), kinds[name], (*path, name), field, above)


def _below(
    value: Any, shape: Shape, path: Path, field: FieldInfo, above: tuple[FieldInfo | None, ...]
) -> Iterator[Leaf]:
    if shape.kind == "value":
        yield Leaf(path, value, shape, field, above)
    elif isinstance(value, BaseModel):
        yield from _section(value, path, (*above, field))
    elif isinstance(value, (dict, list)) and shape.item is not None:
        for step, one in value.items() if isinstance(value, dict) else enumerate(value):
            if isinstance(one, BaseModel):
                yield from _section(one, (*path, step), (*above, None))
            else:
                yield from _below(one, shape.item, (*path, step), field, above)


def written(value: Any, shape: Shape) -> Any:
    """A value in force as a file would give it: text with its unit, a plain number, true or false, or a list; a section
    as a mapping of all its entries."""
    if shape.kind == "section" and isinstance(value, BaseModel):
        kinds = shapes(type(value))
        return {name: written(getattr(value, name), kinds[name]) for name in type(value).model_fields}
    if isinstance(value, dict) and shape.item is not None:
        return {name: written(one, shape.item) for name, one in value.items()}
    if isinstance(value, list) and shape.item is not None:
        return [written(one, shape.item) for one in value]
    return _written_value(value, shape.unit)


def _written_value(value: Any, unit: str) -> Any:
    if value is None and unit not in ("limit", "patience"):
        return None
    if unit in units.WRITERS:
        return units.WRITERS[unit](value)
    if unit == "date":
        return f"{value:%Y-%m-%d}" if value.time() == time() else value.isoformat(sep=" ")
    return value


def shown_value(value: Any, shape: Shape) -> str:
    """A value in force as one line of text.

    >>> shown_value(200_000, Shape("value", "money")), shown_value(True, Shape("value", "switch"))
    ('2000 CNY', 'true')
    """
    plain = written(value, shape)
    if plain is None:
        return "none"
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if isinstance(plain, list):
        return "[" + ", ".join(shown_value(one, shape.item or shape) for one in value) + "]"
    return units.format_number(plain) if isinstance(plain, (int, float)) else str(plain)


def number_of(path: str, words: str) -> float:
    """A parameter's value in its stored unit (fen, us, payments a day, share); infinity for `none`, NaN if it is no
    number.

    >>> number_of("rules.kyc_delay", "1 h"), number_of("ledger.servers", "1,000"), number_of("ledger.servers", "x")
    (3600000000.0, 1000.0, nan)
    """
    steps = parse_path(path)
    shape = None if steps is None else shape_at(steps)
    try:
        value = units.PARSERS.get(shape.unit if shape else "", units.parse_number)(words)
    except ValueError:
        return math.nan
    return math.inf if value is None else float(value)
