"""The chapter on who matters: each participant failed in turn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports import formats
from reports.amounts import shown_change
from reports.document import Block, Chart, Paragraph, Section, Table
from reports.experiment.compare import short
from reports.experiment.source import Experiment
from reports.text import say


def sentences(found: Experiment) -> list[str]:
    """Who comes first, and whose failing changes nothing."""
    if found.kind != "stress":
        return []
    rows = [row for row in found.rows("ranking") if row["lost"] is not None]
    if not rows:
        return [say("x.stress.nothing")]
    if not any(row["lost"]["base"] for row in rows):
        return [say("x.stress.nothing_settled")]
    lines = []
    first = rows[0]
    if not first["lost"]["same"] and first["lost"]["value"] < 0:
        low, high = _shares(first["lost"])
        lines.append(
            say(
                "x.stress.first" + ("_one" if low is None else "" if first["lost"]["clear"] else "_unsure"),
                name=first["participant"],
                share=share(first["share"]),
                low=share(low),
                high=share(high),
            )
        )
    same = [str(row["participant"]) for row in rows if row["lost"]["same"]]
    if same:
        lines.append(say("x.stress.none", names=", ".join(same)))
    return lines


def _shares(lost: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """The interval of the loss, as shares of the base's value; nobody can lose more than all of it."""
    if lost["low"] is None or not lost["base"]:
        return None, None
    return min(1.0, -lost["high"] / lost["base"] or 0.0), min(1.0, -lost["low"] / lost["base"] or 0.0)


def section(found: Experiment) -> Section | None:
    """The chapter; None where nobody was failed."""
    rows = found.rows("ranking")
    if not rows:
        return None
    others = list(rows[0]["also"])
    lost = str(found.summary["metrics"][0])
    head = (
        say("x.col.participant"), say("x.col.lost"), say("x.low"), say("x.high"), say("x.col.lost_share"),
        *(found.label(metric) for metric in others), say("x.col.verdict"),
    )  # fmt: skip
    cells = tuple(
        (
            str(row["participant"]),
            *(shown_change(lost, (row["lost"] or {}).get(name)) for name in ("value", "low", "high")),
            share(row["share"]),
            *(shown_change(metric, (row["also"][metric] or {}).get("value")) for metric in others),
            _standing(row["lost"]),
        )
        for row in rows
    )
    table = Table(say("x.stress"), head, cells)
    told = [row for row in rows if row["lost"] is not None and row["share"] is not None]
    blocks: list[Block] = [Paragraph(say("x.stress.text")), *([_chart(told, table)] if told else []), table]
    return Section("stress", say("x.stress"), tuple(blocks))


def share(value: float | None) -> str:
    """A share that may be below 0.

    >>> share(0.25), share(-0.25), share(-0.0)
    ('25.0 %', '-25.0 %', '0 %')
    """
    if value is None or value >= 0:
        return formats.share(None if value is None else abs(value))
    return f"-{formats.share(-value)}"


def table_lines(found: Experiment) -> list[str]:
    """The ranking as lines of text."""
    rows = [row for row in found.rows("ranking") if row["lost"] is not None and row["share"] is not None]
    width = max((len(str(row["participant"])) for row in rows), default=0)
    lines = []
    for row in rows:
        low, high = (share(end) for end in _shares(row["lost"]))
        code = "x.stress.line_one" if row["lost"]["low"] is None else "x.stress.line"
        words = say(code, share=share(row["share"]), low=low, high=high, verdict=_standing(row["lost"]))
        lines.append(f"{str(row['participant']).ljust(width)}  {words}")
    return lines


def _standing(lost: Mapping[str, Any] | None) -> str:
    if lost is None or lost["low"] is None:
        return say("x.verdict.unknown")
    return say("x.verdict.same" if lost["same"] else "x.verdict.clear" if lost["clear"] else "x.verdict.unclear")


def _chart(rows: list[Mapping[str, Any]], table: Table) -> Chart:
    from matplotlib.figure import Figure

    def draw() -> Figure:
        from reports.figures.experiment import MOST_ROWS, Mark, bars

        marks = []
        for row in rows[:MOST_ROWS]:
            marks.append(
                Mark(short(str(row["participant"]), 40), row["share"], *_shares(row["lost"]), share(row["share"]))
            )
        return bars(marks, formats.percent)

    return Chart(
        "stress",
        say("x.stress.title"),
        say("x.stress.shows"),
        say("x.stress.hides"),
        say("x.stress.alt"),
        table,
        draw,
    )
