"""Pass-through: what an account receives leaves it again within a time, almost whole."""

from __future__ import annotations

from typing import Final

from sandbox.core.compiled import rare
from sandbox.features.supervision.detectors.history import (
    E_AMOUNT,
    E_AT,
    E_PAYER,
    M_OUT,
    M_RECEIVED,
    MARKED,
    MOST_STEPS,
    OUTS,
    PASS_THROUGH,
    R_AMOUNT,
    R_PERMILLE,
    R_WINDOW,
    RECEIVED,
    RULES,
    SCALARS,
    History,
    may_report,
    payer_kind,
    report,
    rule_row,
)  # fmt: skip
from sandbox.features.supervision.schema.detectors import PassThrough

FIGURES: Final = ("received_fen", "passed_on_fen", "payments_in")
"""Names of its figures."""


def row(one: PassThrough) -> list[int]:
    """The rule as compiled code reads it."""
    return rule_row(one, PASS_THROUGH, amount=one.amount, share=one.share)


@rare
def examine(history: History, rule: int, place: int) -> None:
    """Look at an entry. Companies pass money on by trade; they are left out."""
    at, who = history.entries[place, E_AT], history.entries[place, E_PAYER]
    if payer_kind(history, place) == 0 or not may_report(history, rule, who, at):
        return
    count, received, first = 0, 0, at
    for i in range(history.work[SCALARS, M_RECEIVED]):
        entry = history.work[RECEIVED, i]
        if history.entries[entry, E_AT] < at - history.work[RULES + rule, R_WINDOW] or count >= MOST_STEPS // 2:
            break
        history.work[MARKED, count] = entry
        count += 1
        received += history.entries[entry, E_AMOUNT]
        first = history.entries[entry, E_AT]
    if received < history.work[RULES + rule, R_AMOUNT]:
        return
    payments_in, sent = count, 0
    for i in range(history.work[SCALARS, M_OUT]):
        entry = history.work[OUTS, i]
        if history.entries[entry, E_AT] < first or count >= MOST_STEPS:
            break
        history.work[MARKED, count] = entry
        count += 1
        sent += history.entries[entry, E_AMOUNT]
    share = history.work[RULES + rule, R_PERMILLE]
    if share * received <= 1000 * sent and share * sent <= 1000 * received:
        report(history, rule, who, at, count, received, (received, sent, payments_in))
