"""Bits of `scalar.STOP`: why the rail must stop after a payment."""

from __future__ import annotations

from typing import Final

LIQUIDITY: Final = 1
BOX: Final = 2
ORDER: Final = 4
