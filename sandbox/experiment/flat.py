"""A run's summary as flat numbers with dotted names.

`throughput.latency_ms.p99`, `stations.ICBC.utilisation`, `refusals.IV.single_limit.count`: an entry of a list goes by
its name. True counts 1 and false 0; a number that is missing stays missing; words and histograms are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from sandbox.scenario.paths import format_path
from sandbox.tables import REFUSALS
from wallets.classes import CLASS_NAMES

NAMED_BY: Final[Mapping[str, tuple[str, ...]]] = {"refusals": ("payer_class", "outcome")}
"""Which entries name one of a list; the first text of the entry if the list is not here."""

NO_NUMBERS: Final = (("scenario", "seed"),)
"""Left out: the seed is a column of its own."""

Steps = tuple[str | int, ...]


def flatten(summary: Mapping[str, Any]) -> dict[str, float | None]:
    """Every number of a summary by dotted name, in the summary's order.

    >>> flatten({"a": {"b": 1, "on": True, "c": None}, "stations": [{"station": "X", "queue": 2.5}]})
    {'a.b': 1.0, 'a.on': 1.0, 'a.c': None, 'stations.X.queue': 2.5}
    """
    flat: dict[str, float | None] = {}
    for steps, value in _numbers(summary, ()):
        if steps not in NO_NUMBERS:
            flat[format_path(steps)] = None if value is None else float(value)
    return flat


def _numbers(value: Any, steps: Steps) -> Iterator[tuple[Steps, float | None]]:
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from _numbers(one, (*steps, str(name)))
    elif isinstance(value, list):
        if steps == ("refusals",):
            value = [*value, *_none_refused(value)]
        for name, entry in zip(_names(value, steps), value, strict=True):
            if isinstance(entry, Mapping):
                yield from _numbers(entry, (*steps, *name))
    elif value is None or isinstance(value, (bool, int, float)):
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
