"""Dormant, then active: a person's wallet wakes after a long silence and at once sends much."""

from __future__ import annotations

from typing import Final

from sandbox.features.supervision.detectors.history import COUNT, OF_PEOPLE, PAYER, SINCE_WAKING, rule_row
from sandbox.features.supervision.schema.detectors import DormantThenActive

FIGURES: Final = ("payments", "took_us")
"""Names of its figures."""


def row(one: DormantThenActive) -> list[int]:
    """The rule as compiled code reads it."""
    return rule_row(one, COUNT, least=one.payments, amount=one.amount, sides=PAYER, filters=SINCE_WAKING | OF_PEOPLE)
