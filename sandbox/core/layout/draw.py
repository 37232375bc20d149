"""Purposes of a payment's draws beyond its birth: attempt * ATTEMPT + one of these."""

from __future__ import annotations

from typing import Final

SERVICE: Final = 0
"""0-4: service at stages 0-4."""
BACKOFF: Final = 5
CHECK: Final = 6
"""Service of a status check: + check number * 1024."""
ATTEMPT: Final = 16
