"""Collection: many different people pay one merchant within a short time."""

from __future__ import annotations

from typing import Final

from sandbox.features.supervision.detectors.history import COUNT, DISTINCT, OF_MERCHANTS, PAYEE, WITH_PEOPLE, rule_row
from sandbox.features.supervision.schema.detectors import MerchantCollection

FIGURES: Final = ("payers", "took_us")
"""Names of its figures."""


def row(one: MerchantCollection) -> list[int]:
    """The rule as compiled code reads it."""
    return rule_row(
        one, COUNT, least=one.counterparties, amount=one.amount, sides=PAYEE,
        filters=OF_MERCHANTS | WITH_PEOPLE | DISTINCT,
    )  # fmt: skip
