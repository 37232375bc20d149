"""How much work something is, told without a clock on the wall: machines are busy, and some are slow.

What is written in Python is told by its calls, which are as many on every machine; what is compiled, by the ratio of
two times of the processor that are taken in one run.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from types import FrameType


def calls(work: Callable[[], object]) -> int:
    """How many functions are called, Python's and C's, generators each time that they go on."""
    count = 0

    def profile(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def ratio(work: Callable[[], object], other: Callable[[], object], times: int = 3) -> float:
    """How many times as long one takes as the other: the least of several tries, taken in turn."""
    took: tuple[list[float], list[float]] = ([], [])
    for _ in range(times):
        for one, into in zip((work, other), took, strict=True):
            began = time.process_time()
            one()
            into.append(time.process_time() - began)
    return min(took[0]) / min(took[1])
