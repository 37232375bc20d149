"""Purses that are lost: their owners report them, and who finds one hands it in or spends what it holds."""

from __future__ import annotations

from typing import Final

from sandbox.core.draws import exponential_table
from sandbox.features.offline.fleet import DeviceFleet, Holder, Terminal, around
from sandbox.features.offline.rows import FINDER
from sandbox.features.offline.spender import Spender
from sandbox.market.population import PARTS
from sandbox.market.random_stream import RandomStream
from sandbox.scenario.units import US_PER_DAY

TRIES: Final = 3
"""A finder who was declined so often throws the purse away (ASSUMED)."""


class LostAndFound:
    """All lost purses of a run, and how many there were."""

    def __init__(self, fleet: DeviceFleet) -> None:
        self._fleet = fleet
        self._draws: dict[int, RandomStream] = {}
        self.lost = self.reported = 0
        self.found = 0
        """Handed in."""
        self.spent = 0
        """Found by somebody who set out to spend them."""
        fleet.on_arrival.append(self.watch)

    def watch(self, holder: Holder) -> None:
        """Whoever has a purse may lose it."""
        if holder.group.lost > 0:
            # In ms, for a table reaches to 50 days of microseconds only.
            gap_ms = holder.draws.of(exponential_table(US_PER_DAY / 1000 / holder.group.lost))
            self._fleet.at(self._fleet.control.now + max(1, 1000 * gap_ms), lambda: self._lose(holder))

    def _lose(self, holder: Holder) -> None:
        if not holder.present or holder.broken:
            return
        fleet, group, now = self._fleet, holder.group, self._fleet.control.now
        holder.lost, holder.losses = True, holder.losses + 1
        self.lost += 1
        if holder.draws.below(PARTS) < round(group.found * PARTS):
            fleet.at(now + around(holder.draws, group.found_after), lambda: self._find(holder))
        draws = self._draws.setdefault(
            holder.place, RandomStream(fleet.control.world.seed, "offline", "lost", holder.account)
        )
        number = holder.losses
        fleet.at(now + around(draws, group.reported_after), lambda: self._report(holder, number))

    def _report(self, holder: Holder, number: int) -> None:
        """As soon as there is a network, if the owner has not got it back by then."""
        fleet = self._fleet
        if not holder.lost or holder.losses != number:
            return
        up_us = fleet.network.up_from(holder.region, fleet.control.now)
        if up_us > fleet.control.now:
            fleet.at(up_us, lambda: self._report(holder, number))
            return
        self.reported += 1
        fleet.register.report_lost(holder.device.name)

    def _find(self, holder: Holder) -> None:
        fleet, draws, group = self._fleet, self._draws[holder.place], holder.group
        if draws.below(PARTS) >= round(group.spent * PARTS):
            # Where there is a network, so that it syncs before its owner pays with it again.
            fleet.at(fleet.network.up_from(holder.region, fleet.control.now), lambda: self._hand_in(holder))
            return
        self.spent += 1
        shops = fleet.shops_of[holder.region]

        def shop() -> Terminal | None:
            return shops[draws.below(len(shops))] if shops else None

        Spender(
            fleet, holder.device, draws, per_day=group.spends, label=FINDER, payee=shop, pin=False, tries=TRIES
        ).wait()

    def _hand_in(self, holder: Holder) -> None:
        self.found += 1
        holder.lost = False
        self.watch(holder)
        self._fleet.sync(holder)
