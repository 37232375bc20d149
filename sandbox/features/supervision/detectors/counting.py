"""The counting rule: payments, or counterparties, of one account within a time; eight detectors are made of it.

What counts, and whose, are bits of the rule (`history.R_SIDES`, `history.R_FILTERS`).
"""

from __future__ import annotations

from sandbox.core.compiled import inlined, rare
from sandbox.features.supervision.detectors import history as h
from sandbox.features.supervision.visibility import MERCHANT


@inlined
def band_of(history: h.History, amount: int) -> int:
    """The band of amounts just below a threshold that this one lies in, or -1."""
    for band in range(history.work[h.SCALARS, h.M_BANDS]):
        if history.work[h.BAND_FROM, band] <= amount < history.work[h.BAND_BELOW, band]:
            return band
    return -1


@inlined
def _crosses(history: h.History, place: int) -> bool:
    return history.work[h.CROSSING, history.entries[place, h.E_KINDS] >> 8] == 1


@rare
def examine(history: h.History, rule: int, place: int) -> None:
    """Look at an entry from the payer's side, the payee's, or both."""
    filters = history.work[h.RULES + rule, h.R_FILTERS]
    band = 0
    if filters & h.BELOW_THRESHOLD:
        band = band_of(history, history.entries[place, h.E_AMOUNT])
    if band < 0 or (filters & h.ACROSS_BORDER and not _crosses(history, place)):
        return
    for side in range(2):
        if (history.work[h.RULES + rule, h.R_SIDES] >> side) & 1:
            _count(history, rule, place, side, band)


@rare
def _count(history: h.History, rule: int, place: int, side: int, band: int) -> None:
    """Count from the side of the payer (0) or payee (1). The entry itself must be one of those that count."""
    filters, at = history.work[h.RULES + rule, h.R_FILTERS], history.entries[place, h.E_AT]
    paying = (1 << side) == h.PAYER
    who = history.entries[place, h.E_PAYER] if paying else history.entries[place, h.E_PAYEE]
    kind = h.payer_kind(history, place) if paying else h.payee_kind(history, place)
    if (filters & h.OF_PEOPLE and not h.is_person(kind)) or (filters & h.OF_MERCHANTS and kind != MERCHANT):
        return
    if not h.may_report(history, rule, who, at):
        return
    since = at - history.work[h.RULES + rule, h.R_WINDOW]
    if filters & h.SINCE_WAKING:
        woke = history.identities[who, h.A_WOKE] - 1
        if woke < 0 or woke < since:
            return
        since = woke
    lowest, threshold = history.work[h.BAND_FROM, band], history.work[h.BAND_BELOW, band]
    count, others, amount, first = 0, 0, 0, at
    for i in range(history.work[h.SCALARS, h.M_OUT] if paying else history.work[h.SCALARS, h.M_IN]):
        entry = history.work[h.OUTS, i] if paying else history.work[h.INS, i]
        if history.entries[entry, h.E_AT] < since:
            break
        size = history.entries[entry, h.E_AMOUNT]
        if filters & h.BELOW_THRESHOLD and not lowest <= size < threshold:
            continue
        if filters & h.ACROSS_BORDER and not _crosses(history, entry):
            continue
        other_kind = h.payee_kind(history, entry) if paying else h.payer_kind(history, entry)
        if filters & h.WITH_PEOPLE and not h.is_person(other_kind):
            continue
        if filters & h.DISTINCT:
            other = history.entries[entry, h.E_PAYEE] if paying else history.entries[entry, h.E_PAYER]
            if other < 0:
                continue
            if h.new_among(history, others, other):
                history.work[h.OTHERS, others] = other
                others += 1
        history.work[h.MARKED, count] = entry
        count += 1
        amount += size
        first = history.entries[entry, h.E_AT]
    if count == 0 or history.work[h.MARKED, 0] != place:
        return
    number = others if filters & h.DISTINCT else count
    if number >= history.work[h.RULES + rule, h.R_LEAST] and amount >= history.work[h.RULES + rule, h.R_AMOUNT]:
        below = threshold if filters & h.BELOW_THRESHOLD else 0
        h.report(history, rule, who, at, count, amount, (number, at - first, below))
