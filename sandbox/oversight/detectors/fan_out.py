"""Fan-out: a person pays many different people within a time."""

from __future__ import annotations

from typing import Final

from sandbox.core.compiled import rare
from sandbox.oversight.detectors.memory import (
    E_AMOUNT,
    E_AT,
    E_PAYEE,
    E_PAYER,
    M_OUT,
    R_AMOUNT,
    R_COUNT,
    R_WINDOW,
    Memory,
    is_person,
    listens,
    new_among,
    payee_sort,
    payer_sort,
    report,
)  # fmt: skip

RULE: Final = 3
FIGURES: Final = ("payees",)


@rare
def examine(memory: Memory, place: int) -> None:
    """Look at an entry of the journal. Shops do not count."""
    at, who = memory.journal[place, E_AT], memory.journal[place, E_PAYER]
    if not is_person(payer_sort(memory, place)) or not listens(memory, RULE, who, at):
        return
    count, payees, amount = 0, 0, 0
    for i in range(memory.scalars[M_OUT]):
        entry = memory.outs[i]
        if memory.journal[entry, E_AT] < at - memory.rules[RULE, R_WINDOW]:
            break
        payee = memory.journal[entry, E_PAYEE]
        if payee < 0 or not is_person(payee_sort(memory, entry)):
            continue
        if new_among(memory.others, payees, payee):
            memory.others[payees] = payee
            payees += 1
        memory.marked[count] = entry
        count += 1
        amount += memory.journal[entry, E_AMOUNT]
    if payees >= memory.rules[RULE, R_COUNT] and amount >= memory.rules[RULE, R_AMOUNT]:
        report(memory, RULE, who, at, count, amount, payees, 0, 0)
