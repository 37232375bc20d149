"""From pydantic's findings to our own sentences, each with its place in a file.

pydantic's error types are mapped here, once; the sentences are in `sandbox.text`. An error points at the value; one
about a missing value points at the section that lacks it, one about an unknown name at the name.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import islice
from typing import Any, Final, NamedTuple

from pydantic import BaseModel, ValidationError

from sandbox.scenario import units
from sandbox.scenario.dates import meant_days_off, meant_moment
from sandbox.scenario.errors import ScenarioError, short, shown
from sandbox.scenario.merge import DEFAULT
from sandbox.scenario.numerals import folded, number, odd_character
from sandbox.scenario.paths import Path, format_path, nearest
from sandbox.scenario.schema import whole
from sandbox.scenario.schema.demand import Ticket
from sandbox.scenario.schema.fields import Model, Problem
from sandbox.scenario.tree import Shape, root_shape, shape_at, shapes
from sandbox.scenario.yamlslips import plain_marks
from sandbox.scenario.yamlsource import Node, Place
from sandbox.text import text

MOST_COMPARED: Final = 50
"""Errors for which the nearest name is looked up; a file with more has another trouble."""

MOST_NAMES: Final = 24
LONGEST_PATH: Final = 200
LONGEST_FILLED: Final = 300  # characters that a sentence is filled in with: a name may be as long as its file


class _Said(NamedTuple):
    problem: str
    expected: str | None = None
    near: str | None = None


class _Finding(NamedTuple):
    """One of pydantic's errors with what is known about the place."""

    kind: str
    path: Path
    value: Any
    context: Mapping[str, Any]
    shape: Shape | None
    message: str
    compare: bool

    @property
    def shown(self) -> str:
        return shown(self.value)

    def near(self, valid: Iterable[object]) -> str | None:
        return nearest(self.value, valid) if self.compare else None


def explain(error: ValidationError, root: Node) -> list[ScenarioError]:
    """Every mistake that validation found, with its place in the files that `root` came from."""
    said: list[ScenarioError] = []
    missing: dict[str, ScenarioError] = {}
    meant: set[str] = set()
    unknown: set[Path] = set()
    for index, found in enumerate(error.errors(include_url=False)):
        steps = found["loc"][:-1] if found["loc"] and found["loc"][-1] == "[key]" else found["loc"]
        path = tuple(steps)
        compare = index < MOST_COMPARED
        context: Mapping[str, Any] = found.get("ctx", {})
        if found["type"] == "inconsistent":
            problems: Iterable[Problem] = context["problems"]
            said.extend(explain_problems(problems, root, path))
            continue
        node = _node_at(root, path)
        value = node.value if node is not None else found["input"]
        kind = "unknown_name" if steps != found["loc"] and found["type"] == "literal_error" else found["type"]
        if kind in ("unknown_name", "extra_forbidden") or steps != found["loc"]:
            value = path[-1]
        if value is None and path in unknown:
            continue  # a name that is none, with nothing, is one mistake
        if kind == "unknown_name":
            unknown.add(path)
        finding = _Finding(kind, path, value, context, shape_at(path), found["msg"], compare)
        words = _SENTENCES.get(kind, _other)(finding)
        at = place_of(root, path, name=kind in ("unknown_name", "extra_forbidden") or steps != found["loc"])
        given = (
            None if kind == "missing" else short(str(value)) if not isinstance(value, (dict, list)) else shown(value)
        )
        said.append(_error(at, path, words, given))
        if kind == "missing":
            missing[format_path(path)] = said[-1]
        elif kind == "extra_forbidden" and words.near is not None:
            meant.add(format_path((*path[:-1], words.near)))
    # A value that is missing because its name is misspelt is one mistake, not two.
    misspelt = [error for path, error in missing.items() if path in meant]
    return [error for error in said if error not in misspelt]


def explain_problems(problems: Iterable[Problem], root: Node, above: Path = ()) -> list[ScenarioError]:
    """What checks of several values found, each with its place."""
    return [_problem(one, root, above, number < MOST_COMPARED) for number, one in enumerate(problems)]


def _problem(problem: Problem, root: Node, above: Path, compare: bool) -> ScenarioError:
    path = above + problem.path
    values = problem.values
    valid, given = values.get("valid"), values.get("given")
    bounded = {name: short(one, LONGEST_FILLED) if isinstance(one, str) else one for name, one in values.items()}
    words = _Said(text(problem.code, **bounded))
    if isinstance(valid, list) and valid:
        words = _Said(words.problem, _one_of(valid), nearest(given, valid) if given is not None and compare else None)
    return _error(place_of(root, path), path, words, None if given is None else short(str(given)))


def place_of(root: Node, path: Path, name: bool = False) -> Place:
    """The place of a value, or of its name, or of the nearest section above it that a file gave."""
    place = root.place
    node: Node | None = root
    for step in path:
        node = node.child(step) if node is not None else None
        if node is None:
            break
        stands_alone = not isinstance(node.value, (dict, list)) and not (name and step == path[-1])
        found = node.place if stands_alone or node.key is None else node.key
        if found != DEFAULT:
            place = found
    return place


def _node_at(root: Node, path: Path) -> Node | None:
    node: Node | None = root
    for step in path:
        node = node.child(step) if node is not None else None
    return node


def _error(place: Place, path: Path, said: _Said, value: str | None) -> ScenarioError:
    return ScenarioError(
        place.file, place.line, place.column, short(format_path(path), LONGEST_PATH), said.problem,
        value=value, expected=said.expected, nearest=said.near,
    )  # fmt: skip


def describe(shape: Shape | None) -> str:
    """What belongs somewhere, in words."""
    if shape is None:
        return text("want_some")
    if shape.kind == "section" and shape.model is not None:
        return text("want_section", example=next(iter(shape.model.model_fields)))
    if shape.unit == "choice":
        return _one_of(shape.choices)
    if shape.unit == "list" and shape.item is not None:
        examples = {"number": "0.5, 1.0", "whole": "3, 6", "choice": ", ".join(shape.item.choices[:2])}
        return text("want_list", example=examples.get(shape.item.unit, "first, second"))
    return text("want_" + (shape.unit or shape.kind))


def _one_of(names: Iterable[object]) -> str:
    first = [short(str(one), 30) for one in islice(names, MOST_NAMES + 1)]
    if len(first) > MOST_NAMES:
        first[-1] = "…"
    return text("want_one_of", names=", ".join(first))


@cache
def _homes(whole: type[BaseModel]) -> dict[str, str]:
    """Where a parameter lives, by its last name, for those that live in one place only, or in one above all others."""
    found: dict[str, list[str]] = {}

    def walk(model: type[BaseModel], above: str) -> None:
        for name, shape in shapes(model).items():
            path = f"{above}{name}"
            found.setdefault(name, []).append(path)
            inner = shape.item if shape.kind in ("mapping", "sequence") else shape
            step = {"mapping": ".NAME.", "sequence": "[0]."}.get(shape.kind, ".")
            if inner is not None and inner.kind == "section" and inner.model is not None:
                walk(inner.model, path + step)

    walk(whole, "")
    depths = {name: sorted(path.count(".") for path in paths) for name, paths in found.items()}
    alone = (name for name, deep in depths.items() if len(deep) == 1 or deep[0] < deep[1])
    return {name: min(found[name], key=lambda path: path.count(".")) for name in alone}


def _elsewhere(found: _Finding) -> str | None:
    """Where a name belongs that was written into the wrong section: where just this name lives, or one much like it
    in the same part of the file. Not in a section of the same sort (another detector), which has its own parameters."""
    above, homes = shape_at(found.path[:-1]), _homes(whole())
    near = homes.get(nearest(found.value, homes, 0.7) or "")
    if near is None or (len(found.path) > 1 and not near.startswith(f"{found.path[0]}.")):
        near = homes.get(str(found.value))
    there = None if near is None else shape_at(tuple(near.split(".")[:-1]))
    if above is None or above.model is None or there is None or there.model is None:
        return near
    both = set(above.model.__mro__) & set(there.model.__mro__) - set(Model.__mro__)
    return None if both - {above.model} else near


def _unknown(found: _Finding) -> _Said:
    above = shape_at(found.path[:-1]) or root_shape()
    names = above.choices if above.kind == "mapping" or above.model is None else tuple(above.model.model_fields)
    near = nearest(found.value, names, 0.7) or _elsewhere(found) or found.near(names) if found.compare else None
    code = "unknown_key" if len(found.path) == 1 else "unknown_key_there"
    return _Said(text(code, key=short(str(found.value))), _one_of(names), near)


_SWITCHED: Final = {
    **dict.fromkeys(("true", "yes", "on", "是", "对", "开", "t", "y"), "true"),
    **dict.fromkeys(("false", "no", "off", "否", "不", "关", "f", "n"), "false"),
}


def _type(found: _Finding) -> _Said:
    is_amount = isinstance(found.value, (str, int, float)) and not isinstance(found.value, bool)
    if is_amount and found.shape is not None and found.shape.model is Ticket:
        amount = found.value if isinstance(found.value, str) else f"{found.value} CNY"
        return _Said(text("wrong_type", value=found.shown), text("want_ticket"), f"{{median: {amount}}}")
    expected = describe(found.shape)
    if isinstance(found.value, str) and found.shape is not None and found.shape.unit == "switch":
        words = folded(found.value).strip().casefold()
        return _Said(
            text("wrong_type", value=found.shown), expected, _SWITCHED.get(words) or found.near(("true", "false"))
        )
    if isinstance(found.value, str) and found.shape is not None and found.shape.kind != "value":
        meant = plain_marks(found.value)
        if meant != found.value and ": " in meant:
            odd = odd_character(found.value)
            return _Said(text("odd_character", value=found.shown, odd=odd), expected, short(meant))
    return _Said(text("wrong_type", value=found.shown), expected)


def _code(code: str, expected: str | None = None) -> Callable[[_Finding], _Said]:
    def say(found: _Finding) -> _Said:
        return _Said(text(code, value=found.shown), None if expected is None else text(expected))

    return say


def _choice(found: _Finding) -> _Said:
    choices = found.shape.choices if found.shape is not None else ()
    return _Said(text("choice", value=found.shown), _one_of(choices), found.near(choices))


def _bound(code: str, expected: str, key: str) -> Callable[[_Finding], _Said]:
    def say(found: _Finding) -> _Said:
        unit = found.shape.unit if found.shape is not None else ""
        near = None
        if code == "above" and unit == "share" and isinstance(found.value, (int, float)) and found.value <= 100:
            near = units.format_share(found.value / 100)
        return _Said(text(code, value=found.shown), text(expected, bound=_with_unit(found.context[key], unit)), near)

    return say


def _with_unit(bound: Any, unit: str) -> str:
    return units.WRITERS.get(unit, units.format_number)(bound)


def _length(code: str, key: str) -> Callable[[_Finding], _Said]:
    def say(found: _Finding) -> _Said:
        # Of a mapping that is too long the schema stops counting.
        count = found.context.get("actual_length") or len(found.value)
        bounds = found.context[key]
        exact = found.shape is not None and found.shape.unit == "list" and bounds == 24
        want = "want_entries" if exact else "want_entries_at_least" if key == "min_length" else "want_entries_at_most"
        return _Said(text(code, count=count), text(want, count=bounds))

    return say


_ENDLESS: Final = ("none", "never", "unlimited", "no limit", "infinite", "infinity", "inf", "∞", "不限", "无限")


def _unit(found: _Finding) -> _Said:
    if isinstance(found.value, float) and not math.isfinite(found.value):
        return _Said(text("not_finite", value=found.shown), describe(found.shape))
    quantity = str(found.context["quantity"])
    values = {
        "value": found.shown,
        "unit": short(str(found.context.get("unit", ""))),
        "odd": found.context.get("odd", ""),
        "quantity": text("quantity_" + quantity),
        "smallest": text("smallest_" + quantity) if quantity in ("money", "dollars", "duration") else "",
    }
    is_number = isinstance(found.value, (int, float)) and not isinstance(found.value, bool)
    usual, near = found.context.get("usual"), found.context.get("near")
    # No quantity is below zero: with a unit, a negative number would only be the next mistake.
    if usual and is_number and found.value >= 0:
        near = f"{units.format_number(found.value)} {usual}"
    wanted = (found.shape.unit if found.shape is not None else "") or quantity
    if wanted in ("limit", "patience") and folded(str(found.value)).strip().casefold() in _ENDLESS:
        near = "none"
    expected = text("want_" + wanted)
    if found.kind == "unit_missing" and near is None and quantity in ("duration", "rate") and "-" not in found.shown:
        alone = units.format_number(found.value) if is_number else str(found.value).strip()
        expected = text("want_unit_" + quantity, number=short(alone))
    return _Said(text(found.kind, **values), expected, near)


def _number(found: _Finding) -> _Said:
    values = {"value": found.shown, "odd": found.context.get("odd", "")}
    near, unit = found.context.get("near"), "" if found.shape is None else found.shape.unit
    if unit == "list" or near is None or (unit == "whole" and "." in near):  # a fraction would be the next mistake
        near = _listed(found)
    return _Said(text(found.kind, **values), describe(found.shape), near)


def _listed(found: _Finding) -> str | None:
    """A list that was typed without its brackets, or with commas of another sort."""
    pieces = folded(str(found.value)).split(",")
    if len(pieces) < 2 or any(number(piece.strip()) is None for piece in pieces):
        return None
    words = ", ".join(piece.strip() for piece in pieces)
    is_list = found.shape is not None and found.shape.unit == "list"
    return f"[{words}]" if is_list else words if isinstance(found.path[-1], int) else None


def _profile(found: _Finding) -> _Said:
    names = [str(name) for name in found.context["names"]]
    return _Said(text("profile", value=found.shown), text("want_profile", names=", ".join(names)), found.near(names))


def _date(found: _Finding) -> _Said:
    return _Said(text("bad_date", value=found.shown), text("want_date"), meant_moment(str(found.value)))


def _holiday(found: _Finding) -> _Said:
    return _Said(text("bad_holiday", value=found.shown), text("want_holiday"), meant_days_off(str(found.value)))


_CODES: Final = {
    r"^[A-Z]{2}$": "want_country",
    r"^[A-Z]{3}$": "want_currency",
    r"^[A-Z]{3}/[A-Z]{3}$": "want_pair",
}
"""What a text should be that has to look like this."""


def _pattern(found: _Finding) -> _Said:
    pattern = str(found.context["pattern"])
    if pattern not in _CODES:
        return _Said(text("bad_name", value=found.shown), text("want_name"))
    larger = str(found.value).upper()
    near = larger if re.match(pattern, larger) else None
    return _Said(text("bad_code", value=found.shown), text(_CODES[pattern]), near)


def _other(found: _Finding) -> _Said:
    return _Said(text("other", value=found.shown, message=found.message), describe(found.shape))


_SENTENCES: Final[dict[str, Callable[[_Finding], _Said]]] = {
    "extra_forbidden": _unknown,
    "unknown_name": _unknown,
    "missing": lambda found: _Said(text("missing"), describe(found.shape)),
    **dict.fromkeys(
        ("int_type", "float_type", "string_type", "bool_type", "list_type", "dict_type", "mapping_type", "model_type",
         "model_attributes_type", "int_parsing", "float_parsing", "bool_parsing", "is_instance_of"),
        _type,
    ),
    "bool_for_number": _code("not_a_number"),
    "int_from_float": _code("not_whole"),
    "finite_number": _code("not_finite"),
    "int_parsing_size": _code("above"),
    "bad_name": _code("bad_name", "want_name"),
    "literal_error": _choice,
    "greater_than": _bound("below", "want_more", "gt"),
    "greater_than_equal": _bound("below", "want_at_least", "ge"),
    "less_than": _bound("above", "want_less", "lt"),
    "less_than_equal": _bound("above", "want_at_most", "le"),
    "too_short": _length("too_short", "min_length"),
    "too_long": _length("too_long", "max_length"),
    "string_too_short": _code("text_short"),
    "string_too_long": lambda found: _Said(
        text("text_long"), text("want_characters", count=found.context["max_length"])
    ),
    "string_pattern_mismatch": _pattern,
    "string_unicode": _code("bad_text"),
    **dict.fromkeys(
        ("bad_date", "datetime_type", "datetime_parsing", "datetime_from_date_parsing", "datetime_object_invalid"),
        _date,
    ),
    "bad_holiday": _holiday,
    "date_zone": lambda found: _date(found)._replace(problem=text("date_zone", value=found.shown)),
    "date_range": _code("date_range", "want_years"),
    "profile": _profile,
    **dict.fromkeys(
        ("unit", "unit_missing", "unit_unknown", "unit_overflow", "unit_fraction", "duration_parts"), _unit
    ),
    **dict.fromkeys(
        ("number_form", "odd_character", "not_a_number"),
        lambda found: _unit(found) if "quantity" in found.context else _number(found),
    ),
}  # fmt: skip
