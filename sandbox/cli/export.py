"""`ecny-sandbox export`: a finished run as a data set in a published layout."""

from __future__ import annotations

from pathlib import Path

import click

from sandbox.cli.text import text


@click.command(name="export", help=text("export.help"))
@click.argument("run", type=click.Path())
@click.option("--as", "layout", type=click.Choice(["amlworld", "paysim"]), required=True, help=text("export.as"))
@click.option("--out", type=click.Path(), metavar="DIR", required=True, help=text("export.out"))
@click.option("--force", is_flag=True, help=text("export.force"))
def command(run: str, layout: str, out: str, force: bool) -> None:
    from sandbox.export import amlworld, paysim
    from sandbox.records import open_run

    export = amlworld.export if layout == "amlworld" else paysim.export
    for file in export(open_run(run), Path(out), force):
        click.echo(file)
