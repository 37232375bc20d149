"""How a signal ends a run: by an exception, so that `finally` and `__exit__` clean up, and never inside an import.

An exception raised while an extension module is being set up comes out as an ImportError of that module, and may leave
the interpreter unable to finish. A signal that arrives then is sent again a moment later.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from types import FrameType
from typing import Any, Final

AGAIN_S: Final = 0.02
_ENDS: Final = {"SIGTERM": signal.SIG_DFL, "SIGHUP": signal.SIG_DFL, "SIGINT": signal.default_int_handler}
"""Signals that end a process, with the handler that Python gives them."""


@contextlib.contextmanager
def signals_as_exits() -> Iterator[None]:
    """Let SIGTERM and SIGHUP raise `SystemExit` and SIGINT `KeyboardInterrupt`, between imports.

    A signal that somebody else handles, or that is ignored (`nohup`), is left as it is; so are threads.
    """
    restore: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for name, default in _ENDS.items():
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is default:
                restore[number] = signal.signal(number, _stop)
    try:
        yield
    finally:
        for number, handler in restore.items():
            signal.signal(number, handler)


def _stop(number: int, frame: FrameType | None) -> None:
    if is_importing(frame):
        again = threading.Timer(AGAIN_S, os.kill, (os.getpid(), number))
        again.daemon = True
        again.start()
    elif number == signal.SIGINT:
        raise KeyboardInterrupt
    else:
        raise SystemExit(128 + number)


def is_importing(frame: FrameType | None) -> bool:
    """Whether code that runs in `frame` was called by an import that is under way."""
    while frame is not None:
        if frame.f_globals.get("__name__") == "importlib._bootstrap":
            return True
        frame = frame.f_back
    return False
