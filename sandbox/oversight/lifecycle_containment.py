"""Containment: what got across the edge of the box, in value, failures and losses.

A payment crosses if one of the two is inside and the other is not, and if that was so when it was submitted. Failed is
what got no answer; a loss is a settled payment with one of the labels that count as losses of the payer. With
`rules.box.containment` all three are zero, for such a payment is refused as soon as it is submitted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sandbox.control import Control, Part
from sandbox.core.draws import Int64Array
from sandbox.core.layout import (
    C_IN_BOX_SHIFT,
    C_OUTCOME_MASK,
    C_PAYEE_IN_SHIFT,
    C_PAYER_IN_SHIFT,
    O_AMOUNT,
    O_CODES,
    O_PAYEE,
    O_PAYER,
    O_SUBMITTED,
    O_TAG,
    OUTSIDE_BOX,
    SETTLED,
    TAG_LABEL_SHIFT,
    UNAVAILABLE,
)
from sandbox.oversight.lifecycle_kpis import LABEL_MASK, lost_labels
from sandbox.scenario.schema.plan import Complaints

COUNTS: Final = ("payments", "settled", "settled_fen", "failed", "failed_fen", "refused", "loss_fen")


class Containment(Part):
    """Counts payments inside, across the edge outward and inward, and outside."""

    def __init__(self, control: Control) -> None:
        self._control = control
        box = control.world.scenario.rules.box
        self._contained = box.containment
        labels = box.plan.complaints.labels if box.plan is not None else Complaints().labels
        self._losses = lost_labels(control.world.labels, labels)
        self.moved_us: Int64Array = np.full(len(control.accounts), box.starts, dtype=np.int64)
        """When an account last came in or went out; whoever lets accounts in and out puts its own array here."""
        self._counts = {place: dict.fromkeys(COUNTS, 0) for place in ("inside", "outward", "inward", "outside")}

    def start(self) -> None:
        """Listen."""
        self._control.listen(self._take)

    def _take(self, window: Int64Array) -> None:
        codes = window[O_CODES]
        payer_in, payee_in = ((codes >> shift) & 1 == 1 for shift in (C_PAYER_IN_SHIFT, C_PAYEE_IN_SHIFT))
        crossing = payer_in ^ payee_in
        if crossing.any():
            # What was on its way before the edge came between the two did not cross it.
            moved_us = np.maximum(self.moved_us[window[O_PAYER]], self.moved_us[window[O_PAYEE]])
            crossing &= window[O_SUBMITTED] >= moved_us
        inside = (codes >> C_IN_BOX_SHIFT) & 1 == 1
        outward, inward = crossing & payer_in, crossing & payee_in
        for place, chosen in (
            ("inside", inside), ("outward", outward), ("inward", inward), ("outside", ~(inside | crossing))
        ):  # fmt: skip
            if chosen.any():
                self._count(place, window, chosen)

    def _count(self, place: str, window: Int64Array, chosen: npt.NDArray[np.bool_]) -> None:
        outcomes, amounts = window[O_CODES][chosen] & C_OUTCOME_MASK, window[O_AMOUNT][chosen]
        settled, failed = outcomes == SETTLED, outcomes >= UNAVAILABLE
        lost = settled & self._losses[(window[O_TAG][chosen] >> TAG_LABEL_SHIFT) & LABEL_MASK]
        found = (
            outcomes.size, settled.sum(), amounts[settled].sum(), failed.sum(), amounts[failed].sum(),
            (outcomes == OUTSIDE_BOX).sum(), amounts[lost].sum(),
        )  # fmt: skip
        for name, count in zip(COUNTS, found, strict=True):
            self._counts[place][name] += int(count)

    def crossed(self) -> dict[str, int]:
        """What got across the edge, both ways together."""
        names = ("settled", "settled_fen", "failed", "failed_fen", "loss_fen")
        return {name: self._counts["outward"][name] + self._counts["inward"][name] for name in names}

    def summary(self) -> Mapping[str, Any]:
        """The section `containment`."""
        return {"containment": {"contained": self._contained, "crossed": self.crossed(), **self._counts}}


def containment(control: Control) -> Containment | None:
    """The part, for a box that has a plan or is contained."""
    box = control.world.scenario.rules.box
    return Containment(control) if box.enabled and (box.containment or box.plan is not None) else None


__all__ = ["Containment", "containment"]
