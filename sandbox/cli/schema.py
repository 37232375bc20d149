"""`ecny-sandbox schema`: JSON Schema of scenario files."""

from __future__ import annotations

import click

from sandbox.cli import terminal
from sandbox.cli.text import text


@click.command(name="schema", help=text("schema.help"))
def command() -> None:
    from sandbox.scenario.reference import json_schema

    terminal.tell_json(json_schema())
