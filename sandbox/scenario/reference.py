"""What a scenario file may say, made from the schema: JSON Schema for editors, and the reference page for people.

`sandbox/reference.py` writes the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from sandbox.scenario.introspection import Shape, shapes, shown_value, written
from sandbox.scenario.provenance import declared_role, declared_source, default_source
from sandbox.scenario.schema import fields, scenario_model
from sandbox.scenario.schema.demand import PROFILES, TICKETS
from sandbox.scenario.units import WRITERS, format_number

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_SHORTHANDS: Final = {"Ticket": list(TICKETS), "Profile": list(PROFILES)}
_COLUMNS: Final = ("parameter", "value", "default", "bounds", "role", "what it is", "source of the default")
_KINDS: Final = {
    "money": "amount", "dollars": "amount in USD", "duration": "time", "rate": "rate", "share": "share",
    "limit": "amount or `none`", "patience": "time or `none`", "whole": "whole number",
    "number": "number", "switch": "`true` or `false`",
    "text": "text", "date": "date, or date and time",
}  # fmt: skip
_INTRODUCTION: Final = """\
# Scenario files

<!-- Made by `python -m sandbox.scenario.reference`; edit the schema, not this page. -->

A scenario is a YAML 1.2 file. Only `title` and `question` must be there; everything else has a default. Mistakes are
reported all at once, each as `FILE:LINE: PATH: what is wrong`. `ecny-sandbox new FILE` writes a file to start from.

**Values.** Amounts, times and rates need their unit; a plain number is refused where a unit matters.

| value | examples |
| --- | --- |
| amount | `2000 CNY`, `0.5 yuan`, `3 fen`, `2 million CNY`, `200 元`, `5 万元` |
| time | `8 ms`, `15 s`, `5 min`, `2 h`, `3 days`, `5 分钟`, `16 days 4 h` |
| rate | `33 /s`, `200 tps`, `2900000 /day` |
| share | `5 %` or `0.05` |

**Numbers.** Decimals follow a point. A comma, or an underscore, stands only between groups of three digits:
`1,000,000` or `1_000_000`; `1,5` is refused. This holds for every number that is typed, in files, on the command line
and in payment traces. In braces and brackets a comma ends an entry: write `{wallets: 20000}`, not `{wallets: 20,000}`.
A time may have several parts, each with a smaller unit than the one before it.

**Leaving out.** What is left out, and what is `null`, is at its default. `none` is a value: no limit, no end. A name
must be known even where nothing stands after it. A section given in part keeps its other defaults. A mapping of free
names (`institutions`, `merchants.categories`) and a mapping by wallet class take the place of the default mapping as a
whole, and something has to stand after each name; in a file that extends another, `null` takes one of its names out.

**extends.** `extends: NAME` takes everything from another scenario: one of the gallery, or a `.yaml` file given
relative to this one; up to 8 may extend one another. Mappings merge entry by entry, lists and single values replace,
`null` takes a value back to its default. Title and question are never taken over; what to look for is joined. Who
chooses a `preset` chooses all that it gives: values that an earlier file set in its place are dropped.

**--set.** `--set a.b.c=VALUE` on the command line comes last. `faults[0].starts=5 min` names an entry of a list, single
quotes a name with dots or spaces: `institutions.'Bank of X'.share=5 %`. VALUE is YAML: `{share: 5 %}`, `[1, 2]`.

**After the end.** A fault, a campaign, an attack or a change of rules that begins when the run is over never happens,
and of one that lasts longer the end is not seen. That is no mistake, for runs are made shorter to try something:
`check` and `run` tell it with its place, and the report tells it too. A contract or a fault across borders after the
end is refused. Midnight is `00:00` of the day that begins; `24:00` is refused.

**sources.** `sources:` says where numbers come from, by path or by the start of one; the longest path counts, and `*`
stands for any one name or entry: `institutions.*.share: annual reports 2025`. A text that starts with `FITTED` or
`ASSUMED` is shown as such. A source holds for values set in its own file or in files that this one extends. A value
that a file sets without any source counts as ASSUMED; one set on the command line is shown as such.

**Roles.** *lever*: a regulator's or operator's choice. *assumption*: nobody's choice. *design*: a choice of the study.
*text*: words.

**Bounds of a file.** 1 MiB, 32 levels deep, 100,000 names and values with aliases counted as often as they are used; no
tags, no merge keys, no name twice, UTF-8.
"""


def json_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a scenario file, with units, defaults as a file writes them, roles and sources.

    Only `title` and `question` are required in it: a file that extends another may leave out what that one gives.
    """
    schema = scenario_model().model_json_schema()
    models: dict[str, type[BaseModel]] = {**_models(scenario_model()), "Scenario": scenario_model()}
    for name, model in models.items():
        place = schema if model is scenario_model() else schema["$defs"][name]
        _with_units(place, model)
        if model is not scenario_model():
            place.pop("required", None)
    for name, choices in _SHORTHANDS.items():
        schema["$defs"][name] = {"anyOf": [{"type": "string", "enum": choices}, schema["$defs"][name]]}
    return {"$schema": DIALECT, **schema}


def _models(model: type[BaseModel]) -> dict[str, type[BaseModel]]:
    found: dict[str, type[BaseModel]] = {}
    for shape in shapes(model).values():
        inner = shape.item if shape.kind in ("mapping", "sequence") and shape.item is not None else shape
        if inner.model is not None and inner.model.__name__ not in found:
            found[inner.model.__name__] = inner.model
            found.update(_models(inner.model))
    return found


def _with_units(place: dict[str, Any], model: type[BaseModel]) -> None:
    place.pop("title", None)
    for name, field in model.model_fields.items():
        entry = place["properties"][name]
        entry.pop("title", None)
        for key in ("role", "source"):
            entry[f"x-{key}"] = entry.pop(key)
        default = field.get_default(call_default_factory=True)
        entry.pop("default", None)
        if default is not PydanticUndefined and default is not None:
            entry["default"] = written(default, shapes(model)[name])


def reference_markdown() -> str:
    """The reference page: every parameter with its unit, default, bounds, role, one line of documentation, source."""
    sections = [_INTRODUCTION, *_section(scenario_model(), "", None, None)]
    return "\n".join(sections)


def _section(model: type[BaseModel], path: str, default: BaseModel | None, around: FieldInfo | None) -> Iterator[str]:
    """The page's part about a section and what is below.

    Args:
        default: the section where its own field's default has it; None below a mapping or list.
        around: declares the section.
    """
    rows, below = [], []
    for name, shape in shapes(model).items():
        field = model.model_fields[name]
        here = f"{path}.{name}" if path else name
        value = field.get_default(call_default_factory=True) if default is None else getattr(default, name)
        inner = shape.item if shape.kind in ("mapping", "sequence") else shape
        preset = getattr(default, "preset", None) if default is not None else None
        points = preset is not None and declared_source(field).startswith("see ")
        rows.append(_row(here, shape, field, value, None if points else around))
        if inner is not None and inner.model is not None:
            step = {"mapping": ".NAME", "sequence": "[0]"}.get(shape.kind, "")
            part = value if isinstance(value, BaseModel) else None
            below.append((inner.model, here + step, part, field if shape.kind == "section" else None))
    words = (model.__doc__ or "").strip().replace("\n    ", "\n")
    yield f"## {f'`{path}`' if path else 'The file'}\n\n{words}\n\n{_table(rows)}\n"
    for one in below:
        yield from _section(*one)


def _row(path: str, shape: Shape, field: FieldInfo, value: Any, around: FieldInfo | None) -> tuple[str, ...]:
    is_part = shape.kind in ("section", "sequence") or (shape.item is not None and shape.item.kind == "section")
    given = value is not PydanticUndefined
    if not given:
        default = "required"
    elif is_part:
        default = ", ".join(value) if isinstance(value, dict) and value else "" if value is not None else "none"
    elif isinstance(value, dict):
        default = ", ".join(f"{name}: {_default(one, shape.item)}" for name, one in value.items()) or "none"
    else:
        default = _default(value, shape)
    source = default_source(field, path.rpartition(".")[2], value, around) if given and not is_part else ""
    if is_part and declared_source(field) != fields.ASSUMED:
        source = declared_source(field)
    if source == fields.ASSUMED and declared_role(field) in ("design", "text"):
        source = ""
    return (
        f"`{path}`", _kind(shape), default, bounds(field, shape), declared_role(field), field.description or "", source,
    )  # fmt: skip


def _default(value: Any, shape: Shape | None) -> str:
    if value in ([], {}) or value is None:
        return "none"
    return f"`{shown_value(value, shape)}`" if shape is not None else str(value)


def _kind(shape: Shape) -> str:
    if shape.kind == "section":
        return "section"
    if shape.kind == "sequence":
        return "list of sections"
    if shape.kind == "mapping" and shape.item is not None:
        names = ", ".join(f"`{name}`" for name in shape.choices) or "names"
        return f"{names}: {_kind(shape.item)}"
    if shape.unit == "choice":
        return " / ".join(f"`{one}`" for one in shape.choices)
    if shape.unit == "list" and shape.item is not None:
        return f"list of {_kind(shape.item)}"
    return _KINDS[shape.unit]


def bounds(field: FieldInfo, shape: Shape) -> str:
    """The bounds of a field in words; those that every amount, time and share has are left out."""
    found: dict[str, Any] = {}
    for one in field.metadata:
        for key in ("gt", "ge", "lt", "le", "min_length", "max_length"):
            bound = getattr(one, key, None)
            if bound is not None and key not in found:
                found[key] = bound
    every = {"money": (0, fields.MOST_FEN), "duration": (0, fields.LONGEST_US), "share": (0, 1), "rate": (0, None)}
    low, high = every.get(shape.unit, (None, None))
    parts = []
    has_low, has_high = found.get("ge", low) != low, found.get("le", high) != high
    if "gt" in found:
        parts.append(f"above {_bound(found['gt'], shape)}")
    if "lt" in found:
        parts.append(f"below {_bound(found['lt'], shape)}")
    if has_low and has_high and "gt" not in found:
        parts.append(f"{_bound(found['ge'], shape)} to {_bound(found['le'], shape)}")
    elif has_high:
        parts.append(f"at most {_bound(found['le'], shape)}")
    elif has_low and "gt" not in found:
        parts.append(f"at least {_bound(found['ge'], shape)}")
    noun = "characters" if shape.unit == "text" else "entries"
    few, many = found.get("min_length"), found.get("max_length")
    if few is not None and few == many:
        parts.append(f"{few} {noun}")
    elif many is not None:
        parts.append(f"{few or 0} to {many} {noun}")
    elif few is not None:
        parts.append("not empty")
    return ", ".join(parts)


def _bound(bound: Any, shape: Shape) -> str:
    return WRITERS.get(shape.unit, format_number)(bound)


def _table(rows: list[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(_COLUMNS) + " |", "| " + " | ".join("---" for _ in _COLUMNS) + " |"]
    lines += ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows]
    return "\n".join(lines)
