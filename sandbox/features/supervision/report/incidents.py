"""Breakdowns, and whether the reports about them came in time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from reports import formats
from reports.document import Block, Chart, Heading, Paragraph, Table
from reports.figures.labels import Labels
from reports.sections.context import Context, explained
from reports.view.values import instant, number, part, rows, whole, words
from sandbox.features.supervision.report import figures
from sandbox.features.supervision.report.names import SINCE
from sandbox.features.supervision.report.view import Owed, clocks_of, owed
from sandbox.language import N_, _, named

_ROWS: Final = 20
_COUNTS: Final = ("incidents", "reports_in_time", "reports_late", "reports_overdue", "reports_pending")


def incidents(context: Context) -> list[Block]:
    """Reading, figure and table, if reports are due in this run."""
    found = part(context.run.get("incidents"))
    if not found:
        return []
    heading = Heading("incidents", _("Breakdowns, and reports about them"))
    if not whole(found.get("incidents")):
        return [
            heading,
            Paragraph(
                _(
                    "No breakdown was noticed; {unnoticed} were over before anybody noticed. No report was due.",
                    unnoticed=formats.count(whole(found.get("unnoticed"))),
                )
            ),
        ]
    lag = number(found.get("detection_us_mean"))
    reading = _(
        "{incidents} breakdowns were noticed, on average after {lag}; {unnoticed} were over before "
        "anybody noticed. {failed} payments failed in them, {value} in all. Due were {clocks}.",
        **{name: formats.count(whole(found.get(name))) for name in ("incidents", "unnoticed", "failed")},
        lag=formats.NOTHING if lag is None else formats.milliseconds(lag / 1000),
        value=formats.money(whole(found.get("failed_fen"))),
        clocks=formats.series(_clocks(context)) or words(found.get("preset")),
    )
    return [heading, Paragraph(reading), Paragraph(_timeliness(context)), *_chart(context), *_table(context)]


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


def _timeliness(context: Context) -> str:
    found = part(context.run.get("incidents"))
    counts = {name: max(0, whole(found.get(f"reports_{name}")) or 0) for name in ("in_time", "late", "overdue")}
    due = sum(counts.values())
    said = []
    if due and counts["in_time"] == due:
        said.append(_("All {reports} reports that were filed or due came in time.", reports=formats.count(due)))
    elif due:
        delay = instant(found.get("longest_delay_us"))
        said.append(
            _(
                "Of {reports} reports {in_time} came in time, {late} late and {overdue} not at all; the longest "
                "delay is {delay}. Late or missing: {who}.",
                **{name: formats.count(count) for name, count in counts.items()},
                reports=formats.count(due),
                delay=formats.duration(delay),
                who=formats.listed(_late(context)) or formats.NOTHING,
            )
        )
    pending = whole(found.get("reports_pending"))
    if pending:
        said.append(_("{pending} more are not due yet.", pending=formats.count(pending)))
    return " ".join(said) or _("{pending} more are not due yet.", pending=formats.count(0))


def _late(context: Context) -> list[str]:
    found = []
    for row in rows(context.run.get("incidents.by_institution")):
        late = sum(max(0, whole(row.get(f"reports_{name}")) or 0) for name in ("late", "overdue"))
        if late:
            found.append(_("{name} ({number})", name=words(row.get("institution")), number=formats.count(late)))
    return found


def _chart(context: Context) -> list[Block]:
    every = owed(context.run)
    if not every:
        return []
    end = max(instant(context.run.get("scenario.duration_us")) or 0, *(one.filed_us or one.due_us for one in every))
    shown = sorted(every, key=lambda one: -one.used(end))[:_ROWS]
    labels = Labels((_name(one) for one in shown), longest=26)
    names = [labels[_name(one)] for one in shown]
    cut = _("The {shown} worst of {all} reports.", shown=len(shown), all=len(every)) if len(shown) < len(every) else ""
    items = (_("{name} {share}", name=_name(one), share=formats.percent(round(one.used(end), 2))) for one in shown)
    return [
        Chart(
            key="incident-reports",
            title=_("Time taken for each report, of its clock"),
            shows=_(
                "For each report the time from noticing the breakdown until it was filed, as a share of the time "
                "allowed; the dashed line is when it is due. {cut}",
                cut=cut,
            ).strip(),
            hides=_("What a report said, and reports not due yet. Beyond three clocks a mark stays at the edge."),
            alt=_("By report: {list}.", list=formats.series(items)),
            table=_reports(context, every, end),
            draw=lambda: figures.clocks(shown, names, end),
            names=explained(labels),
        )
    ]


def _name(one: Owed) -> str:
    return _("{institution}, {report}", institution=one.institution or formats.NOTHING, report=one.report)


def _reports(context: Context, every: Sequence[Owed], end_us: int) -> Table:
    listed = tuple(
        (
            one.institution or formats.NOTHING,
            one.report,
            formats.moment(context.start, one.noticed_us),
            formats.moment(context.start, one.due_us),
            _("not there at the end") if one.filed_us is None else formats.moment(context.start, one.filed_us),
            formats.percent(round(one.used(end_us), 2)),
        )
        for one in every
    )
    head = (_("Institution"), _("Report"), _("Noticed"), _("Due"), _("Filed"), _("Of the time allowed"))
    return Table(_("Time taken for each report, of its clock"), head, listed, text_columns=5, folded=True)


def _table(context: Context) -> list[Block]:
    found = rows(context.run.get("incidents.by_institution"))
    if not found:
        return []
    listed = tuple(
        (
            words(row.get("institution")),
            *(formats.count(whole(row.get(name))) for name in _COUNTS),
            formats.duration(instant(row.get("longest_delay_us"))) or "0",
        )
        for row in found
    )
    heads = (
        _("Institution"),
        _("Breakdowns"),
        _("In time"),
        _("Late"),
        _("Missing"),
        _("Not due yet"),
        _("Longest delay"),
    )
    return [Table(_("Reports by institution"), heads, listed)]
