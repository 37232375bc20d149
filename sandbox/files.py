"""Opening files that may come from anybody: ordinary files only, and no more of them than a reader has room for.

A pipe would wait for a writer and a device has no end; a sparse file is longer than any memory.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
from io import BufferedReader
from pathlib import Path
from typing import Final

from sandbox.language import _

LARGE_BYTES: Final = 1 << 30
MOST_JSON_BYTES: Final = 64 * 1024 * 1024
"""No JSON file of ours is longer."""


class BadFile(OSError):
    """What stands under a name is no ordinary file, or is longer than it may be."""


def open_ordinary(path: str | Path) -> BufferedReader:
    """Open an ordinary file (or a link to one) for reading bytes.

    Raises:
        FileNotFoundError: there is nothing.
        BadFile: it is a folder, a pipe, a socket or a device, or a large file that was hardly ever written.
        OSError: it cannot be opened, or no file can have such a name.
    """
    try:
        # Without O_NONBLOCK, opening a pipe would wait for a writer.
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (OSError, ValueError) as error:
        raise _of(path, error) from error
    try:
        _size_of(os.fstat(handle))
        return os.fdopen(handle, "rb")
    except BaseException:
        with contextlib.suppress(OSError):
            os.close(handle)
        raise


def check_ordinary(path: str | Path) -> int:
    """The size in bytes of an ordinary file that a library is to open by its name.

    Raises:
        As `open_ordinary`.
    """
    try:
        about = os.stat(path)
    except (OSError, ValueError) as error:
        raise _of(path, error) from error
    return _size_of(about)


def _size_of(about: os.stat_result) -> int:
    """The size of an ordinary file. One that is nearly all holes is none: nobody writes it, and it has no end."""
    if not stat.S_ISREG(about.st_mode):
        raise BadFile(_("this is not an ordinary file"))
    written = getattr(about, "st_blocks", about.st_size) * 512
    if about.st_size > LARGE_BYTES and written < about.st_size // 64:
        raise BadFile(
            _("it is {size} bytes long, and nearly nothing of that was ever written", size=f"{about.st_size:,}")
        )
    return about.st_size


def read_ordinary(path: str | Path, most_bytes: int = MOST_JSON_BYTES) -> bytes:
    """All bytes of an ordinary file.

    Raises:
        As `open_ordinary`; BadFile, too, if it is longer than `most_bytes`.
    """
    with open_ordinary(path) as stream:
        data = b"" if os.fstat(stream.fileno()).st_size > most_bytes else stream.read(most_bytes + 1)
        if os.fstat(stream.fileno()).st_size > most_bytes or len(data) > most_bytes:
            raise _too_long(most_bytes)
        return data


def sha256(path: str | Path) -> str:
    """Hash of the bytes of a run folder's file, in hexadecimal.

    Raises:
        As `open_ordinary`; BadFile, too, if it is longer than any of ours that is neither a table nor a journal.
    """
    with open_ordinary(path) as stream:
        if os.fstat(stream.fileno()).st_size > MOST_JSON_BYTES:
            first = stream.read(1)
            stream.seek(-4, os.SEEK_END)
            last = stream.read()
            if last != b"PAR1" and not (first == b"{" and last.endswith(b"}\n")):
                raise _too_long(MOST_JSON_BYTES)
            stream.seek(0)
        return hashlib.file_digest(stream, "sha256").hexdigest()


def reason(error: BaseException) -> str:
    """Why a file cannot be read, in one line.

    >>> reason(FileNotFoundError(2, "No such file or directory", "x")), reason(BadFile("no ordinary file"))
    ('No such file or directory', 'no ordinary file')
    """
    words = " ".join(str(getattr(error, "strerror", None) or error).split())
    return words[:300] or type(error).__name__


def _too_long(most_bytes: int) -> BadFile:
    return BadFile(_("it is longer than {limit} bytes", limit=f"{most_bytes:,}"))


def _of(path: str | Path, error: OSError | ValueError) -> OSError:
    """The error of a name: a socket cannot be opened at all, and some names are none."""
    if isinstance(error, ValueError):
        return OSError(errno.EINVAL, str(error))
    with contextlib.suppress(OSError, ValueError):
        if stat.S_ISSOCK(os.stat(path).st_mode):
            return BadFile(_("this is not an ordinary file"))
    return error
