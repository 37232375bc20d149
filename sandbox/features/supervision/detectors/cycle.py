"""Cycle: money comes back to where it went out, over others, in order of time and in amounts that are alike."""

from __future__ import annotations

from typing import Final

from sandbox.core.compiled import inlined, rare
from sandbox.features.supervision.detectors import history as h

MOST_LOOKS: Final = 256
"""Entries looked at for one payment."""


@inlined
def _first_time(history: h.History, depth: int, found: int) -> bool:
    """Whether an entry's payer is none of those through whom the search has come."""
    for hop in range(depth):
        if history.entries[history.work[h.MARKED, hop], h.E_PAYER] == history.entries[found, h.E_PAYER]:
            return False
    return True


@rare
def examine(history: h.History, rule: int, place: int) -> None:
    """Look at an entry: does what its payer passes on come from its payee?

    A search back in time, depth first: OTHERS holds where each hop's search goes on.
    """
    at, payee = history.entries[place, h.E_AT], history.entries[place, h.E_PAYEE]
    amount = history.entries[place, h.E_AMOUNT]
    if amount < history.work[h.RULES + rule, h.R_AMOUNT] or payee < 0:
        return
    if not h.may_report(history, rule, payee, at):
        return
    size, since = history.entries.shape[0], at - history.work[h.RULES + rule, h.R_WINDOW]
    least, most = history.work[h.RULES + rule, h.R_LEAST], history.work[h.RULES + rule, h.R_MOST]
    history.work[h.MARKED, 0] = place
    depth, looks, last = 1, MOST_LOOKS, h.before(history, place)
    while depth > 0:
        hop = history.work[h.MARKED, depth - 1]
        last, looks = h.next_alike(history, rule, last, history.entries[hop, h.E_AMOUNT], since, looks)
        if last > 0:
            found = (last - 1) & (size - 1)
            last = history.entries[found, h.E_BEFORE_IN]
            history.work[h.MARKED, depth] = found
            if history.entries[found, h.E_PAYER] == payee:
                if depth + 1 >= least:
                    took = at - history.entries[found, h.E_AT]
                    h.report(history, rule, payee, at, depth + 1, amount, (depth + 1, took, 0))
                    return
            elif depth + 1 < most and _first_time(history, depth, found):
                history.work[h.OTHERS, depth] = last
                depth += 1
                last = h.before(history, found)
        else:
            depth -= 1
            if depth > 0:
                last = history.work[h.OTHERS, depth]
