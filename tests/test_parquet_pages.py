"""What a Parquet file makes a reader take is known before it is read, whatever the file says of itself."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sandbox import parquet, parquet_pages
from sandbox.parquet_pages import BadPages, Chunk, chunks

ROWS = 3_000
TABLE = pa.table(
    {
        "whole": [number * number for number in range(ROWS)],
        "text": [f"name {number % 700}" for number in range(ROWS)],
        "some": [None if number % 3 else number / 7 for number in range(ROWS)],
        "long": ["x" * (number % 300) for number in range(ROWS)],
        "switch": [number % 2 == 0 for number in range(ROWS)],
        "none": pa.nulls(ROWS),
    }
)


def listed(file: Path) -> list[tuple[Any, ...]]:
    """As Arrow has it."""
    meta = pq.read_metadata(file)
    groups = [meta.row_group(number) for number in range(meta.num_row_groups)]
    columns = [(at, group.column(place)) for at, group in enumerate(groups, 1) for place in range(meta.num_columns)]
    return [(at, one.path_in_schema, one.num_values, one.total_uncompressed_size) for at, one in columns]


@pytest.mark.parametrize(
    ("compression", "version", "dictionary"), list(product(["none", "zstd"], ["1.0", "2.0"], [True, False]))
)
def test_what_arrow_writes_is_read_alike(tmp_path: Path, compression: str, version: str, dictionary: bool) -> None:
    file = tmp_path / "t.parquet"
    more: dict[str, Any] = {"compression": compression, "data_page_version": version, "use_dictionary": dictionary}
    for how in (
        {"row_group_size": 170, "write_page_index": True},
        {"data_page_size": 300, "write_page_checksum": True},
    ):
        pq.write_table(TABLE, file, **more, **how)
        assert [chunk[:4] for chunk in chunks(file)] == listed(file)
        assert parquet.read(file).equals(TABLE)


def varint(value: int) -> bytes:
    """A whole number that is not negative, as Thrift writes it."""
    value, out = value << 1, b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def test_a_page_that_is_larger_than_listed_is_refused(tmp_path: Path) -> None:
    """The header of a page says 2 GB, of which the list of columns says nothing."""
    file = tmp_path / "t.parquet"
    pq.write_table(pa.table({"a": list(range(100))}), file, use_dictionary=False, compression="zstd")
    whole, packed = file.read_bytes(), pq.read_metadata(file).row_group(0).column(0).total_compressed_size
    size = next(at for at in range(100, 2_000) if whole[4:].startswith(b"\x15\x00\x15" + varint(at) + b"\x15"))
    grown = len(varint(2**31 - 1)) - len(varint(size))
    length = int.from_bytes(whole[-8:-4], "little")
    body, footer = whole[: -8 - length], whole[-8 - length : -8].replace(varint(packed), varint(packed + grown))
    body = body.replace(b"\x15\x00\x15" + varint(size), b"\x15\x00\x15" + varint(2**31 - 1), 1)
    file.write_bytes(body + footer + len(footer).to_bytes(4, "little") + b"PAR1")
    before = pa.default_memory_pool().max_memory()
    for read in (chunks, parquet.read):
        with pytest.raises(BadPages, match="row group 1 hold more than"):
            read(file)  # type: ignore[operator]
    assert pa.default_memory_pool().max_memory() < before + 1_000_000


def test_texts_that_take_over_the_beginning_of_others_are_counted_at_their_longest(tmp_path: Path) -> None:
    """Each is as long as all before it: a file of 11 kB that lists 200 kB held 600 MB."""
    file = tmp_path / "t.parquet"
    texts = pa.array(["y" * 20_000 + str(number) for number in range(5_000)], pa.large_string())
    how: dict[str, Any] = {"use_dictionary": False, "column_encoding": {"a": "DELTA_BYTE_ARRAY"}}
    pq.write_table(pa.table({"a": texts}), file, **how)
    assert file.stat().st_size < 20_000
    (chunk,) = chunks(file)
    assert chunk.longest > 20_000
    assert chunk.fills < 100_000
    with pytest.raises(parquet.WrongTable, match="would fill"):
        parquet.read(file)
    pq.write_table(pa.table({"a": texts[:20]}), file, **how)
    assert parquet.read(file)["a"].to_pylist() == texts[:20].to_pylist()


def test_a_list_with_more_histogram_than_levels_is_no_end_of_the_process(tmp_path: Path) -> None:
    """Asking Arrow for such a column aborts."""
    file = tmp_path / "t.parquet"
    pq.write_table(TABLE.select(["text"]), file)
    whole = file.read_bytes()
    spoiled = bytearray(whole)
    start = len(whole) - 8 - int.from_bytes(whole[-8:-4], "little")
    for at in range(start, len(whole) - 8, 2):
        spoiled[at] ^= 0x10
        file.write_bytes(spoiled)
        try:
            assert all(isinstance(chunk, Chunk) for chunk in chunks(file))
            parquet.read(file)
        except parquet.WHAT_READING_RAISES:
            pass
        spoiled[at] = whole[at]


@pytest.mark.parametrize(
    "end", [b"", b"PAR1", b"\xff\xff\xff\x7fPAR1", b"\x00\x00\x00\x00PAR2", b"\x1c" * 500 + b"\xf4\x01\x00\x00PAR1"]
)
def test_what_ends_otherwise_is_refused(tmp_path: Path, end: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "t.parquet").write_bytes(b"PAR1" + end)
    with pytest.raises(BadPages):
        chunks(tmp_path / "t.parquet")
    monkeypatch.setattr(parquet_pages, "MOST_LIST_BYTES", 100)
    pq.write_table(TABLE, tmp_path / "t.parquet")
    with pytest.raises(BadPages, match="list of columns has"):
        chunks(tmp_path / "t.parquet")
