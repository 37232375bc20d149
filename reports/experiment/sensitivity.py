"""The chapter on which assumptions matter most: tornado, Morris, Sobol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from reports import formats
from reports.amounts import shown, shown_change
from reports.document import Block, Bullets, Chart, Section, Table
from reports.experiment.compare import short
from reports.experiment.source import Experiment
from reports.text import say

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TOP = 3
LONGEST = 44

Row = Mapping[str, Any]


def _size(method: str, bar: Row) -> tuple[float, float]:
    """How much a parameter moves the metric, and the part of it that luck could not make."""
    if method == "morris":
        return bar["size"]["value"], max(0.0, bar["size"]["low"])
    if method == "saltelli":
        return bar["total"]["value"], max(0.0, bar["total"]["low"])
    ends = [0.0, bar["low"]["value"], bar["high"]["value"]]
    sure = [abs(end["value"]) for end in (bar["low"], bar["high"]) if _off_zero(end)]
    return max(ends) - min(ends), max(sure, default=0.0)


def _off_zero(end: Row) -> bool:
    low, high = end["low"], end["high"]
    return bool(end["value"]) if low is None else low > 0 or high < 0


def _sentences_of(found: Experiment, row: Row, most: int) -> list[str]:
    """The parameters that matter most to one metric."""
    what, metric, method = found.label(row["metric"]), str(row["metric"]), str(row["method"])
    if row.get("error"):
        return [say("x.assumptions.unjudged", what=formats.capital(what), reason=row["error"])]
    lines: list[str] = []
    for bar in row["bars"]:
        size, sure = _size(method, bar)
        if sure > 0 and len(lines) < most:
            code = "x.assumptions.share" if method == "saltelli" else "x.assumptions.one"
            words = formats.share(min(1.0, size)) if method == "saltelli" else shown_change(metric, size).lstrip("+")
            lines.append(say(code, path=bar["path"], what=what, size=words) + ".")
    if row["bars"] and not lines:
        lines.append(say("x.assumptions.none", what=what))
    if doubtful := [str(bar["path"]) for bar in row["bars"] if bar.get("doubtful")]:
        lines.append(say("x.assumptions.doubtful", what=what, paths=", ".join(doubtful)))
    return lines


def sentences(found: Experiment) -> list[str]:
    """For each metric the one that matters most, or why that cannot be said."""
    return [line for row in found.rows("sensitivity") for line in _sentences_of(found, row, 1)]


def section(found: Experiment) -> Section | None:
    """The chapter; None where the design was none for it."""
    rows = found.rows("sensitivity")
    if not rows:
        return None
    blocks: list[Block] = [
        Bullets(tuple(line for row in rows for line in _sentences_of(found, row, TOP)) or (formats.NOTHING,))
    ]
    for number, row in enumerate(rows):
        if row["bars"]:
            blocks.append(_chart(found, row, f"sensitivity-{number + 1}"))
    return Section("sensitivity", say("x.assumptions"), tuple(blocks))


def _chart(found: Experiment, row: Row, key: str) -> Chart:
    metric, method = str(row["metric"]), str(row["method"])
    name = {"one_at_a_time": "tornado", "morris": "morris", "saltelli": "sobol"}[method]
    what = found.label(metric)

    def draw() -> Figure:
        return _drawn(metric, method, row["bars"])

    return Chart(
        key,
        formats.capital(say(f"x.{name}", what=what)),
        say(f"x.{name}.shows"),
        say(f"x.{name}.hides"),
        say(f"x.{name}.alt"),
        _table(metric, method, row["bars"], say(f"x.{name}", what=what)),
        draw,
    )


def _drawn(metric: str, method: str, found: list[Row]) -> Figure:
    from reports.figures.experiment import MOST_ROWS, Mark, Pair, bars, tornado

    rows = found[:MOST_ROWS]

    def tick(value: float) -> str:
        return shown_change(metric, value).removesuffix(" " + say("x.points"))

    def mark(row: Row, part: str, text: str = "") -> Mark:
        return Mark(short(row["path"], LONGEST), row[part]["value"], row[part]["low"], row[part]["high"], text)

    if method == "one_at_a_time":
        pairs = [
            Pair(
                short(row["path"], LONGEST),
                mark(row, "low"),
                mark(row, "high"),
                f"{row['low_words']} … {row['high_words']}",
            )
            for row in rows
        ]
        return tornado(pairs, tick)
    if method == "morris":
        marks = [mark(row, "size", shown_change(metric, row["size"]["value"]).lstrip("+")) for row in rows]
        return bars(marks, lambda value: tick(value).lstrip("+"))
    totals = [mark(row, "total", formats.share(max(0.0, row["total"]["value"]))) for row in rows]
    return bars(totals, formats.percent, [mark(row, "first") for row in rows])


def _table(metric: str, method: str, bars: list[Row], title: str) -> Table:
    path = say("x.parameter")
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    if method == "one_at_a_time":
        head = (path, say("x.col.at_low"), say("x.col.difference"), say("x.col.at_high"), say("x.col.difference"))
        rows = tuple(
            (
                row["path"], row["low_words"], _change(metric, row["low"]), row["high_words"],
                _change(metric, row["high"]),
            )
            for row in bars
        )  # fmt: skip
    elif method == "morris":
        head = (path, say("x.col.size"), say("x.low"), say("x.high"), say("x.col.effect"), say("x.col.spread"))
        rows = tuple(
            (
                row["path"],
                *(shown_change(metric, row["size"][part]).lstrip("+") for part in ("value", "low", "high")),
                shown_change(metric, row["mean"]),
                shown(metric, row["spread"]),
            )
            for row in bars
        )
    else:
        head = (path, say("x.col.first"), say("x.low"), say("x.high"), say("x.col.total"), say("x.low"), say("x.high"))
        rows = tuple(
            (
                row["path"],
                *(
                    formats.decimal(row[order][part])
                    for order in ("first", "total")
                    for part in ("value", "low", "high")
                ),
            )
            for row in bars
        )
    return Table(title, head, rows)


def _change(metric: str, end: Row) -> str:
    if end["low"] is None:
        return shown_change(metric, end["value"])
    value, low, high = (shown_change(metric, end[part]) for part in ("value", "low", "high"))
    return f"{value} ({low} … {high})"
