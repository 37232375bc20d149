"""Pass-through: what an account receives leaves it again within a time, almost whole."""

from __future__ import annotations

from typing import Final

from sandbox.core.compiled import rare
from sandbox.features.supervision.detectors.memory import (
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
    Memory,
    listens,
    payer_sort,
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
def examine(memory: Memory, rule: int, place: int) -> None:
    """Look at an entry of the journal. Companies pass money on by trade; they are left out."""
    at, who = memory.journal[place, E_AT], memory.journal[place, E_PAYER]
    if payer_sort(memory, place) == 0 or not listens(memory, rule, who, at):
        return
    count, received, first = 0, 0, at
    for i in range(memory.desk[SCALARS, M_RECEIVED]):
        entry = memory.desk[RECEIVED, i]
        if memory.journal[entry, E_AT] < at - memory.desk[RULES + rule, R_WINDOW] or count >= MOST_STEPS // 2:
            break
        memory.desk[MARKED, count] = entry
        count += 1
        received += memory.journal[entry, E_AMOUNT]
        first = memory.journal[entry, E_AT]
    if received < memory.desk[RULES + rule, R_AMOUNT]:
        return
    payments_in, sent = count, 0
    for i in range(memory.desk[SCALARS, M_OUT]):
        entry = memory.desk[OUTS, i]
        if memory.journal[entry, E_AT] < first or count >= MOST_STEPS:
            break
        memory.desk[MARKED, count] = entry
        count += 1
        sent += memory.journal[entry, E_AMOUNT]
    share = memory.desk[RULES + rule, R_PERMILLE]
    if share * received <= 1000 * sent and share * sent <= 1000 * received:
        report(memory, rule, who, at, count, received, (received, sent, payments_in))
