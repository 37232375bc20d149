"""The chapter on who matters: each participant failed in turn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports import formats
from reports.document import Block, Chart, Paragraph, Section, Table
from reports.experiment.compare import short
from reports.experiment.source import Experiment, shown_change
from reports.text import say

VALUE = "throughput.settled_fen"


def sentences(found: Experiment) -> list[str]:
    """Who comes first, and whose failing changes nothing."""
    if found.kind != "stress":
        return []
    rows = [row for row in found.rows("ranking") if row["lost"] is not None]
    if not rows:
        return [say("x.stress.nothing")]
    lines = []
    first = rows[0]
    if not first["lost"]["same"] and first["lost"]["value"] < 0:
        low, high = _shares(first["lost"])
        lines.append(
            say(
                "x.stress.first",
                name=first["participant"],
                share=formats.share(first["share"]),
                low=formats.share(low),
                high=formats.share(high),
            )
        )
    same = [str(row["participant"]) for row in rows if row["lost"]["same"]]
    if same:
        lines.append(say("x.stress.none", names=", ".join(same)))
    return lines


def _shares(lost: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """The interval of the loss, as shares of the base's value."""
    if lost["low"] is None or not lost["base"]:
        return None, None
    return -lost["high"] / lost["base"], -lost["low"] / lost["base"]


def section(found: Experiment) -> Section | None:
    """The chapter; None where nobody was failed."""
    rows = found.rows("ranking")
    if not rows:
        return None
    others = list(rows[0]["also"])
    head = (
        say("x.col.participant"), say("x.col.lost"), say("x.low"), say("x.high"), say("x.col.lost_share"),
        *(found.label(metric) for metric in others), say("x.col.verdict"),
    )  # fmt: skip
    cells = tuple(
        (
            str(row["participant"]),
            *(shown_change(VALUE, (row["lost"] or {}).get(name)) for name in ("value", "low", "high")),
            formats.share(row["share"]) if (row["share"] or 0) >= 0 else f"-{formats.share(-row['share'])}",
            *(shown_change(metric, (row["also"][metric] or {}).get("value")) for metric in others),
            _standing(row["lost"]),
        )
        for row in rows
    )
    table = Table(say("x.stress"), head, cells)
    blocks: list[Block] = [Paragraph(say("x.stress.text")), _chart(rows, table), table]
    return Section("stress", say("x.stress"), tuple(blocks))


def _standing(lost: Mapping[str, Any] | None) -> str:
    if lost is None or lost["low"] is None:
        return say("x.verdict.unknown")
    return say("x.verdict.same" if lost["same"] else "x.verdict.clear" if lost["clear"] else "x.verdict.unclear")


def _chart(rows: list[Mapping[str, Any]], table: Table) -> Chart:
    from matplotlib.figure import Figure

    def draw() -> Figure:
        from reports.figures.experiment import MOST_ROWS, Mark, bars

        told = [row for row in rows if row["lost"] is not None and row["share"] is not None][:MOST_ROWS]
        marks = []
        for row in told:
            text = formats.share(row["share"]) if row["share"] >= 0 else f"-{formats.share(-row['share'])}"
            marks.append(Mark(short(str(row["participant"]), 40), row["share"], *_shares(row["lost"]), text))
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
