"""All detectors: their parameters as compiled code reads them, and the names of the figures of what they find."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple

from sandbox.features.supervision.detectors import history as h
from sandbox.features.supervision.schema.detectors import Detector


class Rule(NamedTuple):
    """`row` makes the rule's row of the workspace from what the scenario says of the detector."""

    row: Callable[[Any], list[int]]
    figures: tuple[str, ...]


def _row(
    one: Detector, how: int, *, least: int = 0, amount: int = 0, share: float = 0.0, most: int = 0, sides: int = 0,
    filters: int = 0,
) -> list[int]:  # fmt: skip
    row = [0] * h.RULE_COLUMNS
    row[h.R_ON], row[h.R_HOW], row[h.R_WINDOW], row[h.R_QUIET] = int(one.enabled), how, one.window, one.quiet
    row[h.R_LEAST], row[h.R_AMOUNT], row[h.R_PERMILLE], row[h.R_MOST] = least, amount, round(1000 * share), most
    row[h.R_SIDES], row[h.R_FILTERS] = sides, filters
    return row


def _counting(sides: int, filters: int, least: str, *figures: str) -> Rule:
    """A rule that counts payments or counterparties (`counting.examine`); `least` names how many are suspicious."""
    return Rule(
        lambda one: _row(
            one, h.COUNT, least=getattr(one, least), amount=getattr(one, "amount", 0), sides=sides, filters=filters
        ),
        figures,
    )


_FROM_PEOPLE: Final = h.WITH_PEOPLE | h.DISTINCT
RULES: Final = {
    "structuring": _counting(h.PAYER | h.PAYEE, h.BELOW_THRESHOLD, "payments", "payments", "took_us", "threshold_fen"),
    "velocity": _counting(h.PAYER, h.OF_PEOPLE, "payments", "payments", "took_us"),
    "fan_in": _counting(h.PAYEE, h.OF_PEOPLE | _FROM_PEOPLE, "counterparties", "payers", "took_us"),
    "fan_out": _counting(h.PAYER, h.OF_PEOPLE | _FROM_PEOPLE, "counterparties", "payees", "took_us"),
    "pass_through": Rule(
        lambda one: _row(one, h.PASS_THROUGH, amount=one.amount, share=one.share),
        ("received_fen", "passed_on_fen", "payments_in"),
    ),
    "cycle": Rule(
        lambda one: _row(one, h.CYCLE, least=one.least_hops, most=one.most_hops, amount=one.amount, share=one.share),
        ("hops", "took_us"),
    ),
    "scatter_gather": Rule(
        lambda one: _row(one, h.SCATTER_GATHER, least=one.between, amount=one.amount, share=one.share),
        ("between", "source_account"),
    ),
    "dormant_then_active": _counting(h.PAYER, h.SINCE_WAKING | h.OF_PEOPLE, "payments", "payments", "took_us"),
    "cross_border_splitting": _counting(h.PAYEE, h.ACROSS_BORDER | _FROM_PEOPLE, "people", "payers", "took_us"),
    "merchant_refunds": _counting(h.PAYER, h.OF_MERCHANTS | h.WITH_PEOPLE, "payments", "payments", "took_us"),
    "merchant_collection": _counting(h.PAYEE, h.OF_MERCHANTS | _FROM_PEOPLE, "counterparties", "payers", "took_us"),
}
"""By name, in the order of their numbers in compiled code."""
NAMES: Final = tuple(RULES)
