"""What processes of a run may order, in data: the same orders are given to the rail (`drive`) and to the oracle
(`control`), which carry them out each in its own words."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Freeze:
    """An account is frozen at an instant, or freed again."""

    at_us: int
    account: int
    frozen: bool


@dataclass(frozen=True)
class Member:
    """An account joins the box or leaves it."""

    at_us: int
    account: int
    inside: bool


@dataclass(frozen=True)
class BoxRules:
    """A cap on clients (none: no cap), the box's trigger and its containment are set."""

    at_us: int
    client_cap: int | None
    armed: bool
    contained: bool


@dataclass(frozen=True)
class Guard:
    """Somebody who acts when a cap on the box trips: `off`, `refuse_all` or `raise` (the caps, by a half)."""

    act: str
    rearm_us: int | None
    """How long after it the trigger is armed again; None: never."""


@dataclass(frozen=True)
class Chain:
    """A process that pays: each leg (payer, payee, fen) when the one before has ended and the pause is over.

    `together`: all at once, and then once more when the last of them has ended.
    """

    at_us: int
    legs: tuple[tuple[int, int, int], ...]
    pause_us: int
    together: bool
    key: int


@dataclass(frozen=True)
class Entry:
    """One thing that a part of a run did: `what` is pay, post, order (of liquidity), account or box."""

    at_us: int
    after: int
    """How many payments had ended."""
    what: str
    values: tuple[int, ...]


@dataclass(frozen=True)
class Orders:
    """All of a world; processes are started in this order, before the scenario's own."""

    freezes: tuple[Freeze, ...] = ()
    members: tuple[Member, ...] = ()
    boxes: tuple[BoxRules, ...] = ()
    guards: tuple[Guard, ...] = ()
    chains: tuple[Chain, ...] = ()
    tape: tuple[Entry, ...] = ()
    """What parts of the run did beside the rail, for the oracle alone."""
    busy_until_us: int = 0
    """How long the run went on for parts that had something under way."""

    def plus(self, *freezes: Freeze) -> Orders:
        """With freezes more."""
        return replace(self, freezes=(*self.freezes, *freezes))


NO_ORDERS = Orders()
