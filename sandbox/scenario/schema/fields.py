"""The building blocks of the scenario schema: quantities with units, and parameters with a source.

Once parsed, money is `int` fen, a duration is `int` microseconds, a rate is `float` per day and a share is `float` in
0..1. The text an analyst writes keeps its unit; a plain number is refused where a unit matters.

Every parameter is declared through `param`, which carries what the reference page, the JSON Schema and the report need:
one line of documentation, the role (who may set it) and the source (a dated citation, or ASSUMED).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from sandbox.scenario import units

ASSUMED = "ASSUMED"

Role = Literal["lever", "assumption", "design", "text"]
"""lever: a regulator's or operator's choice. assumption: nobody's choice. design: of the study. text: words."""


class Model(BaseModel):
    """Base of every part of a scenario: immutable, and an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def param(default: Any = ..., *, doc: str, source: str = ASSUMED, role: Role = "assumption", **bounds: Any) -> Any:
    """Declare a parameter: default, one-line documentation, role, source and bounds (`ge`, `le`, `gt`, `lt`, ...)."""
    factory = bounds.pop("default_factory", None)
    extra = {"source": source, "role": role}
    if factory is not None:
        return Field(default_factory=factory, description=doc, json_schema_extra=extra, **bounds)
    return Field(default, description=doc, json_schema_extra=extra, **bounds)


def _quantity(example: str, unit: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "examples": [example], "x-unit": unit})


Money = Annotated[int, BeforeValidator(units.parse_money), _quantity("2000 CNY", "CNY"), Field(ge=0)]
"""`2000 CNY`, `0.5 yuan`, `3 fen`, `2 million CNY`, `200 元`; stored as int fen."""

Duration = Annotated[int, BeforeValidator(units.parse_duration), _quantity("15 s", "time"), Field(ge=0)]
"""`8 ms`, `15 s`, `5 min`, `2 h`, `3 days`, `5 分钟`; stored as int microseconds."""

Share = Annotated[
    float,
    BeforeValidator(units.parse_share),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0, "maximum": 1}, {"type": "string", "examples": ["5 %"]}]}),
    Field(ge=0, le=1),
]
"""`5 %` or `0.05`."""

Rate = Annotated[float, BeforeValidator(units.parse_rate), _quantity("2900000 /day", "rate"), Field(ge=0)]
"""`33 /s`, `200 tps`, `3.25 /day`; stored as float per day."""

Limit = Annotated[
    int | None,
    BeforeValidator(units.parse_limit),
    WithJsonSchema({"type": "string", "examples": ["2000 CNY", "none"], "x-unit": "CNY"}),
]
"""A sum of money, or the word `none` for no limit; stored as int fen or None."""

Patience = Annotated[
    int | None,
    BeforeValidator(units.parse_patience),
    WithJsonSchema({"type": "string", "examples": ["15 s", "none"], "x-unit": "time"}),
]
"""A duration, or the word `none` for endless; stored as int microseconds or None."""

WalletClass = Literal["I", "II", "III", "IV"]
