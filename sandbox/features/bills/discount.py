"""What a bill costs before it is due, in whole fen.

Interest is face x rate x days / day count, for the days from the purchase to maturity (begun ones count, and at least
one), taken off the face at once. The rate is kept in whole parts per million a year, so that everything is integer
arithmetic; half a fen and more is rounded up, to the buyer's good.
"""

from __future__ import annotations

from sandbox.core.moves import RATE_PARTS
from sandbox.scenario.units import US_PER_DAY


def days_to(last_move_us: int, due_us: int) -> int:
    """Days that are paid for: begun ones count, and at least one.

    >>> days_to(0, 90 * 86_400_000_000), days_to(5, 86_400_000_000), days_to(0, 0)
    (90, 1, 1)
    """
    return max(1, -((last_move_us - due_us) // US_PER_DAY))


def discount_fen(face_fen: int, rate_parts: int, days: int, day_count: int) -> int:
    """What a buyer takes off the face (fen); never more than the face.

    >>> discount_fen(100_000_000, 25_000, 90, 360), discount_fen(1, 1_000_000, 180, 360)
    (625000, 1)
    """
    whole = RATE_PARTS * day_count
    return min(face_fen, (2 * face_fen * rate_parts * days + whole) // (2 * whole))
