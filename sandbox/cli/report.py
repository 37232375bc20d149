"""`ecny-sandbox report`: draw the report of a finished run again."""

from __future__ import annotations

import click

from sandbox.cli import terminal
from sandbox.cli.text import text


@click.command(name="report", help=text("report.help"))
@click.argument("run", type=click.Path())
def command(run: str) -> None:
    from reports.render import render
    from sandbox import records
    from sandbox.runfolder import redrawing

    finished = records.open_run(run)
    with redrawing(finished.path) as folder:
        render(folder)
    terminal.tell(finished.path / records.REPORT_HTML)
