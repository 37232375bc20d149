"""Cycle: money comes back to where it went out, over others, in order of time and in amounts that are alike."""

from __future__ import annotations

from typing import Final

from sandbox.core.compiled import rare
from sandbox.oversight.detectors.memory import (
    E_AMOUNT,
    E_AT,
    E_BEFORE_IN,
    E_PAYEE,
    E_PAYER,
    M_RECEIVED,
    R_AMOUNT,
    R_COUNT,
    R_MORE,
    R_WINDOW,
    Memory,
    before,
    listens,
    next_alike,
    report,
)  # fmt: skip

RULE: Final = 5
FIGURES: Final = ("hops", "took_us")

MOST_LOOKS: Final = 256
"""Entries looked at for one payment."""



@rare
def examine(memory: Memory, place: int) -> None:
    """Look at an entry of the journal: does what its payer passes on come from its payee?

    A search back in time, depth first: `others` holds where each hop's search goes on.
    """
    at, payee = memory.journal[place, E_AT], memory.journal[place, E_PAYEE]
    amount = memory.journal[place, E_AMOUNT]
    if memory.scalars[M_RECEIVED] == 0 or amount < memory.rules[RULE, R_AMOUNT] or payee < 0:
        return
    if not listens(memory, RULE, payee, at):
        return
    size, since = memory.journal.shape[0], at - memory.rules[RULE, R_WINDOW]
    least, most = memory.rules[RULE, R_COUNT], memory.rules[RULE, R_MORE]
    memory.marked[0] = place
    depth, looks, last = 1, MOST_LOOKS, before(memory, place)
    while depth > 0:
        last, looks = next_alike(memory, RULE, last, memory.journal[memory.marked[depth - 1], E_AMOUNT], since, looks)
        if last > 0:
            found = (last - 1) & (size - 1)
            memory.marked[depth] = found
            if memory.journal[found, E_PAYER] == payee and depth + 1 >= least:
                took = at - memory.journal[found, E_AT]
                report(memory, RULE, payee, at, depth + 1, amount, depth + 1, took, 0)
                return
            last = memory.journal[found, E_BEFORE_IN]
            if depth + 1 < most:
                memory.others[depth] = last
                depth += 1
                last = before(memory, found)
        else:
            depth -= 1
            if depth > 0:
                last = memory.others[depth]
