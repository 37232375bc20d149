"""Peak resident memory of this process, in bytes.

`getrusage` will not do: what it says of a process includes the one that started it.
"""

from __future__ import annotations

import resource
import sys
from pathlib import Path

_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


def peak_bytes() -> int:
    """Since the process began, or since `forget_peak` where the system can."""
    if _STATUS.exists():
        line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def forget_peak() -> None:
    """Measure from what is in use now (Linux; elsewhere the peak stands)."""
    if _CLEAR.exists():
        _CLEAR.write_text("5")
