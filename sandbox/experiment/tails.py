"""Short ends of paths, for lines and figures that have little room."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.scenario.paths import format_path, parse_path


def tails(paths: Iterable[str]) -> dict[str, str]:
    """Each path's shortest end that tells it from the others, for lines and figures that have little room.

    >>> tails(["rules.wallet_limits.classes.IV.single", "rules.wallet_limits.classes.IV.daily"]).values()
    dict_values(['single', 'daily'])
    >>> tails(["classes.III.single", "classes.IV.single", "faults[0]"]).values()
    dict_values(['III.single', 'IV.single', 'faults[0]'])
    """
    found = {path: _ends(path) for path in paths}
    everything = [end for ends in found.values() for end in ends]
    return {path: next((end for end in ends if everything.count(end) == 1), path) for path, ends in found.items()}


def _ends(path: str) -> list[str]:
    """Every end of a path that begins with a name, shortest first."""
    steps = parse_path(path) or (path,)
    return [format_path(steps[at:]) for at in reversed(range(len(steps))) if isinstance(steps[at], str)]
