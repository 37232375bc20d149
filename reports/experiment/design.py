"""The chapter on what was asked: how many runs, of what, with what varied."""

from __future__ import annotations

from typing import Final

from reports import formats
from reports.blocks import table
from reports.document import Block, Heading, Paragraph, Section
from reports.experiment.source import ExperimentData, Response, settings
from sandbox.language import N_, _

_ROLES: Final = {
    "lever": N_("somebody sets it"),
    "uncertainty": N_("nobody knows it"),
}


def section(found: ExperimentData) -> Section:
    """The chapter."""
    design = found.entries.section("design")
    runs = _(
        "{runs} runs, {replications} of each point. Points with the same replication share their random draws: "
        "the same people pay the same sums at the same instants.",
        runs=formats.count(design.number("runs")),
        replications=formats.count(design.number("replications")),
    )
    blocks: list[Block] = [Heading("design", _("The runs")), Paragraph(runs)]
    if factors := found.rows("factors"):
        role = (_("Role"), lambda one: _(_ROLES[one.text("kind")]))
        columns = (_("Parameter"), "path"), role, (_("Values"), _values)
        blocks.append(table(_("What was varied"), factors, *columns, text_columns=3))
    policies = found.rows("policies")
    if len(policies) > 1 and found.kind != "stress":
        blocks.append(
            table(
                _("Policies"),
                policies,
                (_("Policy"), "policy"),
                (_("Scenario"), "title"),
                (_("What it sets"), lambda one: settings(one.named("set"))),
                text_columns=3,
            )
        )
    return Section("asked", _("What was asked"), tuple(blocks))


def _values(factor: Response) -> str:
    return formats.listed(map(str, factor.get("values"))) or _(
        "{low} to {high}", low=factor.text("low"), high=factor.text("high")
    )
