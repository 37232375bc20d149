"""The chapter on robustness: choices under many futures."""

from __future__ import annotations

from reports import formats
from reports.blocks import table
from reports.document import Block, Note, Paragraph, Section
from reports.experiment.source import MOST_CHOICES, ExperimentData
from sandbox.language import _


def section(found: ExperimentData) -> Section | None:
    """The chapter; None where no future was drawn."""
    everything = found.rows("regret")
    rows = [row for row in everything if row.get("choices")]
    notes = [
        Note(
            _(
                "Whether more or less of this is better is for the reader to judge: {what}.",
                what=found.label(row.metric),
            )
        )
        for row in everything
        if found.high_is_good(row.metric) is None
    ]
    blocks: list[Block] = [
        table(
            _("Regret in {what}", what=found.label(row.metric)),
            row.rows("choices")[:MOST_CHOICES],
            (_("Choice"), lambda one: found.brief(one.text("choice"))),
            (_("Worst regret"), "worst"),
            (_("Mean regret"), "mean"),
            (_("Best in"), lambda one: formats.share(one.number("best_in"))),
        )
        for row in rows
    ]
    if blocks:
        regret = _(
            "Regret is what a choice gives away against the best choice of the same future, over {futures} futures "
            "drawn from what nobody knows. The smallest worst regret is the choice that can go least wrong.",
            futures=formats.count(rows[0].number("futures")),
        )
        blocks.insert(0, Paragraph(regret))
    return Section("regret", _("Robustness"), (*blocks, *notes)) if blocks or notes else None
