"""The building blocks of the scenario schema: quantities with units, and parameters with a source.

Once parsed, money is `int` fen, a duration is `int` microseconds, a rate is `float` per day and a share is `float` in
0..1. The text an analyst writes keeps its unit; a plain number is refused where a unit matters.

Every parameter is declared through `param`, which carries what the reference page, the JSON Schema and the report need:
one line of documentation, the role (who may set it) and the source (a dated citation, or ASSUMED).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cache
from types import MappingProxyType, UnionType
from typing import Annotated, Any, ClassVar, Final, Literal, Self, Union, cast, get_args, get_origin

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from sandbox.language import _
from sandbox.scenario import units
from sandbox.scenario.paths import Path

ASSUMED = "ASSUMED"

Role = Literal["lever", "assumption", "design", "text"]
"""lever: a regulator's or operator's choice. assumption: nobody's choice. design: of the study. text: words."""


@cache
def _number_type(kind: Any) -> Any:
    """What a type annotation holds that is a plain number: `int` or `float`, or what a list, a mapping or an optional
    of it holds; None if it holds none, or a quantity that reads itself."""
    inner = get_args(kind)
    if get_origin(kind) is Annotated:
        return None if any(isinstance(one, BeforeValidator) for one in inner) else _number_type(inner[0])
    if kind in (int, float):
        return kind
    found = [_number_type(one) for one in inner[-1:] if get_origin(kind) in (list, dict)]
    found += [_number_type(one) for one in inner if get_origin(kind) in (Union, UnionType)]
    return next((one for one in found if one is not None), None)


def _read_numbers(value: object) -> object:
    """Numbers that are text as numbers, alone or in a list or a mapping; what is wrong is told entry by entry."""
    if isinstance(value, bool):
        raise PydanticCustomError("bool_for_number", "expected a number, not true or false")
    if isinstance(value, str):
        return units.parse_number(value)
    if not isinstance(value, (list, dict)):
        return value
    read: dict[Any, object] = {}
    wrong: list[InitErrorDetails] = []
    for step, one in value.items() if isinstance(value, dict) else enumerate(value):
        try:
            read[step] = _read_numbers(one)
        except PydanticCustomError as error:
            wrong.append(InitErrorDetails(type=error, loc=(step,), input=one))
    if wrong:
        raise ValidationError.from_exception_data("numbers", wrong)
    return read if isinstance(value, dict) else list(read.values())


SWITCHES: Final = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}


def _read_switch(value: object) -> object:
    """A switch, also as the words that YAML 1.1 had for one; no number and no letter."""
    found = SWITCHES.get(value.lower()) if isinstance(value, str) else value
    if not isinstance(found, bool):
        raise PydanticCustomError("bool_type", "expected `true` or `false`")
    return found


class Model(BaseModel):
    """Base of every part of a scenario: immutable, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
    filled_by_preset: ClassVar[tuple[str, ...]] = ()
    """Entries that the entry `preset` beside them fills in."""
    renamed: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """Entries by the names that they had before; the old name is refused, with the new one."""

    @classmethod
    def names_in_preset(cls, field: str, preset: object) -> list[str] | None:
        """The entries of a mapping that a preset fills in, for which nothing else stands; None if it fills in none."""
        return None

    def problems(self) -> Iterable[Problem]:
        """What in it does not go together."""
        return ()

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if problems := tuple(self.problems()):
            raise inconsistent(*problems)
        return self

    @field_validator("*", mode="before")
    @classmethod
    def _numbers(cls, value: object, info: ValidationInfo) -> object:
        """Read numbers and switches that are text, and refuse one for the other; pydantic would take `true` for 1."""
        field = cls.model_fields[info.field_name] if info.field_name else None
        if field is not None and field.annotation is bool:
            return _read_switch(value)
        if field is None or _number_type(cast("Hashable", field.annotation)) is None:
            return value
        if any(isinstance(one, BeforeValidator) for one in field.metadata):
            return _read_numbers(value) if isinstance(value, bool) else value
        return _read_numbers(value)


class Problem:
    """What a check of several values together found.

    Args:
        path: where, below the model that checks.
        message: in which words, marked with `N_`.
        sections: which sections of the scenario it looked at; the one that the path begins with if none is named.
        values: what the message is filled with. `given` is the bad value, `valid` are those it may have been meant for.
    """

    def __init__(self, path: Path, message: str, sections: tuple[str, ...] = (), **values: object) -> None:
        self.path, self.message, self.values = path, message, values
        self.sections = sections or tuple(map(str, path[:1]))


def inconsistent(*problems: Problem) -> PydanticCustomError:
    """The error by which a model reports values that do not go together."""
    lines = [f"{'.'.join(map(str, one.path))}: {_(one.message, **one.values)}" for one in problems]
    return PydanticCustomError("inconsistent", "{lines}", {"lines": "\n".join(lines), "problems": problems})


MOST_FEN: Final = 10**17
"""More than all the money there is (1,000 trillion yuan); sums of a few such amounts still fit 64 bits."""


def param(default: Any = ..., *, doc: str, source: str = ASSUMED, role: Role = "assumption", **bounds: Any) -> Any:
    """Declare a parameter: default, one-line documentation, role, source and bounds (`ge`, `le`, `gt`, `lt`, ...)."""
    factory = bounds.pop("default_factory", None)
    extra: dict[str, Any] = {"source": source, "role": role}
    if factory is not None:
        return Field(default_factory=factory, description=doc, json_schema_extra=extra, **bounds)
    return Field(default, description=doc, json_schema_extra=extra, **bounds)


def _quantity(example: str, unit: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "examples": [example], "x-unit": unit})


def _parsed_by(parse: Callable[[object, ValidationInfo], object]) -> BeforeValidator:
    # The wrapper makes the context a required parameter: pydantic passes it to no other kind of function.
    def read(value: object, info: ValidationInfo) -> object:
        return parse(value, info)

    return BeforeValidator(read)


LONGEST_US: Final = 36_600 * units.US_PER_DAY
"""A hundred years."""

Name = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^\p{C}]+$")]
"""A name that a table and a page can show."""

Money = Annotated[int, _parsed_by(units.parse_money), _quantity("2000 CNY", "CNY"), Field(ge=0, le=MOST_FEN)]
"""`2000 CNY`, `0.5 yuan`, `3 fen`, `2 million CNY`, `200 元`; stored as int fen."""

Dollars = Annotated[int, _parsed_by(units.parse_dollars), _quantity("50000 USD", "USD"), Field(ge=0, le=MOST_FEN)]
"""`50000 USD`, `22 million USD`, `5 万美元`; stored as int US cents."""

Duration = Annotated[int, _parsed_by(units.parse_duration), _quantity("15 s", "time"), Field(ge=0, le=LONGEST_US)]
"""`8 ms`, `15 s`, `5 min`, `2 h`, `3 days`, `5 分钟`; stored as int microseconds."""

Share = Annotated[
    float,
    BeforeValidator(units.parse_share),
    WithJsonSchema(
        {"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string", "examples": ["5 %"]}]}
    ),
    Field(ge=0, le=1),
]
"""`5 %` or `0.05`."""

Rate = Annotated[float, _parsed_by(units.parse_rate), _quantity("2900000 /day", "rate"), Field(ge=0)]
"""`33 /s`, `200 tps`, `3.25 /day`; stored as float per day."""

Limit = Annotated[
    Annotated[int, Field(ge=0, le=MOST_FEN)] | None,
    _parsed_by(units.parse_limit),
    WithJsonSchema({"type": "string", "examples": ["2000 CNY", "none"], "x-unit": "CNY"}),
]
"""A sum of money, or the word `none` for no limit; stored as int fen or None."""

Patience = Annotated[
    Annotated[int, Field(gt=0, le=LONGEST_US)] | None,
    _parsed_by(units.parse_patience),
    WithJsonSchema({"type": "string", "examples": ["15 s", "none"], "x-unit": "time"}),
]
"""A duration, or the word `none` for endless; stored as int microseconds or None."""

WalletClass = Literal["I", "II", "III", "IV"]
