"""The component of a run that is hard wallets: puts the pieces together, and gives tables and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sandbox.base.pending import Pendings
from sandbox.control import Columns, Component, Control, Simulated
from sandbox.features.offline.attacks import Attacks
from sandbox.features.offline.fleet import DeviceFleet
from sandbox.features.offline.lost import LostAndFound
from sandbox.features.offline.records import Caps
from sandbox.features.offline.register import PurseRegister
from sandbox.features.offline.results import summary_of, table_of
from sandbox.features.offline.rows import FINDER
from sandbox.features.offline.schema import Offline
from wallets.keys import simulation_key

OPERATOR_KEY = "offline operator"
"""Name of the key by which all operators sign certificates."""


class HardWallets(Component):
    """Purses, terminals, register and attacks of one run."""

    def __init__(self, control: Control, offline: Offline) -> None:
        world = control.world
        self._control, self.offline = control, offline
        self.pendings = Pendings(control)
        self.register = PurseRegister(
            control,
            self.pendings,
            operator=simulation_key(world.seed, OPERATOR_KEY),
            caps=Caps(offline.caps.balance, offline.caps.payment, offline.caps.hops, offline.caps.without_pin),
            valid_us=offline.caps.time,
            settle_within_us=offline.settle_within,
            key_of=lambda name: simulation_key(world.seed, name),
            most_signed=offline.signed,
            bearer=offline.loss,
            fund=world.ledger.block("offline_fund").first,
        )
        self.fleet = DeviceFleet(control, offline, self.register)
        self.attacks = Attacks(self.fleet)
        self.lost = LostAndFound(self.fleet)

    def start(self) -> None:
        """Begin the agenda."""
        self._control.env.process(self.fleet.run())

    def finish(self) -> None:
        """What nobody knows but who has seen all: that a payment can no longer be shown, or was made by a finder."""
        for row in self.register.rows:
            if row.presented_us is None:
                sides = (self.fleet.by_name.get(row.payer), self.fleet.by_name.get(row.payee))
                if all(one is not None and one.lost for one in sides):
                    row.outcome, row.loss_fen, row.borne_by = "lost", row.amount_fen, "user"
            elif row.label == FINDER and row.settled_us is not None and not row.loss_fen:
                row.loss_fen, row.borne_by = row.amount_fen, "owner"

    def tables(self) -> Mapping[str, Columns]:
        """`offline`."""
        return {"offline": table_of(self.register)}

    def summary(self) -> Mapping[str, Any]:
        """`offline` and `risk.offline`."""
        return summary_of(self._control, self.fleet, self.attacks, self.lost, self.pendings)


SIMULATED: Final = Simulated(HardWallets, moves_money=True)
