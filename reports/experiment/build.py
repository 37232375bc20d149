"""From an experiment to its report, before it has a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from reports import formats
from reports.document import Block, Bullets, Document, Heading, Note, Paragraph, Section, Table
from reports.experiment import capacity, compare, sensitivity, stress, sweep
from reports.experiment.source import Experiment
from sandbox.language import N_, _

VERDICTS: Final = 8
"""On the first screen; all are below."""

Chapter = Callable[[Experiment], Section | None]
CHAPTERS: Final[tuple[Chapter, ...]] = (
    capacity.section, stress.section, compare.differences, sweep.responses, sweep.front, sweep.regret,
    sensitivity.section, compare.numbers,
)  # fmt: skip


_KINDS: Final = {
    "compare": N_("Policies compared on common random numbers"),
    "sweep": N_("Many values of a scenario's parameters"),
    "replications": N_("One scenario, many times"),
    "stress": N_("Each participant failed in turn"),
    "capacity": N_("How much the scenario can carry"),
}
_ROLES: Final = {
    "lever": N_("somebody sets it"),
    "uncertainty": N_("nobody knows it"),
}


def build(found: Experiment) -> Document:
    """Every chapter that this experiment has something for."""
    chapters = [section for chapter in CHAPTERS if (section := chapter(found)) is not None]
    return Document(
        title=str(found.summary.get("title") or "–"),
        subtitle=_(_KINDS[found.kind]),
        question=str(found.summary.get("question") or "–"),
        summary=_summary(found),
        sections=(_asked(found), *chapters, _check(found)),
    )


def _summary(found: Experiment) -> tuple[Block, ...]:
    """What came out, in sentences."""
    sentences = [
        *capacity.sentences(found.summary.get("capacity")),
        *stress.sentences(found),
        *([] if found.kind == "stress" else compare.verdicts(found)),
        *sensitivity.sentences(found),
    ]
    blocks: list[Block] = [Bullets(tuple(sentences[:VERDICTS]))] if sentences else []
    failed = len(found.rows("failed"))
    if failed:
        blocks.append(
            Note(
                _(
                    "{failed} runs failed and are missing below; they are listed in the last chapter.",
                    failed=formats.count(failed),
                )
            )
        )
    return (
        *blocks,
        Paragraph(
            _(
                "Intervals are at the 95 % level: of 100 experiments like this one, with other seeds, 95 have "
                "the truth inside. They speak of chance alone, not of assumptions that are wrong."
            )
        ),
    )


def _asked(found: Experiment) -> Section:
    design = found.summary.get("design", {})
    blocks: list[Block] = [
        Heading("design", _("The runs")),
        Paragraph(
            _(
                "{runs} runs, {replications} of each point. Points with the same replication share their random draws: "
                "the same people pay the same sums at the same instants.",
                runs=formats.count(design.get("runs")),
                replications=formats.count(design.get("replications")),
            )
        ),
    ]
    factors = found.rows("factors")
    if factors:
        rows = tuple(
            (
                str(one["path"]),
                _(_ROLES[one["kind"]]),
                formats.listed(map(str, one["values"])) or _("{low} to {high}", low=one["low"], high=one["high"]),
            )
            for one in factors
        )
        head = (_("Parameter"), _("Role"), _("Values"))
        blocks.append(Table(_("What was varied"), head, rows, text_columns=3))
    policies = found.rows("policies")
    if len(policies) > 1 and found.kind != "stress":
        rows = tuple((str(one["policy"]), str(one["title"]), _settings(one["set"])) for one in policies)
        head = (_("Policy"), _("Scenario"), _("What it sets"))
        blocks.append(Table(_("Policies"), head, rows, text_columns=3))
    return Section("asked", _("What was asked"), tuple(blocks))


def _settings(values: dict[str, object]) -> str:
    return formats.series(f"{path}={value}" for path, value in values.items()) or _("the scenario as it stands")


def _check(found: Experiment) -> Section:
    manifest, design = found.manifest, found.summary.get("design", {})
    items = (
        (_("Version of ecny-sandbox"), str(manifest.get("build") or manifest.get("version") or "–")),
        (_("Name of the question"), str(manifest.get("question") or "–")),
        (_("Seed"), str(design.get("seed", "–"))),
        (_("Runs"), formats.count(design.get("runs"))),
        (_("Of these taken from finished runs"), formats.count(manifest.get("repeated"))),
    )
    blocks: list[Block] = [
        Paragraph(_("Every number of every run is in sweep.parquet: one row a run and metric.")),
        Table(_("This experiment"), (_("Item"), _("Value")), items, text_columns=2),
    ]
    failed = found.rows("failed")
    if failed:
        rows = tuple(
            (str(one["run"]), str(one["policy"]), _settings(one["varied"]), str(one["seed"]), str(one["error"]))
            for one in failed
        )
        head = (_("Run"), _("Policy"), _("What it sets"), _("Seed"), _("Why"))
        blocks.append(Table(_("Runs that failed"), head, rows, text_columns=5))
    return Section("check", _("Check and repeat"), tuple(blocks))
