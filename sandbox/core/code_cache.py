"""The cache of compiled code, kept from one command to the next: one file a function and kinds of arguments.

numba keeps code too, but believes what it finds: a file that a power cut left empty or short fails every later run, and
a full disk fails the run that would write. Here a file begins with the digest of what follows. What does not hold is
thrown away and compiled anew; where nothing can be written the processes of one command share a temporary folder, and
that is told once.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import os
import pickle
import secrets
import shutil
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final

import numba
from numba.core import compiler, serialize
from numba.core.caching import FunctionCache

from sandbox.disk import write_whole
from sandbox.files import read_ordinary, reason
from sandbox.language import _

SPARE: Final = "ECNY_SANDBOX_SPARE_CACHE"
"""Environment variable by which the processes of one command know their temporary folder; it may not exist."""
_rebuild: Final[Any] = compiler.CompileResult._rebuild
_dumps: Final[Any] = serialize.dumps
_MOST_BYTES: Final = 256 * 1024 * 1024
_DIGEST_BYTES: Final = 32


class CodeStore:
    """The folders in which code is looked for and kept.

    Args:
        folder: of the user; None if there is none.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._spare = _spare_folder()
        self._told = False

    def get(self, name: str) -> bytes | None:
        """What is kept under a name, if it is whole. What is not is removed."""
        for folder in (self._folder, self._spare):
            if folder is None:
                continue
            try:
                data = read_ordinary(folder / name, _MOST_BYTES)
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError:
                data = b""
            if hashlib.sha256(data[_DIGEST_BYTES:]).digest() == data[:_DIGEST_BYTES]:
                return data[_DIGEST_BYTES:]
            _remove(folder / name)
        return None

    def put(self, name: str, data: bytes) -> None:
        """Keep this under a name; where that cannot be done, until the command ends."""
        whole = hashlib.sha256(data).digest() + data
        try:
            if self._folder is None:
                raise OSError(_("there is no home folder"))
            self._folder.mkdir(parents=True, exist_ok=True)
            write_whole(self._folder / name, whole)
        except OSError as error:
            with contextlib.suppress(OSError):
                if self._spare is not None:
                    self._spare.mkdir(mode=0o700, exist_ok=True)
                    write_whole(self._spare / name, whole)
            self._tell(error)

    def discard(self, name: str) -> None:
        """Throw away what is kept under a name."""
        for folder in (self._folder, self._spare):
            if folder is not None:
                _remove(folder / name)

    def _tell(self, error: OSError) -> None:
        """Say once in a command, whichever of its processes finds out, that nothing is kept."""
        if self._told:
            return
        self._told = True
        try:
            if self._spare is not None:
                (self._spare / "told").touch(exist_ok=False)
        except FileExistsError:
            return
        except OSError:
            pass  # no process can know of another
        where = "" if self._folder is None else f"{self._folder.parent}: "
        if sys.stderr is not None:
            with contextlib.suppress(OSError, ValueError):
                over_the_bar = "\r\x1b[K" if sys.stderr.isatty() else ""
                print(
                    over_the_bar
                    + _(
                        "compiled code cannot be kept ({where}{reason}): every command compiles for half a minute; "
                        "make room there, or set XDG_CACHE_HOME to a folder that can be written",
                        where=where,
                        reason=reason(error),
                    ),
                    file=sys.stderr,
                )


class FunctionCodeCache(FunctionCache):
    """numba's place for the compiled code of one function, kept in a store."""

    def __init__(self, function: Callable[..., Any], store: CodeStore) -> None:
        self._py_func = function
        self._store = store
        self._enabled = True

    def __repr__(self) -> str:
        return f"FunctionCodeCache({self._py_func.__qualname__})"

    @property
    def cache_path(self) -> None:
        """Of no use to anybody here."""

    def flush(self) -> None:
        """Nothing is thrown away that is whole."""

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """The code for arguments of these kinds; None if it is not there or does not hold."""
        target_context.refresh()
        name = self._name_of(sig, target_context.codegen())
        data = self._store.get(name) if self._enabled else None
        if data is None:
            return None
        try:
            return _rebuild(target_context, *pickle.loads(data))
        except Exception:  # whole, and yet not what this numba makes
            self._store.discard(name)
            return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep code that was compiled."""
        if self._enabled and not data.library.has_dynamic_globals and not any(not one.can_cache for one in data.lifted):
            self._store.put(self._name_of(sig, data.codegen), _dumps(data._reduce()))

    def _name_of(self, sig: Any, codegen: Any) -> str:
        function = self._py_func
        index: Any = self._index_key
        key = repr((numba.__version__, _source(function.__code__.co_filename), *index(sig, codegen)))
        readable = "".join(char if char.isalnum() else "_" for char in function.__qualname__)[:40]
        return f"{readable}-{hashlib.sha256(f'{function.__module__} {key}'.encode()).hexdigest()[:32]}.nbc"


@cache
def _source(file: str) -> str:
    try:
        return hashlib.sha256(Path(file).read_bytes()).hexdigest()
    except OSError:
        return ""


def _spare_folder() -> Path | None:
    """The temporary folder of this command, named by its first process, which removes it at its end."""
    if SPARE not in os.environ:
        try:
            folder = Path(tempfile.gettempdir()) / f"ecny-sandbox-{secrets.token_hex(8)}"
        except OSError:
            return None
        os.environ[SPARE] = str(folder)
        atexit.register(_at_the_end, os.getpid(), folder)
    return Path(os.environ[SPARE])


def _at_the_end(process: int, folder: Path) -> None:
    if os.getpid() == process:
        shutil.rmtree(folder, ignore_errors=True)


def _remove(place: Path) -> None:
    with contextlib.suppress(OSError):
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place, ignore_errors=True)
        else:
            place.unlink(missing_ok=True)
