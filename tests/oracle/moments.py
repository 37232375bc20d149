"""The order of events at one instant (clearing rules, section 1), as a clock finer than a microsecond.

SimPy handles events at the same time in the order in which they were scheduled. The rules ask for another order:
control events, then class upgrades, then claims, then payments by number, those born at that microsecond last. So
SimPy's time is here the microsecond followed by a rank, both in one int: no two payments ever share an instant, and
SimPy's order is the rules' order.
"""

from __future__ import annotations

from itertools import count
from typing import Final

import simpy

RANK_BITS: Final = 44
CONTROL: Final = 0
_FIRST_UPGRADE: Final = 1
_FIRST_CLAIM: Final = 1 << 20
_FIRST_PAYMENT: Final = 1 << 30
_FIRST_BIRTH: Final = 1 << 40
_BIRTHS: Final = 1 << 30
"""More than a source has."""


class Moments:
    """SimPy's clock, read and set in microseconds."""

    def __init__(self, env: simpy.Environment) -> None:
        self._env = env
        self._upgrades = count(_FIRST_UPGRADE)
        self._claims = count(_FIRST_CLAIM)

    @property
    def now_us(self) -> int:
        """The microsecond."""
        return int(self._env.now) >> RANK_BITS

    def at(self, at_us: int, rank: int = CONTROL) -> simpy.Event:
        """An event at a microsecond, with its rank among those of that microsecond."""
        return self._env.timeout(end_of(at_us, rank) - self._env.now)

    def next_upgrade(self) -> int:
        """A rank after all upgrades asked for earlier."""
        return next(self._upgrades)

    def next_claim(self) -> int:
        """A rank after all claims so far, before all payments."""
        return next(self._claims)


def end_of(at_us: int, rank: int) -> int:
    """A microsecond and a rank as SimPy's time."""
    return at_us << RANK_BITS | rank


def being_born(source: int, place: int) -> int:
    """Rank of a birth: after everything that payments born earlier do; by source, then by its place in the source."""
    return _FIRST_BIRTH + _BIRTHS * source + place


def doing(payment: int) -> int:
    """Rank of what a payment does: a service of it ends, it comes again."""
    return _FIRST_PAYMENT + 2 * payment


def giving_up(payment: int) -> int:
    """Rank of the end of a payment's patience: after what it does at that microsecond."""
    return _FIRST_PAYMENT + 2 * payment + 1
