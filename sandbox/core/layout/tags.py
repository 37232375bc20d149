"""What a payment is (`birth.TAG`): source 6 bits, kind 4, label 8 (0: none), then flags."""

from __future__ import annotations

from typing import Final

KIND_SHIFT: Final = 6
LABEL_SHIFT: Final = 10
CLAIM: Final = 1 << 18
ORDER: Final = 1 << 19
"""Submitted by a process, which waits for its end: the rail stops there."""
LOSS: Final = 1 << 20
"""Ground truth: what it moves is somebody's loss (`Control.victims` says whose)."""
