"""From the folder of an experiment to its report."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from reports import formats
from reports.document import Block, Bullets, Document, Note, Paragraph
from reports.experiment import (
    capacity,
    descriptive,
    design,
    differences,
    front,
    regret,
    repeat,
    responses,
    sensitivity,
    stress,
)
from reports.experiment.source import ExperimentData, read
from reports.render import RenderedReport, write
from sandbox.language import N_, _

SENTENCES: Final = 8
"""On the first screen; all are below."""
CHAPTERS: Final = (
    design, capacity, stress, differences, responses, front, regret, sensitivity, descriptive, repeat,
)  # fmt: skip
_KINDS: Final = {
    "compare": N_("Policies compared on common random numbers"),
    "sweep": N_("Many values of a scenario's parameters"),
    "replications": N_("One scenario, many times"),
    "stress": N_("Each participant failed in turn"),
    "capacity": N_("How much the scenario can carry"),
}


def render(folder: str | Path) -> RenderedReport:
    """Write `report.html`, `report.md` and `figures/` into the folder of an experiment.

    Args:
        folder: its tables and summary are written; it may not be finished yet.

    Raises:
        sandbox.records.RunError: it is no experiment's folder, or a file of it cannot be read.
        OSError: it cannot be written.
    """
    return write(build(read(Path(folder))), Path(folder))


def build(found: ExperimentData) -> Document:
    """Every chapter that this experiment has something for."""
    return Document(
        title=str(found.summary.get("title") or formats.NOTHING),
        subtitle=_(_KINDS[found.kind]),
        question=str(found.summary.get("question") or formats.NOTHING),
        summary=_summary(found),
        sections=tuple(section for chapter in CHAPTERS if (section := chapter.section(found)) is not None),
    )


def _summary(found: ExperimentData) -> tuple[Block, ...]:
    """What came out, in sentences."""
    sentences = [
        sentence for chapter in (capacity, stress, differences, sensitivity) for sentence in chapter.sentences(found)
    ]
    blocks: list[Block] = [Bullets(tuple(sentences[:SENTENCES]))] if sentences else []
    if failed := len(found.rows("failed")):
        code = N_("{failed} runs failed and are missing below; they are listed in the last chapter.")
        blocks.append(Note(_(code, failed=formats.count(failed))))
    limits = N_(
        "Intervals are at the 95 % level: of 100 experiments like this one, with other seeds, 95 have "
        "the truth inside. They speak of chance alone, not of assumptions that are wrong."
    )
    return (*blocks, Paragraph(_(limits)))
