"""Cycle: money comes back to where it went out, over others, in order of time and in amounts that are alike."""

from __future__ import annotations

from typing import Final

from sandbox.core.compiled import inlined, rare
from sandbox.features.supervision.detectors.memory import (
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
    Memory,
    before,
    listens,
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
def _first_time(memory: Memory, depth: int, found: int) -> bool:
    """Whether an entry's payer is none of those through whom the search has come."""
    for hop in range(depth):
        if memory.journal[memory.desk[MARKED, hop], E_PAYER] == memory.journal[found, E_PAYER]:
            return False
    return True


@rare
def examine(memory: Memory, rule: int, place: int) -> None:
    """Look at an entry of the journal: does what its payer passes on come from its payee?

    A search back in time, depth first: OTHERS holds where each hop's search goes on.
    """
    at, payee = memory.journal[place, E_AT], memory.journal[place, E_PAYEE]
    amount = memory.journal[place, E_AMOUNT]
    if amount < memory.desk[RULES + rule, R_AMOUNT] or payee < 0:
        return
    if not listens(memory, rule, payee, at):
        return
    size, since = memory.journal.shape[0], at - memory.desk[RULES + rule, R_WINDOW]
    least, most = memory.desk[RULES + rule, R_LEAST], memory.desk[RULES + rule, R_MOST]
    memory.desk[MARKED, 0] = place
    depth, looks, last = 1, MOST_LOOKS, before(memory, place)
    while depth > 0:
        hop = memory.desk[MARKED, depth - 1]
        last, looks = next_alike(memory, rule, last, memory.journal[hop, E_AMOUNT], since, looks)
        if last > 0:
            found = (last - 1) & (size - 1)
            last = memory.journal[found, E_BEFORE_IN]
            memory.desk[MARKED, depth] = found
            if memory.journal[found, E_PAYER] == payee:
                if depth + 1 >= least:
                    took = at - memory.journal[found, E_AT]
                    report(memory, rule, payee, at, depth + 1, amount, (depth + 1, took, 0))
                    return
            elif depth + 1 < most and _first_time(memory, depth, found):
                memory.desk[OTHERS, depth] = last
                depth += 1
                last = before(memory, found)
        else:
            depth -= 1
            if depth > 0:
                last = memory.desk[OTHERS, depth]
