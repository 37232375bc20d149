"""Pass-through: what an account receives leaves it again within a time, almost whole."""

from __future__ import annotations

from typing import Final

from sandbox.core.compiled import rare
from sandbox.oversight.detectors.memory import (
    E_AMOUNT,
    E_AT,
    E_PAYER,
    M_OUT,
    M_RECEIVED,
    MOST_STEPS,
    R_AMOUNT,
    R_PERMILLE,
    R_WINDOW,
    Memory,
    listens,
    payer_sort,
    report,
)  # fmt: skip

RULE: Final = 4
FIGURES: Final = ("received_fen", "passed_on_fen", "payments_in")


@rare
def examine(memory: Memory, place: int) -> None:
    """Look at an entry of the journal. Companies pass money on by trade; they are left out."""
    at, who = memory.journal[place, E_AT], memory.journal[place, E_PAYER]
    if memory.scalars[M_RECEIVED] == 0 or payer_sort(memory, place) == 0 or not listens(memory, RULE, who, at):
        return
    count, received, first = 0, 0, at
    for i in range(memory.scalars[M_RECEIVED]):
        entry = memory.received[i]
        if memory.journal[entry, E_AT] < at - memory.rules[RULE, R_WINDOW] or count >= MOST_STEPS // 2:
            break
        memory.marked[count] = entry
        count += 1
        received += memory.journal[entry, E_AMOUNT]
        first = memory.journal[entry, E_AT]
    if received < memory.rules[RULE, R_AMOUNT]:
        return
    payments_in, sent = count, 0
    for i in range(memory.scalars[M_OUT]):
        entry = memory.outs[i]
        if memory.journal[entry, E_AT] < first or count >= MOST_STEPS:
            break
        memory.marked[count] = entry
        count += 1
        sent += memory.journal[entry, E_AMOUNT]
    share = memory.rules[RULE, R_PERMILLE]
    if share * received <= 1000 * sent and share * sent <= 1000 * received:
        report(memory, RULE, who, at, count, received, received, sent, payments_in)
