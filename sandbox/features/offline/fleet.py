"""Purses and terminals in a run: they pay one another, lose and find devices, and sync when there is a network.

One SimPy process works off one agenda, in order of time: what is tried (`plan`), syncs, losses, attacks. Between two
syncs nothing touches the ledger.

A purse **syncs** so: it shows all that it took and made; what it is worth above its usual load goes to the wallet, and
what lacks is paid into escrow by an ordinary payment of the wallet, which limits, freezes and gateways may refuse; then
it gets a new certificate. Meanwhile it cannot pay or be paid. Where the network is down it syncs when that is back.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from sandbox.control import Control, Process
from sandbox.core.draws import mix, stream
from sandbox.core.layout import INFINITE, Outcome, account, station, trait
from sandbox.features.offline.device import Declined, Device
from sandbox.features.offline.network import Network
from sandbox.features.offline.plan import Owners, owners, tries
from sandbox.features.offline.purse import Purse
from sandbox.features.offline.records import Chain
from sandbox.features.offline.register import PurseRegister
from sandbox.features.offline.schema import Offline, PurseGroup
from sandbox.market.population import PARTS
from sandbox.market.random_stream import RandomStream

BACK_WITHIN_US: Final = 600_000_000
"""When the network is back, people sync within this time (ASSUMED)."""


@dataclass
class Holder:
    """Somebody with a purse."""

    place: int
    """Among all owners."""
    account: int
    region: int
    group: PurseGroup
    device: Device
    draws: RandomStream
    present: bool = False
    """Has been given the purse, and has not given it back."""
    busy: bool = True
    """Syncing, or waiting for the first load."""
    lost: bool = False
    losses: int = 0
    round: int = 0
    """Number of its last sync; a sync that was planned at an earlier one is void."""
    broken: bool = False
    """In the hands of an attack."""
    known_us: int = -1
    """As of when it knows which purses are stopped."""

    @property
    def ready(self) -> bool:
        """Whether it can pay and be paid."""
        return self.present and not self.busy and not self.lost


@dataclass
class Terminal:
    """A merchant's terminal."""

    account: int
    region: int
    device: Device
    phase_us: int
    waits: bool = False
    """A sync is on the agenda."""


@dataclass
class Counts:
    """What a run counts beside the payments that were made."""

    tried: int = 0
    declined: Counter[str] = field(default_factory=Counter)
    syncs: int = 0
    loads: int = 0
    loads_refused: int = 0
    returned: int = 0
    redeemed_fen: int = 0


def evenly_within(draws: RandomStream, within_us: int) -> int:
    """Evenly drawn, from 0 on."""
    return draws.below(PARTS) * within_us // PARTS


def around(draws: RandomStream, mean_us: int) -> int:
    """Between half and one and a half of the mean."""
    return max(1, mean_us // 2 + evenly_within(draws, mean_us))


class DeviceFleet:
    """Everybody with a purse or a terminal, and the agenda."""

    def __init__(self, control: Control, offline: Offline, register: PurseRegister) -> None:
        world = control.world
        self.control, self.offline, self.register = control, offline, register
        self.counts = Counts()
        self.network = Network(list(offline.regions), offline.network, world.scenario.duration)
        who = owners(world, offline)
        groups = list(offline.purses.values())
        self.holders = [self._holder(who, place, groups) for place in range(who.accounts.size)]
        self.terminals = [
            self._terminal(account, region)
            for account, region in zip(who.terminals.tolist(), who.terminal_regions.tolist(), strict=True)
        ]
        self.by_name = {one.device.name: one for one in self.holders}
        regions = range(len(offline.regions))
        self.people_of = [[one for one in self.holders if one.region == region] for region in regions]
        self.shops_of = [[one for one in self.terminals if one.region == region] for region in regions]
        self.on_arrival: list[Callable[[Holder], None]] = []
        """Called with everybody who gets a purse."""
        self._owners = who
        self._agenda: list[tuple[int, int, Callable[[], None]]] = []
        self._serial = 0
        self._loads = stream(world.seed, "offline", "loads")
        self._load_number = 0

    def _holder(self, who: Owners, place: int, groups: list[PurseGroup]) -> Holder:
        account = int(who.accounts[place])
        name = f"purse {account}"
        self._open(name, account)
        draws = RandomStream(self.control.world.seed, "offline", "holder", account)
        return Holder(place, account, int(who.regions[place]), groups[int(who.groups[place])], Device(name), draws)

    def _terminal(self, account: int, region: int) -> Terminal:
        name = f"terminal {account}"
        self._open(name, account, terminal=True)
        phase = RandomStream(self.control.world.seed, "offline", "terminal", account).below(PARTS)
        return Terminal(account, region, Device(name), phase * self.offline.terminals.sync // PARTS)

    def _open(self, name: str, who: int, *, terminal: bool = False) -> None:
        world = self.control.world
        at = (int(world.ledger.accounts[who, account.TRAITS]) >> trait.INSTITUTION_SHIFT) & trait.INSTITUTION_MASK
        escrow = world.ledger.block("offline_escrow").first + int(world.stations[at, station.FUNDING_STATION])
        operator = int(world.stations[at, station.FUNDING_ACCOUNT])
        self.register.open(Purse(name, who, escrow, operator, terminal))

    # --- the agenda ------------------------------------------------------------------------------------------------

    def at(self, at_us: int, what: Callable[[], None]) -> None:
        """Have something done at an instant, after all that was asked for before at the same."""
        self._serial += 1
        heapq.heappush(self._agenda, (at_us, self._serial, what))

    def run(self) -> Process:
        """Work off the agenda and what people try, in order of time; what is tried comes last at one instant."""
        for holder in self.holders:
            self.at(evenly_within(holder.draws, holder.group.arrives), lambda one=holder: self._arrive(one))  # type: ignore[misc]
        plan = tries(self.control.world, self.offline, self._owners)
        columns = (plan.at_us, plan.purse, plan.amount_fen, plan.to_person, plan.payee)
        planned = zip(*(column.tolist() for column in columns), strict=True)
        following = next(planned, None)
        while self._agenda or following is not None:
            tried_us = INFINITE if following is None else following[0]
            due_us = self._agenda[0][0] if self._agenda else INFINITE
            if min(tried_us, due_us) > self.control.now:
                yield self.control.wait_until(min(tried_us, due_us))
            if due_us <= tried_us:
                heapq.heappop(self._agenda)[2]()
            elif following is not None:
                self._try(*following[1:])
                following = next(planned, None)

    # --- paying ----------------------------------------------------------------------------------------------------

    def _try(self, place: int, amount_fen: int, to_person: int, word: int) -> None:
        holder = self.holders[place]
        now = self.control.now
        if not holder.ready or holder.broken:
            return
        if holder.group.pays == "when_down" and self.network.is_up(holder.region, now):
            return
        self.counts.tried += 1
        others = self.people_of[holder.region] if to_person else self.shops_of[holder.region]
        payee = others[(word >> 32) * len(others) >> 32] if others else None
        self.pay(holder.device, payee, amount_fen)

    def pay(
        self, device: Device, payee: Holder | Terminal | None, amount_fen: int, *, clock_us: int | None = None,
        label: str | None = None, pin: bool = True,
    ) -> Chain | None:  # fmt: skip
        """Let a device pay somebody offline, now; None if either declines. `clock_us` is what the payer believes, `pin`
        whether whoever holds it knows its PIN."""
        now = self.control.now
        try:
            if payee is None or payee.device is device or (isinstance(payee, Holder) and not payee.ready):
                self.counts.declined["nobody"] += 1
                return None
            chain = device.offer(payee.device.name, amount_fen, now if clock_us is None else clock_us, pin=pin)
            knows_us, has_clock = self._knows(payee)
            stopped = self.register.purses[device.name].is_stopped(knows_us)
            payee.device.would_take(chain, now if has_clock else None, stopped)
        except Declined as error:
            self.counts.declined[error.why] += 1
            return None
        device.make(chain)
        payee.device.take(chain)
        self.register.note(chain, now, label)
        if isinstance(payee, Terminal):
            self._wait_for_sync(payee)
        return chain

    def _knows(self, payee: Holder | Terminal) -> tuple[int, bool]:
        """As of when a payee knows which purses are stopped, and whether it has a clock."""
        if isinstance(payee, Terminal):
            every_us = self.offline.terminals.sync
            return self.network.last_tick(payee.region, payee.phase_us, every_us, self.control.now), True
        smart = payee.group.kind != "ic_card"
        return (payee.known_us if smart else -1), smart

    # --- terminals -------------------------------------------------------------------------------------------------

    def _wait_for_sync(self, terminal: Terminal) -> None:
        if not terminal.waits:
            terminal.waits = True
            there_us = self.control.now + self.offline.device_time
            at = self.network.next_tick(terminal.region, terminal.phase_us, self.offline.terminals.sync, there_us)
            self.at(at, lambda: self._terminal_syncs(terminal))

    def _terminal_syncs(self, terminal: Terminal) -> None:
        terminal.waits = False
        at_us, device = self.control.now, terminal.device
        taken = [one for one in device.incoming if one.payment.made_us + self.offline.device_time <= at_us]
        device.incoming = [one for one in device.incoming if one.payment.made_us + self.offline.device_time > at_us]
        if device.incoming:
            # Two devices are still at it.
            self._wait_for_sync(terminal)
        self.counts.syncs += 1

        def settle() -> None:
            for chain in taken:
                self.register.show(chain, "payee", at_us)
            self.register.pay_out()

        self.at(at_us + len(taken) * self.offline.gateway_time, settle)

    # --- syncs -----------------------------------------------------------------------------------------------------

    def _arrive(self, holder: Holder) -> None:
        holder.present = True
        if holder.group.stays is not None:
            self.at(self.control.now + holder.group.stays, lambda: self.sync(holder, leaves=True))
        for arrived in self.on_arrival:
            arrived(holder)
        self.sync(holder)

    def sync(
        self, holder: Holder, *, leaves: bool = False, load_fen: int | None = None,
        then: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        """Sync a purse now, or when the network is back; `then` is called when it is ready."""
        now = self.control.now
        if not holder.present or (holder.lost and not leaves):
            return
        if not self.network.is_up(holder.region, now):
            later = self.network.up_from(holder.region, now) + evenly_within(holder.draws, BACK_WITHIN_US)
            self.at(later, lambda: self.sync(holder, leaves=leaves, load_fen=load_fen, then=then))
            return
        if holder.busy and holder.device.certificate is not None:
            # A load is under way; it comes to an end by itself.
            self.at(now + BACK_WITHIN_US, lambda: self.sync(holder, leaves=leaves, load_fen=load_fen, then=then))
            return
        holder.busy = True
        self.counts.syncs += 1
        shown = 0 if holder.lost else len(holder.device.incoming) + len(holder.device.outgoing)
        target = holder.group.load if load_fen is None else load_fen
        finish = self._leave if leaves else self._settled
        self.at(now + shown * self.offline.gateway_time, lambda: finish(holder, now, target, then))

    def _settled(self, holder: Holder, at_us: int, target_fen: int, then: Callable[[], None] | None) -> None:
        """The gateway has checked what a purse showed."""
        holder.known_us = at_us
        if not self.register.sync(holder.device, at_us):
            holder.busy = False
            return
        self.register.hand_in(holder.device.name)
        worth = self.register.purses[holder.device.name].worth_fen
        if worth > target_fen:
            self.register.withdraw(holder.device.name, worth - target_fen, "more than its load")
        if worth < target_fen:
            self.control.env.process(self._load(holder, target_fen - worth, then))
        else:
            self._renewed(holder, then)
        holder.round += 1
        number = holder.round
        self.at(self.control.now + around(holder.draws, holder.group.sync), lambda: self._next_sync(holder, number))

    def _next_sync(self, holder: Holder, number: int) -> None:
        """While it is lost it does not sync; it does so when it is handed in."""
        if number == holder.round and not holder.broken:
            self.sync(holder)

    def _load(self, holder: Holder, amount_fen: int, then: Callable[[], None] | None) -> Process:
        """Fill a purse by a payment of its wallet."""
        control, name = self.control, holder.device.name
        row = control.accounts[holder.account]
        if not row[account.TRAITS] & trait.CAN_TOP_UP:
            amount_fen = min(amount_fen, int(row[account.BALANCE]))
        if amount_fen > 0:
            self._load_number += 1
            key = mix(self._loads, self._load_number)
            paid = yield control.pay(holder.account, self.register.purses[name].escrow, amount_fen, key=key)
            if paid.outcome == Outcome.SETTLED:
                self.register.load(name, amount_fen)
                self.counts.loads += 1
            else:
                self.counts.loads_refused += 1
        self._renewed(holder, then)

    def _renewed(self, holder: Holder, then: Callable[[], None] | None) -> None:
        purse = self.register.purses[holder.device.name]
        self.register.renew(holder.device)
        holder.busy = False
        certificate = purse.certificate
        if certificate is not None:
            deadline_us = certificate.expires_us + self.offline.settle_within
            self.at(deadline_us + 1, lambda: self._time_over(holder, certificate.number))
        if then is not None:
            then()

    def _time_over(self, holder: Holder, number: int) -> None:
        """Nothing that the purse paid under this certificate may be shown any more."""
        purse = self.register.purses[holder.device.name]
        newest = purse.certificate
        if newest is not None and newest.number == number and not purse.closed:
            forfeit = holder.lost and self.offline.lost_balance == "forfeit"
            self.register.close(purse.name, forfeit)

    def _leave(self, holder: Holder, at_us: int, target_fen: int, then: Callable[[], None] | None) -> None:
        """Somebody gives the purse back: all goes to the wallet, and from there to the card that it came from. A lost
        purse cannot be given back; its balance comes when its time is over."""
        holder.present = holder.busy = False
        self.counts.returned += not holder.lost
        if not holder.lost and self.register.sync(holder.device, at_us):
            purse = self.register.purses[holder.device.name]
            self.register.withdraw(purse.name, purse.worth_fen, "given back")
            purse.closed = True
        accounts = self.control.accounts
        if not accounts[holder.account, account.TRAITS] & trait.FROZEN:
            left = int(accounts[holder.account, account.BALANCE])
            self.control.ledger.post(holder.account, self.register.purses[holder.device.name].operator, left)
            self.counts.redeemed_fen += left
