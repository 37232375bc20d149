"""The counting rule: payments, or counterparties, of one account within a time; eight detectors are made of it.

What counts, and whose, are bits of the rule (`history.R_SIDES`, `history.R_FILTERS`).
"""

from __future__ import annotations

from sandbox.core.compiled import inlined, rare
from sandbox.features.supervision.detectors.history import (
    A_WOKE,
    ACROSS_BORDER,
    BAND_BELOW,
    BAND_FROM,
    BELOW_THRESHOLD,
    CROSSING,
    DISTINCT,
    E_AMOUNT,
    E_AT,
    E_KINDS,
    E_PAYEE,
    E_PAYER,
    INS,
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
    History,
    is_person,
    may_report,
    new_among,
    payee_kind,
    payer_kind,
    report,
)  # fmt: skip
from sandbox.features.supervision.visibility import MERCHANT


@inlined
def band_of(history: History, amount: int) -> int:
    """The band of amounts just below a threshold that this one lies in, or -1."""
    for band in range(history.work[SCALARS, M_BANDS]):
        if history.work[BAND_FROM, band] <= amount < history.work[BAND_BELOW, band]:
            return band
    return -1


@inlined
def _crosses(history: History, place: int) -> bool:
    return history.work[CROSSING, history.entries[place, E_KINDS] >> 8] == 1


@rare
def examine(history: History, rule: int, place: int) -> None:
    """Look at an entry from the payer's side, the payee's, or both."""
    filters = history.work[RULES + rule, R_FILTERS]
    band = 0
    if filters & BELOW_THRESHOLD:
        band = band_of(history, history.entries[place, E_AMOUNT])
    if band < 0 or (filters & ACROSS_BORDER and not _crosses(history, place)):
        return
    for side in range(2):
        if (history.work[RULES + rule, R_SIDES] >> side) & 1:
            _count(history, rule, place, side, band)


@rare
def _count(history: History, rule: int, place: int, side: int, band: int) -> None:
    """Count from the side of the payer (0) or payee (1). The entry itself must be one of those that count."""
    filters, at = history.work[RULES + rule, R_FILTERS], history.entries[place, E_AT]
    paying = (1 << side) == PAYER
    who = history.entries[place, E_PAYER] if paying else history.entries[place, E_PAYEE]
    kind = payer_kind(history, place) if paying else payee_kind(history, place)
    if (filters & OF_PEOPLE and not is_person(kind)) or (filters & OF_MERCHANTS and kind != MERCHANT):
        return
    if not may_report(history, rule, who, at):
        return
    since = at - history.work[RULES + rule, R_WINDOW]
    if filters & SINCE_WAKING:
        woke = history.identities[who, A_WOKE] - 1
        if woke < 0 or woke < since:
            return
        since = woke
    count, others, amount, first = 0, 0, 0, at
    for i in range(history.work[SCALARS, M_OUT] if paying else history.work[SCALARS, M_IN]):
        entry = history.work[OUTS, i] if paying else history.work[INS, i]
        if history.entries[entry, E_AT] < since:
            break
        size = history.entries[entry, E_AMOUNT]
        if filters & BELOW_THRESHOLD and not history.work[BAND_FROM, band] <= size < history.work[BAND_BELOW, band]:
            continue
        if filters & ACROSS_BORDER and not _crosses(history, entry):
            continue
        other_kind = payee_kind(history, entry) if paying else payer_kind(history, entry)
        if filters & WITH_PEOPLE and not is_person(other_kind):
            continue
        if filters & DISTINCT:
            other = history.entries[entry, E_PAYEE] if paying else history.entries[entry, E_PAYER]
            if other < 0:
                continue
            if new_among(history, others, other):
                history.work[OTHERS, others] = other
                others += 1
        history.work[MARKED, count] = entry
        count += 1
        amount += size
        first = history.entries[entry, E_AT]
    if count == 0 or history.work[MARKED, 0] != place:
        return
    number = others if filters & DISTINCT else count
    if number >= history.work[RULES + rule, R_LEAST] and amount >= history.work[RULES + rule, R_AMOUNT]:
        below = history.work[BAND_BELOW, band] if filters & BELOW_THRESHOLD else 0
        report(history, rule, who, at, count, amount, (number, at - first, below))
