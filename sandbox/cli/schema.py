"""`ecny-sandbox schema`: JSON Schema of scenario files."""

from __future__ import annotations

import click

from sandbox.cli import terminal
from sandbox.language import _


@click.command(name="schema", help=_("Print the JSON Schema of scenario files, for editors."))
def command() -> None:
    from sandbox.scenario.reference import json_schema

    terminal.tell_json(json_schema())
