"""What writing files asks of the system, for each system that gives it in another way.

Linux and macOS lock folders, link files and flush folders. Windows does none of it for everybody, and neither removes
nor renames what is open; some network drives are as poor.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import time
from pathlib import Path
from typing import Final

try:
    import fcntl
except ImportError:  # not a POSIX system
    fcntl = None  # type: ignore[assignment]

WRITER: Final = ".writer"
"""Open for as long as a working folder is written, where folders cannot be locked."""
IN_USE_S: Final = 2.0
"""So long is waited for others (a scanner of viruses, an indexer) to close a file that is to be moved."""
_POSIX = os.name == "posix"
_DISK_FULL: Final = {errno.ENOSPC, errno.EDQUOT, errno.EIO}


def to_disk(path: Path) -> None:
    """Ask the disk to hold what was written; a full disk may first say so here.

    Not every system opens a folder, and some that do cannot be asked about it.
    """
    is_folder = path.is_dir()
    # Windows asks about nothing that was opened for reading alone.
    how = os.O_RDONLY if is_folder or _POSIX else os.O_RDWR
    try:
        handle = os.open(path, how)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        if not is_folder or error.errno in _DISK_FULL:
            raise


def tree_to_disk(root: Path) -> None:
    """All files and folders in a folder, and itself."""
    for path in sorted(root.rglob("*")):
        to_disk(path)
    to_disk(root)


def move(path: Path, place: Path) -> None:
    """Give a file or folder another name, as soon as nobody has it open who, on some systems, thereby forbids it."""
    until_s = time.monotonic() + IN_USE_S
    while True:
        try:
            os.replace(path, place)
            return
        except PermissionError:
            if _POSIX or time.monotonic() > until_s:
                raise
            time.sleep(0.05)


def draft(file: Path, data: bytes, *, flush: bool = False) -> Path:
    """Write a hidden file beside `file` that is ready to take its name; `flush`: the disk is to hold it by then."""
    place = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        with place.open("wb") as stream:
            stream.write(data)
            if flush:
                stream.flush()
                os.fsync(stream.fileno())
    except BaseException:
        place.unlink(missing_ok=True)
        raise
    return place


def write_whole(file: Path, data: bytes, *, flush: bool = False) -> None:
    """Write a file as a whole or not at all, in the place of whatever is there; nobody sees half of it."""
    place = draft(file, data, flush=flush)
    try:
        move(place, file)
    except BaseException:
        place.unlink(missing_ok=True)
        raise
    if flush:
        to_disk(file.parent)


def show_at(file: Path, place: Path) -> None:
    """Let a file be read at another place; not everybody may link on every system."""
    for link in (os.symlink, os.link, shutil.copyfile):
        try:
            link(file, place)
            return
        except (OSError, NotImplementedError):
            if link is shutil.copyfile:
                raise


def lock(folder: Path) -> int | None:
    """Lock a folder for as long as this process lives; None where it is gone or the file system knows no locks.

    Where folders cannot be locked, a file in it is held open, which nobody can remove then.

    Raises:
        BlockingIOError: somebody alive holds it.
    """
    if fcntl is None:
        return _lock_by_open_file(folder / WRITER)
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        if isinstance(error, BlockingIOError):
            raise
        return None
    return handle


def _lock_by_open_file(file: Path) -> int | None:
    try:
        file.unlink(missing_ok=True)
        return os.open(file, os.O_CREAT | os.O_EXCL | os.O_RDWR)
    except (PermissionError, FileExistsError) as error:
        raise BlockingIOError(error.errno, "somebody writes there") from error
    except OSError:
        return None


def unlock(folder: Path, handle: int) -> None:
    """Give up the lock, before the folder gets another name or is removed: some systems do neither while it is held."""
    os.close(handle)
    if fcntl is None:
        with contextlib.suppress(OSError):
            (folder / WRITER).unlink()
