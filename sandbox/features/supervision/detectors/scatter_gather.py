"""Scatter-gather: one source pays several people, and each of them pays on to the same person."""

from __future__ import annotations

from typing import Final

from sandbox.core.compiled import rare
from sandbox.features.supervision.detectors.history import (
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
    History,
    before,
    is_person,
    may_report,
    new_among,
    next_alike,
    payee_kind,
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
def _paid_by(history: History, rule: int, place: int, source: int, since: int, looks: int) -> tuple[int, int]:
    """The place of a payment by `source` that an entry's payer passes on, or -1; and the looks that are left."""
    size, amount, last = history.entries.shape[0], history.entries[place, E_AMOUNT], before(history, place)
    while True:
        last, looks = next_alike(history, rule, last, amount, since, looks)
        if last == 0:
            return -1, looks
        found = (last - 1) & (size - 1)
        if history.entries[found, E_PAYER] == source:
            return found, looks
        last = history.entries[found, E_BEFORE_IN]


@rare
def _through(history: History, rule: int, source: int, since: int, looks: int) -> tuple[int, int, int, int]:
    """Mark what `source` paid through others to this payee. Returns how many entries, between how many people, how much
    came out, and the looks that are left."""
    count, between, amount = 0, 0, 0
    for i in range(history.work[SCALARS, M_IN]):
        entry = history.work[INS, i]
        middle = history.entries[entry, E_PAYER]
        if history.entries[entry, E_AT] < since or count + 2 > MOST_STEPS:
            break
        if middle < 0 or middle == source or not new_among(history, between, middle):
            continue
        paid, looks = _paid_by(history, rule, entry, source, since, looks)
        if paid < 0:
            continue
        history.work[OTHERS, between] = middle
        between += 1
        history.work[MARKED, count] = entry
        history.work[MARKED, count + 1] = paid
        count += 2
        amount += history.entries[entry, E_AMOUNT]
    return count, between, amount, looks


@rare
def examine(history: History, rule: int, place: int) -> None:
    """Look at an entry: its payee may be the one who gathers, its payer one of those between."""
    at, payee = history.entries[place, E_AT], history.entries[place, E_PAYEE]
    if history.work[SCALARS, M_IN] < history.work[RULES + rule, R_LEAST]:
        return
    if not is_person(payee_kind(history, place)) or not may_report(history, rule, payee, at):
        return
    size, since, looks = history.entries.shape[0], at - history.work[RULES + rule, R_WINDOW], MOST_LOOKS
    last = before(history, place)
    while True:
        last, looks = next_alike(history, rule, last, history.entries[place, E_AMOUNT], since, looks)
        if last == 0:
            return
        source = history.entries[(last - 1) & (size - 1), E_PAYER]
        if source != payee:
            count, between, amount, looks = _through(history, rule, source, since, looks)
            if between >= history.work[RULES + rule, R_LEAST] and amount >= history.work[RULES + rule, R_AMOUNT]:
                report(history, rule, payee, at, count, amount, (between, source, 0))
                return
        last = history.entries[(last - 1) & (size - 1), E_BEFORE_IN]
