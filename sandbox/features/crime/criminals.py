"""The part of a run that is crime: starts the rings, keeps the ground truth, and knows what victims lost.

Ground truth leaves the run as labels of payments, as the table `patterns` (which payment belongs to which step of which
instance), and as sums in the summary.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sandbox.control import Columns, Component, Control, Process, Simulated
from sandbox.core.layout import Outcome, rule
from sandbox.features.crime.channels import Channels
from sandbox.features.crime.inherent import INHERENT
from sandbox.features.crime.plan import plan_crime
from sandbox.features.crime.rings import CrimeLog, Ring
from sandbox.features.crime.schema import LABELS, Crime


class Criminals(Component):
    """All rings of a run."""

    def __init__(self, control: Control, crime: Crime) -> None:
        world = control.world
        self._control, self._crime = control, crime
        sources = {source.name: number for number, source in enumerate(world.sources)}
        channels = Channels(world.scenario, world.blocks, sources, world.campaigns)
        limits = world.rules[rule.LIMITS : rule.LIMITS + 20].reshape(-1, 4)
        self.instances = plan_crime(world.scenario, crime, world.seed, channels, control.accounts, limits)
        self.log = CrimeLog()

    def start(self) -> None:
        """Let every ring begin when its first step is due."""
        self._control.env.process(self._begin())

    def _begin(self) -> Process:
        """One process that waits for all rings: hundreds of waiting processes would cost a little at every event."""
        control = self._control
        begun = [(one.steps[0].at_us, one.label, one.number, one) for one in self.instances if one.steps]
        for at_us, _, _, one in sorted(begun, key=lambda each: each[:3]):
            yield control.wait_until(at_us)
            control.env.process(Ring(control, one, self._crime, self.log).run())

    def tables(self) -> Mapping[str, Columns]:
        """Which payment belongs to which step of which instance."""
        names = {"payment_id": "payment_id", "pattern": "label", "instance": "instance", "step": "step", "part": "part"}
        rows = sorted(self.log.payments)
        return {"patterns": {name: [getattr(one, field) for one in rows] for name, field in names.items()}}

    def summary(self) -> Mapping[str, Any]:
        """How much crime there was, by pattern; how often it adapted; what victims lost."""
        rows = [self._row(label) for label in LABELS if any(one.label == label for one in self.instances)]
        names = ("instances", "payments", "settled", "settled_fen", "splits", "moves", "given_up", "lost_fen")
        return {"crime": {**{name: sum(int(row[name]) for row in rows) for name in names}, "patterns": rows}}

    def _row(self, label: str) -> dict[str, Any]:
        log = self.log
        payments = [one for one in log.payments if one.label == label]
        settled = [one for one in payments if one.outcome == Outcome.SETTLED]
        return {
            "pattern": label,
            "instances": sum(one.label == label for one in self.instances),
            "payments": len(payments),
            "settled": len(settled),
            "settled_fen": sum(one.amount_fen for one in settled),
            "splits": log.splits[label],
            "moves": log.moves[label],
            "given_up": log.given_up[label],
            "lost_fen": sum(one.amount_fen for one in log.losses if one.label == label),
            "about": list(INHERENT[label]),
        }


SIMULATED: Final = Simulated(Criminals, moves_money=True)
"""Criminals move money by payments alone, but who looks for them needs every balance."""
