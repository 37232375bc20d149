"""The counting rule: payments, or counterparties, of one account within a time; eight detectors are made of it.

What counts, and whose, are bits of the rule (`memory.R_SIDES`, `memory.R_FILTERS`).
"""

from __future__ import annotations

from sandbox.core.compiled import inlined, rare
from sandbox.features.supervision.detectors.memory import (
    A_WOKE,
    ACROSS_BORDER,
    BAND_BELOW,
    BAND_FROM,
    BELOW_THRESHOLD,
    DISTINCT,
    E_AMOUNT,
    E_AT,
    E_PAYEE,
    E_PAYER,
    E_WHAT,
    INS,
    KINDS,
    M_BANDS,
    M_IN,
    M_OUT,
    MARKED,
    OF_MERCHANTS,
    OF_PEOPLE,
    OTHERS,
    OUTS,
    PAYER,
    R_AMOUNT,
    R_FILTERS,
    R_LEAST,
    R_SIDES,
    R_WINDOW,
    RULES,
    SCALARS,
    SINCE_WAKING,
    WITH_PEOPLE,
    Memory,
    is_person,
    listens,
    new_among,
    payee_sort,
    payer_sort,
    report,
)  # fmt: skip
from sandbox.features.supervision.visibility import MERCHANT


@inlined
def band_of(memory: Memory, amount: int) -> int:
    """The band of amounts just below a threshold that this one lies in, or -1."""
    for band in range(memory.desk[SCALARS, M_BANDS]):
        if memory.desk[BAND_FROM, band] <= amount < memory.desk[BAND_BELOW, band]:
            return band
    return -1


@inlined
def _crosses(memory: Memory, place: int) -> bool:
    return memory.desk[KINDS, memory.journal[place, E_WHAT] >> 8] == 1


@rare
def examine(memory: Memory, rule: int, place: int) -> None:
    """Look at an entry of the journal from the payer's side, the payee's, or both."""
    filters = memory.desk[RULES + rule, R_FILTERS]
    band = 0
    if filters & BELOW_THRESHOLD:
        band = band_of(memory, memory.journal[place, E_AMOUNT])
    if band < 0 or (filters & ACROSS_BORDER and not _crosses(memory, place)):
        return
    for side in range(2):
        if (memory.desk[RULES + rule, R_SIDES] >> side) & 1:
            _count(memory, rule, place, side, band)


@rare
def _count(memory: Memory, rule: int, place: int, side: int, band: int) -> None:
    """Count from the side of the payer (0) or payee (1). The entry itself must be one of those that count."""
    filters, at = memory.desk[RULES + rule, R_FILTERS], memory.journal[place, E_AT]
    paying = (1 << side) == PAYER
    who = memory.journal[place, E_PAYER] if paying else memory.journal[place, E_PAYEE]
    sort = payer_sort(memory, place) if paying else payee_sort(memory, place)
    if (filters & OF_PEOPLE and not is_person(sort)) or (filters & OF_MERCHANTS and sort != MERCHANT):
        return
    if not listens(memory, rule, who, at):
        return
    since = at - memory.desk[RULES + rule, R_WINDOW]
    if filters & SINCE_WAKING:
        woke = memory.identities[who, A_WOKE] - 1
        if woke < 0 or woke < since:
            return
        since = woke
    count, others, amount, first = 0, 0, 0, at
    for i in range(memory.desk[SCALARS, M_OUT] if paying else memory.desk[SCALARS, M_IN]):
        entry = memory.desk[OUTS, i] if paying else memory.desk[INS, i]
        if memory.journal[entry, E_AT] < since:
            break
        size = memory.journal[entry, E_AMOUNT]
        if filters & BELOW_THRESHOLD and not memory.desk[BAND_FROM, band] <= size < memory.desk[BAND_BELOW, band]:
            continue
        if filters & ACROSS_BORDER and not _crosses(memory, entry):
            continue
        other_sort = payee_sort(memory, entry) if paying else payer_sort(memory, entry)
        if filters & WITH_PEOPLE and not is_person(other_sort):
            continue
        if filters & DISTINCT:
            other = memory.journal[entry, E_PAYEE] if paying else memory.journal[entry, E_PAYER]
            if other < 0:
                continue
            if new_among(memory, others, other):
                memory.desk[OTHERS, others] = other
                others += 1
        memory.desk[MARKED, count] = entry
        count += 1
        amount += size
        first = memory.journal[entry, E_AT]
    if count == 0 or memory.desk[MARKED, 0] != place:
        return
    number = others if filters & DISTINCT else count
    if number >= memory.desk[RULES + rule, R_LEAST] and amount >= memory.desk[RULES + rule, R_AMOUNT]:
        below = memory.desk[BAND_BELOW, band] if filters & BELOW_THRESHOLD else 0
        report(memory, rule, who, at, count, amount, (number, at - first, below))
