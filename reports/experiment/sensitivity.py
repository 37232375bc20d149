"""The chapter on which assumptions matter most: tornado, Morris, Sobol."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from reports import formats
from reports.amounts import shown_change
from reports.blocks import Column, chart, table
from reports.document import Block, Bullets, Section
from reports.experiment.source import ExperimentData, Response, interval, short
from reports.figures import experiment as figures
from sandbox.language import N_, _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TOP: Final = 3
LONGEST: Final = 44


@dataclass(frozen=True)
class Method:
    """How the chart of a method is told and drawn.

    Attributes:
        title, shows, hides, alt: messages of its chart.
        columns: of its table.
        draw: its figure, from the bars.
    """

    title: str
    shows: str
    hides: str
    alt: str
    columns: Callable[[], tuple[Column, ...]]
    draw: Callable[[list[Response]], Figure]


def _change(bar: Response, end: str) -> str:
    value, low, high = (bar.change(f"{end}.{part}") for part in ("value", "low", "high"))
    return value if bar.number(f"{end}.low") is None else f"{value} ({low} … {high})"


def _mark(bar: Response, part: str, text: str = "") -> figures.Mark:
    return bar.mark(f"{part}.value", short(bar.text("path"), LONGEST), text)


def _tornado(bars: list[Response]) -> Figure:
    pairs = [
        figures.Pair(
            short(bar.text("path"), LONGEST),
            _mark(bar, "low"),
            _mark(bar, "high"),
            f"{bar.text('low_words')} … {bar.text('high_words')}",
        )
        for bar in bars
    ]
    return figures.tornado(pairs, lambda value: shown_change(bars[0].metric, value, bare=True))


def _screening(bars: list[Response]) -> Figure:
    marks = [_mark(bar, "size", bar.size("size.value")) for bar in bars]
    return figures.bars(marks, lambda value: shown_change(bars[0].metric, value, bare=True).lstrip("+"))


def _shares(bars: list[Response]) -> Figure:
    totals = [_mark(bar, "total", formats.share(max(0.0, bar.number("total.value") or 0.0))) for bar in bars]
    return figures.bars(totals, formats.percent, [_mark(bar, "first") for bar in bars])


def _decimal(bar: Response, path: str) -> str:
    return formats.decimal(bar.number(path))


METHODS: Final = {
    "one_at_a_time": Method(
        N_("{what}: one parameter at a time"),
        N_(
            "How far the mean moves when one parameter alone goes to either end of its range; whiskers are 95 % "
            "intervals."
        ),
        N_("What parameters do together."),
        N_("Bars to either side of the scenario as it stands, the longest on top."),
        lambda: (
            (_("At its low end"), "low_words"),
            (_("Difference"), lambda bar: _change(bar, "low")),
            (_("At its high end"), "high_words"),
            (_("Difference"), lambda bar: _change(bar, "high")),
        ),
        _tornado,
    ),
    "morris": Method(
        N_("{what}: screening (Morris)"),
        N_(
            "Mean size of the change from one end of a parameter's range to the other, wherever the others "
            "stand; whiskers are 95 % intervals."
        ),
        N_("The direction (see the table), and how much is the parameter's own."),
        N_("Bars, the longest on top."),
        lambda: (
            *interval(_("Size"), "size.value", Response.size),
            (_("Mean effect"), lambda bar: bar.change("mean")),
            (_("Spread of effects"), "spread"),
        ),
        _screening,
    ),
    "saltelli": Method(
        N_("{what}: shares of its variance (Sobol)"),
        N_(
            "The share of the variance over all ranges that a parameter has a part in (bar) and that it "
            "makes alone (dot); whiskers are 95 % intervals."
        ),
        N_("The direction; and the shares would be others with other ranges."),
        N_("Bars, the longest on top, with dots."),
        lambda: (
            *interval(_("Alone"), "first.value", _decimal),
            *interval(_("With others"), "total.value", _decimal),
        ),
        _shares,
    ),
}


def _effect(method: str, bar: Response) -> tuple[float, float]:
    """How much a parameter moves the metric, and the part of it that chance could not make."""
    if method != "one_at_a_time":
        name = "size" if method == "morris" else "total"
        return bar.number(f"{name}.value") or 0.0, max(0.0, bar.number(f"{name}.low") or 0.0)
    ends = [bar.number("low.value") or 0.0, bar.number("high.value") or 0.0]
    sure = [abs(value) for end, value in zip(("low", "high"), ends, strict=True) if _off_zero(bar.section(end))]
    return max(0.0, *ends) - min(0.0, *ends), max(sure, default=0.0)


def _off_zero(end: Response) -> bool:
    low, high = end.number("low"), end.number("high")
    return bool(end.number("value")) if low is None or high is None else low > 0 or high < 0


def _sentences_of(found: ExperimentData, row: Response, most: int) -> list[str]:
    """The parameters that matter most to one metric."""
    what, method, bars = found.label(row.metric), row.text("method"), row.rows("bars")
    if row.get("error"):
        return [_("{what} cannot be judged: {reason}.", what=formats.capital(what), reason=row.text("error"))]
    lines: list[str] = []
    for bar in bars:
        size, sure = _effect(method, bar)
        if sure > 0 and len(lines) < most:
            code = (
                N_("{path} makes up {size} of what the ranges do to {what}, together with others")
                if method == "saltelli"
                else N_("{path} moves {what} by {size} from one end of its range to the other")
            )
            words = (
                formats.share(min(1.0, size)) if method == "saltelli" else shown_change(row.metric, size).lstrip("+")
            )
            lines.append(_(code, path=bar.text("path"), what=what, size=words) + ".")
    if bars and not lines:
        lines.append(_("Nothing that was varied moves {what} by more than chance.", what=what))
    if doubtful := [bar.text("path") for bar in bars if bar.flag("doubtful")]:
        lines.append(
            _(
                "Shares of what is done to {what} lie outside 0 to 100 % by more than their intervals: too few "
                "samples for {paths}.",
                what=what,
                paths=formats.listed(doubtful),
            )
        )
    return lines


def sentences(found: ExperimentData) -> list[str]:
    """For each metric the one that matters most, or why that cannot be said."""
    return [line for row in found.rows("sensitivity") for line in _sentences_of(found, row, 1)]


def section(found: ExperimentData) -> Section | None:
    """The chapter; None where the design was none for it."""
    rows = found.rows("sensitivity")
    if not rows:
        return None
    lines = [line for row in rows for line in _sentences_of(found, row, TOP)]
    charts = [block for number, row in enumerate(rows) if row.get("bars") for block in _chart(found, row, number + 1)]
    return Section(
        "sensitivity", _("Which assumptions matter most"), (Bullets(tuple(lines) or (formats.NOTHING,)), *charts)
    )


def _chart(found: ExperimentData, row: Response, number: int) -> list[Block]:
    method, bars = METHODS[row.text("method")], row.rows("bars")
    title = _(method.title, what=found.label(row.metric))
    return chart(
        f"sensitivity-{number}",
        "",
        table(title, bars, (_("Parameter"), "path"), *method.columns()),
        lambda: method.draw(bars[: figures.MOST_ROWS]),
        title=formats.capital(title),
        shows=_(method.shows),
        hides=_(method.hides),
        alt=_(method.alt),
    )
