"""Kinds of timers: each has a ring of its own, and its row in the array of rings."""

from __future__ import annotations

from typing import Final

PATIENCE: Final = 0
CHECK: Final = 1
UPGRADE: Final = 2
