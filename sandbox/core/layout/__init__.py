"""What the numbers in the arrays mean that SimPy's processes and the compiled rail share: one namespace a kind of row.

`accounts[payer, account.BALANCE]` is the payer's balance, `rules[rule.KYC_DELAY]` how long an upgrade takes. Each
namespace is a module of whole numbers, which compiled code takes for constants.

All arrays are int64 and C-contiguous. Money is fen, time is microseconds since the scenario's start.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from sandbox.tables import Outcome

INFINITE: Final = 2**62
"""A limit that nothing reaches; also a time that never comes."""


class State(IntEnum):
    """Where a payment in flight stands (`in_flight.STATE`)."""

    WAITING = 0
    SERVING = 1
    EXPIRED = 2
    """In service, its patience over."""
    CHECK_WAITING = 3
    CHECK_SERVING = 4
    RETRY_LATER = 5
    CHECK_LATER = 6


class Follows(IntEnum):
    """What follows from an event for a payment in flight."""

    NOTHING = 0
    ARRIVE = 1
    FAIL = 2
    """An attempt came to nothing."""
    ANSWERED = 3
    """A status check was answered: retry or end."""
    UNANSWERED = 4
    END = 5
    ATTEMPT = 6
    """An attempt starts."""


class Stopped(IntEnum):
    """Why the rail stopped."""

    REACHED = 0
    """The time up to which it was to clear."""
    OUT_FULL = 1
    NEED_BIRTHS = 2
    GROW = 3
    """Slots or rings are full."""
    TRIPPED = 4
    """For the reasons in `scalar.STOP`."""


class BoxTrip(IntEnum):
    """The cap that tripped the box's trigger."""

    CLIENT_CAP = 0
    EXPOSURE_CAP = 1


__all__ = ["INFINITE", "BoxTrip", "Follows", "Outcome", "State", "Stopped"]
