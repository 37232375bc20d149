"""Refunds: a merchant pays people back again and again within a time."""

from __future__ import annotations

from typing import Final

from sandbox.features.supervision.detectors.history import COUNT, OF_MERCHANTS, PAYER, WITH_PEOPLE, rule_row
from sandbox.features.supervision.schema.detectors import MerchantRefunds

FIGURES: Final = ("payments", "took_us")
"""Names of its figures."""


def row(one: MerchantRefunds) -> list[int]:
    """The rule as compiled code reads it."""
    return rule_row(
        one, COUNT, least=one.payments, amount=one.amount, sides=PAYER, filters=OF_MERCHANTS | WITH_PEOPLE
    )  # fmt: skip
