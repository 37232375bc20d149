"""The chapter on who matters: each participant failed in turn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports import formats
from reports.amounts import shown_change
from reports.document import Block, Chart, Paragraph, Section, Table
from reports.experiment.compare import short, told_apart
from reports.experiment.source import Experiment
from sandbox.language import N_, _


def sentences(found: Experiment) -> list[str]:
    """Who comes first, and whose failing changes nothing."""
    if found.kind != "stress":
        return []
    rows = [row for row in found.rows("ranking") if row["lost"] is not None]
    if not rows:
        return [_("Nothing can be ranked: too many runs failed.")]
    if not any(row["lost"]["base"] for row in rows):
        return [_("Nothing settles in the scenario as it stands, so nobody's failing can lose any of it.")]
    lines = []
    first = rows[0]
    if not first["lost"]["same"] and first["lost"]["value"] < 0:
        low, high = _shares(first["lost"])
        if low is None:
            message = N_(
                "{name} comes first: if it fails, {share} of the settled value is lost in the one pair of runs; "
                "more replications say how sure that is."
            )
        elif first["lost"]["clear"]:
            message = N_(
                "{name} matters most: if it fails, {share} of the settled value is lost ({low} to {high} at the "
                "95 % level)."
            )
        elif low > 0:
            message = N_(
                "{name} comes first: if it fails, {share} of the settled value is lost ({low} to {high} at the 95 % "
                "level); among so many participants one may come out so by chance, and more replications would tell."
            )
        else:
            message = N_(
                "{name} comes first: if it fails, {share} of the settled value is lost, but that may be due to chance "
                "({low} to {high} at the 95 % level); more replications would tell."
            )
        values = {"share": share(first["share"]), "low": share(low), "high": share(high)}
        lines.append(_(message, name=first["participant"], **values))
    same = [str(row["participant"]) for row in rows if row["lost"]["same"]]
    if same:
        lines.append(_("It makes no difference at all if one of these fails: {names}.", names=formats.listed(same)))
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
        _("Participant"), _("Value lost"), _("95 % from"), _("to"), _("Share lost"),
        *(found.label(metric) for metric in others), _("Verdict"),
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
    table = Table(_("Who matters"), head, cells)
    told = [row for row in rows if row["lost"] is not None and row["share"] is not None]
    blocks: list[Block] = [
        Paragraph(
            _(
                "Each participant fails alone, on common random numbers; what is lost is against the scenario as it "
                "stands."
            )
        ),
        *([_chart(told, table)] if told else []),
        table,
    ]
    return Section("stress", _("Who matters"), tuple(blocks))


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
        code = (
            N_("loses {share} of the settled value in the one pair of runs")
            if row["lost"]["low"] is None
            else N_("loses {share} of the settled value ({low} to {high}), {verdict}")
        )
        words = _(code, share=share(row["share"]), low=low, high=high, verdict=_standing(row["lost"]))
        lines.append(f"{str(row['participant']).ljust(width)}  {words}")
    return lines


def _standing(lost: Mapping[str, Any] | None) -> str:
    if lost is None or lost["low"] is None:
        return _("cannot be said")
    return _("the same") if lost["same"] else told_apart(lost)


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
        _("Settled value lost when one participant fails"),
        _("Share of the settled value that is lost, with its 95 % interval; the largest loss on top."),
        _("What happens when two fail together; what people do who learn from it."),
        _("One bar a participant."),
        table,
        draw,
    )
