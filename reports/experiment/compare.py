"""The chapters on differences from the base and on each choice's own numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports import formats
from reports.amounts import is_share, shown, shown_change
from reports.document import Block, Chart, Note, Paragraph, Section, Table
from reports.experiment.source import Experiment
from reports.text import say

MOST_FIGURES = 8
MOST_CHOICES = 60
LONGEST = 52
LONGEST_LINE = 55
"""A name and a number that stand in one line over a row of a figure."""


def short(name: str, longest: int = LONGEST) -> str:
    """A name that fits over a row of a figure; its middle goes first.

    >>> short("a" * 60) == "a" * 26 + "…" + "a" * 25, short("b")
    (True, 'b')
    """
    from reports.figures.labels import Labels

    return Labels([name], longest)[name]


def verdicts(found: Experiment) -> list[str]:
    """A sentence a comparison, first each metric's largest, then what is no luck; which choice it is, where there are
    several."""
    rows = [row for row in found.rows("comparisons") if row.get("pairs")]
    several = len({row["other"] for row in rows}) > 1
    rows.sort(key=lambda row: (not (several and row.get("leads")), not row.get("clear")))
    if not several:
        return [f"{formats.capital(row['words'])}." for row in rows]
    return [f"{found.brief(row['other'])}: {row['words']}." for row in rows]


def differences(found: Experiment) -> Section | None:
    """Against the base, metric by metric; None where nothing is compared."""
    rows = [row for row in found.rows("comparisons") if row.get("pairs")]
    if not rows or found.kind == "stress":
        return None
    base = str(rows[0]["base"])
    blocks: list[Block] = []
    if len(rows) > 1:
        blocks.append(Paragraph(say("x.corrected", count=formats.count(len(rows)))))
    metrics = list(dict.fromkeys(str(row["metric"]) for row in rows))
    for number, metric in enumerate(metrics):
        of_metric = [row for row in rows if row["metric"] == metric][:MOST_CHOICES]
        table = _table(found, metric, base, of_metric)
        if number < MOST_FIGURES:
            blocks.append(_chart(found, metric, base, of_metric, table, f"difference-{number + 1}"))
        else:
            blocks.append(table)
    return Section("differences", say("x.differences"), tuple(blocks))


def _standing(row: Mapping[str, Any]) -> str:
    if row.get("low") is None:
        return say("x.verdict.unknown")
    if row["difference"] == 0 and row["low"] == row["high"]:
        return say("x.verdict.same")
    return say("x.verdict.clear" if row.get("clear") else "x.verdict.unclear")


def _table(found: Experiment, metric: str, base: str, rows: list[Mapping[str, Any]]) -> Table:
    head = (
        say("x.choice"), say("x.mean"), say("x.col.difference"), say("x.low"), say("x.high"), say("x.col.p"),
        say("x.col.removed"), say("x.col.verdict"),
    )  # fmt: skip
    cells = tuple(
        (
            found.brief(row["other"]),
            shown(metric, row["other_mean"]),
            shown_change(metric, row["difference"]),
            shown_change(metric, row["low"]),
            shown_change(metric, row["high"]),
            formats.decimal(row["p_value"] if row["adjusted"] is None else row["adjusted"]),
            _removed(row["removed"]),
            _standing(row),
        )
        for row in rows
    )
    of_base = (found.brief(base), shown(metric, rows[0]["base_mean"]), *[formats.NOTHING] * 6)
    return Table(say("x.difference", what=found.label(metric), base=found.brief(base)), head, (of_base, *cells))


def _removed(share: float | None) -> str:
    if share is None:
        return formats.NOTHING
    return f"-{formats.share(-share)}" if share < 0 else formats.share(share)


def _chart(found: Experiment, metric: str, base: str, rows: list[Mapping[str, Any]], table: Table, key: str) -> Chart:
    from matplotlib.figure import Figure

    def draw() -> Figure:
        from reports.figures.experiment import MOST_ROWS, Mark, differences

        marks = [
            Mark(
                short(found.brief(row["other"]), LONGEST_LINE - len(change)),
                row["difference"],
                row["low"],
                row["high"],
                change,
            )
            for row in rows[:MOST_ROWS]
            for change in [_bare(shown_change(metric, row["difference"]))]
        ]
        return differences(marks, lambda value: _bare(shown_change(metric, value)))

    what = found.label(metric)
    title = "x.difference.points" if is_share(metric) else "x.difference"
    return Chart(
        key,
        formats.capital(say(title, what=what, base=found.brief(base))),
        say("x.difference.shows", base=found.brief(base)),
        say("x.difference.hides"),
        say("x.difference.alt", what=what),
        table,
        draw,
    )


def _bare(change: str) -> str:
    """Without the unit that the figure's title names."""
    return change.removesuffix(" " + say("x.points"))


def numbers(found: Experiment) -> Section | None:
    """Each choice's means, spread and quantiles."""
    rows = found.rows("described")
    if not rows:
        return None
    blocks: list[Block] = []
    head = (
        say("x.choice"), say("x.mean"), say("x.low"), say("x.high"), say("x.sd"), say("x.median"), say("x.count"),
    )  # fmt: skip
    for number, metric in enumerate(dict.fromkeys(str(row["metric"]) for row in rows)):
        cells = tuple(
            (
                found.brief(row["choice"]),
                *(shown(metric, row[name]) for name in ("mean", "low", "high", "deviation")),
                shown(metric, row["quantiles"].get("0.5")),
                formats.count(row["count"]),
            )
            for row in rows
            if row["metric"] == metric
        )
        title = say("x.numbers.table", what=found.label(metric))
        blocks.append(Table(title, head, cells[:MOST_CHOICES], folded=number > 2))
    if any(row["low"] is None for row in rows):
        blocks.append(Note(say("x.numbers.no_interval")))
    return Section("numbers", say("x.numbers"), tuple(blocks))
