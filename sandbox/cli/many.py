"""What verbs that make many runs have in common: progress with the time left, and the lines they print."""

from __future__ import annotations

import shutil
import textwrap
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from click.core import ParameterSource

from sandbox.cli import terminal
from sandbox.cli.options import told
from sandbox.cli.progress import ProgressBar
from sandbox.language import N_, _
from sandbox.visible import plain

if TYPE_CHECKING:
    from sandbox.experiment.folder import Experiment

_SHOWN: Final = 12
"""Comparisons, metrics and failed runs that are printed; the report has all."""

_LEAST_WIDTH: Final = 60

Work = Callable[[dict[str, Any]], "Experiment"]
"""Carries an experiment out, given the keywords that `sandbox.api`'s functions share."""


def run_and_tell(
    work: Work,
    scenarios: Sequence[str],
    settings: Sequence[Mapping[str, Any]],
    *,
    metrics: tuple[str, ...],
    record: str,
    no_report: bool,
    quiet: bool,
    as_json: bool,
    **execution: Any,
) -> int:
    """Do the work with a progress bar and print what came out, and before it what `told` says of these scenarios;
    returns the exit status."""
    from sandbox.api import parse_record

    given = click.get_current_context().get_parameter_source
    if execution["keep_tables"] is None and given("record") is not ParameterSource.DEFAULT:
        raise click.UsageError(_("--record is for one run, or goes with --keep-tables: many runs record nothing else"))
    if not quiet:
        terminal.complain(*told(scenarios, settings, execution["seed"]))
    with ProgressBar(shown=False if quiet else None) as bar:
        bar(0.0, _("preparing; a first run compiles the engine, which takes half a minute"))
        counter = _Counter(bar)
        execution |= {"metrics": metrics or None, "record": parse_record(record)}
        try:
            done = work({**execution, "progress": counter, "finish": draw(no_report)})
        except KeyboardInterrupt:
            terminal.complain(
                _(
                    "ecny-sandbox: {message}",
                    message=_(
                        "stopped; {count} finished runs are kept, and the same command goes on from there",
                        count=counter.done,
                    ),
                )
            )
            return 130
    if as_json:
        terminal.tell_json(done.summary)
    elif not quiet:
        terminal.tell(*_lines(done))
    if as_json or quiet:
        terminal.complain(*_failed(done.summary))
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
        words = _("{done} of {total} runs", done=f"{done:,}", total=f"{total:,}")
        if first < done < total:
            words += _(", about {time} left", time=span((now - began) / (done - first) * (total - done)))
        self._bar(done / max(total, 1), words)


def draw(no_report: bool) -> Callable[[Path], object] | None:
    """What draws the report of an experiment."""
    if no_report:
        return None
    from reports.experiment.build import render

    return render


def _lines(done: Experiment) -> Iterator[str]:
    """What came out, in lines that fit the terminal; a file's name is never broken."""
    for line in _told(done):
        yield from fitting(line)
    yield from folder_lines(done)


def _told(done: Experiment) -> Iterator[str]:
    summary, manifest = done.summary, done.manifest
    yield summary["title"]
    yield _(
        "{runs} runs, {kept} of them were there already", runs=f"{manifest['runs']:,}", kept=f"{manifest['repeated']:,}"
    )
    yield ""
    if summary["kind"] == "stress":
        yield from _ranking(summary)
    else:
        yield from _described(summary)
        yield from _comparisons(summary)
    for one in summary.get("precision", ()):
        yield _precision(one)
    yield from _failed(summary)


def fitting(line: str) -> list[str]:
    """A line as one or more that are no wider than the terminal."""
    width = max(shutil.get_terminal_size().columns, _LEAST_WIDTH)
    indent = len(line) - len(line.lstrip())
    if len(line) <= width:
        return [line]
    return textwrap.wrap(
        line, width, subsequent_indent=" " * (indent + 4), break_long_words=False, break_on_hyphens=False
    )


def _ranking(summary: dict[str, Any]) -> Iterator[str]:
    """Who matters, most first."""
    from reports.experiment.source import ExperimentData
    from reports.experiment.stress import sentences, table_lines

    found = ExperimentData(summary)
    yield from sentences(found)
    yield ""
    yield from table_lines(found)
    yield ""


def folder_lines(done: Experiment) -> Iterator[str]:
    """Where it all is."""
    from sandbox.cli.notes import near

    if done.manifest["distrusted"]:
        yield _(
            "{count} runs that were kept had been changed since, and were made anew",
            count=f"{done.manifest['distrusted']:,}",
        )
    yield _("folder              {folder}", folder=near(done.path.absolute()))
    if "kept_tables" in done.manifest:
        yield _(
            "tables              {place} (a folder a run; in sweep.parquet the column `tables`)",
            place=done.manifest["kept_tables"]["place"],
        )
    report = done.path / "report.html"
    if report.exists():
        yield _("report              {file}", file=near(report.absolute()))


def _described(summary: dict[str, Any]) -> Iterator[str]:
    """The base's numbers as a table."""
    from sandbox.experiment.words import amount
    from sandbox.experiment.words import between as between_words

    rows = summary["described"]
    first = [row for row in rows if row["choice"] == rows[0]["choice"]][:_SHOWN]
    if not first:
        return
    runs = max(row["count"] for row in first)
    several = runs > 1
    yield _(
        N_("{choice}, mean of {count} runs and its {level} interval:") if several else N_("{choice}, one run:"),
        choice=_brief(summary, first[0]["choice"]),
        count=runs,
        level=f"{100 * first[0]['level']:g} %",
    )
    cells = []
    for row in first:
        metric = row["metric"]
        between = "" if row["low"] is None else between_words(row["low"], row["high"], metric)
        if row["count"] < runs:
            between = f"{between} {_('(in {count} of them)', count=row['count'])}".strip()
        cells.append((summary["labels"].get(metric, metric), amount(row["mean"], metric), between))
    widths = [max(len(cell[at]) for cell in cells) for at in (0, 1)]
    for what, mean, between in cells:
        yield f"  {what.ljust(widths[0])}  {mean.ljust(widths[1])}  {between}".rstrip()
    yield ""


def _comparisons(summary: dict[str, Any]) -> Iterator[str]:
    """Each choice under its name; of many comparisons, each metric's largest."""
    rows = [row for row in summary["comparisons"] if row.get("pairs")]
    if not rows:
        return
    base = _brief(summary, rows[0]["base"])
    few = len(rows) <= _SHOWN
    shown = rows if few else [row for row in rows if row["leads"]][:_SHOWN]
    if not few:
        message = N_("The largest difference of each number from {base}, among {count} other choices:")
        yield _(message, base=base, count=len({row["other"] for row in rows}))
    for name in dict.fromkeys(row["other"] for row in shown):
        yield _(N_("{other}, against {base}:") if few else N_("{other}:"), other=_brief(summary, name), base=base)
        yield from _verdicts(summary, [row for row in shown if row["other"] == name])
    if len(rows) > 1:
        yield _("Judged as {count} comparisons at once (Holm): what is called a rise or fall is one.", count=len(rows))
    if removed := _removed(shown):
        yield removed
    yield ""


def _verdicts(summary: dict[str, Any], rows: list[dict[str, Any]]) -> Iterator[str]:
    """A sentence a metric; what is the same in every pair of runs in one line."""
    same = [row["metric"] for row in rows if not (row["difference"] or row["low"] or row["high"])]
    for row in rows:
        if row["metric"] not in same:
            yield "  " + row["words"]
    if same:
        what = "; ".join(summary["labels"].get(metric, metric) for metric in same)
        yield "  " + _("no difference in any pair of runs: {what}", what=what)


def _removed(rows: list[dict[str, Any]]) -> str | None:
    """How much of the differences' variance common random numbers took away."""
    found = [row["removed"] for row in rows if row["removed"] is not None and row["clear"]]
    if not found:
        return None
    least, most = (f"{100 * one:.0f}" for one in (min(found), max(found)))
    return (
        _("Common random numbers removed {share} % of the variance of what differs clearly.", share=least)
        if least == most
        else _(
            "Common random numbers removed {least} to {most} % of the variance of what differs clearly.",
            least=least,
            most=most,
        )
    )


def _brief(summary: dict[str, Any], choice: str) -> str:
    return str(summary.get("names", {}).get(choice, choice))


def _precision(one: dict[str, Any]) -> str:
    said = {"metric": one["metric"], "asked": f"{plain(100 * one['asked'], 6)} %", "runs": f"{one['runs']:,}"}
    if one["reached"] is None:
        return _(
            "{metric}: no precision to tell after {runs} runs, for its mean is 0 or it is missing ({asked} "
            "was asked for)",
            **said,
        )
    said["reached"] = f"{plain(100 * one['reached'], 2)} %"
    return (
        _("{metric}: known to {reached} after {runs} runs ({asked} was asked for)", **said)
        if one["ok"]
        else _("{metric}: known only to {reached} after {runs} runs, the most allowed ({asked} was asked for)", **said)
    )


def _failed(summary: dict[str, Any]) -> Iterator[str]:
    failed = summary["failed"]
    if not failed:
        return
    yield _("{count} runs failed:", count=len(failed))
    for one in failed[:_SHOWN]:
        where = ", ".join(f"{path}={words}" for path, words in one["varied"].items()) or one["policy"]
        message = N_("run {run} ({where}, seed {seed}): {error}")
        yield "  " + _(message, run=one["run"], where=where, seed=one["seed"], error=one["error"])
