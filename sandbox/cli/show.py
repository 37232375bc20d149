"""`ecny-sandbox show`: what a scenario asks and what it rests on."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import click

from sandbox.cli.text import text

if TYPE_CHECKING:
    from sandbox.scenario.load import Loaded
    from sandbox.scenario.provenance import Parameter

_WIDTH: Final = 100
_GROUPS: Final = (("lever", "show.levers"), ("assumption", "show.assumptions"))


@click.command(name="show", help=text("show.help"))
@click.argument("scenario")
@click.option("--resolved", is_flag=True, help=text("show.resolved"))
def command(scenario: str, resolved: bool) -> None:
    from sandbox.scenario.load import load

    loaded = load(scenario)
    if resolved:
        click.echo(loaded.resolved_yaml(), nl=False)
    else:
        click.echo("\n".join(shown(loaded)))


def shown(loaded: Loaded) -> Iterator[str]:
    """Title, question, what to look for, then levers and assumptions that the scenario sets, with their sources."""
    scenario = loaded.scenario
    yield text("show.from", title=scenario.title, name=loaded.name)
    yield ""
    yield from textwrap.wrap(" ".join(scenario.question.split()), _WIDTH)
    if scenario.look_for:
        yield from ("", text("show.look_for"))
        for hint in scenario.look_for:
            yield from textwrap.wrap(" ".join(hint.split()), _WIDTH, initial_indent="  - ", subsequent_indent="    ")
    rows = loaded.parameters()
    for role, heading in _GROUPS:
        of_role = [row for row in rows if row.role == role]
        yield from ("", text(heading))
        yield from _table([row for row in of_role if row.set_by != "default"])
        defaults = sum(row.set_by == "default" for row in of_role)
        if defaults:
            yield "  " + text("show.defaults", count=defaults)


def _table(rows: Sequence[Parameter]) -> Iterator[str]:
    paths = max((len(row.path) for row in rows), default=0)
    values = min(max((len(row.value) for row in rows), default=0), 30)
    for row in rows:
        source = " ".join(row.source.split())
        yield f"  {row.path.ljust(paths)}  {row.value.ljust(values)}  {source}".rstrip()
