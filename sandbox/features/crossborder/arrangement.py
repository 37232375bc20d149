"""An arrangement is how payments of a corridor are made; each payment is one SimPy process in each arrangement."""

from __future__ import annotations

from sandbox.control import Process
from sandbox.features.crossborder.closures import Closures
from sandbox.features.crossborder.gates import Gatekeeper
from sandbox.features.crossborder.payment import Payment
from sandbox.features.crossborder.setting import Setting


class Arrangement:
    """How payments are made, with accounts and gates of its own."""

    name: str

    def __init__(self, setting: Setting) -> None:
        self.setting, self._control = setting, setting.control
        self.closures = Closures(setting)
        self.gates = Gatekeeper(setting, self.name, self.closures)

    def start(self) -> None:
        """Give members what they hold at first, start processes."""

    def pay(self, payment: Payment) -> Process:
        """Settle one payment, from the payer's bank on: ends it in every case but the end of the run."""
        raise NotImplementedError
