"""How figures of a report stand against the thresholds of `sandbox.metric`."""

from __future__ import annotations

from typing import Final

from sandbox.metric import Level

_ORDER: Final[tuple[Level, ...]] = ("none", "ok", "watch", "worry")


def worst(levels: list[Level]) -> Level:
    """The worst of some levels.

    >>> worst(["ok", "watch", "none"]), worst([])
    ('watch', 'none')
    """
    return max(levels, key=_ORDER.index, default="none")
