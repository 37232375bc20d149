"""`ecny-sandbox query`: SQL over finished runs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import click

from sandbox.cli import terminal
from sandbox.language import _
from sandbox.visible import plain, visible

_ROWS: Final = 1_000
_WIDTH: Final = 60
_PIECE: Final = 100_000


@click.command(
    name="query",
    help=_(
        "Ask finished runs below FOLDER a question in SQL (DuckDB).\n\nViews: runs, metrics, sweeps, and "
        "every table (payments, series, ...) with the run's folder as `run`."
    ),
)
@click.argument("question", metavar="SQL")
@click.argument("folder", default=".", type=click.Path())
@click.option("--csv", "as_csv", is_flag=True, help=_("Print comma-separated values."))
def command(question: str, folder: str, as_csv: bool) -> None:
    if not Path(folder).is_dir():
        if Path(question).is_dir():
            raise click.UsageError(
                _("'{question}' is a folder: first the question, then where to look", question=question)
            )
        raise click.UsageError(_("{folder}: there is no such folder", folder=folder))
    from sandbox.experiment.query import query_runs

    answer = query_runs(
        question, Path(folder), lambda problem: terminal.complain(_("Left out: {problem}", problem=problem))
    )
    if answer is None:
        return
    if as_csv:
        terminal.tell_csv(_csv(answer))
        return
    terminal.tell(*_table(answer))


def _csv(answer: Any) -> Iterator[bytes]:
    """Header and rows, a piece at a time."""
    import io

    from pyarrow import csv

    from sandbox.export.cells import columns

    safe = columns(answer)
    for begin in range(0, max(safe.num_rows, 1), _PIECE):
        written = io.BytesIO()
        csv.write_csv(safe.slice(begin, _PIECE), written, csv.WriteOptions(include_header=begin == 0))
        yield written.getvalue()


def _table(answer: Any) -> list[str]:
    """Columns side by side."""
    shown = answer.slice(0, _ROWS)
    names = [_cell(name) for name in answer.column_names]
    columns = [[_cell(value) for value in column.to_pylist()] for column in shown.columns]
    widths = [max(map(len, [name, *cells])) for name, cells in zip(names, columns, strict=True)]
    rows = [names, *map(list, zip(*columns, strict=True))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    if answer.num_rows > _ROWS:
        lines.append(_("... and {count} more rows; --csv prints all", count=f"{answer.num_rows - _ROWS:,}"))
    return lines


def _cell(value: Any) -> str:
    finite = isinstance(value, float) and math.isfinite(value)
    words = visible("-" if value is None else plain(value, 6) if finite else str(value))
    return words if len(words) <= _WIDTH else words[: _WIDTH - 1] + "…"
