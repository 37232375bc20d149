"""What verbs that make many runs have in common: progress with the time left, and the lines they print."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from sandbox.cli.progress import ProgressBar
from sandbox.cli.text import text

if TYPE_CHECKING:
    from sandbox.experiment.folder import Experiment

_SHOWN: Final = 12
"""Comparisons, metrics and failed runs that are printed; the report has all."""

Work = Callable[[dict[str, Any]], "Experiment"]
"""Carries an experiment out, given how: the keywords that `sandbox.api`'s functions share."""


def carry_out(
    work: Work,
    *,
    out: str | None,
    processes: int | None,
    cluster: str | None,
    yes: bool,
    no_report: bool,
    force: bool,
    quiet: bool,
    as_json: bool,
    **_: Any,
) -> int:
    """Do the work with a progress bar and print what came out; returns the exit status."""
    with ProgressBar(shown=False if quiet else None) as bar:
        bar(0.0, text("preparing"))
        counter = _Counter(bar)
        how: dict[str, Any] = {"out": out, "processes": processes, "cluster": cluster, "yes": yes, "force": force}
        try:
            done = work({**how, "progress": counter, "finish": draw(no_report)})
        except KeyboardInterrupt:
            click.echo(text("error", message=text("many.interrupted", count=counter.done)), err=True)
            return 130
    if as_json:
        click.echo(json.dumps(done.summary, indent=2, ensure_ascii=False))
    elif not quiet:
        click.echo("\n".join(_lines(done)))
    return 1 if done.manifest["failed"] == done.manifest["runs"] else 0


class _Counter:
    """Draws the bar; the time left is judged by the runs that were made, not by those that were there."""

    def __init__(self, bar: ProgressBar) -> None:
        self.done = 0
        self._bar = bar
        self._began: tuple[float, int] | None = None

    def __call__(self, done: int, total: int) -> None:
        from sandbox.experiment.words import span

        now = time.monotonic()
        if self._began is None or done < self._began[1]:
            self._began = now, done
        began, first = self._began
        self.done = done
        words = text("many.runs", done=f"{done:,}", total=f"{total:,}")
        if first < done < total:
            words += text("many.left", time=span((now - began) / (done - first) * (total - done)))
        self._bar(done / max(total, 1), words)


def draw(no_report: bool) -> Callable[[Path], object] | None:
    """What draws the report of an experiment."""
    if no_report:
        return None
    from reports.experiment.render import render

    return render


def _lines(done: Experiment) -> Iterator[str]:
    summary, manifest = done.summary, done.manifest
    yield summary["title"]
    yield text("many.head", runs=f"{manifest['runs']:,}", kept=f"{manifest['repeated']:,}")
    yield ""
    if summary["kind"] == "stress":
        yield from _ranking(summary)
    else:
        yield from _described(summary)
        yield from _comparisons(summary)
    for one in summary.get("precision", ()):
        yield _precision(one)
    yield from _failed(summary)
    yield from folder_lines(done)


def _ranking(summary: dict[str, Any]) -> Iterator[str]:
    """Who matters, most first."""
    from reports.experiment.source import Experiment as Shown
    from reports.experiment.stress import sentences, table_lines

    found = Shown(summary)
    yield from sentences(found)
    yield ""
    yield from table_lines(found)
    yield ""


def folder_lines(done: Experiment) -> Iterator[str]:
    """Where it all is."""
    from sandbox.cli.summary import near

    yield text("many.folder", folder=near(done.path.absolute()))
    report = done.path / "report.html"
    if report.exists():
        yield text("many.report", file=near(report.absolute()))


def _described(summary: dict[str, Any]) -> Iterator[str]:
    """A base's numbers, one a line."""
    from sandbox.experiment.words import amount

    rows = summary["described"]
    first = [row for row in rows if row["choice"] == rows[0]["choice"]]
    for row in first[:_SHOWN]:
        if row["low"] is None:
            yield text(
                "many.number",
                what=summary["labels"].get(row["metric"], row["metric"]),
                value=amount(row["mean"], row["metric"]),
            )
        else:
            level = f"{100 * row['level']:g} %"
            low, high = (amount(row[side], row["metric"]) for side in ("low", "high"))
            value = amount(row["mean"], row["metric"])
            yield text(
                "many.interval",
                what=summary["labels"].get(row["metric"], row["metric"]),
                value=value,
                level=level,
                low=low,
                high=high,
            )
    if first:
        yield ""


def _comparisons(summary: dict[str, Any]) -> Iterator[str]:
    """Clear differences first; each choice under its name."""
    rows = summary["comparisons"]
    shown = 0
    for name in dict.fromkeys(row["other"] for row in rows):
        if shown >= _SHOWN:
            yield text("many.more", count=len({row["other"] for row in rows}))
            break
        yield text("many.against", other=name, base=rows[0]["base"])
        for row in rows:
            if row["other"] == name and row.get("pairs"):
                yield "  " + row["words"]
                shown += 1
    if rows:
        yield text("many.corrected", count=len(rows)) if len(rows) > 1 else ""
        yield ""


def _precision(one: dict[str, Any]) -> str:
    reached = "-" if one["reached"] is None else f"{100 * one['reached']:.2g} %"
    said = {"metric": one["metric"], "asked": f"{100 * one['asked']:g} %", "reached": reached, "runs": one["runs"]}
    return text("many.precise", **said) if one["ok"] else text("many.not_precise", **said)


def _failed(summary: dict[str, Any]) -> Iterator[str]:
    failed = summary["failed"]
    if not failed:
        return
    yield text("many.failed", count=len(failed))
    for one in failed[:_SHOWN]:
        where = ", ".join(f"{path}={words}" for path, words in one["varied"].items()) or one["policy"]
        yield "  " + text("many.failed_run", run=one["run"], where=where, seed=one["seed"], error=one["error"])
