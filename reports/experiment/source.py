"""What the report of an experiment is made of: its `summary.json` and manifest, read once; how its numbers are shown.

Numbers come with the units that `sandbox.metric` declares.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sandbox import records


@dataclass(frozen=True)
class Experiment:
    """An experiment's folder."""

    summary: Mapping[str, Any]
    manifest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """`sweep`, `compare`, `replications`, `stress` or `capacity`."""
        return str(self.summary.get("kind", "sweep"))

    def rows(self, name: str) -> list[Mapping[str, Any]]:
        """A list of the summary, empty if there is none."""
        return list(self.summary.get(name) or [])

    def label(self, metric: str) -> str:
        """A metric's words."""
        return str(self.summary.get("labels", {}).get(metric, metric))

    def brief(self, choice: object) -> str:
        """What a choice is called where there is little room."""
        return str(self.summary.get("names", {}).get(choice, choice))

    def high_is_good(self, metric: str) -> bool | None:
        """Whether more of a metric is better; None where nobody has said so."""
        known = self.summary.get("high_is_good", {}).get(metric)
        return None if known is None else bool(known)


def read(folder: Path) -> Experiment:
    """Read an experiment's folder, finished or about to be.

    Raises:
        sandbox.records.RunError: it holds no summary, or one that cannot be read.
    """
    manifest = next((name for name in (records.MANIFEST, records.DRAFT_MANIFEST) if (folder / name).is_file()), None)
    return Experiment(
        records.read_json(folder / records.SUMMARY, records.NO_EXPERIMENT),
        {} if manifest is None else records.read_json(folder / manifest, records.NO_EXPERIMENT),
    )
