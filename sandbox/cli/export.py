"""`ecny-sandbox export`: a finished run as a data set in a published layout."""

from __future__ import annotations

from pathlib import Path

import click

from sandbox.cli import options, terminal
from sandbox.cli.text import text
from sandbox.export.layout import layouts


class _Command(click.Command):
    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What the layouts hold."""
        with formatter.section(text("export.layouts")):
            formatter.write_dl([(one.name, one.doc) for one in layouts().values()])


@click.command(name="export", cls=_Command, help=text("export.help"))
@click.argument("run", type=click.Path())
@click.option("--as", "layout", type=options.OneOf(layouts), required=True, help=text("export.as"))
@click.option("--out", type=options.Place(), metavar="DIR", required=True, help=text("export.out"))
@click.option("--force", is_flag=True, help=text("export.force"))
@click.option("--most", type=options.Whole(min=1), metavar="N", help=text("export.most"))
@click.pass_context
def command(context: click.Context, run: str, layout: str, out: str, force: bool, most: int | None) -> None:
    chosen = layouts()[layout]
    if most is not None and not chosen.can_be_short:
        short = ", ".join(one.name for one in layouts().values() if one.can_be_short)
        raise click.UsageError(text("export.most_alone", layouts=short), context)
    from sandbox.cli.failures import blaming
    from sandbox.records import open_run

    with blaming(run):
        files = chosen.export(open_run(run), Path(out), force, most)
    for file in files:
        terminal.tell(file)
