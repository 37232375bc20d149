"""`ecny-sandbox export`: a finished run as a data set in a published layout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from sandbox.cli import options, terminal
from sandbox.cli.text import text

if TYPE_CHECKING:
    from sandbox.records import Run

LAYOUTS: Final = ("amlworld", "paysim", "iso20022")


@click.command(name="export", help=text("export.help"))
@click.argument("run", type=click.Path())
@click.option("--as", "layout", type=click.Choice(LAYOUTS), required=True, help=text("export.as"))
@click.option("--out", type=options.Place(), metavar="DIR", required=True, help=text("export.out"))
@click.option("--force", is_flag=True, help=text("export.force"))
@click.option("--most", type=options.Whole(min=1), metavar="N", help=text("export.most"))
@click.pass_context
def command(context: click.Context, run: str, layout: str, out: str, force: bool, most: int | None) -> None:
    if most is not None and layout != "iso20022":
        raise click.UsageError(text("export.most_alone"), context)
    from sandbox.cli.failures import blaming
    from sandbox.records import open_run

    with blaming(run):
        files = _export(layout, open_run(run), Path(out), force, most)
    for file in files:
        terminal.tell(file)


def _export(layout: str, run: Run, out: Path, force: bool, most: int | None) -> list[Path]:
    if layout == "iso20022":
        from sandbox.export.iso20022.export import export as messages

        return messages(run, out, force, most)
    from sandbox.export import amlworld, paysim

    return amlworld.export(run, out, force) if layout == "amlworld" else paysim.export(run, out, force)
