"""Shares of counts and sums: they are shown, and never touch a balance."""

from __future__ import annotations


def share(part: float, whole: float) -> float | None:
    """A share, or None of nothing.

    >>> share(1, 4), share(0, 0)
    (0.25, None)
    """
    return part / whole if whole else None
