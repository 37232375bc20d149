"""The chapter on who matters: each participant failed in turn."""

from __future__ import annotations

from collections.abc import Callable

from reports import formats
from reports.blocks import chart, table
from reports.document import Block, Paragraph, Section, Table
from reports.experiment.source import ExperimentData, Response, interval, short, standing
from reports.figures import experiment as figures
from sandbox.language import N_, _


def _ranked(found: ExperimentData) -> list[Response]:
    """Those who can be ranked."""
    return [row for row in found.rows("ranking") if row.section("lost")]


def sentences(found: ExperimentData) -> list[str]:
    """Who comes first, and whose failing changes nothing."""
    if found.kind != "stress":
        return []
    rows = _ranked(found)
    if not rows:
        return [_("Nothing can be ranked: too many runs failed.")]
    if not any(row.number("lost.base") for row in rows):
        return [_("Nothing settles in the scenario as it stands, so nobody's failing can lose any of it.")]
    lines = []
    first = rows[0]
    if not first.flag("lost.same") and (first.number("lost.value") or 0.0) < 0:
        low, __ = _shares(first)
        if low is None:
            message = N_(
                "{name} comes first: if it fails, {share} of the settled value is lost in the one pair of runs; "
                "more replications say how sure that is."
            )
        elif first.flag("lost.clear"):
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
        lines.append(_(message, name=first.text("participant"), **_words(first)))
    same = [row.text("participant") for row in rows if row.flag("lost.same")]
    if same:
        lines.append(_("It makes no difference at all if one of these fails: {names}.", names=formats.listed(same)))
    return lines


def table_lines(found: ExperimentData) -> list[str]:
    """The ranking as lines of text."""
    rows = [row for row in _ranked(found) if row.number("share") is not None]
    width = max((len(row.text("participant")) for row in rows), default=0)
    lines = []
    for row in rows:
        code = (
            N_("loses {share} of the settled value in the one pair of runs")
            if row.number("lost.low") is None
            else N_("loses {share} of the settled value ({low} to {high}), {verdict}")
        )
        words = _(code, **_words(row), verdict=_standing(row))
        lines.append(f"{row.text('participant').ljust(width)}  {words}")
    return lines


def _shares(row: Response) -> tuple[float | None, float | None]:
    """The interval of the loss, as shares of the base's value; nobody can lose more than all of it."""
    low, high, base = (row.number(f"lost.{part}") for part in ("low", "high", "base"))
    if low is None or high is None or not base:
        return None, None
    return min(1.0, -high / base or 0.0), min(1.0, -low / base or 0.0)


def _words(row: Response) -> dict[str, str]:
    low, high = _shares(row)
    return {"share": formats.share(row.number("share")), "low": formats.share(low), "high": formats.share(high)}


def _standing(row: Response) -> str:
    return standing(row.section("lost"), "value")


def section(found: ExperimentData) -> Section | None:
    """The chapter; None where nobody was failed."""
    lost, *__ = found.summary["metrics"]
    rows = [row.about(str(lost)) for row in found.rows("ranking")]
    if not rows:
        return None
    numbers = table(
        _("Who matters"),
        rows,
        (_("Participant"), "participant"),
        *interval(_("Value lost"), "lost.value", Response.change),
        (_("Share lost"), lambda row: formats.share(row.number("share"))),
        *((found.label(metric), _also(metric)) for metric in rows[0].named("also")),
        (_("Verdict"), _standing),
    )
    told = [row for row in rows if row.section("lost") and row.number("share") is not None]
    first = _(
        "Each participant fails alone, on common random numbers; what is lost is against the scenario as it stands."
    )
    return Section("stress", _("Who matters"), (Paragraph(first), *(_chart(told, numbers) if told else ()), numbers))


def _also(metric: str) -> Callable[[Response], str]:
    return lambda row: row.sections("also")[metric].about(metric).change("value")


def _chart(rows: list[Response], numbers: Table) -> list[Block]:
    marks = [
        figures.Mark(
            short(row.text("participant"), 40),
            row.number("share") or 0.0,
            *_shares(row),
            formats.share(row.number("share")),
        )
        for row in rows[: figures.MOST_ROWS]
    ]
    return chart(
        "stress",
        "",
        numbers,
        lambda: figures.bars(marks, formats.percent),
        title=_("Settled value lost when one participant fails"),
        shows=_("Share of the settled value that is lost, with its 95 % interval; the largest loss on top."),
        hides=_("What happens when two fail together; what people do who learn from it."),
        alt=_("One bar a participant."),
    )
