"""What happened: throughput, time to settle, and where payments queued."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from reports import formats
from reports.amounts import cells
from reports.document import Block, Chart, Heading, Paragraph, Section, Table
from reports.figures.labels import Labels
from reports.sections import outcomes, steady
from reports.sections.context import STATIONS_AT_MOST, Context, explained
from reports.text import known, say
from reports.view import flow as flows
from reports.view import queues
from reports.view.bins import Floats, fold, ratio
from sandbox.metric import threshold

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TABLE_ROWS = 60


def happened(context: Context) -> Section:
    """The whole chapter."""
    blocks: list[Block] = []
    if context.has_series and context.whole("throughput.payments"):
        blocks += _throughput(context)
    else:
        blocks.append(Paragraph(say("happened.nothing")))
    blocks += _latency(context) + _queues(context) + steady.blocks(context) + outcomes.blocks(context)
    return Section("happened", say("happened.title"), tuple(blocks))


def _peak(values: Floats) -> float | None:
    return None if np.isnan(values).all() else float(np.nanmax(values))


def _throughput(context: Context) -> list[Block]:
    found = flows.flow(context.run)
    line = threshold("risk.operational.worst_bin_success_share").watch
    unit, step = say(f"unit.{found.unit}"), formats.duration(found.bins.step_us)
    lowest, answered = (
        None if np.isnan(shares).all() else float(np.nanmin(shares)) for shares in (found.share, found.answered)
    )

    def draw() -> Figure:
        from reports.figures.flow import throughput

        return throughput(found, context.overlay, line)

    chart = Chart(
        key="throughput",
        title=say("flow.title"),
        shows=say("flow.shows", unit=unit, step=step, line=formats.percent(line)),
        hides=say("flow.hides", step=step),
        alt=say(
            "flow.alt",
            length=formats.duration(found.bins.count * found.bins.step_us),
            offered=formats.decimal(_peak(found.offered)),
            settled=formats.decimal(_peak(found.settled)),
            unit=unit,
            lowest=formats.share(lowest),
            answered=formats.share(answered),
        ),
        table=_flow_table(context),
        draw=draw,
    )
    return [Heading("throughput", say("flow.heading")), chart]


def _flow_table(context: Context) -> Table:
    """Counts in at most `TABLE_ROWS` rows of time; counts add up exactly."""
    series = context.run.series
    bins = fold(series["at_us"], context.run.bin_us, TABLE_ROWS)
    offered, ended, settled = (bins.sum(series[name]) for name in ("submitted", "ended", "settled"))
    rows = tuple(
        (
            formats.moment(context.start, int(at_us)),
            formats.count(int(one)),
            formats.count(int(two)),
            formats.count(int(three)),
            formats.share(float(share)),
        )
        for at_us, one, two, three, share in zip(
            bins.edges_us, offered, ended, settled, ratio(settled, ended), strict=False
        )
    )
    head = tuple(say(f"col.{name}") for name in ("from", "offered", "ended", "settled", "share"))
    return Table(say("flow.title"), head, rows, folded=True)


def _latency(context: Context) -> list[Block]:
    blocks: list[Block] = [Heading("latency", say("latency.heading"))]
    if not context.whole("throughput.settled"):
        return [*blocks, Paragraph(say("latency.none"))]
    if context.has_series:
        blocks.append(_latency_over_time(context))
    blocks += _distribution(context)
    return blocks


def _latency_over_time(context: Context) -> Chart:
    found = flows.latency(context.run)
    in_a_step = found.bins.step_us // context.run.bin_us
    few = (
        say("latency.few", share=formats.share(found.few_share), limit=flows.FEW)
        if found.few_share
        else say("latency.enough", limit=flows.FEW)
    )

    def draw() -> Figure:
        from reports.figures.flow import latency

        return latency(found, context.overlay)

    series = context.run.series
    bins = fold(series["at_us"], context.run.bin_us, TABLE_ROWS)
    columns = [bins.highest(series[f"latency_{name}_us"]) / 1000 for name in found.quantiles_ms]
    rows = tuple(
        (formats.moment(context.start, int(at_us)), *(formats.milliseconds(float(value)) for value in values))
        for at_us, *values in zip(bins.edges_us, *columns, strict=False)
    )
    return Chart(
        key="latency",
        title=say("latency.title"),
        shows=say(
            "latency.shows",
            step=formats.duration(found.bins.step_us),
            folded=say("latency.folded", bins=in_a_step) if in_a_step > 1 else say("latency.single"),
        ),
        hides=say("latency.hides", few=few),
        alt=say(
            "latency.alt",
            length=formats.duration(found.bins.count * found.bins.step_us),
            **{name: formats.milliseconds(_peak(values)) for name, values in found.quantiles_ms.items()},
        ),
        table=Table(
            say("latency.title"), (say("col.from"), *(say(f"fig.{n}") for n in found.quantiles_ms)), rows, folded=True
        ),
        draw=draw,
    )


def _distribution(context: Context) -> list[Block]:
    raw = context.run.get("throughput.latency_histogram") or {}
    found = flows.histogram(list(raw.get("edges_ms") or []), list(raw.get("counts") or []))
    if not found.counts:
        return []
    values = {name: context.latency_ms(name) for name in ("p50", "p95", "p99", "max")}
    words = {name: formats.milliseconds(value) for name, value in values.items()}
    marked = [(name, value) for name, value in values.items() if value is not None and name != "max"]

    def draw() -> Figure:
        from reports.figures.flow import distribution

        return distribution(found, marked)

    settled = sum(found.counts)
    done, rows = 0, []
    for low, high, number in zip(found.edges_ms, found.edges_ms[1:], found.counts, strict=False):
        done += number
        edges = formats.milliseconds(low), formats.milliseconds(high)
        rows.append((*edges, formats.count(number), formats.share(done / settled)))
    head = tuple(say(f"col.{name}") for name in ("within_from", "within_to", "payments", "cumulative"))
    key = "dist.tail_one" if settled == 1 else "dist.tail"
    tail = say(key, slow=formats.count(-(-settled // 100)), settled=formats.count(settled), max=words["max"])
    return [
        Chart(
            key="latency-distribution",
            title=say("dist.title"),
            shows=say("dist.shows"),
            hides=say("dist.hides", tail=tail),
            alt=say("dist.alt", **words),
            table=Table(say("dist.title"), head, tuple(rows), text_columns=0, folded=True),
            draw=draw,
        )
    ]


def _queues(context: Context) -> list[Block]:
    found = queues.stages(context.run)
    order = queues.ranked(context.run)
    if not order or not any(stage.wait_ms + stage.service_ms for stage in found):
        return []
    return [Heading("queues", say("queues.heading")), Paragraph(_reading(found)), _stages(found), *_stations(context)]


def _reading(found: list[queues.Stage]) -> str:
    wait = math.fsum(stage.wait_ms for stage in found)
    total = wait + math.fsum(stage.service_ms for stage in found)
    if not wait:
        return say("queues.reading_zero")
    if wait < 0.01 * total:
        return say("queues.reading_none", wait=formats.milliseconds(wait))
    longest = max(found, key=lambda stage: stage.wait_ms)
    return say(
        "queues.reading",
        total=formats.milliseconds(total),
        wait=formats.milliseconds(wait),
        share=formats.share(wait / total),
        stage=say(f"stage.{longest.name}"),
    )


def _stages(found: list[queues.Stage]) -> Chart:
    def draw() -> Figure:
        from reports.figures.queues import stages

        return stages(found)

    rows = tuple(
        (
            say(f"stage.{stage.name}"),
            formats.milliseconds(stage.wait_ms),
            formats.milliseconds(stage.service_ms),
        )
        for stage in found
    )
    items = (say("stages.item", name=name, wait=wait, service=service) for name, wait, service in rows)
    return Chart(
        key="stages",
        title=say("stages.title"),
        shows=say("stages.shows"),
        hides=say("stages.hides"),
        alt=say("stages.alt", list="; ".join(items)),
        table=Table(say("stages.title"), (say("col.stage"), say("col.wait"), say("col.service")), rows, folded=True),
        draw=draw,
    )


_STATION_COLUMNS = (
    "arrivals", "served", "refused", "withdrawn", "wait_ms_mean", "service_ms_mean", "queue_mean", "queue_max",
    "utilisation",
)  # fmt: skip
_STATION_HEADS = ("arrivals", "served", "closed", "left", "wait", "service", "queue_mean", "queue_max", "utilisation")


def _stations(context: Context) -> list[Block]:
    order = queues.ranked(context.run)
    shown = order[:STATIONS_AT_MOST]
    labels = Labels(str(row.get("station")) for row in shown)
    line = threshold("risk.operational.busiest_utilisation").watch
    busiest = max(order, key=lambda row: float(row.get("utilisation") or 0))

    def draw() -> Figure:
        from reports.figures.queues import ranked

        return ranked(shown, labels, line)

    rows = tuple(
        (
            str(row.get("station")),
            known("station", row.get("kind")),
            *cells("stations.*", row, _STATION_COLUMNS),
        )
        for row in order
    )
    head = (say("col.station"), say("col.kind"), *(say(f"col.{name}") for name in _STATION_HEADS))
    cut = say("ranked.cut", shown=len(shown), all=len(order)) if len(shown) < len(order) else ""
    chart = Chart(
        key="stations",
        title=say("ranked.title"),
        shows=say("ranked.shows", line=formats.percent(line), cut=cut).strip(),
        hides=say("ranked.hides"),
        alt=say(
            "ranked.alt",
            wait=formats.milliseconds(order[0].get("wait_ms_mean")),
            station=order[0].get("station"),
            busy=formats.share(busiest.get("utilisation")),
            busiest=busiest.get("station"),
        ),
        table=Table(say("ranked.title"), head, rows, text_columns=2, folded=True),
        draw=draw,
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

    def draw() -> Figure:
        from reports.figures.queues import heat

        return heat(found, labels, context.overlay)

    peaks = found.values.argmax(axis=1)
    rows = tuple(
        (name, form(float(found.values[row, place])), formats.moment(context.start, int(edges[place])))
        for row, (name, place) in enumerate(zip(found.stations, peaks.tolist(), strict=True))
    )
    darkest = int(found.values.max(axis=1).argmax())
    cut = say("heat.cut", shown=len(found.stations), all=len(order)) if len(found.stations) < len(order) else ""
    title = say("heat.title") if found.measure == "queue_mean" else say("heat.title_utilisation")
    return [
        Chart(
            key="stations-over-time",
            title=title,
            shows=say(f"heat.shows_{found.measure}", step=formats.duration(found.bins.step_us)),
            hides=say("heat.hides", bin=formats.duration(context.run.bin_us), cut=cut).strip(),
            alt=say(
                "heat.alt", rows=len(rows), station=rows[darkest][0], value=rows[darkest][1], moment=rows[darkest][2]
            ),
            table=Table(title, (say("col.station"), say("col.highest"), say("col.when")), rows, folded=True),
            draw=draw,
            names=explained(labels),
        )
    ]
