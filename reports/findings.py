"""A finding about a risk: a number, one sentence that reads it, and the line it is held against."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from reports import formats
from reports.document import Finding
from reports.reading import Entries
from sandbox.language import _, translated
from sandbox.metric import Level, Metric, Unit, metric, threshold, unit_of


def finding(entries: Entries, path: str, name: str, reading: str, /, **words: object) -> list[Finding]:
    """One finding about an entry of the summary, or none where the run has no such number.

    Args:
        entries, path: the entry; its declaration says its unit and the line that it is held against, if any.
        name, reading: messages: what the number is, and one sentence that reads it.
        words: fill both beside `{value}`; what else they name is an entry.
    """
    at = entries.pattern(path)
    declared = metric(at)
    held_to = None if declared is None or declared.threshold is None else at
    value = entries.shown(path)
    said, read = entries.says(name, **words), entries.says(reading, value=value, **words)
    return _held(said, read, entries.number(path), value, held_to)


def stated(
    name: str, reading: str, number: float | None, value: str, held_to: str | Metric | None, /, **words: object
) -> list[Finding]:
    """As `finding`, about a number that is worked out here, or shown in another way.

    Args:
        name, reading, words: as of `finding`, without entries.
        number: or None.
        value: the number as shown.
        held_to: the path of an entry with a threshold, a metric that has one, or None.
    """
    return _held(_(name, **words), _(reading, value=value, **words), number, value, held_to)


def _held(name: str, reading: str, number: float | None, value: str, held_to: str | Metric | None) -> list[Finding]:
    if number is None:
        return []
    if held_to is None:
        return [Finding(name, value, "none", reading, "")]
    return [Finding(name, value, threshold(held_to).judge(number), reading, told(held_to))]


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
    values = {"watch": form(held.watch), "worry": form(held.worry), "source": translated(held.source)}
    if held.worse == "above":
        return _("first above {watch}, second above {worry}. Source: {source}.", **values)
    return _("first below {watch}, second below {worry}. Source: {source}.", **values)


_ORDER: Final[tuple[Level, ...]] = ("none", "ok", "watch", "worry")


def worst(levels: list[Level]) -> Level:
    """The worst of some levels.

    >>> worst(["ok", "watch", "none"]), worst([])
    ('watch', 'none')
    """
    return max(levels, key=_ORDER.index, default="none")
