"""A device in the hands of somebody who wants to empty it: an attacker with a broken one, or who has found one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sandbox.core.draws import exponential_table
from sandbox.features.offline.device import Device
from sandbox.features.offline.fleet import DeviceFleet, Holder, Terminal
from sandbox.market.random_stream import RandomStream
from sandbox.scenario.units import US_PER_DAY

TRIES: Final = 200
"""A copy that was declined so often gives up (ASSUMED)."""


class Spender:
    """One device, which pays as much as it may wherever it is taken, until it is empty or was declined too often."""

    def __init__(
        self, fleet: DeviceFleet, device: Device, draws: RandomStream, *, per_day: float, label: str,
        payee: Callable[[], Holder | Terminal | None], refill: Callable[[], Device | None] = lambda: None,
        pin: bool = True, clock_us: int | None = None, tries: int = TRIES,
    ) -> None:  # fmt: skip
        self._fleet, self._device, self._draws, self._label = fleet, device, draws, label
        self._payee, self._refill, self._pin, self._clock_us = payee, refill, pin, clock_us
        self._left, self._gaps = tries, exponential_table(US_PER_DAY / per_day)

    def wait(self) -> None:
        """Pay after a while."""
        self._fleet.at(self._fleet.control.now + max(1, self._draws.of(self._gaps)), self._pay)

    def _amount(self) -> int:
        caps = self._fleet.register.caps
        most = caps.payment_fen if self._pin else min(caps.payment_fen, caps.without_pin_fen)
        return min(self._device.balance_fen, most)

    def _pay(self) -> None:
        if not self._amount():
            self._device = self._refill() or self._device
        amount = self._amount()
        if not amount or not self._left:
            return
        paid = self._fleet.pay(
            self._device, self._payee(), amount, clock_us=self._clock_us, label=self._label, pin=self._pin
        )
        self._left -= paid is None
        self.wait()
