"""`ecny-sandbox schema`: JSON Schema of scenario files."""

from __future__ import annotations

import json

import click

from sandbox.cli.text import text


@click.command(name="schema", help=text("schema.help"))
def command() -> None:
    from sandbox.scenario.reference import json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
