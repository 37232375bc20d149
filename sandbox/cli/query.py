"""`ecny-sandbox query`: SQL over finished runs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

import click

from sandbox.cli.text import text

_ROWS: Final = 1_000
_WIDTH: Final = 60


@click.command(name="query", help=text("query.help"))
@click.argument("question", metavar="SQL")
@click.argument("folder", default=".", type=click.Path(exists=True, file_okay=False))
@click.option("--csv", "as_csv", is_flag=True, help=text("query.csv"))
def command(question: str, folder: str, as_csv: bool) -> None:
    from sandbox.experiment.query import ask

    answer = ask(question, Path(folder))
    if answer is None:
        return
    if as_csv:
        from pyarrow import csv

        csv.write_csv(answer, sys.stdout.buffer)
        return
    for line in _table(answer):
        click.echo(line)


def _table(answer: Any) -> list[str]:
    """Columns side by side."""
    shown = answer.slice(0, _ROWS)
    columns = [[_cell(value) for value in column.to_pylist()] for column in shown.columns]
    widths = [max(map(len, [name, *cells])) for name, cells in zip(answer.column_names, columns, strict=True)]
    rows = [answer.column_names, *map(list, zip(*columns, strict=True))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    if answer.num_rows > _ROWS:
        lines.append(text("query.more", count=f"{answer.num_rows - _ROWS:,}"))
    return lines


def _cell(value: Any) -> str:
    words = "-" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
    words = "".join(char if char.isprintable() else " " for char in words)
    return words if len(words) <= _WIDTH else words[: _WIDTH - 1] + "…"
