"""Where payments queued: stages, stations, and stations over time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from reports import formats
from reports.blocks import chart, only_some, table
from reports.document import Block, Heading, Paragraph, Table
from reports.figures.canvas import EDGE, SMALL, WIDTH, Board, Key, Panel, Rows, widest
from reports.figures.colors import AMBER, GREY, RED, SKY
from reports.figures.labels import Labels
from reports.figures.overlay import FOOT, Overlay
from reports.names import STAGES, STATIONS
from reports.reading import Entries
from reports.sections.context import STATIONS_AT_MOST, Context
from reports.source import RunData
from reports.view.bins import Bins, Floats, fold
from sandbox.language import N_, _, named
from sandbox.metric import threshold

if TYPE_CHECKING:
    from matplotlib.figure import Figure

COLUMNS_AT_MOST = 72


@dataclass(frozen=True)
class Stage:
    """Mean time of a payment at one stage, ms."""

    name: str
    wait_ms: float
    service_ms: float


def stages(run: RunData) -> list[Stage]:
    """The three stages in the order of a payment's way; missing numbers count as 0."""
    found = run.entries.section("throughput.stages")
    return [
        Stage(name, *(float(found.number(f"{name}.{part}_ms_mean") or 0) for part in ("wait", "service")))
        for name in STAGES
    ]


def ranked(run: RunData) -> list[Entries]:
    """Stations by mean wait, the longest first; equal ones by utilisation, then by name."""

    def rank(one: Entries) -> tuple[float, float, str]:
        return -(one.number("wait_ms_mean") or 0), -(one.number("utilisation") or 0), one.text("station")

    return sorted(run.entries.rows("stations"), key=rank)


@dataclass(frozen=True)
class Heat:
    """Stations by time: `values[station, group]` is the highest bin mean of `measure`; 0 where nothing happened.

    `measure` is `queue_mean` where any payment waited, else `utilisation`.
    """

    bins: Bins
    stations: list[str]
    measure: str
    values: Floats


def heat(run: RunData, order: list[str], stations_at_most: int) -> Heat | None:
    """Queues (or else utilisation) by station and time, or None where no station was ever used.

    Args:
        run: the run.
        order: all stations, in the order in which they are wanted.
        stations_at_most: how many of them are shown; of more, those with the highest value.
    """
    if not len(run.stations.get("at_us", ())) or not len(run.series.get("at_us", ())):
        return None
    at_us = np.asarray(run.series["at_us"], dtype=np.int64)
    names = run.stations["station"]
    span = int(at_us.min()), int(max(at_us.max(), np.asarray(run.stations["at_us"], dtype=np.int64).max()))
    queues = np.asarray(run.stations["queue_mean"], dtype=np.float64)
    measure = "queue_mean" if queues.size and np.nanmax(queues) > 0 else "utilisation"
    bins = fold(run.stations["at_us"], run.bin_us, COLUMNS_AT_MOST, span)
    rows = {name: row for row, name in enumerate(order)}
    row_of = np.array([rows.get(str(name), -1) for name in names.tolist()], dtype=np.int64)
    known = row_of >= 0
    values = np.zeros((len(order), bins.count))
    column = np.nan_to_num(np.asarray(run.stations[measure], dtype=np.float64))
    np.maximum.at(values, (row_of[known], bins.index[known]), column[known])
    busiest = np.argsort(-values.max(axis=1), kind="stable")[:stations_at_most]
    keep = sorted(busiest.tolist())
    return Heat(bins, [order[row] for row in keep], measure, values[keep])


# --- blocks -----------------------------------------------------------------------------------------------------------


_HEAT_SHOWS: Final = {
    "queue_mean": N_("The mean number of payments waiting at each station; of each {step} the highest bin is shown."),
    "utilisation": N_(
        "No payment waited anywhere, so colour shows the share of the servers' time in use; of each {step} the highest "
        "bin is shown."
    ),
}


def blocks(context: Context) -> list[Block]:
    """Stages and stations, if payments passed any."""
    found = stages(context.run)
    order = ranked(context.run)
    if not order or not any(stage.wait_ms + stage.service_ms for stage in found):
        return []
    return [
        Heading("queues", _("Where payments queued")),
        Paragraph(_reading(found)),
        *_stages(found),
        *_stations(context),
    ]


def _reading(found: list[Stage]) -> str:
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


def _stages(found: list[Stage]) -> list[Block]:
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
        lambda: _draw_stages(found),
        shows=_(
            "Mean waiting and service time at each stage. A payment inside one institution passes no payee's gateway."
        ),
        hides=_("The spread round the mean: a mean of a few milliseconds can hide a minute in which everybody waited."),
        alt=_("Stacked bars: {list}.", list=formats.series(items)),
    )


def _stations(context: Context) -> list[Block]:
    order = ranked(context.run)
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
        lambda: _draw_ranked(shown, labels, line),
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
    found = heat(context.run, order, STATIONS_AT_MOST)
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
        lambda: _draw_heat(found, labels, context.overlay),
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


# --- figures ----------------------------------------------------------------------------------------------------------


_SCALE = ("#FFF3D6", "#FFE0A3", "#F9C46B", "#F0A03C", "#DD7A1B", "#BF5410", "#96340A", "#6B1B05", "#3D0A02")

_MEASURES: Final = {
    "queue_mean": N_("payments waiting, mean in a bin"),
    "utilisation": N_("server time in use, share"),
}


def _draw_stages(found: Sequence[Stage]) -> Figure:
    """Mean waiting and service time at each stage, as stacked bars."""
    board = Board(30 + 28 * len(found))
    board.legend(2, [Key(_("waiting"), AMBER, area=True, hatch="///"), Key(_("being served"), SKY, area=True)])
    names = [_(STAGES[stage.name]) for stage in found]
    waits, services = [stage.wait_ms for stage in found], [stage.service_ms for stage in found]
    totals = [wait + service for wait, service in zip(waits, services, strict=True)]
    labels = [formats.milliseconds(total) for total in totals]
    left = widest(names) + 10
    rows = Rows(board, left, 25, WIDTH - left - widest(labels, SMALL) - 10, max(totals), row=28)
    rows.names(names)
    rows.stacked([(waits, AMBER, "///"), (services, SKY, "")])
    rows.labels(totals, labels)
    rows.axis(len(found))
    return board.finished()


def _draw_ranked(stations: Sequence[Entries], labels: Labels, line: float) -> Figure:
    """Stations with their mean wait (left) and utilisation (right), the line for utilisation marked."""
    board = Board(28 + 21 * len(stations))
    names = [labels[row.text("station")] for row in stations]
    waits = [row.number("wait_ms_mean") or 0.0 for row in stations]
    busy = [row.number("utilisation") or 0.0 for row in stations]
    left = widest(names) + 10
    half = (WIDTH - left) / 2
    wait_words, busy_words = [formats.milliseconds(wait) for wait in waits], [formats.share(part) for part in busy]
    board.words(left, 2, _("mean wait"), color=GREY)
    board.words(left + half, 2, _("server time in use"), color=GREY)
    by_wait = Rows(board, left, 22, half - widest(wait_words, SMALL) - 14, max(waits))
    by_use = Rows(board, left + half, 22, half - widest(busy_words, SMALL) - 10, 1.0)
    by_wait.names(names)
    by_wait.bars(waits, AMBER, "///")
    by_wait.labels(waits, wait_words)
    by_use.bars(busy, SKY)
    by_use.labels([1.0] * len(busy), busy_words)
    for rows in (by_wait, by_use):
        rows.axis(len(stations))
    x = by_use.to_x(line)
    board.line([x, x], [22, 22 + 21 * len(stations)], RED, 1.1, (0, (5, 2)))
    return board.finished()


def _draw_heat(found: Heat, labels: Labels, overlay: Overlay) -> Figure:
    """Stations by time; the darker, the more payments wait (or the more of the servers' time is used)."""
    rows = len(found.stations)
    board = Board(62 + 21 * rows + FOOT)
    names = [labels[name] for name in found.stations]
    left = widest(names) + 10
    high = float(found.values.max())
    word = formats.decimal(high) if found.measure == "queue_mean" else formats.share(high)
    board.words(EDGE, 2, _(_MEASURES[found.measure]), color=GREY)
    _scale(board, left, word)
    span = float(found.bins.edges_us[0]), float(found.bins.edges_us[-1])
    panel = Panel(board, left, 60, WIDTH - left - 12, 21 * rows, span, (rows, 0))
    overlay.calendar(panel)
    overlay.events(panel)
    _cells(panel, found, high)
    panel.levels([(row, "") for row in range(rows + 1)])
    for row, name in enumerate(names):
        board.words(left - 6, 60 + 21 * (row + 0.5), name, ha="right", va="center")
    return board.finished()


def _scale(board: Board, left: float, highest: str) -> None:
    for place, color in enumerate(_SCALE):
        board.boxes([(left + 14 * place, 24, left + 14 * (place + 1), 35)], color)
    board.words(left - 6, 22, "0", ha="right", size=SMALL)
    board.words(left + 14 * len(_SCALE) + 6, 22, highest, size=SMALL)


def _cells(panel: Panel, found: Heat, high: float) -> None:
    """One shape a colour; neighbours in a row that share a colour are one box."""
    if high <= 0:
        return
    shade = np.ceil(found.values / high * len(_SCALE)).astype(int)
    x = panel.to_x(found.bins.edges_us).tolist()
    y = panel.to_y(np.arange(len(found.stations) + 1)).tolist()
    sides: dict[int, list[tuple[float, float, float, float]]] = {}
    for row, line in enumerate(shade.tolist()):
        begin = 0
        for place in range(1, len(line) + 1):
            if place == len(line) or line[place] != line[begin]:
                if line[begin] > 0:
                    sides.setdefault(line[begin], []).append((x[begin], y[row], x[place], y[row + 1]))
                begin = place
    for level, boxes in sorted(sides.items()):
        panel.board.boxes(boxes, _SCALE[level - 1], zorder=0.3)
