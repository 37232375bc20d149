"""Scatter-gather: one source pays several people, and each of them pays on to the same person."""

from __future__ import annotations

from typing import Final

from sandbox.core.compiled import rare
from sandbox.features.supervision.detectors.memory import (
    E_AMOUNT,
    E_AT,
    E_BEFORE_IN,
    E_PAYEE,
    E_PAYER,
    INS,
    M_IN,
    MARKED,
    MOST_STEPS,
    OTHERS,
    R_AMOUNT,
    R_LEAST,
    R_WINDOW,
    RULES,
    SCALARS,
    SCATTER_GATHER,
    Memory,
    before,
    is_person,
    listens,
    new_among,
    next_alike,
    payee_sort,
    report,
    rule_row,
)  # fmt: skip
from sandbox.features.supervision.schema.detectors import ScatterGather

FIGURES: Final = ("between", "source_account")
"""Names of its figures."""

MOST_LOOKS: Final = 512
"""Entries looked at for one payment."""


def row(one: ScatterGather) -> list[int]:
    """The rule as compiled code reads it."""
    return rule_row(one, SCATTER_GATHER, least=one.between, amount=one.amount, share=one.share)


@rare
def _paid_by(memory: Memory, rule: int, place: int, source: int, since: int, looks: int) -> tuple[int, int]:
    """The place of a payment by `source` that an entry's payer passes on, or -1; and the looks that are left."""
    size, amount, last = memory.journal.shape[0], memory.journal[place, E_AMOUNT], before(memory, place)
    while True:
        last, looks = next_alike(memory, rule, last, amount, since, looks)
        if last == 0:
            return -1, looks
        found = (last - 1) & (size - 1)
        if memory.journal[found, E_PAYER] == source:
            return found, looks
        last = memory.journal[found, E_BEFORE_IN]


@rare
def _through(memory: Memory, rule: int, source: int, since: int, looks: int) -> tuple[int, int, int, int]:
    """Mark what `source` paid through others to this payee. Returns how many entries, between how many people, how much
    came out, and the looks that are left."""
    count, between, amount = 0, 0, 0
    for i in range(memory.desk[SCALARS, M_IN]):
        entry = memory.desk[INS, i]
        middle = memory.journal[entry, E_PAYER]
        if memory.journal[entry, E_AT] < since or count + 2 > MOST_STEPS:
            break
        if middle < 0 or middle == source or not new_among(memory, between, middle):
            continue
        paid, looks = _paid_by(memory, rule, entry, source, since, looks)
        if paid < 0:
            continue
        memory.desk[OTHERS, between] = middle
        between += 1
        memory.desk[MARKED, count] = entry
        memory.desk[MARKED, count + 1] = paid
        count += 2
        amount += memory.journal[entry, E_AMOUNT]
    return count, between, amount, looks


@rare
def examine(memory: Memory, rule: int, place: int) -> None:
    """Look at an entry of the journal: its payee may be the one who gathers, its payer one of those between."""
    at, payee = memory.journal[place, E_AT], memory.journal[place, E_PAYEE]
    if memory.desk[SCALARS, M_IN] < memory.desk[RULES + rule, R_LEAST]:
        return
    if not is_person(payee_sort(memory, place)) or not listens(memory, rule, payee, at):
        return
    size, since, looks = memory.journal.shape[0], at - memory.desk[RULES + rule, R_WINDOW], MOST_LOOKS
    last = before(memory, place)
    while True:
        last, looks = next_alike(memory, rule, last, memory.journal[place, E_AMOUNT], since, looks)
        if last == 0:
            return
        source = memory.journal[(last - 1) & (size - 1), E_PAYER]
        if source != payee:
            count, between, amount, looks = _through(memory, rule, source, since, looks)
            if between >= memory.desk[RULES + rule, R_LEAST] and amount >= memory.desk[RULES + rule, R_AMOUNT]:
                report(memory, rule, payee, at, count, amount, (between, source, 0))
                return
        last = memory.journal[(last - 1) & (size - 1), E_BEFORE_IN]
