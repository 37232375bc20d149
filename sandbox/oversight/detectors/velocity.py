"""Velocity: a person sends many payments in a short time."""

from __future__ import annotations

from typing import Final

from sandbox.core.compiled import rare
from sandbox.oversight.detectors.memory import (
    E_AMOUNT,
    E_AT,
    E_PAYER,
    M_OUT,
    R_AMOUNT,
    R_COUNT,
    R_WINDOW,
    Memory,
    is_person,
    listens,
    payer_sort,
    report,
)  # fmt: skip

RULE: Final = 1
FIGURES: Final = ("within_us",)


@rare
def examine(memory: Memory, place: int) -> None:
    """Look at an entry of the journal."""
    at, who = memory.journal[place, E_AT], memory.journal[place, E_PAYER]
    if not is_person(payer_sort(memory, place)) or not listens(memory, RULE, who, at):
        return
    count, amount, first = 0, 0, at
    for i in range(memory.scalars[M_OUT]):
        entry = memory.outs[i]
        if memory.journal[entry, E_AT] < at - memory.rules[RULE, R_WINDOW]:
            break
        memory.marked[count] = entry
        count += 1
        amount += memory.journal[entry, E_AMOUNT]
        first = memory.journal[entry, E_AT]
    if count >= memory.rules[RULE, R_COUNT] and amount >= memory.rules[RULE, R_AMOUNT]:
        report(memory, RULE, who, at, count, amount, at - first, 0, 0)
