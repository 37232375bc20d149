"""From a run to the whole report, before it has a form."""

from __future__ import annotations

from reports.chapter import Chapter
from reports.document import Document
from reports.sections import asked, basis, happened, risk
from reports.sections.context import Context
from reports.source import RunData
from sandbox.feature import declared
from sandbox.language import _


def build(run: RunData) -> Document:
    """Every chapter of the report of a run."""
    context = Context(run)
    risks = risk.findings(context)
    return Document(
        title=str(run.get("scenario.title") or "–"),
        subtitle=_("Report of a simulation run"),
        question=str(run.get("scenario.question") or "–"),
        summary=asked.summary(context, risks),
        sections=(
            asked.asked(context),
            happened.happened(context),
            *(block for __, chapter in declared(Chapter) for block in chapter.section(context)),
            risk.section(context, risks),
            basis.basis(context),
            basis.check(context),
        ),
    )
