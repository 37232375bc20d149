"""Values that come from Python and not from a file: what a scenario can hold of them, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from os import PathLike, fspath
from typing import Any

from sandbox.language import _
from sandbox.scenario.errors import ScenarioErrors, short
from sandbox.scenario.nodes import Node, Place, Scalar


def node_of(value: Any, place: Place) -> Node:
    """A node made from Python values, everything at one place. Arrays and ranges are lists, numbers of NumPy are
    numbers, a `timedelta` is a time.

    Raises:
        ScenarioErrors: a value or a name is of a kind that no scenario can hold, or two names read the same.
    """
    if isinstance(value, Mapping):
        entries: dict[str, Node] = {}
        for name, one in value.items():
            if not isinstance(name, (str, int)) or isinstance(name, bool):
                problem = _("{value} cannot be the name of an entry; names are text", value=short(repr(name)))
                raise ScenarioErrors([place.error("", problem)])
            if str(name) in entries:
                raise ScenarioErrors([place.error("", _("two entries are both called '{key}'", key=short(str(name))))])
            entries[str(name)] = node_of(one, place)
        return Node(entries, place, place)
    if isinstance(value, (list, tuple, range)) or getattr(value, "ndim", 0) > 0:
        return Node([node_of(one, place) for one in value], place, place)
    return Node(_scalar(value, place), place, place)


def _scalar(value: Any, place: Place) -> Scalar:
    if value is None or isinstance(value, (str, bool, int, float)):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, timedelta):
        return f"{value // timedelta(microseconds=1)} us"
    if isinstance(value, PathLike):
        return str(fspath(value))
    if isinstance(value, (date, Decimal)) or (hasattr(value, "dtype") and hasattr(value, "item")):
        return str(value)
    problem = _(
        "{value} is of the type '{kind}', which no scenario can hold; give text, a number, true or false, a list or a "
        "mapping",
        value=short(repr(value)),
        kind=type(value).__name__,
    )
    raise ScenarioErrors([place.error("", problem)])
