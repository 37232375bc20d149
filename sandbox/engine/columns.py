"""Numpy and Python values as Arrow columns, from their buffers.

pyarrow's own conversion imports pandas, which costs a third of a second of every run; nothing here does.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Numbers = npt.NDArray[Any]


def bits(flags: npt.NDArray[np.bool_]) -> pa.Buffer:
    """Flags as a bitmap."""
    return pa.py_buffer(np.packbits(flags, bitorder="little"))


def numbers(values: Numbers, missing: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """An integer or float column; null where `missing`."""
    values = np.ascontiguousarray(values)
    some = missing is not None and bool(missing.any())
    validity = bits(~missing) if some and missing is not None else None
    return pa.Array.from_buffers(_TYPES[values.dtype.str[1:]], len(values), [validity, pa.py_buffer(values)])


_TYPES = {"i8": pa.int64(), "i4": pa.int32(), "i1": pa.int8(), "f8": pa.float64()}


def flags(values: npt.NDArray[np.bool_]) -> pa.Array:
    """A column of true and false."""
    return pa.Array.from_buffers(pa.bool_(), len(values), [None, bits(values)])


def texts(values: Sequence[str | None]) -> pa.Array:
    """A column of text."""
    builder = pa.lib.StringBuilder()
    builder.append_values(values)
    return builder.finish()


def words(codes: Numbers, names: Sequence[str], nullable: bool = False) -> pa.Array:
    """Codes as dictionary-encoded text; with `nullable`, code 0 is null and name k has code k + 1."""
    indices = codes.astype(np.int32, copy=False)
    column = numbers(indices - 1, indices == 0) if nullable else numbers(indices)
    # The codes are ours, so that they lie within the dictionary need not be checked again.
    return pa.DictionaryArray.from_arrays(column, texts(list(names) or [""]), safe=False)


def encoded(values: Sequence[str | None]) -> pa.Array:
    """Texts, None among them, as dictionary-encoded text in order of first appearance."""
    names = [name for name in dict.fromkeys(values) if name is not None]
    place = {name: number + 1 for number, name in enumerate(names)}
    codes = np.array([0 if value is None else place[value] for value in values], dtype=np.int32)
    return words(codes, names, nullable=True)
