"""Breakdowns, and whether the reports about them came in time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reports import formats
from reports.blocks import chart, only_some, table
from reports.document import Block, Heading, Paragraph, Table
from reports.figures.labels import Labels
from reports.reading import Entries
from reports.sections.context import Context
from sandbox.features.supervision.report import figures
from sandbox.features.supervision.report.names import SINCE
from sandbox.features.supervision.report.view import IncidentReport, clocks_of, owed
from sandbox.language import N_, _, named

_ROWS: Final = 20


def incidents(context: Context) -> list[Block]:
    """Reading, figure and table, if reports are due in this run."""
    found = context.section("incidents")
    if not found:
        return []
    heading = Heading("incidents", _("Breakdowns, and reports about them"))
    if not found.whole("incidents"):
        text = found.says("No breakdown was noticed; {unnoticed} were over before anybody noticed. No report was due.")
        return [heading, Paragraph(text)]
    reading = found.says(
        "{incidents} breakdowns were noticed, on average after {detection_us_mean}; {unnoticed} were over before "
        "anybody noticed. {failed} payments failed in them, {failed_fen} in all. Due were {clocks}.",
        clocks=formats.series(_clocks(context)) or found.text("preset"),
    )
    return [heading, Paragraph(reading), Paragraph(_timeliness(found)), *_chart(context), *_table(found)]


def _clocks(context: Context) -> list[str]:
    """Every report that is owed, with its clock, as the parameters have it."""
    found = []
    for one in clocks_of(context.run):
        since = named(SINCE, one.get("counted_from", formats.NOTHING))
        at_most = one.get("at_most", "none")
        key = (
            N_("the report “{report}” within {within} of {since}")
            if at_most == "none"
            else N_("the report “{report}” within {within} of {since}, at most {at_most} after noticing")
        )
        report, within = (one.get(name, formats.NOTHING) for name in ("report", "within"))
        found.append(_(key, report=report, within=within, since=since, at_most=at_most))
    return found


def _timeliness(found: Entries) -> str:
    counts = {name: max(0, found.amount(f"reports_{name}")) for name in ("in_time", "late", "overdue")}
    due = sum(counts.values())
    said = []
    if due and counts["in_time"] == due:
        said.append(_("All {reports} reports that were filed or due came in time.", reports=formats.count(due)))
    elif due:
        said.append(
            _(
                "Of {reports} reports {in_time} came in time, {late} late and {overdue} not at all; the longest delay "
                "is {delay}. Late or missing: {who}.",
                **{name: formats.count(count) for name, count in counts.items()},
                reports=formats.count(due),
                delay=found.duration("longest_delay_us"),
                who=formats.listed(_late(found)) or formats.NOTHING,
            )
        )
    if found.whole("reports_pending") or not said:
        pending = formats.count(found.amount("reports_pending"))
        said.append(_("{pending} more are not due yet.", pending=pending))
    return " ".join(said)


def _late(found: Entries) -> list[str]:
    by_name = {
        one.text("institution"): sum(max(0, one.amount(f"reports_{name}")) for name in ("late", "overdue"))
        for one in found.rows("by_institution")
    }
    return [_("{name} ({number})", name=name, number=formats.count(late)) for name, late in by_name.items() if late]


def _chart(context: Context) -> list[Block]:
    every = owed(context.run)
    if not every:
        return []
    end = max(context.section("scenario").instant("duration_us") or 0, *(one.filed_us or one.due_us for one in every))
    shown = sorted(every, key=lambda one: -one.used(end))[:_ROWS]
    labels = Labels((_name(one) for one in shown), longest=26)
    names = [labels[_name(one)] for one in shown]
    items = (_("{name} {share}", name=_name(one), share=formats.percent(round(one.used(end), 2))) for one in shown)
    return chart(
        "incident-reports",
        "",
        _reports(context, every, end),
        lambda: figures.clocks(shown, names, end),
        shows=_(
            "For each report the time from noticing the breakdown until it was filed, as a share of the time allowed; "
            "the dashed line is when it is due.",
        ),
        cut=only_some(shown, every, "The {shown} worst of {all} reports."),
        hides=_("What a report said, and reports not due yet. Beyond three clocks a mark stays at the edge."),
        alt=_("By report: {list}.", list=formats.series(items)),
        labels=[labels],
    )


def _name(one: IncidentReport) -> str:
    return _("{institution}, {report}", institution=one.institution or formats.NOTHING, report=one.report)


def _reports(context: Context, every: Sequence[IncidentReport], end_us: int) -> Table:
    def moment(at_us: int | None) -> str:
        return _("not there at the end") if at_us is None else formats.moment(context.start, at_us)

    return table(
        _("Time taken for each report, of its clock"),
        every,
        (_("Institution"), lambda one: one.institution or formats.NOTHING),
        (_("Report"), lambda one: one.report),
        (_("Noticed"), lambda one: moment(one.noticed_us)),
        (_("Due"), lambda one: moment(one.due_us)),
        (_("Filed"), lambda one: moment(one.filed_us)),
        (_("Of the time allowed"), lambda one: formats.percent(round(one.used(end_us), 2))),
        text_columns=5,
        folded=True,
    )


def _table(found: Entries) -> list[Block]:
    numbers = table(
        _("Reports by institution"),
        found.rows("by_institution"),
        (_("Institution"), "institution"),
        (_("Breakdowns"), "incidents"),
        (_("In time"), "reports_in_time"),
        (_("Late"), "reports_late"),
        (_("Missing"), "reports_overdue"),
        (_("Not due yet"), "reports_pending"),
        (_("Longest delay"), lambda one: one.duration("longest_delay_us") or "0"),
    )
    return [numbers] if numbers.rows else []
