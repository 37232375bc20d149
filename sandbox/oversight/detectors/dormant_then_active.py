"""Dormant, then active: an account wakes after a long silence and at once sends much."""

from __future__ import annotations

from typing import Final

from sandbox.core.compiled import rare
from sandbox.oversight.detectors.memory import (
    A_WOKE,
    E_AMOUNT,
    E_AT,
    E_PAYER,
    M_OUT,
    R_AMOUNT,
    R_COUNT,
    R_WINDOW,
    Memory,
    listens,
    report,
)  # fmt: skip

RULE: Final = 7
FIGURES: Final = ("awake_us",)


@rare
def examine(memory: Memory, place: int) -> None:
    """Look at an entry of the journal."""
    at, who = memory.journal[place, E_AT], memory.journal[place, E_PAYER]
    if not listens(memory, RULE, who, at):
        return
    woke = memory.identities[who, A_WOKE] - 1
    if woke < 0 or woke < at - memory.rules[RULE, R_WINDOW]:
        return
    count, amount = 0, 0
    for i in range(memory.scalars[M_OUT]):
        entry = memory.outs[i]
        if memory.journal[entry, E_AT] < woke:
            break
        memory.marked[count] = entry
        count += 1
        amount += memory.journal[entry, E_AMOUNT]
    if count >= memory.rules[RULE, R_COUNT] and amount >= memory.rules[RULE, R_AMOUNT]:
        report(memory, RULE, who, at, count, amount, at - woke, 0, 0)
