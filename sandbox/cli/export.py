"""`ecny-sandbox export`: a finished run as a data set in a published layout."""

from __future__ import annotations

from pathlib import Path

import click

from sandbox.cli import options, terminal
from sandbox.export.layout import layouts
from sandbox.language import _, translated


class _Command(click.Command):
    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """What the layouts hold."""
        with formatter.section(_("Layouts")):
            formatter.write_dl([(one.name, translated(one.doc)) for one in layouts().values()])


@click.command(name="export", cls=_Command, help=_("Write the finished run RUN as data for others."))
@click.argument("run", type=click.Path())
@options.option(
    "--as",
    "layout",
    type=options.OneOf(layouts),
    required=True,
    help=_("The published layout; what each holds is below."),
)
@options.option(
    "--out",
    type=options.Place(),
    metavar="DIR",
    required=True,
    help=_("The folder for the files; it is made if need be."),
)
@options.option("--force", is_flag=True, help=_("Replace files of the same name."))
@options.option(
    "--most",
    type=options.Whole(min=1),
    metavar="N",
    help=_("The first N payments only, where a layout can be so short."),
)
def command(run: str, layout: str, out: str, force: bool, most: int | None) -> None:
    chosen = layouts()[layout]
    if most is not None and not chosen.can_be_short:
        short = ", ".join(one.name for one in layouts().values() if one.can_be_short)
        raise click.UsageError(_("--most goes with --as {layouts}", layouts=short))
    from sandbox.cli.failures import blaming
    from sandbox.records import open_run

    with blaming(run):
        files = chosen.export(open_run(run), Path(out), force, most)
    for file in files:
        terminal.tell(file)
