"""Text in CSV that a spreadsheet must not take for a formula.

A text that begins as a formula does (`=`, `+`, `-`, `@`, tab, carriage return, or a wide form of one) gets an
apostrophe before it, which spreadsheets take as "this is text". Numbers stay as they are, whatever their sign.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pyarrow as pa

_BEGINS: Final = "^[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]"
_FORMULA: Final = re.compile(_BEGINS)


def cell(value: object) -> object:
    """A value for a cell.

    >>> cell("=1+2"), cell("-"), cell("a-b"), cell(-5), cell("")
    ("'=1+2", "'-", 'a-b', -5, '')
    """
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def cells(row: Sequence[object]) -> list[object]:
    """A row of values."""
    return [cell(value) for value in row]


def columns(table: pa.Table) -> pa.Table:
    """A table whose texts and names of columns are fit for CSV."""
    import pyarrow as pa
    import pyarrow.compute as pc

    made = []
    for column in table.columns:
        if pa.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
            begins = pc.match_substring_regex(column, _BEGINS)
            quoted = pc.binary_join_element_wise(pa.scalar("'", column.type), column, pa.scalar("", column.type))
            column = pc.if_else(begins, quoted, column)
        elif pa.types.is_nested(column.type):
            column = pa.chunked_array([pa.array([None if one is None else str(one) for one in column.to_pylist()])])
        made.append(column)
    return pa.table(made, names=[str(cell(name)) for name in table.column_names])
