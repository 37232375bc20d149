"""Purses whose secure element is broken: what their holders do with them, with ground truth.

An attacker fills the purse up to its cap, then breaks it. Every copy, and every time that a purse is set back, is one
*tampering*: it makes value that was never loaded, at most the cap on a purse. That bounds what can be spent twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sandbox.features.offline.device import Declined, Device
from sandbox.features.offline.fleet import DeviceFleet, Holder, Terminal
from sandbox.features.offline.records import Chain, Payment, signed
from sandbox.features.offline.schema import Attack
from sandbox.features.offline.spender import Spender
from sandbox.market.random_stream import RandomStream
from wallets.keys import simulation_key


@dataclass
class Tampered:
    """A purse that an attack broke: how often value was made (copies, times it was set back), and since when."""

    name: str
    attack: str
    kind: str
    since_us: int
    tamperings: int = 0


class Attacks:
    """All attacks of a run."""

    def __init__(self, fleet: DeviceFleet) -> None:
        self._fleet = fleet
        self.tampered: list[Tampered] = []
        for name, attack in fleet.offline.attacks.items():
            draws = RandomStream(fleet.control.world.seed, "offline", "attack", name)
            starts_us = max(attack.starts, fleet.offline.purses[attack.group].arrives)
            fleet.at(starts_us, lambda name=name, attack=attack, draws=draws: self._begin(name, attack, draws))  # type: ignore[misc]

    def _begin(self, name: str, attack: Attack, draws: RandomStream) -> None:
        """Choose the purses among those that are there."""
        fleet, group = self._fleet, self._fleet.offline.purses[attack.group]
        there = [one for one in fleet.holders if one.group is group and one.present and not one.lost and not one.broken]
        chosen = []
        for _ in range(min(attack.devices, len(there))):
            chosen.append(there.pop(draws.below(len(there))))
        fleet.control.record("attacker", "attack_began", name, kind=attack.kind, devices=len(chosen))
        for number, holder in enumerate(chosen):
            others = [one for one in fleet.holders if one is not holder and one.present and not one.broken]
            accomplice = others[draws.below(len(others))] if others else None
            own = RandomStream(fleet.control.world.seed, "offline", "attack", name, number)
            holder.broken = True
            ready = self._ready(name, attack, holder, accomplice, own)
            fleet.sync(holder, load_fen=fleet.offline.caps.balance, then=ready)

    def _ready(
        self, name: str, attack: Attack, holder: Holder, accomplice: Holder | None, draws: RandomStream
    ) -> Callable[[], None]:
        """What happens when the purse is full."""

        def start() -> None:
            fleet = self._fleet
            tampered = Tampered(holder.device.name, name, attack.kind, fleet.control.now)
            self.tampered.append(tampered)
            if attack.kind in ("clone", "rollback", "clock"):
                self._spend(attack, holder, tampered, draws)
            elif accomplice is not None and attack.kind == "replay":
                _replay(fleet, holder, accomplice, attack.copies)
            elif accomplice is not None and attack.kind == "forge":
                _forge(fleet, holder, accomplice, attack.copies)
            elif accomplice is not None:
                _overspend(fleet, holder, accomplice)

        return start

    def _spend(self, attack: Attack, holder: Holder, tampered: Tampered, draws: RandomStream) -> None:
        fleet, device, terminals = self._fleet, holder.device, self._fleet.terminals

        def shop() -> Terminal | None:
            return terminals[draws.below(len(terminals))] if terminals else None

        if attack.kind == "clone":
            copies = [device.fork() for _ in range(attack.copies)]
            tampered.tamperings += len(copies)
            for one in (device, *copies):
                Spender(fleet, one, draws, per_day=attack.payments, label=attack.kind, payee=shop).wait()
        elif attack.kind == "rollback":
            refill = _set_back(device.fork(), tampered, attack.copies)
            Spender(fleet, device, draws, per_day=attack.payments, label=attack.kind, payee=shop, refill=refill).wait()
        elif device.certificate is not None:
            # It begins when its balance has been refunded, with the clock at the last good instant, and finds people
            # whose device has no clock.
            cards = [one for one in fleet.holders if one is not holder and one.group.kind == "ic_card"]
            spender = Spender(
                fleet, device.fork(), draws, per_day=attack.payments, label=attack.kind,
                payee=lambda: cards[draws.below(len(cards))] if cards else None, clock_us=device.certificate.expires_us,
            )  # fmt: skip
            fleet.at(device.certificate.expires_us + fleet.offline.settle_within + 1, spender.wait)


def _set_back(saved: Device, tampered: Tampered, times: int) -> Callable[[], Device | None]:
    """The device as it was when it was full, so many times."""

    def again() -> Device | None:
        if tampered.tamperings >= times:
            return None
        tampered.tamperings += 1
        return saved.fork()

    return again


def _replay(fleet: DeviceFleet, holder: Holder, accomplice: Holder, times: int) -> None:
    """The accomplice is paid once and shows it again and again."""
    device, now = holder.device, fleet.control.now
    try:
        amount = min(device.balance_fen, fleet.offline.caps.payment)
        chain = device.offer(accomplice.device.name, amount, now)
    except Declined:
        return
    device.make(chain)
    fleet.register.note(chain, now, "replay")
    for _ in range(1 + times):
        fleet.register.show(chain, "payee")


def _forge(fleet: DeviceFleet, holder: Holder, victim: Holder, times: int) -> None:
    """The holder shows payments by somebody who never made them, signed with the holder's own key."""
    certificate = victim.device.certificate
    if certificate is None:
        return
    own = simulation_key(fleet.control.world.seed, holder.device.name)
    amount, previous, now = fleet.offline.caps.payment, certificate.digest, fleet.control.now
    for number in range(1, times + 1):
        payment = Payment(
            victim.device.name, holder.device.name, certificate.counter + number, amount, now, previous,
            certificate.digest, number * amount, (), 1,
        )  # fmt: skip
        previous = payment.digest
        chain = Chain(signed(payment, own), certificate)
        fleet.register.note(chain, now, "forge")
        fleet.register.show(chain, "payee")


def _overspend(fleet: DeviceFleet, holder: Holder, accomplice: Holder) -> None:
    """The purse pays an accomplice more than its caps allow; the accomplice shows it."""
    device, now, caps = holder.device, fleet.control.now, fleet.offline.caps
    try:
        chain = device.offer(accomplice.device.name, min(device.balance_fen, caps.payment), now)
    except Declined:
        return
    amount = 2 * caps.balance
    chain = replace(chain, payment=replace(chain.payment, amount_fen=amount, paid_fen=amount))
    device.make(chain)
    fleet.register.note(chain, now, "overspend")
    fleet.register.show(chain, "payee")
