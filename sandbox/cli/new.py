"""`ecny-sandbox new`: a commented starter file."""

from __future__ import annotations

from pathlib import Path

import click

from sandbox.cli import options, terminal
from sandbox.language import _


@click.command(
    name="new", help=_("Write a commented starter scenario to FILE.\n\nAn existing file is never overwritten.")
)
@click.argument("file", type=options.Place())
@options.option("--from", "from_", metavar="SCENARIO", help=_("Start from this scenario: a gallery name or a path."))
def command(file: str, from_: str | None) -> None:
    from sandbox.runfolder import OutputError
    from sandbox.scenario.starter import starter_text

    content = starter_text(from_, Path(file).parent)
    path = Path(file)
    try:
        # Mode x: of two that write the same name at once, one is told so; a file that is there is never touched.
        with path.open("x", encoding="utf-8", newline="\n") as stream:
            stream.write(content)
    except FileExistsError:
        raise click.UsageError(
            _("{file}: is there already and is left as it is; give another name", file=file)
        ) from None
    except OSError as error:
        raise OutputError(_("{file}: cannot be written: {reason}", file=file, reason=error.strerror or error)) from None
    terminal.tell(_("{file}: written. Edit it, then: ecny-sandbox check {file}", file=file))
