"""Velocity: a person sends many payments in a short time."""

from __future__ import annotations

from typing import Final

from sandbox.features.supervision.detectors.history import COUNT, OF_PEOPLE, PAYER, rule_row
from sandbox.features.supervision.schema.detectors import Velocity

FIGURES: Final = ("payments", "took_us")
"""Names of its figures."""


def row(one: Velocity) -> list[int]:
    """The rule as compiled code reads it."""
    return rule_row(one, COUNT, least=one.payments, amount=one.amount, sides=PAYER, filters=OF_PEOPLE)
