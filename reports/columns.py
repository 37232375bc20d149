"""Columns of a table as numpy has them, read from their buffers: pyarrow's own conversions import pandas, which takes
long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa


def whole(table: pa.Table, name: str) -> Any:
    """A column of a table in one piece."""
    column = table.column(name)
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def column(array: pa.Array) -> npt.NDArray[np.generic]:
    """An array as numpy has it; words as objects, missing numbers as NaN."""
    import numpy as np
    import pyarrow as pa

    if pa.types.is_dictionary(array.type):
        codes, known = plain(array.indices)
        names = np.array([*array.dictionary.to_pylist(), None], dtype=object)
        return np.asarray(names[np.where(known, codes, len(names) - 1)])
    values, known = plain(array)
    return values if known.all() else np.where(known, values.astype(np.float64), np.nan)


def plain(array: pa.Array) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_]]:
    """The numbers or truth values of an array, and which of them are not missing (the others are whatever is there)."""
    import numpy as np
    import pyarrow as pa

    place = slice(array.offset, array.offset + len(array))
    absent, data = array.buffers()

    def bits(buffer: Any) -> npt.NDArray[np.bool_]:
        return np.unpackbits(np.frombuffer(buffer or b"", dtype=np.uint8), bitorder="little")[place].astype(bool)

    if pa.types.is_boolean(array.type):
        values: npt.NDArray[Any] = bits(data)
    else:
        values = np.frombuffer(data or b"", dtype=np.dtype(array.type.to_pandas_dtype()))[place]
    return values, bits(absent) if array.null_count else np.ones(len(array), dtype=bool)
