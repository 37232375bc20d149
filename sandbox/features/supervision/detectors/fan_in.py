"""Fan-in: a person is paid by many different people within a time."""

from __future__ import annotations

from typing import Final

from sandbox.features.supervision.detectors.history import COUNT, DISTINCT, OF_PEOPLE, PAYEE, WITH_PEOPLE, rule_row
from sandbox.features.supervision.schema.detectors import FanIn

FIGURES: Final = ("payers", "took_us")
"""Names of its figures."""


def row(one: FanIn) -> list[int]:
    """The rule as compiled code reads it."""
    return rule_row(
        one, COUNT, least=one.counterparties, amount=one.amount, sides=PAYEE, filters=OF_PEOPLE | WITH_PEOPLE | DISTINCT
    )  # fmt: skip
