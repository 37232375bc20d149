"""Columns that grow piece by piece and are mostly the same number: kept as small as each piece allows.

A series of years in bins of minutes is nearly all zeros; whole, in 64 bits, it would take more than everything else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[Any]

_NARROW: Final = (np.int8, np.int16, np.int32)


def narrowed(values: Column) -> Column:
    """The same numbers in as few bytes as hold them: one number where all are the same, integers in less than 64 bits.

    >>> narrowed(np.array([7, 7, 7])), narrowed(np.array([1, 300])).dtype.name
    (array([7]), 'int16')
    """
    # Bits are compared, for a NaN is not equal to itself and -0.0 must stay what it is.
    bits = values.view(np.int64)
    if bits.size and (bits == bits[0]).all():
        return values[:1].copy()
    if values.dtype != np.int64:
        return values
    low, high = int(values.min(initial=0)), int(values.max(initial=0))
    kinds = (kind for kind in _NARROW if np.iinfo(kind).min <= low and high <= np.iinfo(kind).max)
    return values.astype(next(kinds, np.int64))


class PackedColumns(Mapping[str, Column]):
    """Columns by name, of 64-bit integers and floats, equally long; each is unpacked whenever it is asked for."""

    def __init__(self) -> None:
        self._sizes: list[int] = []
        self._pieces: dict[str, tuple[np.dtype[Any], list[Column]]] = {}

    def add(self, columns: Mapping[str, Column]) -> None:
        """Append as many numbers to each column."""
        self._sizes.append(len(next(iter(columns.values()))))
        for name, values in columns.items():
            self._pieces.setdefault(name, (values.dtype, []))[1].append(narrowed(np.ascontiguousarray(values)))

    def __getitem__(self, name: str) -> Column:
        return self.window(name, 0, self.rows)

    @property
    def rows(self) -> int:
        """How long each column is."""
        return sum(self._sizes)

    def window(self, name: str, first: int, last: int) -> Column:
        """The numbers of a column from row `first` up to `last`."""
        dtype, pieces = self._pieces[name]
        # What is never written to takes no memory.
        whole = np.zeros(last - first, dtype=dtype)
        begin = -first
        for size, piece in zip(self._sizes, pieces, strict=True):
            low, high = max(begin, 0), min(begin + size, whole.size)
            if low < high and (piece.size > 1 or piece.view(f"i{piece.itemsize}")[0]):
                whole[low:high] = piece if piece.size == 1 else piece[low - begin : high - begin]
            begin += size
        return whole

    def __iter__(self) -> Iterator[str]:
        return iter(self._pieces)

    def __len__(self) -> int:
        return len(self._pieces)
