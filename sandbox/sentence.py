"""Sentences with holes in braces, as a scenario writes them; nothing in one is ever executed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

_HOLE: Final = re.compile(r"\{([^{}]*)\}")


def holes(sentence: str) -> Iterator[str]:
    """What stands in braces.

    >>> list(holes("{value} of {throughput.payments}"))
    ['value', 'throughput.payments']
    """
    return (found[1].strip() for found in _HOLE.finditer(sentence))


def filled(sentence: str, fill: Callable[[str], str]) -> str:
    """The sentence with its holes filled.

    >>> filled("{value} of {a.b}", {"value": "3", "a.b": "7"}.__getitem__)
    '3 of 7'
    """
    return _HOLE.sub(lambda found: fill(found[1].strip()), sentence)


def is_whole(sentence: str) -> bool:
    """Whether every brace has its partner.

    >>> is_whole("{value}"), is_whole("{value} of {"), is_whole("}")
    (True, False, False)
    """
    rest = _HOLE.sub("", sentence)
    return "{" not in rest and "}" not in rest
