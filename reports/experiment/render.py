"""Render the report of an experiment's folder."""

from __future__ import annotations

from pathlib import Path

from reports.experiment.build import build
from reports.experiment.source import read
from reports.render import RenderedReport, write


def render(folder: str | Path) -> RenderedReport:
    """Write `report.html`, `report.md` and `figures/` into the folder of an experiment.

    Args:
        folder: its tables and summary are written; it may not be finished yet.

    Raises:
        sandbox.records.RunError: it is no experiment's folder, or a file of it cannot be read.
        OSError: it cannot be written.
    """
    return write(build(read(Path(folder))), Path(folder))
