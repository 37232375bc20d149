"""`ecny-sandbox check`: check scenario files without running them."""

from __future__ import annotations

import click

from sandbox.cli import terminal
from sandbox.cli.options import noted
from sandbox.language import _


@click.command(
    name="check",
    help=_(
        "Check scenario files without running them.\n\nEvery mistake is shown with its place; a payment trace is read "
        "through."
    ),
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
def command(files: tuple[str, ...]) -> int:
    from sandbox.cli.failures import BAD_INPUT
    from sandbox.cli.notes import memory_lines
    from sandbox.scenario.errors import ScenarioErrors
    from sandbox.scenario.load import load

    status = 0
    for file in files:
        try:
            loaded = load(file)
            if loaded.scenario.demand.trace is not None:
                from sandbox.world import check_demand

                check_demand(loaded.scenario, loaded.base_dir)
        except ScenarioErrors as errors:
            terminal.complain(*errors.lines)
            status = BAD_INPUT
        else:
            terminal.complain(*noted(loaded.notes))
            terminal.tell("; ".join([_("{file}: good", file=file), *memory_lines(loaded)]))
    return status
