"""Purses whose secure element is broken: what their holders do with them, with ground truth.

An attacker fills the purse up to its cap, then breaks it. Every copy, and every time that a purse is set back, is one
*tampering*: it makes value that was never loaded, at most the cap on a purse. That bounds what can be spent twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sandbox.features.offline.device import Declined, Device
from sandbox.features.offline.records import Chain, Payment, signed
from sandbox.features.offline.schema import Attack
from sandbox.features.offline.spender import Spender
from sandbox.features.offline.town import Holder, Terminal, Town
from sandbox.market.luck import Luck
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

    def __init__(self, town: Town) -> None:
        self._town = town
        self.tampered: list[Tampered] = []
        for name, attack in town.offline.attacks.items():
            luck = Luck(town.control.world.seed, "offline", "attack", name)
            starts_us = max(attack.starts, town.offline.purses[attack.group].arrives)
            town.at(starts_us, lambda name=name, attack=attack, luck=luck: self._begin(name, attack, luck))  # type: ignore[misc]

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
        town, device, terminals = self._town, holder.device, self._town.terminals

        def shop() -> Terminal | None:
            return terminals[luck.below(len(terminals))] if terminals else None

        if attack.kind == "clone":
            copies = [device.fork() for _ in range(attack.copies)]
            tampered.tamperings += len(copies)
            for one in (device, *copies):
                Spender(town, one, luck, per_day=attack.payments, label=attack.kind, payee=shop).wait()
        elif attack.kind == "rollback":
            refill = _set_back(device.fork(), tampered, attack.copies)
            Spender(town, device, luck, per_day=attack.payments, label=attack.kind, payee=shop, refill=refill).wait()
        elif device.certificate is not None:
            # It begins when its balance has been refunded, with the clock at the last good instant, and finds people
            # whose device has no clock.
            cards = [one for one in town.holders if one is not holder and one.group.kind == "ic_card"]
            spender = Spender(
                town, device.fork(), luck, per_day=attack.payments, label=attack.kind,
                payee=lambda: cards[luck.below(len(cards))] if cards else None, clock_us=device.certificate.expires_us,
            )  # fmt: skip
            town.at(device.certificate.expires_us + town.offline.settle_within + 1, spender.wait)


def _set_back(saved: Device, tampered: Tampered, times: int) -> Callable[[], Device | None]:
    """The device as it was when it was full, so many times."""

    def again() -> Device | None:
        if tampered.tamperings >= times:
            return None
        tampered.tamperings += 1
        return saved.fork()

    return again


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
