"""`ecny-sandbox report`: draw the report of a finished run again."""

from __future__ import annotations

import click

from sandbox.cli import terminal
from sandbox.language import _


@click.command(name="report", help=_("Draw the report of the finished run folder RUN again."))
@click.argument("run", type=click.Path())
def command(run: str) -> None:
    from reports.render import render
    from sandbox import records
    from sandbox.cli.failures import blaming
    from sandbox.runfolder import redrawing

    finished = records.open_run(run)
    with redrawing(finished.path) as folder, blaming(run):
        try:
            render(folder)
        except records.RunError as error:  # names the folder where it is drawn, which nobody knows
            raise records.RunError(str(error).replace(str(folder), str(finished.path))) from error
    terminal.tell(finished.path / records.REPORT_HTML)
