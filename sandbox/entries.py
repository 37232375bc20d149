"""A run's summary as single entries with dotted names.

`throughput.latency_ms.p99`, `stations.ICBC.utilisation`, `refusals.IV.single_limit.count`: an entry of a list goes by
its name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sandbox.scenario.paths import format_path
from sandbox.tables import REFUSALS
from wallets.classes import CLASS_NAMES

NAMED_BY: Final[Mapping[str, tuple[str, ...]]] = {"refusals": ("payer_class", "outcome")}
"""Which entries name one of a list; the first text of the entry if the list is not here."""

LEFT_OUT: Final = (("scenario", "seed"), ("scenario", "answers"), ("scenario", "sweep"))
"""What says how the run was made, and nothing of what came of it."""

Steps = tuple[str | int, ...]
Entry = str | bool | int | float | None


def entries(summary: Mapping[str, Any]) -> dict[str, Entry]:
    """Every text and number of a summary by dotted name, in the summary's order; plain lists are left out.

    >>> entries({"a": {"b": 1, "on": True, "c": None}, "stations": [{"station": "X", "queue": 2.5}]})
    {'a.b': 1, 'a.on': True, 'a.c': None, 'stations.X.station': 'X', 'stations.X.queue': 2.5}
    """
    return {format_path(steps): value for steps, value in _entries(summary, ())}


def numbers(summary: Mapping[str, Any]) -> dict[str, float | None]:
    """Every number: true counts 1 and false 0; a number that is missing stays missing.

    >>> numbers({"a": {"b": 1, "on": True, "c": None}, "stations": [{"station": "X", "queue": 2.5}]})
    {'a.b': 1.0, 'a.on': 1.0, 'a.c': None, 'stations.X.queue': 2.5}
    """
    return {
        name: None if value is None else float(value)
        for name, value in entries(summary).items()
        if not isinstance(value, str)
    }


def _entries(value: Any, steps: Steps) -> Iterator[tuple[Steps, Entry]]:
    if steps in LEFT_OUT:
        return
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from _entries(one, (*steps, str(name)))
    elif isinstance(value, list):
        if steps == ("refusals",):
            value = [*value, *_none_refused(value)]
        for name, entry in zip(_names(value, steps), value, strict=True):
            if isinstance(entry, Mapping):
                yield from _entries(entry, (*steps, *name))
    elif value is None or isinstance(value, (str, bool, int, float)):
        yield steps, value


def _names(entries: Sequence[Any], steps: Steps) -> Iterator[Steps]:
    """What the entries of a list are called; one that has no name, or another's, goes by its place."""
    by = NAMED_BY.get(".".join(map(str, steps)))
    seen: set[Steps] = set()
    for place, entry in enumerate(entries):
        name: Steps = ()
        if isinstance(entry, Mapping):
            texts = [entry[key] for key in by] if by else [one for one in entry.values() if isinstance(one, str)][:1]
            name = tuple(map(str, texts))
        if not name or name in seen:
            name = (*name, place)
        seen.add(name)
        yield name


def _none_refused(entries: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """The refusals that did not happen: in a summary they are left out, among many runs they count 0."""
    there = {(entry["payer_class"], entry["outcome"]) for entry in entries}
    for payer_class in CLASS_NAMES:
        for outcome in REFUSALS:
            if (payer_class, outcome) not in there:
                yield {"payer_class": payer_class, "outcome": outcome, "count": 0, "value_fen": 0}
