"""A finding about a risk: a number, one sentence that reads it, and the line it is held against."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from reports import formats
from reports.document import Finding
from sandbox.language import _
from sandbox.metric import Metric, Unit, threshold, unit_of


def finding(
    name: str, reading: str, number: float | None, value: str, held_to: str | Metric | None, /, **words: object
) -> list[Finding]:
    """One finding, or none where the run has no such number. `words` fill its name and its reading."""
    if number is None:
        return []
    said, read = _(name, **words), _(reading, value=value, **words)
    if held_to is None:
        return [Finding(said, value, "none", read, "")]
    return [Finding(said, value, threshold(held_to).judge(number), read, told(held_to))]


_FORMS: Final[Mapping[Unit, Callable[[float], str]]] = {
    "us": lambda value: formats.duration(int(value)),
    "ms": formats.milliseconds,
    "number": formats.decimal,
    "points": formats.points,
}


def told(held_to: str | Metric) -> str:
    """A threshold in words."""
    held = threshold(held_to)
    form = _FORMS.get(unit_of(held_to) if isinstance(held_to, str) else held_to.unit, formats.percent)
    values = {"watch": form(held.watch), "worry": form(held.worry), "source": held.source}
    if held.worse == "above":
        return _("above {watch} worth a look, above {worry} past the line. Source: {source}.", **values)
    return _("below {watch} worth a look, below {worry} past the line. Source: {source}.", **values)
