"""How control events read: what features declare of theirs, and the words for events, actors and details."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from reports.names import ACTORS, DETAILS, EVENTS, FAULTS
from reports.source import Event
from sandbox.feature import declared
from sandbox.language import named


@dataclass(frozen=True)
class Events:
    """What a feature declares of how its control events read.

    Args:
        details: the words of an event's detail, by the event's name; that of others is written down name by name.
        unmarked: events that get no letter on the figures: its chapter shows them over time, or they say nothing about
            a single instant.
        many: events of a regulator that come account by account, so that few of them get a row each.
        names: the words for events.
        actors: the words for who acts.
        fields: the words for what is written down name by name.
        values: the words for values of `kind` and `reason` there.
    """

    details: Mapping[str, Callable[[Event], str]] = field(default_factory=dict, hash=False)
    unmarked: frozenset[str] = frozenset()
    many: frozenset[str] = frozenset()
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    actors: Mapping[str, str] = field(default_factory=dict, hash=False)
    fields: Mapping[str, str] = field(default_factory=dict, hash=False)
    values: Mapping[str, str] = field(default_factory=dict, hash=False)


def event_words(event: str) -> str:
    """The words for an event."""
    return named(_all(EVENTS, "names"), event)


def actor_words(actor: str) -> str:
    """The words for who acts."""
    return named(_all(ACTORS, "actors"), actor)


def field_words(name: str) -> str:
    """The words for a name in an event's detail."""
    return named(_all(DETAILS, "fields"), name)


def value_words(value: str) -> str:
    """The words for a value of an event's detail, or the value as it is, if it has none."""
    found = _all(FAULTS, "values")
    return named(found, value) if value in found else value


def _all(ours: Mapping[str, str], part: str) -> Mapping[str, str]:
    """A table of ours, and those of features."""
    theirs: list[Any] = [dict(getattr(one, part)) for __, one in declared(Events)]
    return ChainMap(dict(ours), *theirs)
