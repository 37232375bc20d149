"""Lines of the short summary on the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Money = Callable[[int], str]
"""Shows fen as the rest of the summary does."""


@dataclass(frozen=True)
class Line:
    """What a feature declares of its lines: label and value, out of the whole summary; none for a run without it."""

    lines: Callable[[Mapping[str, Any], Money], Iterator[tuple[str, str]]]


def amounts(found: Mapping[str, Any], money: Money, *names: str) -> dict[str, str]:
    """Sums of a section as they are shown, by the name without its unit."""
    return {name: money(found[f"{name}_fen"]) for name in names}
