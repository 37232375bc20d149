"""Our own messages in place of pydantic's, by the type of its error: what is wrong, what is right, what was meant."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import islice
from typing import Any, Final, NamedTuple

from pydantic import BaseModel

from sandbox.language import N_, _
from sandbox.scenario import units
from sandbox.scenario.corrections import corrected_date, corrected_days_off
from sandbox.scenario.errors import short, shown
from sandbox.scenario.introspection import Shape, root_shape, shape_at, shapes
from sandbox.scenario.numerals import folded, number, odd_character
from sandbox.scenario.paths import Path, nearest
from sandbox.scenario.schema import scenario_model
from sandbox.scenario.schema.demand import Ticket
from sandbox.scenario.schema.fields import Model
from sandbox.scenario.yaml_corrections import plain_marks

MOST_NAMES: Final = 24

EXPECTED: Final = {
    **{name: one.expected for name, one in units.QUANTITIES.items()},
    "limit": N_("an amount with its unit, such as `2000 CNY`, or `none`"),
    "patience": N_("a time with its unit, such as `15 s`, or `none`"),
    "whole": N_("a whole number"),
    "number": N_("a number"),
    "switch": N_("`true` or `false`"),
    "text": N_("text; a number or date as text goes in quotes"),
    "date": N_("a date such as `2026-03-02` or `2026-03-02 08:00`"),
    "sequence": N_("a list, each entry with a dash"),
    "mapping": N_("names, each with its own entries"),
}
"""What belongs somewhere, by unit or kind."""
_UNREAD_NUMBERS: Final = {
    "number_form": N_(
        "{value} cannot be read: decimals follow a point, commas stand between groups of three digits only"
    ),
    "odd_character": N_("{value} cannot be read: {odd} is not the plain character"),
    "not_a_number": N_("{value} is not a number"),
}
_UNREAD: Final = {
    **_UNREAD_NUMBERS,
    "unit": N_("{value} cannot be read"),
    "unit_missing": N_("{value} has no unit"),
    "unit_unknown": N_("'{unit}' is not a unit of {quantity}"),
    "unit_overflow": N_("{value} is too large"),
    "unit_fraction": N_("{value} is finer than the smallest unit ({smallest})"),
    "duration_parts": N_("{value} cannot be read: of several parts each has a smaller unit than the one before it"),
}
"""Why a number or a quantity cannot be read."""
_BELOW: Final = N_("{value} is too small")
_ABOVE: Final = N_("{value} is too large")


class Explanation(NamedTuple):
    """What is wrong, what would be right, and what was meant, if that can be seen."""

    problem: str
    expected: str | None = None
    near: str | None = None


class Finding(NamedTuple):
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
        """The value as an error shows it."""
        return shown(self.value)

    def near(self, valid: Iterable[object]) -> str | None:
        """What of these was meant."""
        return nearest(self.value, valid) if self.compare else None


def describe(shape: Shape | None) -> str:
    """What belongs somewhere, in words."""
    if shape is None:
        return _("a value")
    if shape.kind == "section" and shape.model is not None:
        return _("entries such as `{example}: ...`", example=next(iter(shape.model.model_fields)))
    if shape.unit == "choice":
        return one_of(shape.choices)
    if shape.unit == "list" and shape.item is not None:
        examples = {"number": "0.5, 1.0", "whole": "3, 6", "choice": ", ".join(shape.item.choices[:2])}
        return _("a list such as `[{example}]`", example=examples.get(shape.item.unit, "first, second"))
    return _(EXPECTED[shape.unit or shape.kind])


def one_of(names: Iterable[object]) -> str:
    """That one of these is expected."""
    first = [short(str(one), 30) for one in islice(names, MOST_NAMES + 1)]
    if len(first) > MOST_NAMES:
        first[-1] = "…"
    return _("one of {names}", names=", ".join(first))


@cache
def _paths_by_name(root: type[BaseModel]) -> dict[str, str]:
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

    walk(root, "")
    depths = {name: sorted(path.count(".") for path in paths) for name, paths in found.items()}
    alone = (name for name, deep in depths.items() if len(deep) == 1 or deep[0] < deep[1])
    return {name: min(found[name], key=lambda path: path.count(".")) for name in alone}


def _other_section(found: Finding) -> str | None:
    """Where a name belongs that was written into the wrong section: where just this name lives, or one much like it
    in the same part of the file. Not in a section of the same sort (another detector), which has its own parameters."""
    above, homes = shape_at(found.path[:-1]), _paths_by_name(scenario_model())
    near = homes.get(nearest(found.value, homes, 0.7) or "")
    if near is None or (len(found.path) > 1 and not near.startswith(f"{found.path[0]}.")):
        near = homes.get(str(found.value))
    there = None if near is None else shape_at(tuple(near.split(".")[:-1]))
    if above is None or above.model is None or there is None or there.model is None:
        return near
    both = set(above.model.__mro__) & set(there.model.__mro__) - set(Model.__mro__)
    return None if both - {above.model} else near


def _unknown(found: Finding) -> Explanation:
    above = shape_at(found.path[:-1]) or root_shape()
    if above.model is not None and issubclass(above.model, Model) and found.value in above.model.renamed:
        renamed = above.model.renamed[found.value]
        return Explanation(_("'{key}' has another name now", key=found.value), None, renamed)
    names = above.choices if above.kind == "mapping" or above.model is None else tuple(above.model.model_fields)
    near = nearest(found.value, names, 0.7) or _other_section(found) or found.near(names) if found.compare else None
    message = N_("'{key}' is not a parameter") if len(found.path) == 1 else N_("'{key}' is not a parameter here")
    return Explanation(_(message, key=short(str(found.value))), one_of(names), near)


_WORDS_FOR_SWITCHES: Final = {
    **dict.fromkeys(("true", "yes", "on", "是", "对", "开", "t", "y"), "true"),
    **dict.fromkeys(("false", "no", "off", "否", "不", "关", "f", "n"), "false"),
}


def _type(found: Finding) -> Explanation:
    is_amount = isinstance(found.value, (str, int, float)) and not isinstance(found.value, bool)
    if is_amount and found.shape is not None and found.shape.model is Ticket:
        amount = found.value if isinstance(found.value, str) else f"{found.value} CNY"
        return Explanation(
            _("{value} does not belong here", value=found.shown),
            _("the name of a preset, `survey` or `qr_quantile`, or entries such as `{{median: 18 CNY}}`"),
            f"{{median: {amount}}}",
        )
    expected = describe(found.shape)
    if isinstance(found.value, str) and found.shape is not None and found.shape.unit == "switch":
        words = folded(found.value).strip().casefold()
        return Explanation(
            _("{value} does not belong here", value=found.shown),
            expected,
            _WORDS_FOR_SWITCHES.get(words) or found.near(("true", "false")),
        )
    if isinstance(found.value, str) and found.shape is not None and found.shape.kind != "value":
        meant = plain_marks(found.value)
        if meant != found.value and ": " in meant:
            odd = odd_character(found.value)
            return Explanation(
                _("{value} cannot be read: {odd} is not the plain character", value=found.shown, odd=odd),
                expected,
                short(meant),
            )
    return Explanation(_("{value} does not belong here", value=found.shown), expected)


def _wrong(message: str, expected: str | None = None) -> Callable[[Finding], Explanation]:
    def say(found: Finding) -> Explanation:
        return Explanation(_(message, value=found.shown), None if expected is None else _(expected))

    return say


def _choice(found: Finding) -> Explanation:
    choices = found.shape.choices if found.shape is not None else ()
    return Explanation(_("{value} is not one of the choices", value=found.shown), one_of(choices), found.near(choices))


def _bound(message: str, expected: str, key: str) -> Callable[[Finding], Explanation]:
    def say(found: Finding) -> Explanation:
        unit = found.shape.unit if found.shape is not None else ""
        near = None
        if message == _ABOVE and unit == "share" and isinstance(found.value, (int, float)) and found.value <= 100:
            near = units.format_share(found.value / 100)
        return Explanation(_(message, value=found.shown), _(expected, bound=_with_unit(found.context[key], unit)), near)

    return say


def _with_unit(bound: Any, unit: str) -> str:
    return units.WRITERS.get(unit, units.format_number)(bound)


def _length(message: str, key: str) -> Callable[[Finding], Explanation]:
    def say(found: Finding) -> Explanation:
        # Of a mapping that is too long the schema stops counting.
        count = found.context.get("actual_length") or len(found.value)
        bounds = found.context[key]
        exact = found.shape is not None and found.shape.unit == "list" and bounds == 24
        if exact:
            want = N_("{count} entries")
        elif key == "min_length":
            want = N_("at least {count}")
        else:
            want = N_("at most {count}")
        return Explanation(_(message, count=count), _(want, count=bounds))

    return say


_WORDS_FOR_NONE: Final = ("none", "never", "unlimited", "no limit", "infinite", "infinity", "inf", "∞", "不限", "无限")


def _unit(found: Finding) -> Explanation:
    if isinstance(found.value, float) and not math.isfinite(found.value):
        return Explanation(_("{value} is not a finite number", value=found.shown), describe(found.shape))
    quantity = units.QUANTITIES[found.context["quantity"]]
    values = {
        "value": found.shown,
        "unit": short(str(found.context.get("unit", ""))),
        "odd": found.context.get("odd", ""),
        "quantity": _(quantity.title),
        "smallest": _(quantity.smallest) if quantity.smallest else "",
    }
    is_number = isinstance(found.value, (int, float)) and not isinstance(found.value, bool)
    usual, near = found.context.get("usual"), found.context.get("near")
    # No quantity is below zero: with a unit, a negative number would only be the next mistake.
    if usual and is_number and found.value >= 0:
        near = f"{units.format_number(found.value)} {usual}"
    wanted = (found.shape.unit if found.shape is not None else "") or quantity.name
    if wanted in ("limit", "patience") and folded(str(found.value)).strip().casefold() in _WORDS_FOR_NONE:
        near = "none"
    expected = _(EXPECTED[wanted])
    if found.kind == "unit_missing" and near is None and quantity.alone and "-" not in found.shown:
        alone = units.format_number(found.value) if is_number else str(found.value).strip()
        expected = _(quantity.alone, number=short(alone))
    return Explanation(_(_UNREAD[found.kind], **values), expected, near)


def _number(found: Finding) -> Explanation:
    near, unit = found.context.get("near"), "" if found.shape is None else found.shape.unit
    if unit == "list" or near is None or (unit == "whole" and "." in near):  # a fraction would be the next mistake
        near = _listed(found)
    problem = _(_UNREAD_NUMBERS[found.kind], value=found.shown, odd=found.context.get("odd", ""))
    return Explanation(problem, describe(found.shape), near)


def _listed(found: Finding) -> str | None:
    """A list that was typed without its brackets, or with commas of another sort."""
    pieces = folded(str(found.value)).split(",")
    if len(pieces) < 2 or any(number(piece.strip()) is None for piece in pieces):
        return None
    words = ", ".join(piece.strip() for piece in pieces)
    is_list = found.shape is not None and found.shape.unit == "list"
    return f"[{words}]" if is_list else words if isinstance(found.path[-1], int) else None


def _profile(found: Finding) -> Explanation:
    names = [str(name) for name in found.context["names"]]
    return Explanation(
        _("{value} is not a profile", value=found.shown),
        _("one of {names}, or `weekday` and `weekend` with 24 weights each", names=", ".join(names)),
        found.near(names),
    )


def _date(found: Finding) -> Explanation:
    return Explanation(
        _("{value} is not a date", value=found.shown),
        _("a date such as `2026-03-02` or `2026-03-02 08:00`"),
        corrected_date(str(found.value)),
    )


def _holiday(found: Finding) -> Explanation:
    return Explanation(
        _("{value} is not a day off", value=found.shown),
        _("a date such as `2026-10-01`, or `2026-10-01 to 2026-10-07`"),
        corrected_days_off(str(found.value)),
    )


_CODES: Final = {
    r"^[A-Z]{2}$": N_("two capital letters of ISO 3166, such as `HK`"),
    r"^[A-Z]{3}$": N_("three capital letters of ISO 4217, such as `HKD`"),
    r"^[A-Z]{3}/[A-Z]{3}$": N_("two currencies, such as `CNY/HKD`"),
}
"""What a text should be that has to look like this."""


def _pattern(found: Finding) -> Explanation:
    pattern = str(found.context["pattern"])
    if pattern not in _CODES:
        return Explanation(
            _("{value} cannot be a name", value=found.shown), _("1 to 64 characters that can be printed")
        )
    larger = str(found.value).upper()
    near = larger if re.match(pattern, larger) else None
    return Explanation(_("{value} is not a code", value=found.shown), _(_CODES[pattern]), near)


def unforeseen(found: Finding) -> Explanation:
    """Whatever else pydantic finds, in its own words."""
    return Explanation(
        _("{value} is not valid here: {message}", value=found.shown, message=found.message), describe(found.shape)
    )


MESSAGES: Final[dict[str, Callable[[Finding], Explanation]]] = {
    "extra_forbidden": _unknown,
    "unknown_name": _unknown,
    "missing": lambda found: Explanation(_("a value is missing"), describe(found.shape)),
    **dict.fromkeys(
        ("int_type", "float_type", "string_type", "bool_type", "list_type", "dict_type", "mapping_type", "model_type",
         "model_attributes_type", "int_parsing", "float_parsing", "bool_parsing", "is_instance_of"),
        _type,
    ),
    "bool_for_number": _wrong(N_("{value} is not a number")),
    "int_from_float": _wrong(N_("{value} is not a whole number")),
    "finite_number": _wrong(N_("{value} is not a finite number")),
    "int_parsing_size": _wrong(_ABOVE),
    "bad_name": _wrong(N_("{value} cannot be a name"), N_("1 to 64 characters that can be printed")),
    "literal_error": _choice,
    "greater_than": _bound(_BELOW, N_("more than {bound}"), "gt"),
    "greater_than_equal": _bound(_BELOW, N_("at least {bound}"), "ge"),
    "less_than": _bound(_ABOVE, N_("less than {bound}"), "lt"),
    "less_than_equal": _bound(_ABOVE, N_("at most {bound}"), "le"),
    "too_short": _length(N_("{count} entries are too few"), "min_length"),
    "too_long": _length(N_("{count} entries are too many"), "max_length"),
    "string_too_short": _wrong(N_("the text is empty")),
    "string_too_long": lambda found: Explanation(
        _("the text is too long"), _("at most {count} characters", count=found.context["max_length"])
    ),
    "string_pattern_mismatch": _pattern,
    "string_unicode": _wrong(N_("the text holds characters that no table can show")),
    **dict.fromkeys(
        ("bad_date", "datetime_type", "datetime_parsing", "datetime_from_date_parsing", "datetime_object_invalid"),
        _date,
    ),
    "bad_holiday": _holiday,
    "date_zone": lambda found: _date(found)._replace(
        problem=_("{value} names a time zone; give local time without one", value=found.shown)
    ),
    "date_range": _wrong(N_("{value} is out of range"), N_("a year from 1970 to 2199")),
    "profile": _profile,
    **dict.fromkeys(
        ("unit", "unit_missing", "unit_unknown", "unit_overflow", "unit_fraction", "duration_parts"), _unit
    ),
    **dict.fromkeys(
        ("number_form", "odd_character", "not_a_number"),
        lambda found: _unit(found) if "quantity" in found.context else _number(found),
    ),
}  # fmt: skip
