"""The chapters on differences from the base and on each choice's own numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from reports import formats
from reports.amounts import is_share, shown, shown_change
from reports.blocks import table
from reports.document import Block, Chart, Note, Paragraph, Section, Table
from reports.experiment.source import Experiment
from sandbox.language import N_, _

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
    """A sentence a comparison, first each metric's largest, then what is not due to chance; which choice it is, where
    there are several."""
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
        blocks.append(
            Paragraph(
                _(
                    "{count} comparisons were made at once. A difference is called a rise or a fall only if it "
                    "stands up to that (Holm's correction: the chance of one false alarm among all is below 5 %). "
                    "The intervals are those of each comparison alone.",
                    count=formats.count(len(rows)),
                )
            )
        )
    metrics = list(dict.fromkeys(str(row["metric"]) for row in rows))
    for number, metric in enumerate(metrics):
        of_metric = [row for row in rows if row["metric"] == metric][:MOST_CHOICES]
        of_choices = _table(found, metric, base, of_metric)
        if number < MOST_FIGURES:
            blocks.append(_chart(found, metric, base, of_metric, of_choices, f"difference-{number + 1}"))
        else:
            blocks.append(of_choices)
    return Section("differences", _("What changes"), tuple(blocks))


def _standing(row: Mapping[str, Any]) -> str:
    if row.get("low") is None:
        return _("cannot be said")
    if row["difference"] == 0 and row["low"] == row["high"]:
        return _("the same")
    return told_apart(row)


def told_apart(row: Mapping[str, Any]) -> str:
    """Whether a difference is more than chance, for one with an interval (`low`, `high`) and a verdict (`clear`).

    The verdict is corrected for how many are compared, the interval is not: both are said where they disagree.
    """
    if row.get("clear"):
        return _("clear")
    is_alone = row["low"] > 0 or row["high"] < 0
    return _(N_("clear alone, but not among so many") if is_alone else N_("may be due to chance"))


def _table(found: Experiment, metric: str, base: str, rows: list[Mapping[str, Any]]) -> Table:
    numbers = table(
        _("{what}: difference from {base}", what=found.label(metric), base=found.brief(base)),
        rows,
        (_("Choice"), lambda row: found.brief(row["other"])),
        (_("Mean"), lambda row: shown(metric, row["other_mean"])),
        (_("Difference"), lambda row: shown_change(metric, row["difference"])),
        (_("95 % from"), lambda row: shown_change(metric, row["low"])),
        (_("to"), lambda row: shown_change(metric, row["high"])),
        (
            _("p, corrected"),
            lambda row: formats.decimal(row["p_value"] if row["adjusted"] is None else row["adjusted"]),
        ),
        (_("Variance removed by pairing"), lambda row: _removed(row["removed"])),
        (_("Verdict"), _standing),
    )
    of_base = (found.brief(base), shown(metric, rows[0]["base_mean"]), *[formats.NOTHING] * 6)
    return replace(numbers, rows=(of_base, *numbers.rows))


def _removed(share: float | None) -> str:
    if share is None:
        return formats.NOTHING
    return f"-{formats.share(-share)}" if share < 0 else formats.share(share)


def _chart(found: Experiment, metric: str, base: str, rows: list[Mapping[str, Any]], numbers: Table, key: str) -> Chart:
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
            for change in [shown_change(metric, row["difference"], bare=True)]
        ]
        return differences(marks, lambda value: shown_change(metric, value, bare=True))

    what = found.label(metric)
    title = (
        N_("{what}: difference from {base}, in percentage points")
        if is_share(metric)
        else N_("{what}: difference from {base}")
    )
    return Chart(
        key,
        formats.capital(_(title, what=what, base=found.brief(base))),
        _(
            "The mean difference from {base} on the same seeds, with its 95 % interval; 0 is none.",
            base=found.brief(base),
        ),
        _("Differences between two choices of which neither is the base; other assumptions."),
        _("One line a choice: a dot at the mean difference in {what} and a bar for its interval.", what=what),
        numbers,
        draw,
    )


def numbers(found: Experiment) -> Section | None:
    """Each choice's means, spread and quantiles."""
    rows = found.rows("described")
    if not rows:
        return None
    blocks: list[Block] = []
    for number, metric in enumerate(dict.fromkeys(str(row["metric"]) for row in rows)):
        of_metric = [row for row in rows if row["metric"] == metric]
        blocks.append(_described(found, metric, of_metric[:MOST_CHOICES], folded=number > 2))
    if any(row["low"] is None for row in rows):
        blocks.append(Note(_("Where there is one run, or one future, there is no interval.")))
    return Section("numbers", _("The numbers"), tuple(blocks))


def _described(found: Experiment, metric: str, rows: list[Mapping[str, Any]], folded: bool) -> Table:
    return table(
        _("{what}, by choice", what=found.label(metric)),
        rows,
        (_("Choice"), lambda row: found.brief(row["choice"])),
        (_("Mean"), lambda row: shown(metric, row["mean"])),
        (_("95 % from"), lambda row: shown(metric, row["low"])),
        (_("to"), lambda row: shown(metric, row["high"])),
        (_("Standard deviation"), lambda row: shown(metric, row["deviation"])),
        (_("Median run"), lambda row: shown(metric, row["quantiles"].get("0.5"))),
        (_("Runs"), lambda row: formats.count(row["count"])),
        folded=folded,
    )
