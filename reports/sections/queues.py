"""Where payments queued: stages, stations, and stations over time."""

from __future__ import annotations

import math
from typing import Final

from reports import formats
from reports.blocks import chart, only_some, table
from reports.document import Block, Heading, Paragraph, Table
from reports.figures import queues as queues_figures
from reports.figures.labels import Labels
from reports.names import STAGES, STATIONS
from reports.sections.context import STATIONS_AT_MOST, Context
from reports.view import queues
from sandbox.language import N_, _, named
from sandbox.metric import threshold

_HEAT_SHOWS: Final = {
    "queue_mean": N_("The mean number of payments waiting at each station; of each {step} the highest bin is shown."),
    "utilisation": N_(
        "No payment waited anywhere, so colour shows the share of the servers' time in use; of each {step} the highest "
        "bin is shown."
    ),
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
        *_stages(found),
        *_stations(context),
    ]


def _reading(found: list[queues.Stage]) -> str:
    wait = math.fsum(stage.wait_ms for stage in found)
    total = wait + math.fsum(stage.service_ms for stage in found)
    if not wait:
        return _("No payment waited at any station: the servers were never all busy.")
    if wait < 0.01 * total:
        return _(
            "Hardly any payment waited: the mean wait over all stages is {wait}. Time is spent being served, not "
            "queuing.",
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


def _stages(found: list[queues.Stage]) -> list[Block]:
    numbers = table(
        _("Where the time of a payment goes"),
        found,
        (_("Stage"), lambda stage: _(STAGES[stage.name])),
        (_("Mean wait"), lambda stage: formats.milliseconds(stage.wait_ms)),
        (_("Mean service"), lambda stage: formats.milliseconds(stage.service_ms)),
        folded=True,
    )
    items = (
        _("{name} waiting {wait}, service {service}", name=name, wait=wait, service=service)
        for name, wait, service in numbers.rows
    )
    return chart(
        "stages",
        "",
        numbers,
        lambda: queues_figures.stages(found),
        shows=_(
            "Mean waiting and service time at each stage. A payment inside one institution passes no payee's gateway."
        ),
        hides=_("The spread round the mean: a mean of a few milliseconds can hide a minute in which everybody waited."),
        alt=_("Stacked bars: {list}.", list=formats.series(items)),
    )


def _stations(context: Context) -> list[Block]:
    order = queues.ranked(context.run)
    shown, slowest = order[:STATIONS_AT_MOST], order[0]
    labels = Labels(one.text("station") for one in shown)
    line = threshold("risk.operational.busiest_utilisation").watch
    busiest = max(order, key=lambda one: one.number("utilisation") or 0.0)
    numbers = table(
        _("Stations by mean wait"),
        order,
        (_("Station"), "station"),
        (_("Kind"), lambda one: named(STATIONS, one.text("kind"))),
        (_("Arrivals"), "arrivals"),
        (_("Served"), "served"),
        (_("Refused, closed"), "refused"),
        (_("Left the queue"), "withdrawn"),
        (_("Mean wait"), "wait_ms_mean"),
        (_("Mean service"), "service_ms_mean"),
        (_("Waiting, mean"), "queue_mean"),
        (_("Waiting, most"), "queue_max"),
        (_("In use"), "utilisation"),
        text_columns=2,
        folded=True,
    )
    figure = chart(
        "stations",
        "",
        numbers,
        lambda: queues_figures.ranked(shown, labels, line),
        shows=_(
            "For each station, the mean wait in its queue and the share of its servers' time in use, longest wait "
            "first; the dashed line is at {line}.",
            line=formats.percent(line),
        ),
        cut=only_some(shown, order, "The {shown} with the longest wait of {all} stations."),
        hides=_("When it was busy: these are means of the whole run, nights included."),
        alt=slowest.says(
            "Bars by station; the longest mean wait is {wait_ms_mean} at {station}, the highest utilisation {busy} at "
            "{busiest}.",
            busy=busiest.shown("utilisation"),
            station=slowest.text("station"),
            busiest=busiest.text("station"),
        ),
        labels=[labels],
    )
    return [*figure, *_heat(context, [one.text("station") for one in order])]


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
    title = _("Queues over time, by station") if found.measure == "queue_mean" else _("Use of the stations over time")
    return chart(
        "stations-over-time",
        "",
        Table(title, (_("Station"), _("Highest"), _("When")), rows, folded=True),
        lambda: queues_figures.heat(found, labels, context.overlay),
        shows=_(_HEAT_SHOWS[found.measure], step=formats.duration(found.bins.step_us)),
        hides=_(
            "Queues shorter than a bin of {bin}, and how many payments passed; white is nothing. {cut}",
            bin=formats.duration(context.run.bin_us),
            cut=only_some(found.stations, order, "Only the {shown} busiest of {all} stations."),
        ).strip(),
        alt=_(
            "Heat map of {rows} stations over time; the darkest cell is {station} at {moment} with {value}.",
            rows=len(rows),
            station=rows[darkest][0],
            value=rows[darkest][1],
            moment=rows[darkest][2],
        ),
        labels=[labels],
    )
