"""What features have worked out again of a finished run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.audit.problems import Problem
from sandbox.scenario.schema import Scenario
from sandbox.world import World


@dataclass(frozen=True)
class Folder:
    """A run folder that is looked through.

    Attributes:
        path: where it is; tables are read with `sandbox.audit.arrow.read`.
        seed: of the run, from which keys of registers follow; None if the manifest does not tell it.
        everything: whether every payment is recorded.
        summary: the run's numbers; None if they cannot be read.
        scenario: what was run; None if it cannot be read.
        world: what the scenario makes, before its first payment; None if it is not that of the folder's ledger.
    """

    path: Path
    seed: int | None
    everything: bool
    summary: Mapping[str, Any] | None
    scenario: Scenario | None
    world: World | None = None


@dataclass(frozen=True)
class Audit:
    """A feature's part in the audit; it is called for every folder, and says nothing of one without the feature.

    Args:
        table: whose file is blamed if reading breaks off.
        find: finds what does not hold.
    """

    table: str
    find: Callable[[Folder], Iterator[Problem]]
