"""Containment: what got across the edge of the box, in value, failures and losses.

A payment crosses if one of the two is inside and the other is not, and if that was so when it was submitted. Failed is
what got no answer; a loss is a settled payment by which somebody loses money. With
`rules.box.containment` all three are zero, for such a payment is refused as soon as it is submitted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from sandbox.control import Component, Control
from sandbox.core.compiled import compiled
from sandbox.core.draws import Int64Array
from sandbox.core.layout import Outcome, code, ended, tags

PLACES: Final = ("inside", "outward", "inward", "outside")
INSIDE, OUTWARD, INWARD, OUTSIDE = range(len(PLACES))
COUNTS: Final = ("payments", "settled", "settled_fen", "failed", "failed_fen", "refused", "loss_fen")

PAYMENTS, SETTLED_COUNT, SETTLED_FEN, FAILED, FAILED_FEN, REFUSED, LOSS_FEN = range(len(COUNTS))


@compiled
def count(window: Int64Array, moved_us: Int64Array, counted: Int64Array) -> None:
    """Add ended payments to `counted` (places, counts).

    What was on its way when one of the two came in or went out did not cross the edge: it was not there yet.
    """
    for i in range(window.shape[1]):
        codes, amount = window[ended.CODES, i], window[ended.AMOUNT, i]
        payer_in, payee_in = (codes >> code.PAYER_IN_SHIFT) & 1, (codes >> code.PAYEE_IN_SHIFT) & 1
        place = OUTSIDE
        if (codes >> code.IN_BOX_SHIFT) & 1:
            place = INSIDE
        elif payer_in != payee_in:
            submitted = window[ended.SUBMITTED_AT, i]
            if submitted >= moved_us[window[ended.PAYER, i]] and submitted >= moved_us[window[ended.PAYEE, i]]:
                place = OUTWARD if payer_in else INWARD
        outcome = codes & code.OUTCOME_MASK
        counted[place, PAYMENTS] += 1
        if outcome == Outcome.SETTLED:
            counted[place, SETTLED_COUNT] += 1
            counted[place, SETTLED_FEN] += amount
            if window[ended.TAG, i] & tags.LOSS:
                counted[place, LOSS_FEN] += amount
        elif outcome >= Outcome.UNAVAILABLE:
            counted[place, FAILED] += 1
            counted[place, FAILED_FEN] += amount
        elif outcome == Outcome.OUTSIDE_BOX:
            counted[place, REFUSED] += 1


class Containment(Component):
    """Counts payments inside, across the edge outward and inward, and outside."""

    def __init__(self, control: Control) -> None:
        self._control = control
        box = control.world.scenario.rules.box
        self._contained = box.containment
        self.moved_us: Int64Array = np.full(len(control.accounts), box.starts, dtype=np.int64)
        """When an account last came in or went out; whoever lets accounts in and out puts its own array here."""
        self._counted: Int64Array = np.zeros((len(PLACES), len(COUNTS)), dtype=np.int64)

    def start(self) -> None:
        """Listen."""
        self._control.listen(self._take)

    def _take(self, window: Int64Array) -> None:
        count(window, self.moved_us, self._counted)

    def crossed(self) -> dict[str, int]:
        """What got across the edge, both ways together."""
        names = ("settled", "settled_fen", "failed", "failed_fen", "loss_fen")
        both = self._counted[OUTWARD] + self._counted[INWARD]
        return {name: int(both[COUNTS.index(name)]) for name in names}

    def summary(self) -> Mapping[str, Any]:
        """The section `containment`."""
        places = {
            place: {name: int(value) for name, value in zip(COUNTS, row, strict=True)}
            for place, row in zip(PLACES, self._counted, strict=True)
        }
        return {"containment": {"contained": self._contained, "crossed": self.crossed(), **places}}


def containment(control: Control) -> Containment | None:
    """The component, for a box that has a plan or is contained."""
    box = control.world.scenario.rules.box
    return Containment(control) if box.enabled and (box.containment or box.plan is not None) else None
