"""What is at risk: each figure with one sentence that reads it and the line it is held against."""

from __future__ import annotations

from reports import formats
from reports.chapter import Chapter
from reports.document import Block, Findings, Heading, Paragraph, Section, Table
from reports.findings import worst
from reports.names import LEVELS
from reports.sections import readings, risk_charts
from reports.sections.context import Context
from sandbox.feature import declared
from sandbox.language import _, named
from sandbox.metric import Level


def findings(context: Context) -> tuple[Findings, ...]:
    """The risks of which the run has figures, in order."""
    kinds = {name: [risk] for name, risk in readings.RISKS.items()}
    titles = dict(readings.TITLES)
    for __, chapter in declared(Chapter):
        for name, risk in chapter.risks.items():
            kinds.setdefault(name, []).append(risk)
        titles.update(chapter.titles)
    found = {
        name: [item for one in risks for item in one(context)]
        for name, risks in kinds.items()
        if context.run.get(f"risk.{name}") is not None
    }
    return tuple(Findings(f"risk-{name}", named(titles, name), tuple(items)) for name, items in found.items() if items)


def section(context: Context, found: tuple[Findings, ...]) -> Section:
    """The whole chapter."""
    if not found:
        return Section("risk", _("What is at risk"), (Paragraph(_("This run gives no figures for risk.")),))
    rows = tuple((one.title, named(LEVELS, level(one)), _decided(one)) for one in found)
    head = (_("Risk"), _("Standing"), _("Decided by"))
    blocks: list[Block] = [
        Paragraph(
            _(
                "Each figure has one sentence that reads it and, where there are any, the thresholds it is held "
                "against. Thresholds help to read a number and are no verdict; where they are ASSUMED, the authors of "
                "this simulator set them."
            )
        ),
        Table(_("The risks at a glance"), head, rows, text_columns=3),
    ]
    for one in found:
        blocks += [Heading(one.key, one.title), one]
        if one.key == "risk-liquidity":
            blocks += risk_charts.liquidity(context)
        if one.key == "risk-concentration":
            blocks += risk_charts.shares(context)
    return Section("risk", _("What is at risk"), tuple(blocks))


def _decided(one: Findings) -> str:
    standing = worst([item.level for item in one.items])
    if standing == "ok":
        return _(
            "figures with a threshold: {count}; exceeded: none", count=sum(item.level == "ok" for item in one.items)
        )
    return formats.series(f"{item.name}: {item.value}" for item in one.items if item.level == standing != "none") or "–"


def level(risk: Findings) -> Level:
    """The worst standing of a risk's figures."""
    return worst([item.level for item in risk.items])
