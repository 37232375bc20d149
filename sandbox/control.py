"""What SimPy's processes share: the environment, the world, the rail between events, and the log of control events.

Processes hold no rules of payment; they wait, change the world through the ledger or the rail's arrays, and log it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Protocol

import simpy

from sandbox.core.draws import Int64Array
from sandbox.core.ledger import Ledger
from sandbox.world import World

Process = Any
"""A SimPy process function's generator (SimPy leaves the type of sent values open)."""


@dataclass
class EventLog:
    """Control events, in order: rows of `events.parquet`."""

    rows: list[tuple[int, str, str, str | None, str | None]] = field(default_factory=list)

    def add(self, at_us: int, actor: str, event: str, subject: str | None = None, **detail: object) -> None:
        """Log one event; `detail` becomes JSON with sorted keys."""
        text = json.dumps(detail, sort_keys=True, ensure_ascii=False) if detail else None
        self.rows.append((at_us, actor, event, subject, text))


class Stations(Protocol):
    """What control may do to stations: count the past first, then set and let waiting payments start."""

    def before_change(self) -> None:
        """Count queues and busy servers up to now at the old values."""

    def after_change(self, station: int) -> None:
        """Start whoever may start at a station's new values."""


@dataclass
class Control:
    """Handed to every process."""

    env: simpy.Environment
    world: World
    log: EventLog
    stations: Stations

    @property
    def now(self) -> int:
        """The SimPy clock (us)."""
        return int(self.env.now)

    @property
    def ledger(self) -> Ledger:
        """The ledger."""
        return self.world.ledger

    @property
    def accounts(self) -> Int64Array:
        """Rows of all accounts."""
        return self.world.ledger.accounts

    def wait_until(self, at_us: int) -> simpy.Event:
        """An event at an instant (now if it has passed)."""
        return self.env.timeout(max(0, at_us - self.now))

    def record(self, actor: str, event: str, subject: str | None = None, **detail: object) -> None:
        """Log a control event now."""
        self.log.add(self.now, actor, event, subject, **detail)
