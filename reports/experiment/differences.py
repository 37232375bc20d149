"""The chapter on differences from the base, and its sentences."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from reports import formats
from reports.amounts import is_share, shown_change
from reports.blocks import chart, table
from reports.document import Block, Paragraph, Section, Table
from reports.experiment.source import MOST_CHOICES, ExperimentData, Response, interval, short, standing
from reports.figures import experiment as figures
from sandbox.language import N_, _

MOST_FIGURES: Final = 8
LONGEST_LINE: Final = 55
"""A name and a number that stand in one line over a row of a figure."""


def sentences(found: ExperimentData) -> list[str]:
    """A sentence a comparison, first each metric's largest, then what is not due to chance; which choice it is, where
    there are several."""
    rows = [row for row in found.rows("comparisons") if row.number("pairs")]
    if found.kind == "stress":
        return []
    several = len({row.text("other") for row in rows}) > 1
    rows.sort(key=lambda row: (not (several and row.flag("leads")), not row.flag("clear")))
    if not several:
        return [f"{formats.capital(row.text('words'))}." for row in rows]
    return [f"{found.brief(row.text('other'))}: {row.text('words')}." for row in rows]


def section(found: ExperimentData) -> Section | None:
    """Against the base, metric by metric; None where nothing is compared."""
    compared = {
        metric: rows
        for metric, all_rows in found.by_metric("comparisons").items()
        if (rows := [row for row in all_rows if row.number("pairs")])
    }
    if not compared or found.kind == "stress":
        return None
    blocks: list[Block] = []
    if (count := sum(len(rows) for rows in compared.values())) > 1:
        many = _(
            "{count} comparisons were made at once. A difference is called a rise or a fall only if it stands up to "
            "that (Holm's correction: the chance of one false alarm among all is below 5 %). The intervals are those "
            "of each comparison alone.",
            count=formats.count(count),
        )
        blocks.append(Paragraph(many))
    for number, (metric, rows) in enumerate(compared.items()):
        shown = rows[:MOST_CHOICES]
        numbers = _table(found, metric, shown)
        blocks += _chart(found, metric, shown, numbers, number + 1) if number < MOST_FIGURES else [numbers]
    return Section("differences", _("What changes"), tuple(blocks))


def _table(found: ExperimentData, metric: str, rows: list[Response]) -> Table:
    base = found.brief(rows[0].text("base"))
    numbers = table(
        _("{what}: difference from {base}", what=found.label(metric), base=base),
        rows,
        (_("Choice"), lambda row: found.brief(row.text("other"))),
        (_("Mean"), "other_mean"),
        *interval(_("Difference"), "difference", Response.change),
        (_("p, corrected"), _p_value),
        (_("Variance removed by pairing"), lambda row: formats.share(row.number("removed"))),
        (_("Verdict"), lambda row: standing(row, "difference")),
    )
    return replace(numbers, rows=((base, rows[0].shown("base_mean"), *[formats.NOTHING] * 6), *numbers.rows))


def _p_value(row: Response) -> str:
    corrected = row.number("adjusted")
    return formats.decimal(row.number("p_value") if corrected is None else corrected)


def _chart(found: ExperimentData, metric: str, rows: list[Response], numbers: Table, number: int) -> list[Block]:
    words = {"what": found.label(metric), "base": found.brief(rows[0].text("base"))}
    title = (
        N_("{what}: difference from {base}, in percentage points")
        if is_share(metric)
        else N_("{what}: difference from {base}")
    )
    return chart(
        f"difference-{number}",
        "",
        numbers,
        lambda: figures.differences(
            [_mark(found, row) for row in rows[: figures.MOST_ROWS]],
            lambda value: shown_change(metric, value, bare=True),
        ),
        title=formats.capital(_(title, **words)),
        shows=_("The mean difference from {base} on the same seeds, with its 95 % interval; 0 is none.", **words),
        hides=_("Differences between two choices of which neither is the base; other assumptions."),
        alt=_("One line a choice: a dot at the mean difference in {what} and a bar for its interval.", **words),
    )


def _mark(found: ExperimentData, row: Response) -> figures.Mark:
    change = row.change("difference", bare=True)
    return row.mark("difference", short(found.brief(row.text("other")), LONGEST_LINE - len(change)), change)
