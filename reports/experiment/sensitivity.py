"""The chapter on which assumptions matter most: tornado, Morris, Sobol."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from reports import formats
from reports.amounts import shown, shown_change
from reports.document import Block, Bullets, Chart, Section, Table
from reports.experiment.compare import short
from reports.experiment.source import Experiment
from sandbox.language import N_, _

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TOP = 3
LONGEST = 44

Row = Mapping[str, Any]


_TITLES: Final = {
    "tornado": N_("{what}: one parameter at a time"),
    "morris": N_("{what}: screening (Morris)"),
    "sobol": N_("{what}: shares of its variance (Sobol)"),
}
_SHOWS: Final = {
    "tornado": N_(
        "How far the mean moves when one parameter alone goes to either end of its range; whiskers are 95 % intervals."
    ),
    "morris": N_(
        "Mean size of the change from one end of a parameter's range to the other, wherever the others "
        "stand; whiskers are 95 % intervals."
    ),
    "sobol": N_(
        "The share of the variance over all ranges that a parameter has a part in (bar) and that it "
        "makes alone (dot); whiskers are 95 % intervals."
    ),
}
_HIDES: Final = {
    "tornado": N_("What parameters do together."),
    "morris": N_("The direction (see the table), and how much is the parameter's own."),
    "sobol": N_("The direction; and the shares would be others with other ranges."),
}
_ALTS: Final = {
    "tornado": N_("Bars to either side of the scenario as it stands, the longest on top."),
    "morris": N_("Bars, the longest on top."),
    "sobol": N_("Bars, the longest on top, with dots."),
}


def _size(method: str, bar: Row) -> tuple[float, float]:
    """How much a parameter moves the metric, and the part of it that chance could not make."""
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
        return [_("{what} cannot be judged: {reason}.", what=formats.capital(what), reason=row["error"])]
    lines: list[str] = []
    for bar in row["bars"]:
        size, sure = _size(method, bar)
        if sure > 0 and len(lines) < most:
            code = (
                N_("{path} makes up {size} of what the ranges do to {what}, together with others")
                if method == "saltelli"
                else N_("{path} moves {what} by {size} from one end of its range to the other")
            )
            words = formats.share(min(1.0, size)) if method == "saltelli" else shown_change(metric, size).lstrip("+")
            lines.append(_(code, path=bar["path"], what=what, size=words) + ".")
    if row["bars"] and not lines:
        lines.append(_("Nothing that was varied moves {what} by more than chance.", what=what))
    if doubtful := [str(bar["path"]) for bar in row["bars"] if bar.get("doubtful")]:
        lines.append(
            _(
                "Shares of what is done to {what} lie outside 0 to 100 % by more than their intervals: too few "
                "samples for {paths}.",
                what=what,
                paths=formats.listed(doubtful),
            )
        )
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
    return Section("sensitivity", _("Which assumptions matter most"), tuple(blocks))


def _chart(found: Experiment, row: Row, key: str) -> Chart:
    metric, method = str(row["metric"]), str(row["method"])
    name = {"one_at_a_time": "tornado", "morris": "morris", "saltelli": "sobol"}[method]
    what = found.label(metric)

    def draw() -> Figure:
        return _drawn(metric, method, row["bars"])

    return Chart(
        key,
        formats.capital(_(_TITLES[name], what=what)),
        _(_SHOWS[name]),
        _(_HIDES[name]),
        _(_ALTS[name]),
        _table(metric, method, row["bars"], _(_TITLES[name], what=what)),
        draw,
    )


def _drawn(metric: str, method: str, found: list[Row]) -> Figure:
    from reports.figures.experiment import MOST_ROWS, Mark, Pair, bars, tornado

    rows = found[:MOST_ROWS]

    def tick(value: float) -> str:
        return shown_change(metric, value, bare=True)

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
    path = _("Parameter")
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    if method == "one_at_a_time":
        head = (path, _("At its low end"), _("Difference"), _("At its high end"), _("Difference"))
        rows = tuple(
            (
                row["path"], row["low_words"], _change(metric, row["low"]), row["high_words"],
                _change(metric, row["high"]),
            )
            for row in bars
        )  # fmt: skip
    elif method == "morris":
        head = (path, _("Size"), _("95 % from"), _("to"), _("Mean effect"), _("Spread of effects"))
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
        head = (path, _("Alone"), _("95 % from"), _("to"), _("With others"), _("95 % from"), _("to"))
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
