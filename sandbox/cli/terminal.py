"""Standard output and standard error: the one place where the command line writes to them.

What a terminal cannot encode is replaced; what would steer it, or forge a line, is shown escaped. Whether somebody
reads along never decides how a command ends: a stream that is closed counts as one whose text nobody wants, a reader
that has gone is no failure, and standard error is written to as far as it takes it.
"""

from __future__ import annotations

import codecs
import contextlib
import errno
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, TextIO

from sandbox.visible import escaped, is_shown, visible

_ERRORS: Final = "ecny-sandbox"
_LIKE: Final = {"…": "...", "–": "-", "—": "-", "×": "x", "→": "->", "≤": "<=", "≥": ">=", "’": "'", "‘": "'"}
"""What stands for a sign of ours that a terminal does not know; for any other a question mark does."""
_STREAMS: Final = ("stdin", "stdout", "stderr")


class OutputFailed(Exception):
    """Standard output takes nothing; no OSError, for it says nothing of any file.

    Attributes:
        reason: what the system says.
        reader_gone: whether whoever read it has gone (`| head`), which is no failure.
    """

    def __init__(self, error: OSError) -> None:
        super().__init__(error)
        self.reason = error.strerror or str(error)
        # Windows calls a broken pipe an invalid argument.
        self.reader_gone = isinstance(error, BrokenPipeError) or (os.name == "nt" and error.errno == errno.EINVAL)


class _Guarded:
    """A stream whose failures are told from those of files."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    @property
    def buffer(self) -> _Guarded:
        """For bytes."""
        return _Guarded(self._stream.buffer)

    def write(self, words: Any) -> Any:
        """As the stream's."""
        try:
            return self._stream.write(words)
        except OSError as error:
            raise OutputFailed(error) from error

    def flush(self) -> None:
        """As the stream's."""
        try:
            self._stream.flush()
        except OSError as error:
            raise OutputFailed(error) from error


def tell(*lines: object) -> None:
    """Print lines; each stays one line, whatever is in it."""
    _write(sys.stdout, "".join(f"{visible(line)}\n" for line in lines))


def complain(*lines: object) -> None:
    """Print lines on standard error, as far as it takes them."""
    with quietly():
        _write(sys.stderr, "".join(f"{visible(line)}\n" for line in lines))


def complain_in(words: str) -> None:
    """Print lines of ours on standard error, ready as they are."""
    with quietly():
        _write(sys.stderr, words)


def tell_json(content: object) -> None:
    """Print JSON that reads back the same, whatever the terminal can show."""
    _document(json.dumps(content, indent=2, ensure_ascii=False) + "\n", lambda char: json.dumps(char)[1:-1])


def tell_yaml(words: str) -> None:
    """Print YAML in which whatever is not ASCII stands between double quotes, as JSON."""
    _document(words, escaped)


def tell_csv(pieces: Iterable[bytes]) -> None:
    """Print CSV: in UTF-8 and as it is, but for people without what steers a terminal."""
    for piece in pieces:
        if sys.stdout.isatty():
            _write(sys.stdout, visible(piece.decode(), keep="\n"))
        else:
            sys.stdout.buffer.write(piece)
            sys.stdout.buffer.flush()


def flush() -> None:
    """Hand on all that was printed.

    Raises:
        OutputFailed: standard output does not take it.
    """
    sys.stdout.flush()


@contextlib.contextmanager
def quietly() -> Iterator[None]:
    """Write to standard error, and go on without it where that fails."""
    try:
        yield
    except (OSError, ValueError):
        _give_up("stderr")


def give_up_output() -> None:
    """Standard output takes nothing any more: keep Python from complaining about that when it ends."""
    _give_up("stdout")


@contextlib.contextmanager
def streams() -> Iterator[None]:
    """Make standard output and standard error such that everything can be written to them."""
    _open_closed()
    codecs.register_error(_ERRORS, _replaced)
    changed = []
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            changed.append((reconfigure, stream.errors))
            reconfigure(errors=_ERRORS)
    output: Any = sys.stdout
    guarded: Any = _Guarded(output)
    sys.stdout = guarded
    try:
        yield
    finally:
        if sys.stdout is guarded:
            sys.stdout = output
        for reconfigure, errors in changed:
            with contextlib.suppress(OSError, ValueError):
                reconfigure(errors=errors)


def _write(stream: TextIO, words: str) -> None:
    stream.write(words)
    stream.flush()


def _document(words: str, escape: Callable[[str], str]) -> None:
    encoding = sys.stdout.encoding or "utf-8"
    fits = {char for char in set(words) if char == "\n" or (is_shown(char) and _encodes(char, encoding))}
    _write(sys.stdout, "".join(char if char in fits else escape(char) for char in words))


def _encodes(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeError:
        return False
    return True


def _replaced(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_LIKE.get(char, "?") for char in error.object[error.start : error.end]), error.end


def _open_closed() -> None:
    """Open what is closed onto nothing: else the next file that is opened takes its place, and its text."""
    for number in range(len(_STREAMS)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number, which is this one
    for name in _STREAMS[1:]:
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115


def _give_up(name: str) -> None:
    stream: Any = getattr(sys, name)
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)
