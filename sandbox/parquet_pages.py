"""How much a Parquet file makes a reader take, by its list of columns and by the header of every page.

A library that reads such a file makes room for what a page's header says, whatever the list of columns says, and some
wrong lists end the process. So both are read here first, and neither is believed further than it was looked at.
The form is Thrift's compact protocol, with the fields of Apache Parquet's `parquet.thrift`.

Units: bytes, uncompressed where nothing else is said.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any, BinaryIO, Final, NamedTuple

from sandbox.files import open_ordinary
from sandbox.language import N_, _

MOST_LIST_BYTES: Final = 1 << 23
"""Of the list of columns; a table with a thousand row groups has a tenth of it."""
_MAGIC: Final = b"PAR1"
_FIRST_LOOK: Final = 1 << 9
_MOST_HEADER_BYTES: Final = 1 << 24
"""As Arrow has it: a page's header holds its smallest and its largest value."""
_MOST_DEEP: Final = 16
_SPARE_BYTES: Final = 1 << 16
"""Pages may hold that much more than their list says; not every writer counts their headers."""

_TRUE, _FALSE, _DOUBLE, _TEXT, _LIST, _SET, _MAP, _STRUCT = 1, 2, 7, 8, 9, 10, 11, 12
_BY_PREFIXES: Final = 7
"""DELTA_BYTE_ARRAY: each text takes over the beginning of the one before."""


class BadPages(ValueError):
    """A file's list of columns, or the header of a page, cannot be true."""


class Chunk(NamedTuple):
    """A column in a row group; `longest` is the most that one of its values can take in memory."""

    group: int
    column: str
    values: int
    fills: int
    longest: int


def chunks(file: Path) -> list[Chunk]:
    """All columns of all row groups.

    Raises:
        BadPages: what the file says of itself cannot be true.
        OSError: it cannot be read.
    """
    with open_ordinary(file) as stream:
        size = stream.seek(0, 2)
        stream.seek(max(0, size - 8))
        end = stream.read(8)
        length = int.from_bytes(end[:4], "little")
        if len(end) < 8 or end[4:] != _MAGIC or length > size - 8:
            raise BadPages(_("it does not end as a Parquet file does"))
        if length > MOST_LIST_BYTES:
            message = N_("its list of columns has {length} bytes, more than {most_list_bytes}")
            raise BadPages(_(message, length=f"{length:,}", most_list_bytes=f"{MOST_LIST_BYTES:,}"))
        stream.seek(size - 8 - length)
        try:
            listed = _Compact(stream.read(length)).struct()
            return [
                _chunk(stream, size, number, column[3])
                for number, group in enumerate(listed.get(4, []), start=1)
                for column in group.get(1, [])
            ]
        except (IndexError, KeyError, TypeError, AttributeError, struct.error) as error:
            raise BadPages(_("its list of columns, or the header of a page, cannot be read")) from error


def _chunk(stream: BinaryIO, size: int, group: int, listed: dict[int, Any]) -> Chunk:
    name = b".".join(listed[3]).decode("utf-8", "replace")
    values, fills, packed, at = (_whole(listed[field]) for field in (5, 6, 7, 9))
    if 0 < _whole(listed.get(11, 0)) < at:
        at = listed[11]
    end, seen, found, longest = at + packed, 0, 0, 0
    if end > size:
        raise BadPages(_("{name}: row group {group} is said to end behind the file's end", name=name, group=group))
    while seen < values and at < end:
        header, taken = _header(stream, at)
        one, stored = _whole(header[2]), _whole(header[3])
        about = header.get(5) or header.get(8)
        if about is not None:
            seen += _whole(about[1])
            by_prefixes = about[2 if 5 in header else 4] == _BY_PREFIXES
            longest = max(longest, one if by_prefixes else 0)
        found += one
        at += taken + stored
        if found > fills + _SPARE_BYTES:
            message = N_("{name}: the pages of row group {group} hold more than the {fills} bytes that it lists")
            raise BadPages(_(message, name=name, group=group, fills=f"{fills:,}"))
    return Chunk(group, name, values, fills, longest)


def _header(stream: BinaryIO, at: int) -> tuple[dict[int, Any], int]:
    """The header of the page that begins there, and how long it is."""
    look = _FIRST_LOOK
    while True:
        stream.seek(at)
        compact = _Compact(stream.read(look))
        try:
            return compact.struct(), compact.at
        except (IndexError, struct.error):
            if look > len(compact.data) or look > _MOST_HEADER_BYTES:
                raise
        look *= 16


def _whole(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise TypeError
    return value


class _Compact:
    """Thrift's compact protocol: structs as values by field, of any kind. What is cut off raises IndexError."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0

    def struct(self, deep: int = 0) -> dict[int, Any]:
        found: dict[int, Any] = {}
        field = 0
        while head := self._byte():
            field = field + (head >> 4) if head >> 4 else self._number()
            found[field] = head & 15 == _TRUE if head & 15 in (_TRUE, _FALSE) else self._value(head & 15, deep)
        return found

    def _byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def _count(self) -> int:
        value = shift = 0
        while (byte := self._byte()) & 128:
            value |= (byte & 127) << shift
            shift += 7
            if shift > 63:
                raise TypeError
        return value | byte << shift

    def _number(self) -> int:
        value = self._count()
        return value >> 1 ^ -(value & 1)

    def _bytes(self, count: int) -> bytes:
        self.at += count
        if self.at > len(self.data):
            raise IndexError
        return self.data[self.at - count : self.at]

    def _value(self, kind: int, deep: int) -> Any:
        if deep > _MOST_DEEP:
            raise TypeError
        if kind in (_TRUE, _FALSE, 3):
            return self._byte()
        if kind in (4, 5, 6):
            return self._number()
        if kind == _DOUBLE:
            return struct.unpack("<d", self._bytes(8))[0]
        if kind == _TEXT:
            return self._bytes(self._count())
        if kind in (_LIST, _SET):
            head = self._byte()
            count = head >> 4 if head >> 4 < 15 else self._count()
            return [self._value(head & 15, deep + 1) for __ in range(count)]
        if kind == _MAP:
            count = self._count()
            kinds = self._byte() if count else 0
            return [(self._value(kinds >> 4, deep + 1), self._value(kinds & 15, deep + 1)) for __ in range(count)]
        if kind == _STRUCT:
            return self.struct(deep + 1)
        raise TypeError
