"""What several commands say about a scenario or a path; nothing of a report is imported for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sandbox.language import _

if TYPE_CHECKING:
    from sandbox.scenario.load import Loaded


def memory_lines(loaded: Loaded) -> list[str]:
    """That a run will take much memory, if it will."""
    from sandbox.scenario.memory import LARGE, estimate, free_bytes, in_gib

    needed, free = estimate(loaded.scenario), free_bytes()
    if needed < LARGE:
        return []
    said = _("how much is free cannot be seen here") if free is None else _("{free} are free", free=in_gib(free))
    return [_("a run needs about {needed} of memory ({free})", needed=in_gib(needed), free=said)]


def near(path: Path) -> str:
    """A path as one would type it here: from the current folder if it is below."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
