"""Tables and charts from what they show: a column says its head and its cell, a chart has the title of its numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sized
from typing import TYPE_CHECKING, Any

from reports.document import Block, Chart, Heading, Table
from reports.figures.labels import Labels
from sandbox.language import _

if TYPE_CHECKING:
    from matplotlib.figure import Figure


Cell = str | Callable[[Any], str]
"""What stands in a row: the path of an entry, shown in its declared unit, or a function of the row."""
Column = tuple[str, Cell]
"""The head, and what stands below it."""


def table(title: str, rows: Iterable[Any], *columns: Column, text_columns: int = 1, **how: Any) -> Table:
    """A table with a line for each row.

    Args:
        title: of the table.
        rows: entries of a summary, or whatever the columns' functions take.
        columns: from left to right, the first `text_columns` of them words.
        how: as of `Table`.
    """
    lines = tuple(tuple(_cell(row, cell) for __, cell in columns) for row in rows)
    return Table(title, tuple(head for head, __ in columns), lines, text_columns, **how)


def only_some(shown: Sized, every: Sized, message: str) -> str:
    """The sentence that not all is shown, with `{shown}` and `{all}` filled in; nothing if all is."""
    return _(message, shown=len(shown), all=len(every)) if len(shown) < len(every) else ""


def _cell(row: Any, cell: Cell) -> str:
    return cell(row) if callable(cell) else row.cell(cell)


def chart(
    key: str, heading: str, numbers: Table, draw: Callable[[], Figure], *, shows: str, hides: str, alt: str,
    cut: str = "", title: str = "", labels: Iterable[Labels] = (),
) -> list[Block]:  # fmt: skip
    """A figure with the table of its numbers under a heading.

    Args:
        key: names the figure's files and is its anchor.
        heading: above it; none if empty.
        numbers: what it shows.
        draw: makes it.
        shows, hides: its caption.
        cut: behind what it shows: that this is not all, as of `only_some`.
        alt: its words for who cannot see it.
        title: of the figure; the table's if left out.
        labels: what stand for names that a figure cannot draw.
    """
    names = tuple(_("{label} is {name}", label=label, name=name) for each in labels for label, name in each.explained)
    figure = Chart(key, title or numbers.title, f"{shows} {cut}".strip(), hides, alt, numbers, draw, names)
    return [Heading(key, heading), figure] if heading else [figure]
