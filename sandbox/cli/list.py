"""`ecny-sandbox list`: the scenario gallery."""

from __future__ import annotations

import shutil
import sys

import click

from sandbox.cli import terminal
from sandbox.language import _


@click.command(name="list", help=_("List the scenario gallery, a line each."))
@click.option("--json", "as_json", is_flag=True, help=_("Print name, title, question and path of each as JSON."))
def command(as_json: bool) -> None:
    from sandbox.scenario.gallery import in_gallery, names
    from sandbox.scenario.load import load

    entries = [
        {
            "name": name,
            "title": scenario.title,
            "question": " ".join(scenario.question.split()),
            "path": str(in_gallery(name).path),
        }
        for name in names()
        for scenario in (load(name).scenario,)
    ]
    if as_json:
        terminal.tell_json(entries)
        return
    width = max((len(entry["name"]) for entry in entries), default=0)
    # On a screen a scenario stays on its line; through a pipe nothing is cut.
    most = max(80, shutil.get_terminal_size().columns) if sys.stdout.isatty() else None
    for entry in entries:
        line = f"{entry['name'].ljust(width)}  {entry['title']}: {entry['question']}"
        terminal.tell(
            line if most is None or len(line) <= most else f"{line[: most - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"
        )
