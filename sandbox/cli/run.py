"""`ecny-sandbox run`: one scenario into a run folder, and a short summary."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from sandbox.cli import options, terminal
from sandbox.language import _

_OF_MANY: Final = {
    "metrics": "--metric", "processes": "--processes", "cluster": "--cluster", "yes": "--yes",
    "keep_tables": "--keep-tables",
}  # fmt: skip


@click.command(
    name="run",
    help=_(
        "Run SCENARIO into a run folder: tables, summary and report.\n\nStart with `ecny-sandbox run "
        "luohu-red-packets-2020`."
    ),
)
@click.argument("scenario")
@options.option(
    "--out", type=options.Place(), metavar="DIR", help=_("The run folder; runs/SCENARIO-SEED-DIGEST if not given.")
)
@options.seed
@options.overrides
@options.record
@options.option(
    "--replications",
    type=options.Whole(2, 100_000),
    metavar="N",
    help=_("Run so many times, each with other random draws; with --precision, at most so many times."),
)
@options.option(
    "--precision",
    multiple=True,
    metavar="METRIC=SHARE",
    callback=options.precisions,
    shell_complete=options.numbers,
    help=_("Run until half the 95 % interval of METRIC's mean is below this share of it. Repeatable."),
)
@options.metric
@options.workers
@options.keep_tables
@options.option("--no-report", is_flag=True, help=_("Write tables and summary only."))
@options.option("--force", is_flag=True, help=_("Replace an earlier finished run in the same folder."))
@options.option("--quiet", is_flag=True, help=_("Print nothing but errors."))
@options.option("--json", "as_json", is_flag=True, help=_("Print summary.json instead of the short summary."))
def command(scenario: str, **given: Any) -> int:
    if given["replications"] or given["precision"]:
        return _many(scenario, **given)
    for name, option in _OF_MANY.items():
        if given[name]:
            raise click.UsageError(
                _("{option} is for many runs: add --replications N or --precision METRIC=SHARE", option=option)
            )
    return _one(scenario, **given)


def _one(
    scenario: str,
    *,
    out: str | None,
    seed: int | None,
    overrides: dict[str, str],
    record: str,
    no_report: bool,
    force: bool,
    quiet: bool,
    as_json: bool,
    **__: Any,
) -> int:
    from sandbox import api
    from sandbox.cli.progress import ProgressBar

    loaded = api.load(scenario, overrides, seed)
    if not quiet:
        from sandbox.cli.notes import memory_lines

        terminal.complain(*options.noted(loaded.notes), *memory_lines(loaded))
    with ProgressBar(shown=False if quiet else None) as bar:
        bar(0.0, _("preparing; a first run compiles the engine, which takes half a minute"))

        def draw(folder: Path) -> None:
            from reports.render import render

            bar(1.0, _("drawing the report"))
            render(folder)

        finished = api.run(
            loaded,
            out=out,
            record=record,
            force=force,
            progress=lambda share, done: bar(share, _("{done} payments", done=done)),
            finish=None if no_report else draw,
        )
    if as_json:
        terminal.tell_json(finished.summary)
    elif not quiet:
        from sandbox.cli.summary import summary_lines

        terminal.tell(*summary_lines(finished))
    return 0


def _many(
    scenario: str,
    *,
    overrides: dict[str, str],
    replications: int | None,
    precision: dict[str, float],
    **given: Any,
) -> int:
    from sandbox import api
    from sandbox.cli import many

    return many.run_and_tell(
        lambda execution: api.replicate(scenario, replications, precision=precision, set=overrides, **execution),
        [scenario],
        [overrides],
        **given,
    )
