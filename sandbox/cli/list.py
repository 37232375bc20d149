"""`ecny-sandbox list`: the scenario gallery."""

from __future__ import annotations

import json

import click

from sandbox.cli.text import text


@click.command(name="list", help=text("list.help"))
@click.option("--json", "as_json", is_flag=True, help=text("list.json"))
def command(as_json: bool) -> None:
    from sandbox.scenario import gallery

    entries = gallery.entries()
    if as_json:
        shown = [
            {"name": entry.name, "title": entry.title, "question": entry.question, "path": str(entry.path)}
            for entry in entries
        ]
        click.echo(json.dumps(shown, indent=2, ensure_ascii=False))
        return
    width = max((len(entry.name) for entry in entries), default=0)
    for entry in entries:
        click.echo(f"{entry.name.ljust(width)}  {' '.join(entry.question.split())}")
