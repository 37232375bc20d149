"""`ecny-sandbox new`: a commented starter file."""

from __future__ import annotations

from pathlib import Path

import click

from sandbox.cli import options, terminal
from sandbox.cli.text import text


@click.command(name="new", help=text("new.help"))
@click.argument("file", type=options.Place())
@click.option("--from", "from_", metavar="SCENARIO", help=text("new.from"))
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
        raise click.UsageError(text("new.exists", file=file)) from None
    except OSError as error:
        raise OutputError(text("new.refused", file=file, reason=error.strerror or error)) from None
    terminal.tell(text("new.done", file=file))
