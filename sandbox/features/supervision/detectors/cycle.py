"""Cycle: money comes back to where it went out, over others, in order of time and in amounts that are alike."""

from __future__ import annotations

from typing import Final

from sandbox.core.compiled import inlined, rare
from sandbox.features.supervision.detectors.history import (
    CYCLE,
    E_AMOUNT,
    E_AT,
    E_BEFORE_IN,
    E_PAYEE,
    E_PAYER,
    MARKED,
    OTHERS,
    R_AMOUNT,
    R_LEAST,
    R_MOST,
    R_WINDOW,
    RULES,
    History,
    before,
    may_report,
    next_alike,
    report,
    rule_row,
)  # fmt: skip
from sandbox.features.supervision.schema.detectors import Cycle

FIGURES: Final = ("hops", "took_us")
"""Names of its figures."""

MOST_LOOKS: Final = 256
"""Entries looked at for one payment."""


def row(one: Cycle) -> list[int]:
    """The rule as compiled code reads it."""
    return rule_row(one, CYCLE, least=one.least_hops, most=one.most_hops, amount=one.amount, share=one.share)


@inlined
def _first_time(history: History, depth: int, found: int) -> bool:
    """Whether an entry's payer is none of those through whom the search has come."""
    for hop in range(depth):
        if history.entries[history.work[MARKED, hop], E_PAYER] == history.entries[found, E_PAYER]:
            return False
    return True


@rare
def examine(history: History, rule: int, place: int) -> None:
    """Look at an entry: does what its payer passes on come from its payee?

    A search back in time, depth first: OTHERS holds where each hop's search goes on.
    """
    at, payee = history.entries[place, E_AT], history.entries[place, E_PAYEE]
    amount = history.entries[place, E_AMOUNT]
    if amount < history.work[RULES + rule, R_AMOUNT] or payee < 0:
        return
    if not may_report(history, rule, payee, at):
        return
    size, since = history.entries.shape[0], at - history.work[RULES + rule, R_WINDOW]
    least, most = history.work[RULES + rule, R_LEAST], history.work[RULES + rule, R_MOST]
    history.work[MARKED, 0] = place
    depth, looks, last = 1, MOST_LOOKS, before(history, place)
    while depth > 0:
        hop = history.work[MARKED, depth - 1]
        last, looks = next_alike(history, rule, last, history.entries[hop, E_AMOUNT], since, looks)
        if last > 0:
            found = (last - 1) & (size - 1)
            last = history.entries[found, E_BEFORE_IN]
            history.work[MARKED, depth] = found
            if history.entries[found, E_PAYER] == payee:
                if depth + 1 >= least:
                    took = at - history.entries[found, E_AT]
                    report(history, rule, payee, at, depth + 1, amount, (depth + 1, took, 0))
                    return
            elif depth + 1 < most and _first_time(history, depth, found):
                history.work[OTHERS, depth] = last
                depth += 1
                last = before(history, found)
        else:
            depth -= 1
            if depth > 0:
                last = history.work[OTHERS, depth]
