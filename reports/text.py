"""Every word a reader of a report sees, by key, so that another language is one more dict.

`{...}` marks what is filled in. Names that the simulator gives to outcomes, stages, actors and the like are looked up
as `group.name`; one that is not here is shown as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from reports.words import (
    asked,
    basis,
    experiment,
    figures,
    happened,
    names,
    risk,
)
from sandbox.feature import declared

ENGLISH: Final[dict[str, str]] = {
    **names.ENGLISH,
    **asked.ENGLISH,
    **happened.ENGLISH,
    **figures.ENGLISH,
    **risk.ENGLISH,
    **basis.ENGLISH,
    **experiment.ENGLISH,
}


def say(key: str, **values: object) -> str:
    """The text of a key, filled in. Values are put in as they are, never read as a template.

    >>> say("fig.from", moment="{x}")
    'local time, from {x}'

    Raises:
        KeyError: there is no such text.
    """
    return _sentence(key).format(**values)


def known(group: str, name: object) -> str:
    """The words for a name that the simulator gave, or the name itself with spaces.

    >>> known("outcome", "timed_out"), known("outcome", "new_reason")
    ('timed out', 'new reason')
    """
    try:
        return _sentence(f"{group}.{name}")
    except KeyError:
        return str(name).replace("_", " ")


@dataclass(frozen=True)
class Words:
    """What a feature declares of its words: texts by key; keys begin with the feature's name."""

    english: Mapping[str, str] = field(hash=False)


def _sentence(key: str) -> str:
    if key in ENGLISH:
        return ENGLISH[key]
    for _, one in declared(Words):
        if key in one.english:
            return one.english[key]
    raise KeyError(key)
