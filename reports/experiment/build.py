"""From an experiment to its report, before it has a form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from reports import formats
from reports.document import Block, Bullets, Document, Heading, Note, Paragraph, Section, Table
from reports.experiment import capacity, compare, sensitivity, stress, sweep
from reports.experiment.source import Experiment
from reports.text import say

VERDICTS: Final = 8
"""On the first screen; all are below."""

Chapter = Callable[[Experiment], Section | None]
CHAPTERS: Final[tuple[Chapter, ...]] = (
    capacity.section, stress.section, compare.differences, sweep.responses, sweep.front, sweep.regret,
    sensitivity.section, compare.numbers,
)  # fmt: skip


def build(found: Experiment) -> Document:
    """Every chapter that this experiment has something for."""
    chapters = [section for chapter in CHAPTERS if (section := chapter(found)) is not None]
    return Document(
        title=str(found.summary.get("title") or "–"),
        subtitle=say(f"x.kind.{found.kind}"),
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
        blocks.append(Note(say("x.failed_runs", failed=formats.count(failed))))
    return (*blocks, Paragraph(say("x.level")))


def _asked(found: Experiment) -> Section:
    design = found.summary.get("design", {})
    blocks: list[Block] = [
        Heading("design", say("x.design")),
        Paragraph(
            say(
                "x.design.text",
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
                say(f"x.role.{one['kind']}"),
                ", ".join(map(str, one["values"])) or say("x.range", low=one["low"], high=one["high"]),
            )
            for one in factors
        )
        head = (say("x.parameter"), say("x.role"), say("x.values"))
        blocks.append(Table(say("x.varied"), head, rows, text_columns=3))
    policies = found.rows("policies")
    if len(policies) > 1 and found.kind != "stress":
        rows = tuple((str(one["policy"]), str(one["title"]), _settings(one["set"])) for one in policies)
        head = (say("x.policy"), say("x.scenario"), say("x.set"))
        blocks.append(Table(say("x.policies"), head, rows, text_columns=3))
    return Section("asked", say("x.asked"), tuple(blocks))


def _settings(values: dict[str, object]) -> str:
    return "; ".join(f"{path}={value}" for path, value in values.items()) or say("x.nothing_set")


def _check(found: Experiment) -> Section:
    manifest, design = found.manifest, found.summary.get("design", {})
    items = (
        (say("x.version"), str(manifest.get("build") or manifest.get("version") or "–")),
        (say("x.question_id"), str(manifest.get("question") or "–")),
        (say("x.seed"), str(design.get("seed", "–"))),
        (say("x.runs"), formats.count(design.get("runs"))),
        (say("x.repeated"), formats.count(manifest.get("repeated"))),
    )
    blocks: list[Block] = [
        Paragraph(say("x.table_file")),
        Table(say("x.identity"), (say("x.item"), say("x.value")), items, text_columns=2),
    ]
    failed = found.rows("failed")
    if failed:
        rows = tuple(
            (str(one["run"]), str(one["policy"]), _settings(one["varied"]), str(one["seed"]), str(one["error"]))
            for one in failed
        )
        head = (say("x.col.run"), say("x.policy"), say("x.set"), say("x.col.seed"), say("x.col.error"))
        blocks.append(Table(say("x.failed"), head, rows, text_columns=5))
    return Section("check", say("x.check"), tuple(blocks))
