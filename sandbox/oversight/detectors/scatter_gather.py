"""Scatter-gather: one source pays several people, and each of them pays on to the same person."""

from __future__ import annotations

from typing import Final

from sandbox.core.compiled import rare
from sandbox.core.draws import Int64Array
from sandbox.oversight.detectors.memory import (
    E_AMOUNT,
    E_AT,
    E_BEFORE_IN,
    E_PAYEE,
    E_PAYER,
    M_IN,
    M_RECEIVED,
    MOST_STEPS,
    R_AMOUNT,
    R_COUNT,
    R_WINDOW,
    Memory,
    before,
    is_person,
    listens,
    new_among,
    next_alike,
    payee_sort,
    report,
)  # fmt: skip

RULE: Final = 6
FIGURES: Final = ("between", "source_account")

MOST_LOOKS: Final = 512
"""Entries looked at for one payment."""


@rare
def _paid_by(memory: Memory, place: int, source: int, since: int, looks: int) -> tuple[int, int]:
    """The place of a payment by `source` that an entry's payer passes on, or -1; and the looks that are left."""
    size, amount, last = memory.journal.shape[0], memory.journal[place, E_AMOUNT], before(memory, place)
    while True:
        last, looks = next_alike(memory, RULE, last, amount, since, looks)
        if last == 0:
            return -1, looks
        found = (last - 1) & (size - 1)
        if memory.journal[found, E_PAYER] == source:
            return found, looks
        last = memory.journal[found, E_BEFORE_IN]


@rare
def _through(memory: Memory, source: int, ins: Int64Array, since: int, looks: int) -> tuple[int, int, int, int]:
    """Mark what `source` paid through others to this payee: how many entries, between how many people, how much came out,
    and the looks that are left."""
    count, between, amount = 0, 0, 0
    for i in range(memory.scalars[M_IN]):
        entry = ins[i]
        middle = memory.journal[entry, E_PAYER]
        if memory.journal[entry, E_AT] < since or count + 2 > MOST_STEPS:
            break
        if middle < 0 or middle == source or not new_among(memory.others, between, middle):
            continue
        paid, looks = _paid_by(memory, entry, source, since, looks)
        if paid < 0:
            continue
        memory.others[between] = middle
        between += 1
        memory.marked[count] = entry
        memory.marked[count + 1] = paid
        count += 2
        amount += memory.journal[entry, E_AMOUNT]
    return count, between, amount, looks


@rare
def examine(memory: Memory, place: int) -> None:
    """Look at an entry of the journal: its payee may be the one who gathers, its payer one of those between."""
    at, payee = memory.journal[place, E_AT], memory.journal[place, E_PAYEE]
    if memory.scalars[M_RECEIVED] == 0 or memory.scalars[M_IN] < memory.rules[RULE, R_COUNT]:
        return
    if not is_person(payee_sort(memory, place)) or not listens(memory, RULE, payee, at):
        return
    size, since, looks = memory.journal.shape[0], at - memory.rules[RULE, R_WINDOW], MOST_LOOKS
    last = before(memory, place)
    while True:
        last, looks = next_alike(memory, RULE, last, memory.journal[place, E_AMOUNT], since, looks)
        if last == 0:
            return
        source = memory.journal[(last - 1) & (size - 1), E_PAYER]
        if source != payee:
            count, between, amount, looks = _through(memory, source, memory.ins, since, looks)
            if between >= memory.rules[RULE, R_COUNT] and amount >= memory.rules[RULE, R_AMOUNT]:
                report(memory, RULE, payee, at, count, amount, between, source, 0)
                return
        last = memory.journal[(last - 1) & (size - 1), E_BEFORE_IN]
