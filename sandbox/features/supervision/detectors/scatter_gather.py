"""Scatter-gather: one source pays several people, and each of them pays on to the same person."""

from __future__ import annotations

from typing import Final

from sandbox.core.compiled import rare
from sandbox.features.supervision.detectors import history as h

MOST_LOOKS: Final = 512
"""Entries looked at for one payment."""


@rare
def _paid_by(history: h.History, rule: int, place: int, source: int, since: int, looks: int) -> tuple[int, int]:
    """The place of a payment by `source` that an entry's payer passes on, or -1; and the looks that are left."""
    size, amount, last = history.entries.shape[0], history.entries[place, h.E_AMOUNT], h.before(history, place)
    while True:
        last, looks = h.next_alike(history, rule, last, amount, since, looks)
        if last == 0:
            return -1, looks
        found = (last - 1) & (size - 1)
        if history.entries[found, h.E_PAYER] == source:
            return found, looks
        last = history.entries[found, h.E_BEFORE_IN]


@rare
def _through(history: h.History, rule: int, source: int, since: int, looks: int) -> tuple[int, int, int, int]:
    """Mark what `source` paid through others to this payee. Returns how many entries, between how many people, how much
    came out, and the looks that are left."""
    count, between, amount = 0, 0, 0
    for i in range(history.work[h.SCALARS, h.M_IN]):
        entry = history.work[h.INS, i]
        middle = history.entries[entry, h.E_PAYER]
        if history.entries[entry, h.E_AT] < since or count + 2 > h.MOST_STEPS:
            break
        if middle < 0 or middle == source or not h.new_among(history, between, middle):
            continue
        paid, looks = _paid_by(history, rule, entry, source, since, looks)
        if paid < 0:
            continue
        history.work[h.OTHERS, between] = middle
        between += 1
        history.work[h.MARKED, count] = entry
        history.work[h.MARKED, count + 1] = paid
        count += 2
        amount += history.entries[entry, h.E_AMOUNT]
    return count, between, amount, looks


@rare
def examine(history: h.History, rule: int, place: int) -> None:
    """Look at an entry: its payee may be the one who gathers, its payer one of those between."""
    at, payee = history.entries[place, h.E_AT], history.entries[place, h.E_PAYEE]
    if history.work[h.SCALARS, h.M_IN] < history.work[h.RULES + rule, h.R_LEAST]:
        return
    if not h.is_person(h.payee_kind(history, place)) or not h.may_report(history, rule, payee, at):
        return
    size, since, looks = history.entries.shape[0], at - history.work[h.RULES + rule, h.R_WINDOW], MOST_LOOKS
    least, least_fen = history.work[h.RULES + rule, h.R_LEAST], history.work[h.RULES + rule, h.R_AMOUNT]
    last = h.before(history, place)
    while True:
        last, looks = h.next_alike(history, rule, last, history.entries[place, h.E_AMOUNT], since, looks)
        if last == 0:
            return
        source = history.entries[(last - 1) & (size - 1), h.E_PAYER]
        if source != payee:
            count, between, amount, looks = _through(history, rule, source, since, looks)
            if between >= least and amount >= least_fen:
                h.report(history, rule, payee, at, count, amount, (between, source, 0))
                return
        last = history.entries[(last - 1) & (size - 1), h.E_BEFORE_IN]
