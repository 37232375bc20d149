"""Purses whose secure element is broken: what their holders do with them, with ground truth.

An attacker fills the purse up to its cap, then breaks it. Every copy, and every time that a purse is set back, is one
*tampering*: it makes value that was never loaded, at most the cap on a purse. That bounds what can be spent twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from sandbox.core.draws import exponential_table
from sandbox.market.crime.luck import Luck
from sandbox.offline.town import Holder, Terminal, Town
from sandbox.scenario.schema.offline import Attack
from sandbox.scenario.units import US_PER_DAY
from wallets.keys import simulation_key
from wallets.offline.device import Declined, Device
from wallets.offline.records import Chain, Payment, signed

TRIES: Final = 200
"""A copy that was declined so often gives up."""


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

    def __init__(self, town: Town) -> None:
        self._town = town
        self.tampered: list[Tampered] = []
        for name, attack in town.offline.attacks.items():
            luck = Luck(town.control.world.seed, "offline", "attack", name)
            town.at(attack.starts, lambda name=name, attack=attack, luck=luck: self._begin(name, attack, luck))  # type: ignore[misc]

    def _begin(self, name: str, attack: Attack, luck: Luck) -> None:
        """Choose the purses among those that are there."""
        town, group = self._town, self._town.offline.purses[attack.group]
        there = [one for one in town.holders if one.group is group and one.present and not one.lost and not one.broken]
        chosen = []
        for _ in range(min(attack.devices, len(there))):
            chosen.append(there.pop(luck.below(len(there))))
        town.control.record("attacker", "attack_began", name, kind=attack.kind, devices=len(chosen))
        for number, holder in enumerate(chosen):
            others = [one for one in town.holders if one is not holder and one.present and not one.broken]
            accomplice = others[luck.below(len(others))] if others else None
            own = Luck(town.control.world.seed, "offline", "attack", name, number)
            holder.broken = True
            ready = self._ready(name, attack, holder, accomplice, own)
            town.sync(holder, load_fen=town.offline.caps.balance, then=ready)

    def _ready(
        self, name: str, attack: Attack, holder: Holder, accomplice: Holder | None, luck: Luck
    ) -> Callable[[], None]:
        """What happens when the purse is full."""

        def start() -> None:
            town = self._town
            tampered = Tampered(holder.device.name, name, attack.kind, town.control.now)
            self.tampered.append(tampered)
            if attack.kind in ("clone", "rollback", "clock"):
                self._spend(attack, holder, tampered, luck)
            elif accomplice is not None and attack.kind == "replay":
                _replay(town, holder, accomplice, attack.copies)
            elif accomplice is not None and attack.kind == "forge":
                _forge(town, holder, accomplice, attack.copies)
            elif accomplice is not None:
                _overspend(town, holder, accomplice)

        return start

    def _spend(self, attack: Attack, holder: Holder, tampered: Tampered, luck: Luck) -> None:
        town, device = self._town, holder.device
        if attack.kind == "clone":
            copies = [device.fork() for _ in range(attack.copies)]
            tampered.tamperings += len(copies)
            for one in (device, *copies):
                Spender(town, attack, holder, one, tampered, luck, 0).wait()
        elif attack.kind == "rollback":
            Spender(town, attack, holder, device, tampered, luck, attack.copies).wait()
        elif device.certificate is not None:
            # It begins when its balance has been refunded, with the clock at the last good instant.
            over_us = device.certificate.expires_us + town.offline.settle_within + 1
            spender = Spender(town, attack, holder, device.fork(), tampered, luck, 0)
            town.at(over_us, spender.wait)


class Spender:
    """One device in the hands of an attacker, which pays wherever it is taken until it is empty."""

    def __init__(
        self, town: Town, attack: Attack, holder: Holder, device: Device, tampered: Tampered, luck: Luck, restores: int
    ) -> None:
        self._town, self._attack, self._holder, self._device = town, attack, holder, device
        self._tampered, self._luck, self._restores, self._declined = tampered, luck, restores, 0
        self._saved = device.fork()
        self._gaps = exponential_table(US_PER_DAY / attack.payments)

    def wait(self) -> None:
        """Pay after a while."""
        self._town.at(self._town.control.now + max(1, self._luck.of(self._gaps)), self._pay)

    def _pay(self) -> None:
        town, device = self._town, self._device
        amount = min(device.balance_fen, town.offline.caps.payment)
        if not amount and self._restores:
            self._restores -= 1
            self._tampered.tamperings += 1
            device = self._device = self._saved.fork()
            amount = min(device.balance_fen, town.offline.caps.payment)
        if not amount or device.certificate is None or self._declined >= TRIES:
            return
        back_in_time = self._attack.kind == "clock"
        clock_us = device.certificate.expires_us if back_in_time else None
        payee = self._payee(back_in_time)
        if town.pay(device, payee, amount, clock_us=clock_us, label=self._attack.kind) is None:
            self._declined += 1
        self.wait()

    def _payee(self, people: bool) -> Holder | Terminal | None:
        """A terminal anywhere; with a wrong clock, somebody whose device has none."""
        town = self._town
        if people:
            cards = [one for one in town.holders if one is not self._holder and one.group.kind == "ic_card"]
            return cards[self._luck.below(len(cards))] if cards else None
        return town.terminals[self._luck.below(len(town.terminals))] if town.terminals else None


def _replay(town: Town, holder: Holder, accomplice: Holder, times: int) -> None:
    """The accomplice is paid once and shows it again and again."""
    device, now = holder.device, town.control.now
    try:
        amount = min(device.balance_fen, town.offline.caps.payment)
        chain = device.offer(accomplice.device.name, amount, now)
    except Declined:
        return
    device.make(chain)
    town.register.note(chain, now, "replay")
    for _ in range(1 + times):
        town.register.show(chain, "payee")


def _forge(town: Town, holder: Holder, victim: Holder, times: int) -> None:
    """The holder shows payments by somebody who never made them, signed with the holder's own key."""
    certificate = victim.device.certificate
    if certificate is None:
        return
    own = simulation_key(town.control.world.seed, holder.device.name)
    amount, previous, now = town.offline.caps.payment, certificate.digest, town.control.now
    for number in range(1, times + 1):
        payment = Payment(
            victim.device.name, holder.device.name, certificate.counter + number, amount, now, previous,
            certificate.digest, number * amount, (), 1,
        )  # fmt: skip
        previous = payment.digest
        chain = Chain(signed(payment, own), certificate)
        town.register.note(chain, now, "forge")
        town.register.show(chain, "payee")


def _overspend(town: Town, holder: Holder, accomplice: Holder) -> None:
    """The purse pays an accomplice more than its caps allow; the accomplice shows it."""
    device, now, caps = holder.device, town.control.now, town.offline.caps
    try:
        chain = device.offer(accomplice.device.name, min(device.balance_fen, caps.payment), now)
    except Declined:
        return
    amount = 2 * caps.balance
    chain = replace(chain, payment=replace(chain.payment, amount_fen=amount, paid_fen=amount))
    device.make(chain)
    town.register.note(chain, now, "overspend")
    town.register.show(chain, "payee")
