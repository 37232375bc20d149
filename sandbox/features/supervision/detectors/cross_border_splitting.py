"""Cross-border splitting: several people pay one counterparty across the border on the same or on following days."""

from __future__ import annotations

from typing import Final

from sandbox.features.supervision.detectors.history import ACROSS_BORDER, COUNT, DISTINCT, PAYEE, WITH_PEOPLE, rule_row
from sandbox.features.supervision.schema.detectors import CrossBorderSplitting

FIGURES: Final = ("payers", "took_us")
"""Names of its figures."""


def row(one: CrossBorderSplitting) -> list[int]:
    """The rule as compiled code reads it."""
    return rule_row(
        one, COUNT, least=one.people, amount=one.amount, sides=PAYEE, filters=ACROSS_BORDER | WITH_PEOPLE | DISTINCT
    )  # fmt: skip
