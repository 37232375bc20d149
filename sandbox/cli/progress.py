"""A progress bar for long runs: one line on standard error, drawn over itself, and only where that is a terminal."""

from __future__ import annotations

import shutil
import sys
import time
from types import TracebackType
from typing import Final, Self

_EVERY_S: Final = 0.1
_BAR: Final = 30


class ProgressBar:
    """Context manager; call it with the share that is done (0..1) and what is being done.

    Draws nothing unless `shown`, which is by default whether standard error is a terminal.
    """

    def __init__(self, shown: bool | None = None) -> None:
        self.shown = sys.stderr.isatty() if shown is None else shown
        self._last_s = float("-inf")

    def __call__(self, share: float, what: str) -> None:
        now_s = time.monotonic()
        if not self.shown or (now_s - self._last_s < _EVERY_S and share < 1):
            return
        self._last_s = now_s
        width = self._width()
        self._draw("\r" + bar(share, what)[:width].ljust(width))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.shown:
            # Blanks, for not every terminal knows how to clear a line.
            self._draw(f"\r{' ' * self._width()}\r")

    def _width(self) -> int:
        return max(shutil.get_terminal_size().columns - 1, 10)

    def _draw(self, words: str) -> None:
        """A terminal that has gone ends the bar, and not what it is about."""
        try:
            sys.stderr.write(words)
            sys.stderr.flush()
        except (OSError, ValueError):
            self.shown = False


def bar(share: float, what: str) -> str:
    """The line for a share that is done.

    >>> bar(0.5, "day 2")
    '[###############---------------]  50 %  day 2'
    """
    done = min(max(share, 0.0), 1.0)
    full = int(done * _BAR)
    return f"[{'#' * full}{'-' * (_BAR - full)}] {done:4.0%}".replace("%", " %") + f"  {what}"
