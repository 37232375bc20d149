"""The chapter on what makes the same numbers again, and on runs that failed."""

from __future__ import annotations

from reports import formats
from reports.blocks import table
from reports.document import Block, Paragraph, Section, Table
from reports.experiment.source import ExperimentData, settings
from sandbox.language import _


def section(found: ExperimentData) -> Section:
    """The chapter."""
    manifest, design = found.manifest, found.entries.section("design")
    items = (
        (_("Version of ecny-sandbox"), str(manifest.get("build") or manifest.get("version") or formats.NOTHING)),
        (_("Name of the question"), str(manifest.get("question") or formats.NOTHING)),
        (_("Seed"), str(design.content.get("seed", formats.NOTHING))),
        (_("Runs"), formats.count(design.number("runs"))),
        (_("Of these taken from finished runs"), formats.count(manifest.get("repeated"))),
    )
    blocks: list[Block] = [
        Paragraph(_("Every number of every run is in sweep.parquet: one row a run and metric.")),
        Table(_("This experiment"), (_("Item"), _("Value")), items, text_columns=2),
    ]
    if failed := found.rows("failed"):
        blocks.append(
            table(
                _("Runs that failed"),
                failed,
                (_("Run"), lambda one: str(one.get("run"))),
                (_("Policy"), "policy"),
                (_("What it sets"), lambda one: settings(one.named("varied"))),
                (_("Seed"), lambda one: str(one.get("seed"))),
                (_("Why"), "error"),
                text_columns=5,
            )
        )
    return Section("check", _("Check and repeat"), tuple(blocks))
