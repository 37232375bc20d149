"""`ecny-sandbox run`: one scenario into a run folder, and a short summary."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from sandbox.cli.text import text


def _overrides(ctx: click.Context, param: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    values: dict[str, str] = {}
    for item in given:
        path, equals, value = item.partition("=")
        path = path.strip()
        if not equals or not path:
            raise click.BadParameter(text("set_form", text=item), ctx, param)
        if path in values:
            raise click.BadParameter(text("set_twice", path=path), ctx, param)
        values[path] = value.strip()
    return values


def _record(ctx: click.Context, param: click.Parameter, given: str) -> str:
    from sandbox.api import parse_record

    try:
        parse_record(given)
    except ValueError:
        raise click.BadParameter(text("record_form", text=given), ctx, param) from None
    return given


@click.command(name="run", help=text("run.help"))
@click.argument("scenario")
@click.option("--out", type=click.Path(), metavar="DIR", help=text("run.out"))
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), metavar="N", help=text("run.seed"))
@click.option("--set", "overrides", multiple=True, metavar="PATH=VALUE", callback=_overrides, help=text("run.set"))
@click.option(
    "--record", default="all", show_default=True, metavar="all|sample:F|none", callback=_record, help=text("run.record")
)
@click.option("--no-report", is_flag=True, help=text("run.no_report"))
@click.option("--force", is_flag=True, help=text("run.force"))
@click.option("--quiet", is_flag=True, help=text("run.quiet"))
@click.option("--json", "as_json", is_flag=True, help=text("run.json"))
def command(
    scenario: str,
    out: str | None,
    seed: int | None,
    overrides: dict[str, str],
    record: str,
    no_report: bool,
    force: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    from sandbox import api, records
    from sandbox.cli.progress import ProgressBar

    with ProgressBar(shown=False if quiet else None) as bar:
        bar(0.0, text("preparing"))

        def draw(folder: Path) -> None:
            bar(1.0, text("drawing"))
            _render(folder)

        finished = api.run(
            scenario,
            seed=seed,
            set=overrides,
            out=out,
            record=record,
            force=force,
            progress=lambda share, done: bar(share, text("simulating", done=done)),
            finish=None if no_report else draw,
        )
    if as_json:
        click.echo((finished.path / records.SUMMARY).read_text(encoding="utf-8"), nl=False)
    elif not quiet:
        from sandbox.cli.summary import summary_lines

        click.echo("\n".join(summary_lines(finished)))


def _render(folder: Path) -> Any:
    from reports.render import render

    return render(folder)
