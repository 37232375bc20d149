"""Structuring: several payments of one payer, or to one payee, each just below the same threshold."""

from __future__ import annotations

from typing import Final

from sandbox.features.supervision.detectors.history import BELOW_THRESHOLD, COUNT, PAYEE, PAYER, rule_row
from sandbox.features.supervision.schema.detectors import Structuring

FIGURES: Final = ("payments", "took_us", "threshold_fen")
"""Names of its figures."""


def row(one: Structuring) -> list[int]:
    """The rule as compiled code reads it."""
    return rule_row(one, COUNT, least=one.payments, sides=PAYER | PAYEE, filters=BELOW_THRESHOLD)
