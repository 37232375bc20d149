"""A CSV file as chunks of text columns with the number of each line; never more than a few MiB of it in memory.

Accepted: UTF-8 (with or without a byte-order mark), commas, quotes doubled inside quotes, lines that end in LF or
CRLF, line breaks inside quotes, blank lines (skipped, not counted). A row's line number is that of its first line in
the file, from 1. Blocks of plain lines go through Arrow's parser; a block with quotes or anything odd goes through
Python's, which tells line by line what is wrong. After a line that cannot be split, reading goes on with the next line.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.csv as pacsv

from sandbox.language import _
from sandbox.market.trace.refusals import LONGEST_LINE, Broken, Ints, Reason

BLOCK_BYTES: Final = 1 << 20
_MOST_LINES: Final = 100
"""Lines that one quoted row may span."""
_MOST_OPEN: Final = 2_000
"""Rows in one block that span more lines than they may; each is read that far, only to be refused."""
_FIELD_STARTS: Final = np.frombuffer(b",\n", dtype=np.uint8)
_FIELD_ENDS: Final = np.frombuffer(b",\r\n", dtype=np.uint8)
_BLANK: Final = (b"", b"\r")
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(slots=True)
class Chunk:
    """Rows with the text or numbers of each mapped column, and the lines that could not be split into columns."""

    lines: Ints
    columns: list[Any]
    broken: Broken


class NoHeader(Exception):
    """The file does not begin with a line of column names; says why."""


class _TooManyLines(Exception):
    """A quoted row goes on for too long."""


class _Feed:
    """Gives physical lines to Python's csv reader and remembers where it is."""

    def __init__(self, lines: list[bytes]) -> None:
        self.lines = lines
        self.at = 0
        self.row_at = 0
        self.dry = False

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if self.at == len(self.lines):
            self.dry = True
            raise StopIteration
        line = self.lines[self.at]
        if self.at - self.row_at >= _MOST_LINES or len(line) > LONGEST_LINE:
            raise _TooManyLines
        self.at += 1
        return line.decode("utf-8", "surrogateescape") + "\n"


def _reader(feed: _Feed) -> Iterator[list[str]]:
    return csv.reader(feed, strict=True, skipinitialspace=True)


def _text(line: bytes) -> str:
    return line[:200].decode("utf-8", "backslashreplace")


def _row_fault(row: list[str], width: int) -> tuple[Reason, str] | None:
    whole = "".join(row)
    if not whole.isascii():
        try:
            whole.encode("utf-8")
        except UnicodeEncodeError:
            return Reason.ENCODING, ",".join(row).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    if "\0" in whole:
        return Reason.NUL, ",".join(row)
    return (Reason.FIELDS, str(len(row))) if len(row) != width else None


def _split_carefully(block: bytes, first_line: int, width: int, wanted: list[int], last: bool) -> tuple[Chunk, bytes]:
    """Split a block of whole lines row by row; the bytes of a row that goes on in the next block come back."""
    feed = _Feed(block.split(b"\n")[:-1])
    reader = _reader(feed)
    rows: list[list[str]] = []
    lines: list[int] = []
    broken, open_rows = Broken(), 0
    rest = b""
    while feed.at < len(feed.lines):
        if feed.lines[feed.at] in _BLANK:
            feed.at += 1
            continue
        start = feed.row_at = feed.at
        if len(feed.lines[start]) > LONGEST_LINE:
            broken.add(first_line + start, Reason.TOO_LONG, _text(feed.lines[start]))
            feed.at += 1
            continue
        fields = feed.lines[start].count(b",") + 1
        if fields != width and _needs_no_care(feed.lines[start]):
            broken.add(first_line + start, Reason.FIELDS, str(fields))
            feed.at += 1
            continue
        try:
            row = next(reader)
        except (csv.Error, _TooManyLines) as error:
            if feed.dry and not last:
                rest = b"".join(line + b"\n" for line in feed.lines[start:])
                break
            open_rows += isinstance(error, _TooManyLines)
            if open_rows > _MOST_OPEN:
                raise ValueError(f"from line {first_line} on many quotes are opened and not closed") from None
            broken.add(first_line + start, Reason.BROKEN_LINE, _text(feed.lines[start]))
            feed.at, feed.dry, reader = start + 1, False, _reader(feed)
            continue
        if not row:
            continue
        fault = _row_fault(row, width)
        if fault:
            broken.add(first_line + start, *fault)
        else:
            rows.append(row)
            lines.append(first_line + start)
    columns = [pa.array([row[column] for row in rows], pa.string()) for column in wanted]
    return Chunk(np.array(lines, dtype=np.int64), columns, broken), rest


def _needs_no_care(line: bytes) -> bool:
    """Whether commas alone say where a line's fields end."""
    return line.isascii() and b'"' not in line and b"\r" not in line[:-1] and b"\0" not in line


def _split_plain(block: bytes, first_line: int, width: int, wanted: list[int]) -> Chunk | None:
    """Split a block of plain lines; None if it holds anything that needs care."""
    if b"\0" in block or block.count(b"\r") != block.count(b"\r\n"):
        return None
    if not block.isascii():
        try:
            block.decode("utf-8")
        except UnicodeDecodeError:
            return None
    data = np.frombuffer(block, dtype=np.uint8)
    ends = np.flatnonzero(data == ord("\n"))
    lengths = np.diff(ends, prepend=-1) - 1
    if lengths.max() > LONGEST_LINE:
        return None
    lines, broken = np.arange(first_line, first_line + len(ends), dtype=np.int64), Broken()
    quoted = b'"' in block
    left_out = (lengths == 0) | ((lengths == 1) & (data[np.maximum(ends - 1, 0)] == ord("\r")))
    if quoted and (left_out.any() or not _simply_quoted(data, ends)):
        return None
    if not quoted:
        fields = np.diff(np.cumsum(data == ord(","), dtype=np.int64)[ends], prepend=0) + 1
        wrong = (fields != width) & ~left_out
        broken.add_fields(lines[wrong], fields[wrong])
        left_out |= wrong
    if left_out.any():
        lines = lines[~left_out]
        if not len(lines):
            return Chunk(lines, [pa.array([], pa.string()) for __ in wanted], broken)
        data = data[np.repeat(~left_out, lengths + 1)]
        block, ends = data.tobytes(), np.flatnonzero(data == ord("\n"))
    odd: list[object] = []

    def skip(row: object) -> str:
        odd.append(row)
        return "skip"

    names = [str(column) for column in range(width)]
    include = list(dict.fromkeys(names[column] for column in wanted))
    table = pacsv.read_csv(
        pa.BufferReader(block),
        pacsv.ReadOptions(use_threads=False, block_size=len(block) + 1, column_names=names),
        pacsv.ParseOptions(
            quote_char='"' if quoted else False, double_quote=False, ignore_empty_lines=False, invalid_row_handler=skip
        ),
        pacsv.ConvertOptions(
            check_utf8=False,
            include_columns=include,
            column_types=dict.fromkeys(include, pa.string()),
            strings_can_be_null=False,
        ),
    ).combine_chunks()
    if odd or table.num_rows != len(ends):
        return None
    columns = [table.column(names[column]).chunk(0) for column in wanted]
    return Chunk(lines, columns, broken)


def _simply_quoted(data: npt.NDArray[np.uint8], ends: Ints) -> bool:
    """Whether quotes come in pairs around whole fields, in one line, with no quote inside: then all parsers agree."""
    quotes = np.flatnonzero(data == ord('"'))
    opening, closing = quotes[0::2], quotes[1::2]
    if len(opening) != len(closing):
        return False
    before = data[opening - 1]
    before[opening == 0] = ord("\n")
    after = data[closing + 1]  # there is one: the block ends with LF
    if not np.isin(before, _FIELD_STARTS).all() or not np.isin(after, _FIELD_ENDS).all():
        return False
    return bool((np.searchsorted(ends, opening) == np.searchsorted(ends, closing)).all())


def _blocks(stream: BinaryIO, line: int, left: bytes) -> Iterator[tuple[int, bytes | None]]:
    """Blocks of whole lines, ended by LF, with the number of the first; None stands for one line that is too long."""
    while data := stream.read(BLOCK_BYTES):
        data = left + data
        cut = data.rfind(b"\n") + 1
        if cut:
            yield line, data[:cut]
            line += data.count(b"\n")
        left = data[cut:]
        if len(left) > LONGEST_LINE:
            yield line, None
            line += 1
            left = _after_line(stream)
    if left:
        yield line, left if left.endswith(b"\n") else left + b"\n"


def _after_line(stream: BinaryIO) -> bytes:
    while data := stream.read(BLOCK_BYTES):
        found = data.find(b"\n")
        if found >= 0:
            return data[found + 1 :]
    return b""


class CsvTrace:
    """A CSV file opened at its header: `header`, then `chunks`."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        head = stream.read(BLOCK_BYTES)
        if not head:
            raise NoHeader(_("the file is empty"))
        if head.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise NoHeader(_("the file is UTF-16; save it as CSV in UTF-8"))
        if b"\0" in head.split(b"\n", 1)[0]:
            raise NoHeader(_("this is neither CSV text nor Parquet"))
        head = head.removeprefix(_BOM)
        if b"\r" in head.split(b"\n", 1)[0].rstrip(b"\r"):
            raise NoHeader(_("lines end in CR alone; save the file with lines that end in LF or CRLF"))
        feed = _Feed(head.split(b"\n")[: _MOST_LINES + 1])
        try:
            row = next((row for row in _reader(feed) if row), [])
        except (csv.Error, _TooManyLines):
            raise NoHeader(_("the first line is not a line of CSV with the names of columns")) from None
        if _row_fault(row, len(row)):
            raise NoHeader(_("the first line is not UTF-8 text; save the file as CSV in UTF-8"))
        if not row:
            raise NoHeader(_("the file holds no line with the names of columns"))
        self.header = [name.strip() for name in row]
        self._line = 1 + feed.at
        self._left = head[sum(len(line) + 1 for line in feed.lines[: feed.at]) :]

    def chunks(self, wanted: list[int]) -> Iterator[Chunk]:
        """The rest of the file; `wanted` are the places of the mapped columns in the header."""
        width = len(self.header)
        rest, rest_line = b"", 0
        for line, block in _blocks(self._stream, self._line, self._left):
            if block is None:
                if rest:
                    yield _split_carefully(rest, rest_line, width, wanted, last=True)[0]
                    rest = b""
                broken = Broken()
                broken.add(line, Reason.TOO_LONG, "")
                yield Chunk(np.zeros(0, dtype=np.int64), [pa.array([], pa.string()) for __ in wanted], broken)
                continue
            first = rest_line if rest else line
            block, rest = rest + block, b""
            chunk = _split_plain(block, first, width, wanted)
            if chunk is None:
                chunk, rest = _split_carefully(block, first, width, wanted, last=False)
                rest_line = first + block.count(b"\n") - rest.count(b"\n")
            yield chunk
        if rest:
            yield _split_carefully(rest, rest_line, width, wanted, last=True)[0]
