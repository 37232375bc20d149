"""How a signal ends a run: by an exception, so that `finally` and `__exit__` clean up, and never where it is lost.

An exception raised while an extension module is being set up comes out as an ImportError of that module, and may leave
the interpreter unable to finish; one raised in a destructor is printed and forgotten. A signal that arrives then is
sent again a moment later. While a folder gets its name or is removed, or a library builds what it would call broken,
a signal waits (`signals_held`). Where another exception was made of it all the same, `ended_by` tells which signal it
was.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from types import FrameType
from typing import Any, Final

AGAIN_S: Final = 0.02
PATIENCE_S: Final = 2.0
"""So long after a signal others are ignored: what it set going is under way, and people press Ctrl-C twice."""
_ENDS: Final = {
    "SIGTERM": signal.SIG_DFL,
    "SIGHUP": signal.SIG_DFL,
    "SIGBREAK": signal.SIG_DFL,
    "SIGINT": signal.default_int_handler,
}
"""Signals that end a process, with the handler that Python gives them; a system has some of them."""


class _State:
    """What has come so far; of one process, for signals are."""

    holding = 0
    waiting: int | None = None
    ended_at_s = float("-inf")
    number: int | None = None


@contextlib.contextmanager
def signals_as_exits() -> Iterator[None]:
    """Let SIGTERM, SIGHUP and Ctrl-Break raise `SystemExit` and SIGINT `KeyboardInterrupt`, where it is not lost.

    A signal that somebody else handles, or that is ignored (`nohup`), is left as it is; so are threads.
    """
    restore: dict[int, Any] = {}
    unraisable = sys.unraisablehook
    if threading.current_thread() is threading.main_thread():
        for name, default in _ENDS.items():
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is default:
                restore[number] = signal.signal(number, _stop)
    if restore:
        _State.ended_at_s, _State.waiting, _State.number = float("-inf"), None, None
        sys.unraisablehook = lambda found: _unraised(found, unraisable)
    try:
        yield
    finally:
        if restore:
            sys.unraisablehook = unraisable
            _State.number = None
        for number, handler in restore.items():
            if signal.getsignal(number) is _stop:
                signal.signal(number, handler)


@contextlib.contextmanager
def signals_held() -> Iterator[None]:
    """Let signals wait until the block is over; for what takes a moment and must not be done by half."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _State.holding += 1
    try:
        yield
    finally:
        _State.holding -= 1
        number, _State.waiting = (_State.waiting, None) if not _State.holding else (None, _State.waiting)
        if number is not None:
            _end(number)


def ended_by(error: BaseException) -> BaseException:
    """The exception of the signal that ended this process's work, or `error` if none has.

    Libraries make errors of their own of whatever goes wrong in what they call, a signal's exception included.
    """
    if _State.number is None or isinstance(error, (KeyboardInterrupt, SystemExit)):
        return error
    return _of(_State.number)


def last_signals_end_at_once() -> None:
    """From now on a signal ends the process without a word: all work is done, and only Python has to close down.

    When it takes its modules apart, which is the last thing, signals count no more; else the process would look killed.
    """
    for name in _ENDS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is _stop:
            signal.signal(number, _leave)


def _leave(number: int, frame: FrameType | None) -> None:
    os._exit(128 + number)


@atexit.register
def _count_no_more() -> None:
    for name in _ENDS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is _leave:
            signal.signal(number, signal.SIG_IGN)


def _stop(number: int, frame: FrameType | None) -> None:
    if _State.holding:
        _State.waiting = number
    elif is_importing(frame):
        _again(number)
    else:
        _end(number)


def _end(number: int) -> None:
    now_s = time.monotonic()
    if now_s - _State.ended_at_s < PATIENCE_S:
        return
    _State.ended_at_s, _State.number = now_s, number
    raise _of(number)


def _of(number: int) -> BaseException:
    return KeyboardInterrupt() if number == signal.SIGINT else SystemExit(128 + number)


def _again(number: int) -> None:
    # Windows ends a process that is sent a signal in any other way.
    arguments = (os.kill, (os.getpid(), number)) if os.name == "posix" else (signal.raise_signal, (number,))
    again = threading.Timer(AGAIN_S, *arguments)
    again.daemon = True
    again.start()


def _unraised(found: Any, otherwise: Any) -> None:
    """Python calls this of an exception that nobody can catch; if it is that of a signal, the signal comes again."""
    error = found.exc_value
    ours = _State.ended_at_s > float("-inf")
    if ours and isinstance(error, KeyboardInterrupt):
        number = int(signal.SIGINT)
    elif ours and isinstance(error, SystemExit) and isinstance(error.code, int) and error.code > 128:
        number = error.code - 128
    else:
        otherwise(found)
        return
    _State.ended_at_s, _State.number = float("-inf"), None
    _again(number)


def is_importing(frame: FrameType | None) -> bool:
    """Whether code that runs in `frame` was called by an import that is under way."""
    while frame is not None:
        if frame.f_globals.get("__name__") == "importlib._bootstrap":
            return True
        frame = frame.f_back
    return False
