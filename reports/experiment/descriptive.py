"""The chapter on each choice's own numbers: means, spread and quantiles."""

from __future__ import annotations

from typing import Final

from reports import formats
from reports.amounts import shown
from reports.blocks import table
from reports.document import Block, Note, Section
from reports.experiment.source import MOST_CHOICES, ExperimentData, interval
from sandbox.language import _

UNFOLDED: Final = 3
"""Tables that can be seen at once."""


def section(found: ExperimentData) -> Section | None:
    """The chapter; None where no choice is described."""
    described = found.by_metric("described")
    if not described:
        return None
    blocks: list[Block] = [
        table(
            _("{what}, by choice", what=found.label(metric)),
            rows[:MOST_CHOICES],
            (_("Choice"), lambda row: found.brief(row.text("choice"))),
            *interval(_("Mean"), "mean"),
            (_("Standard deviation"), "deviation"),
            (_("Median run"), lambda row: shown(row.metric, row.named("quantiles").get("0.5"))),
            (_("Runs"), lambda row: formats.count(row.number("count"))),
            folded=number >= UNFOLDED,
        )
        for number, (metric, rows) in enumerate(described.items())
    ]
    if any(row.number("low") is None for row in found.rows("described")):
        blocks.append(Note(_("Where there is one run, or one future, there is no interval.")))
    return Section("numbers", _("The numbers"), tuple(blocks))
