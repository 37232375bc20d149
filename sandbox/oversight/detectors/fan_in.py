"""Fan-in: a person is paid by many different payers within a time."""

from __future__ import annotations

from typing import Final

from sandbox.core.compiled import rare
from sandbox.oversight.detectors.memory import (
    E_AMOUNT,
    E_AT,
    E_PAYEE,
    E_PAYER,
    M_IN,
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

RULE: Final = 2
FIGURES: Final = ("payers",)


@rare
def examine(memory: Memory, place: int) -> None:
    """Look at an entry of the journal. Payers that nobody can tell apart do not count; pay from companies neither."""
    at, who = memory.journal[place, E_AT], memory.journal[place, E_PAYEE]
    if not is_person(payee_sort(memory, place)) or not listens(memory, RULE, who, at):
        return
    count, payers, amount = 0, 0, 0
    for i in range(memory.scalars[M_IN]):
        entry = memory.ins[i]
        if memory.journal[entry, E_AT] < at - memory.rules[RULE, R_WINDOW]:
            break
        payer = memory.journal[entry, E_PAYER]
        if payer < 0 or not is_person(payer_sort(memory, entry)):
            continue
        if new_among(memory.others, payers, payer):
            memory.others[payers] = payer
            payers += 1
        memory.marked[count] = entry
        count += 1
        amount += memory.journal[entry, E_AMOUNT]
    if payers >= memory.rules[RULE, R_COUNT] and amount >= memory.rules[RULE, R_AMOUNT]:
        report(memory, RULE, who, at, count, amount, payers, 0, 0)
