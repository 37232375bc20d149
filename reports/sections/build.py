"""From a run to the whole report, before it has a form."""

from __future__ import annotations

from collections.abc import Sequence

from reports.chapter import Chapter
from reports.document import Bullets, Document, Section
from reports.sections import basis, happened, risk
from reports.sections.context import Context
from reports.sections.first_screen import first_screen
from reports.source import RunData
from sandbox.feature import declared
from sandbox.language import _

BASE = "base"
"""What every run has: its chapter says what happened at the stations."""


def build(run: RunData) -> Document:
    """Every chapter of the report of a run: what was asked about first, machinery after, the basis last."""
    context = Context(run)
    risks = risk.findings(context)
    first = first_screen(context, risks)
    return Document(
        title=str(run.get("scenario.title") or "–"),
        subtitle=_("Report of a simulation run"),
        question=str(run.get("scenario.question") or "–"),
        summary=first.blocks(),
        sections=(
            *_look_for(run),
            *_chapters(context, first.order),
            risk.section(context, risks),
            basis.basis(context),
            basis.check(context),
        ),
    )


def _look_for(run: RunData) -> tuple[Section, ...]:
    look_for = run.get("scenario.look_for")
    if not look_for:
        return ()
    return (Section("look-for", _("What to look for"), (Bullets(tuple(str(item) for item in look_for)),)),)


def _chapters(context: Context, order: Sequence[str]) -> list[Section]:
    """Those of features that answer the question first."""
    chapters = {feature.name: chapter.section(context) for feature, chapter in declared(Chapter)}
    chapters[BASE] = (happened.happened(context),)
    places = {name: place for place, name in enumerate((*order, *(name for name in chapters if name not in order)))}
    return [section for name in sorted(chapters, key=lambda name: places[name]) for section in chapters[name]]
