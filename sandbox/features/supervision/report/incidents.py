"""Breakdowns, and whether the reports about them came in time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from reports import formats
from reports.document import Block, Chart, Heading, Paragraph, Table
from reports.figures.labels import Labels
from reports.sections.context import Context, explained
from reports.text import known, say
from reports.view.values import instant, number, part, rows, whole, words
from sandbox.features.supervision.report.view import Owed, clocks_of, owed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ROWS: Final = 20
_COUNTS: Final = ("incidents", "reports_in_time", "reports_late", "reports_overdue", "reports_pending")


def incidents(context: Context) -> list[Block]:
    """Reading, figure and table, if reports are due in this run."""
    found = part(context.run.get("incidents"))
    if not found:
        return []
    heading = Heading("incidents", say("incidents.heading"))
    if not whole(found.get("incidents")):
        return [heading, Paragraph(say("incidents.none", unnoticed=formats.count(whole(found.get("unnoticed")))))]
    lag = number(found.get("detection_us_mean"))
    reading = say(
        "incidents.reading",
        **{name: formats.count(whole(found.get(name))) for name in ("incidents", "unnoticed", "failed")},
        lag=formats.NOTHING if lag is None else formats.milliseconds(lag / 1000),
        value=formats.money(whole(found.get("failed_fen"))),
        clocks="; ".join(_clocks(context)) or words(found.get("preset")),
    )
    return [heading, Paragraph(reading), Paragraph(_timeliness(context)), *_chart(context), *_table(context)]


def _clocks(context: Context) -> list[str]:
    """Every report that is owed, with its clock, as the parameters have it."""
    found = []
    for one in clocks_of(context.run):
        since = known("since", one.get("counted_from", formats.NOTHING))
        at_most = one.get("at_most", "none")
        key = "incidents.clock" if at_most == "none" else "incidents.clock_at_most"
        report, within = (one.get(name, formats.NOTHING) for name in ("report", "within"))
        found.append(say(key, report=report, within=within, since=since, at_most=at_most))
    return found


def _timeliness(context: Context) -> str:
    found = part(context.run.get("incidents"))
    counts = {name: max(0, whole(found.get(f"reports_{name}")) or 0) for name in ("in_time", "late", "overdue")}
    due = sum(counts.values())
    said = []
    if due and counts["in_time"] == due:
        said.append(say("incidents.in_time", reports=formats.count(due)))
    elif due:
        delay = instant(found.get("longest_delay_us"))
        said.append(
            say(
                "incidents.late",
                **{name: formats.count(count) for name, count in counts.items()},
                reports=formats.count(due),
                delay=formats.duration(delay),
                who=", ".join(_late(context)) or formats.NOTHING,
            )
        )
    pending = whole(found.get("reports_pending"))
    if pending:
        said.append(say("incidents.pending", pending=formats.count(pending)))
    return " ".join(said) or say("incidents.pending", pending=formats.count(0))


def _late(context: Context) -> list[str]:
    found = []
    for row in rows(context.run.get("incidents.by_institution")):
        late = sum(max(0, whole(row.get(f"reports_{name}")) or 0) for name in ("late", "overdue"))
        if late:
            found.append(say("incidents.who", name=words(row.get("institution")), number=formats.count(late)))
    return found


def _chart(context: Context) -> list[Block]:
    every = owed(context.run)
    if not every:
        return []
    end = max(instant(context.run.get("scenario.duration_us")) or 0, *(one.filed_us or one.due_us for one in every))
    shown = sorted(every, key=lambda one: -one.used(end))[:_ROWS]
    labels = Labels((_name(one) for one in shown), longest=26)
    names = [labels[_name(one)] for one in shown]

    def draw() -> Figure:
        from sandbox.features.supervision.report.figures import clocks

        return clocks(shown, names, end)

    cut = say("incidents.cut", shown=len(shown), all=len(every)) if len(shown) < len(every) else ""
    items = (say("incidents.alt_one", name=_name(one), share=formats.percent(round(one.used(end), 2))) for one in shown)
    return [
        Chart(
            key="incident-reports",
            title=say("incidents.title"),
            shows=say("incidents.shows", cut=cut).strip(),
            hides=say("incidents.hides"),
            alt=say("incidents.alt", list="; ".join(items)),
            table=_reports(context, every, end),
            draw=draw,
            names=explained(labels),
        )
    ]


def _name(one: Owed) -> str:
    return say("incident.name", institution=one.institution or formats.NOTHING, report=one.report)


def _reports(context: Context, every: Sequence[Owed], end_us: int) -> Table:
    listed = tuple(
        (
            one.institution or formats.NOTHING,
            one.report,
            formats.moment(context.start, one.noticed_us),
            formats.moment(context.start, one.due_us),
            say("incident.missing") if one.filed_us is None else formats.moment(context.start, one.filed_us),
            formats.percent(round(one.used(end_us), 2)),
        )
        for one in every
    )
    head = tuple(say(f"col.{name}") for name in ("institution", "report", "noticed", "due", "filed", "of_clock"))
    return Table(say("incidents.title"), head, listed, text_columns=5, folded=True)


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
    heads = ("institution", "incidents", "in_time", "late", "overdue", "pending", "delay")
    return [Table(say("incidents.table"), tuple(say(f"col.{name}") for name in heads), listed)]
