"""The chapter on how numbers respond to levers."""

from __future__ import annotations

from itertools import pairwise
from typing import Final

from reports import formats
from reports.amounts import shown
from reports.blocks import chart, table
from reports.document import Block, Section
from reports.experiment.source import MOST_CHOICES, ExperimentData, Response, interval, short
from reports.figures import experiment as figures
from sandbox.language import _
from sandbox.metric import unit_of
from sandbox.visible import plain

MOST_CURVES: Final = 6
MOST_LINES: Final = 4
_HOUR_US: Final = 3.6e9


def section(found: ExperimentData) -> Section | None:
    """A curve a metric over the first lever, a line a value of the second; None without a grid of levers."""
    levers = [one for one in found.rows("factors") if one.text("kind") == "lever" and len(one.get("values")) > 1]
    described = list(found.by_metric("described").values())[:MOST_CURVES]
    if not levers or not described:
        return None
    blocks = [block for number, rows in enumerate(described) for block in _chart(found, levers, rows, number + 1)]
    return Section("responses", _("Response"), tuple(blocks))


def _places(lever: Response) -> dict[str, float]:
    """Where a lever's values stand along the axis: as numbers if they rise, else one after another."""
    values, numbers = lever.get("values"), lever.get("numbers") or []
    known = [one for one in numbers if one is not None]
    if len(known) == len(values) and all(a < b for a, b in pairwise(known)):
        return dict(zip(values, known, strict=True))
    return {value: float(place) for place, value in enumerate(values)}


def _chart(found: ExperimentData, levers: list[Response], rows: list[Response], number: int) -> list[Block]:
    metric, lever, places = rows[0].metric, levers[0].text("path"), _places(levers[0])
    words = {"what": found.label(metric), "lever": lever}
    numbers = table(
        _("{what}, by choice", **words),
        rows[:MOST_CHOICES],
        (_("Choice"), lambda row: found.brief(row.text("choice"))),
        *interval(_("Mean"), "mean"),
    )
    return chart(
        f"response-{number}",
        "",
        numbers,
        lambda: figures.curves(
            _lines(levers, rows, places),
            sorted((at, value) for value, at in places.items()),
            lambda value: _tick(metric, value),
            words["what"],
            short(lever),
            _HOUR_US if unit_of(metric) == "us" else 1.0,
        ),
        title=formats.capital(_("{what} as {lever} changes", **words)),
        shows=_("Means over the runs of each value; the band is their 95 % interval."),
        hides=_("What lies between the values that were run; lines only join them."),
        alt=_("A line with a band: {what} for each value of {lever}.", **words),
    )


def _lines(levers: list[Response], rows: list[Response], places: dict[str, float]) -> list[figures.Curve]:
    first, *others = (one.text("path") for one in levers)
    lines: dict[str, list[tuple[float, figures.Mark]]] = {}
    for row in rows:
        varied = row.named("varied")
        if varied.get(first) in places:
            name = ", ".join(f"{path.rsplit('.', 1)[-1]} {varied.get(path)}" for path in others)
            lines.setdefault(name, []).append((places[varied[first]], row.mark("mean")))
    return [
        figures.Curve(short(name, 40), tuple(at for at, __ in marks), tuple(mark for __, mark in marks))
        for name, marks in list(lines.items())[:MOST_LINES]
    ]


def _tick(metric: str, value: float) -> str:
    """A tick's number: one without a unit is not rounded, or two ticks could read the same."""
    text = shown(metric, value)
    return plain(value, 6) if text == formats.decimal(value) and abs(value) < 100 else text
