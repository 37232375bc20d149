"""What the report of an experiment is made of: its summary and manifest, read once; how its numbers are shown."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from reports import formats
from reports.amounts import shown_change
from reports.blocks import Column
from reports.figures.experiment import Mark
from reports.figures.labels import Labels
from reports.reading import Entries
from sandbox import records
from sandbox.language import N_, _

LONGEST = 52
MOST_CHOICES = 60
"""In a table or a figure; `sweep.parquet` has all."""


@dataclass(frozen=True)
class Response(Entries):
    """A row about one metric: its numbers are in the metric's unit, whatever they are called.

    Args:
        metric: dotted name; empty for a row about none.
    """

    metric: str = ""

    def pattern(self, path: str) -> str:
        """The metric."""
        return self.metric or super().pattern(path)

    def cell(self, path: str) -> str:
        """A text, or a number with its unit, which differs from row to row."""
        return self.text(path) if isinstance(self.get(path), str) else self.shown(path)

    def about(self, metric: str) -> Self:
        """The same, about a metric."""
        return replace(self, metric=metric)

    def change(self, path: str, bare: bool = False) -> str:
        """A difference with its sign; of shares in percentage points, or `bare` of that unit."""
        return shown_change(self.metric, self.number(path), bare)

    def size(self, path: str) -> str:
        """A difference of which only the size matters."""
        return self.change(path).lstrip("+")

    def mark(self, path: str, name: str = "", text: str = "") -> Mark:
        """A number with the interval that stands beside it, for a figure."""
        low, high = _ends(path)
        value = self.number(path)
        return Mark(name, math.nan if value is None else value, self.number(low), self.number(high), text)


def interval(head: str, path: str, form: Callable[[Response, str], str] = Response.cell) -> tuple[Column, ...]:
    """The columns of a number and of the ends of its interval, which stand beside it as `low` and `high`."""
    low, high = _ends(path)
    return (
        (head, lambda row: form(row, path)), (_("95 % from"), lambda row: form(row, low)),
        (_("to"), lambda row: form(row, high)),
    )  # fmt: skip


def _ends(path: str) -> tuple[str, str]:
    at = path[: path.rfind(".") + 1]
    return f"{at}low", f"{at}high"


def standing(row: Entries, path: str) -> str:
    """Whether the difference at a path is more than chance, by the interval and the verdict (`clear`) beside it.

    The verdict is corrected for how many are compared, the interval is not: both are said where they disagree.
    """
    low, high = row.number("low"), row.number("high")
    if low is None or high is None:
        return _("cannot be said")
    if row.number(path) == low == high == 0:
        return _("the same")
    if row.flag("clear"):
        return _("clear")
    return _(N_("clear alone, but not among so many") if low > 0 or high < 0 else N_("may be due to chance"))


def short(name: str, longest: int = LONGEST) -> str:
    """A name that fits over a row of a figure; its middle goes first.

    >>> short("a" * 60) == "a" * 26 + "…" + "a" * 25, short("b")
    (True, 'b')
    """
    return Labels([name], longest)[name]


def settings(values: Mapping[str, Any]) -> str:
    """What a policy or a run sets, by path."""
    return formats.series(f"{path}={value}" for path, value in values.items()) or _("the scenario as it stands")


@dataclass(frozen=True)
class ExperimentData:
    """An experiment's folder."""

    summary: Mapping[str, Any]
    manifest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def entries(self) -> Response:
        """The summary, as chapters read it."""
        return Response(self.summary)

    @property
    def kind(self) -> str:
        """`sweep`, `compare`, `replications`, `stress` or `capacity`."""
        return str(self.summary.get("kind", "sweep"))

    def rows(self, name: str) -> list[Response]:
        """A list of the summary, empty if there is none; each row is about its metric, if it has one."""
        return [one.about(str(one.get("metric") or "")) for one in self.entries.rows(name)]

    def by_metric(self, name: str) -> dict[str, list[Response]]:
        """The rows of a list by their metric."""
        found: dict[str, list[Response]] = {}
        for row in self.rows(name):
            found.setdefault(row.metric, []).append(row)
        return found

    def label(self, metric: str) -> str:
        """A metric's words."""
        return str(self.entries.named("labels").get(metric, metric))

    def brief(self, choice: str) -> str:
        """What a choice is called where there is little room."""
        return str(self.entries.named("names").get(choice, choice))

    def high_is_good(self, metric: str) -> bool | None:
        """Whether more of a metric is better; None where nobody has said so."""
        known = self.entries.named("high_is_good").get(metric)
        return None if known is None else bool(known)


def read(folder: Path) -> ExperimentData:
    """Read an experiment's folder, finished or about to be.

    Raises:
        sandbox.records.RunError: it holds no summary, or one that cannot be read.
    """
    manifest = next((name for name in (records.MANIFEST, records.DRAFT_MANIFEST) if (folder / name).is_file()), None)
    return ExperimentData(
        records.read_json(folder / records.SUMMARY, records.NO_EXPERIMENT),
        {} if manifest is None else records.read_json(folder / manifest, records.NO_EXPERIMENT),
    )
