"""A gateway or the ledger as a `simpy.Resource` (clearing rules, section 2)."""

from __future__ import annotations

from collections import Counter

import simpy


class Turn(simpy.resources.resource.Request):
    """A job's place in the queue and then at a server."""

    slow_permille = 1000
    """Pace of the station when the service started."""


class Station(simpy.Resource):
    """Servers, one queue, a door. SimPy keeps queue and users; it asks `capacity` before it lets anyone start."""

    def __init__(self, env: simpy.Environment, name: str, servers: int, table: list[int]) -> None:
        super().__init__(env, servers)
        self.name = name
        self.servers = servers
        self.table = table
        self.servers_now = servers
        self.is_open = True
        self.slow_permille = 1000
        self.counts: Counter[str] = Counter()
        self.last_event: tuple[int, int] = (-1, -1)

    def request(self) -> Turn:
        """Join the end of the queue."""
        return Turn(self)

    @property
    def capacity(self) -> int:
        """How many may be served at the same time now."""
        return self.servers_now if self.is_open else 0

    def _do_put(self, event: Turn) -> None:
        """Let a job in if a server is free; its service has the pace of this very moment."""
        super()._do_put(event)
        if event.triggered:
            event.slow_permille = self.slow_permille

    def change(self, is_open: bool, servers: int, slow_permille: int) -> None:
        """Set door, servers and pace; SimPy lets in one at a call, so it is called until nobody else may start."""
        self.is_open, self.servers_now, self.slow_permille = is_open, servers, slow_permille
        while self.queue and self.count < self.capacity:
            self._trigger_put(None)
