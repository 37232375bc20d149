"""Columns to lines of CSV, many at a time, in Arrow: no quoting, for nothing that is written needs it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Ints = npt.NDArray[np.int64]

ROWS: Final = 262_144
"""Rows worked on at a time."""


def whole(values: Ints) -> pa.Array:
    """Whole numbers as text."""
    return pa.array(values).cast(pa.string())


def yuan(fen: Ints) -> pa.Array:
    """Amounts in yuan with two decimals."""
    size = np.abs(fen)
    sign = pa.array(np.where(fen < 0, "-", ""))
    cents = pc.utf8_lpad(whole(size % 100), 2, "0")
    return pc.binary_join_element_wise(pc.binary_join_element_wise(sign, whole(size // 100), ""), cents, ".")


def chosen(words: Sequence[str], numbers: npt.NDArray[Any]) -> pa.Array:
    """The words with these numbers."""
    return pa.array(list(words), type=pa.string()).take(pa.array(numbers.astype(np.int64)))


def lines(columns: Sequence[pa.Array]) -> pa.Array:
    """One line of CSV for each row, its end included."""
    last = pc.binary_join_element_wise(columns[-1], "", "\n")
    return pc.binary_join_element_wise(*columns[:-1], last, ",")


def as_bytes(text: pa.Array) -> memoryview:
    """What is to be written of an array of lines."""
    if len(text) == 0:
        return memoryview(b"")
    text = pa.concat_arrays([text])  # so that it starts at its buffer's first byte
    first, last = text.offset, text.offset + len(text)
    offsets = np.frombuffer(text.buffers()[1], dtype=np.int32)
    return memoryview(text.buffers()[2])[int(offsets[first]) : int(offsets[last])]
