"""Where payments queued: stages, stations, and stations over time."""

from __future__ import annotations

import math
from typing import Final

from reports import formats
from reports.amounts import cells
from reports.document import Block, Chart, Heading, Paragraph, Table
from reports.figures import queues as queues_figures
from reports.figures.labels import Labels
from reports.names import STAGES, STATIONS
from reports.sections.context import STATIONS_AT_MOST, Context, explained
from reports.view import queues
from sandbox.language import N_, _, named
from sandbox.metric import threshold

_HEAT_SHOWS: Final = {
    "queue_mean": N_("The mean number of payments waiting at each station; of each {step} the highest bin is shown."),
    "utilisation": N_(
        "No payment waited anywhere, so colour shows the share of the servers' time in use; of each "
        "{step} the highest bin is shown."
    ),
}
_STATION_COLUMNS: Final = {
    "arrivals": N_("Arrivals"),
    "served": N_("Served"),
    "refused": N_("Refused, closed"),
    "withdrawn": N_("Left the queue"),
    "wait_ms_mean": N_("Mean wait"),
    "service_ms_mean": N_("Mean service"),
    "queue_mean": N_("Waiting, mean"),
    "queue_max": N_("Waiting, most"),
    "utilisation": N_("In use"),
}


def blocks(context: Context) -> list[Block]:
    """Stages and stations, if payments passed any."""
    found = queues.stages(context.run)
    order = queues.ranked(context.run)
    if not order or not any(stage.wait_ms + stage.service_ms for stage in found):
        return []
    return [
        Heading("queues", _("Where payments queued")),
        Paragraph(_reading(found)),
        _stages(found),
        *_stations(context),
    ]


def _reading(found: list[queues.Stage]) -> str:
    wait = math.fsum(stage.wait_ms for stage in found)
    total = wait + math.fsum(stage.service_ms for stage in found)
    if not wait:
        return _("No payment waited at any station: the servers were never all busy.")
    if wait < 0.01 * total:
        return _(
            "Hardly any payment waited: the mean wait over all stages is {wait}. Time is spent being served, "
            "not queuing.",
            wait=formats.milliseconds(wait),
        )
    longest = max(found, key=lambda stage: stage.wait_ms)
    return _(
        "Of a payment's mean time of {total} at the stations, {wait} ({share}) is waiting; most of it at: {stage}.",
        total=formats.milliseconds(total),
        wait=formats.milliseconds(wait),
        share=formats.share(wait / total),
        stage=_(STAGES[longest.name]),
    )


def _stages(found: list[queues.Stage]) -> Chart:
    rows = tuple(
        (
            _(STAGES[stage.name]),
            formats.milliseconds(stage.wait_ms),
            formats.milliseconds(stage.service_ms),
        )
        for stage in found
    )
    items = (
        _("{name} waiting {wait}, service {service}", name=name, wait=wait, service=service)
        for name, wait, service in rows
    )
    return Chart(
        key="stages",
        title=_("Where the time of a payment goes"),
        shows=_(
            "Mean waiting and service time at each stage. A payment inside one institution passes no payee's gateway."
        ),
        hides=_("The spread round the mean: a mean of a few milliseconds can hide a minute in which everybody waited."),
        alt=_("Stacked bars: {list}.", list=formats.series(items)),
        table=Table(
            _("Where the time of a payment goes"), (_("Stage"), _("Mean wait"), _("Mean service")), rows, folded=True
        ),
        draw=lambda: queues_figures.stages(found),
    )


def _stations(context: Context) -> list[Block]:
    order = queues.ranked(context.run)
    shown = order[:STATIONS_AT_MOST]
    labels = Labels(str(row.get("station")) for row in shown)
    line = threshold("risk.operational.busiest_utilisation").watch
    busiest = max(order, key=lambda row: float(row.get("utilisation") or 0))
    rows = tuple(
        (
            str(row.get("station")),
            named(STATIONS, row.get("kind")),
            *cells("stations.*", row, _STATION_COLUMNS),
        )
        for row in order
    )
    head = (_("Station"), _("Kind"), *map(_, _STATION_COLUMNS.values()))
    cut = (
        _("The {shown} with the longest wait of {all} stations.", shown=len(shown), all=len(order))
        if len(shown) < len(order)
        else ""
    )
    chart = Chart(
        key="stations",
        title=_("Stations by mean wait"),
        shows=_(
            "For each station, the mean wait in its queue and the share of its servers' time in use, longest "
            "wait first; the dashed line is at {line}. {cut}",
            line=formats.percent(line),
            cut=cut,
        ).strip(),
        hides=_("When it was busy: these are means of the whole run, nights included."),
        alt=_(
            "Bars by station; the longest mean wait is {wait} at {station}, the highest utilisation {busy} "
            "at {busiest}.",
            wait=formats.milliseconds(order[0].get("wait_ms_mean")),
            station=order[0].get("station"),
            busy=formats.share(busiest.get("utilisation")),
            busiest=busiest.get("station"),
        ),
        table=Table(_("Stations by mean wait"), head, rows, text_columns=2, folded=True),
        draw=lambda: queues_figures.ranked(shown, labels, line),
        names=explained(labels),
    )
    return [chart, *_heat(context, [str(row.get("station")) for row in order])]


def _heat(context: Context, order: list[str]) -> list[Block]:
    found = queues.heat(context.run, order, STATIONS_AT_MOST)
    if found is None:
        return []
    labels = Labels(found.stations)
    edges = found.bins.edges_us
    form = formats.decimal if found.measure == "queue_mean" else formats.share
    peaks = found.values.argmax(axis=1)
    rows = tuple(
        (name, form(float(found.values[row, place])), formats.moment(context.start, int(edges[place])))
        for row, (name, place) in enumerate(zip(found.stations, peaks.tolist(), strict=True))
    )
    darkest = int(found.values.max(axis=1).argmax())
    cut = (
        _("Only the {shown} busiest of {all} stations.", shown=len(found.stations), all=len(order))
        if len(found.stations) < len(order)
        else ""
    )
    title = _("Queues over time, by station") if found.measure == "queue_mean" else _("Use of the stations over time")
    return [
        Chart(
            key="stations-over-time",
            title=title,
            shows=_(_HEAT_SHOWS[found.measure], step=formats.duration(found.bins.step_us)),
            hides=_(
                "Queues shorter than a bin of {bin}, and how many payments passed; white is nothing. {cut}",
                bin=formats.duration(context.run.bin_us),
                cut=cut,
            ).strip(),
            alt=_(
                "Heat map of {rows} stations over time; the darkest cell is {station} at {moment} with {value}.",
                rows=len(rows),
                station=rows[darkest][0],
                value=rows[darkest][1],
                moment=rows[darkest][2],
            ),
            table=Table(title, (_("Station"), _("Highest"), _("When")), rows, folded=True),
            draw=lambda: queues_figures.heat(found, labels, context.overlay),
            names=explained(labels),
        )
    ]
